"""Notices changed configuration files; a broken one never replaces what works (rule D5)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from feedsvc.config.fault import ConfigErrors, Fault
from feedsvc.config.loading import SOURCES_FOLDER, Config, load

#: Name, modification time in ns, size and inode of every file: editors that write anew change the last.
Fingerprint = tuple[tuple[str, int, int, int], ...]


def fingerprint(directory: Path) -> Fingerprint:
    """What the files of a configuration directory look like from outside."""
    marks = []
    for path in sorted([*directory.glob("*.toml"), *(directory / SOURCES_FOLDER).glob("*.toml")]):
        try:
            status = path.stat()
        except OSError:
            continue
        marks.append((str(path.relative_to(directory)), status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(marks)


#: What is wrong where there were sources, and their folder is not there any more.
LOST_FOLDER = Fault(
    file=SOURCES_FOLDER,
    message="the folder is not there any more: its sources stay as they are",
    remedy="put it back; to remove every source, leave it empty",
)


class Watch:
    """Polls a configuration directory; each change is reported once, as a Config or as what is wrong with it."""

    def __init__(self, current: Config, environ: Mapping[str, str], overrides: Mapping[str, object]) -> None:
        #: The last good configuration.
        self.current = current
        self._environ = dict(environ)
        self._overrides = dict(overrides)
        self._seen = fingerprint(current.directory)

    def poll(self) -> Config | ConfigErrors | None:
        """The new configuration, the faults that keep it from being used, or None where no file has changed."""
        now = fingerprint(self.current.directory)
        if now == self._seen:
            return None
        self._seen = now
        try:
            self._refuse_a_lost_folder()
            loaded = load(self.current.directory, self._environ, self._overrides)
        except ConfigErrors as errors:
            return errors
        self.current = loaded
        return loaded

    def _refuse_a_lost_folder(self) -> None:
        """A disk that is not there, or a folder that is being moved, ends no source. Raises ConfigErrors."""
        if self.current.sources and not (self.current.directory / SOURCES_FOLDER).is_dir():
            raise ConfigErrors([LOST_FOLDER])
