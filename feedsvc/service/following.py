"""Follows the configuration's files: gives the last good one, and says once what is wrong with a broken one (D5)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from feedsvc.config import Config, ConfigErrors, Watch
from feedsvc.log import get_logger

log = get_logger(__name__)

#: Seconds between two looks at the files.
LOOK_EVERY = 1.0


class Following:
    """Called, it gives the configuration in force. Looks at the files at most once a second, and needs no thread.

    So it works in a web server that forks, where a thread started before would be lost.
    """

    def __init__(
        self, watch: Watch, *, monotonic: Callable[[], float] = time.monotonic, is_quiet: bool = False
    ) -> None:
        self._watch = watch
        #: Another process beside this one says what is wrong: once is enough.
        self._is_quiet = is_quiet
        self._monotonic = monotonic
        self._looked = monotonic()
        self._turn = threading.Lock()
        self._faults: tuple[str, ...] = ()

    def __call__(self) -> Config:
        """The configuration in force; never raises, never waits for another thread's look."""
        if self._monotonic() - self._looked >= LOOK_EVERY and self._turn.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._turn.release()
        return self._watch.current

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the files as they are now, one line each; none where they are in force."""
        self()
        return self._faults

    def _look(self) -> None:
        self._looked = self._monotonic()
        before = self._watch.current
        found = self._watch.poll()
        if found is not None:
            self._faults = tuple(map(str, found.faults)) if isinstance(found, ConfigErrors) else ()
        if self._is_quiet:
            return
        if isinstance(found, ConfigErrors):
            for fault in found.faults:
                log.error("configuration not taken up", fault=str(fault))
        elif found is not None:
            _say_what_waits(before, found)
            log.info("configuration taken up", sources=len(found.sources))


def _say_what_waits(before: Config, after: Config) -> None:
    """Where a server listens, and on which database, is settled when it starts."""
    for key in ("host", "port", "workers"):
        if getattr(before.settings.server, key) != getattr(after.settings.server, key):
            log.warning("setting needs a restart", key=f"server.{key}")
    if before.database_url != after.database_url:
        log.warning("setting needs a restart", key="database.url")
