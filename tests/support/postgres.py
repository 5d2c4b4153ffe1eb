"""A PostgreSQL server of our own, which can be stopped and started like one that is being updated.

It listens at a socket in its folder and at no port, which others might take while it is down.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _call(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", timeout=120)


@dataclass(frozen=True)
class Postgres:
    """One server; ``url`` stays the same over restarts."""

    programs: Path
    folder: Path
    #: PostgreSQL refuses to run as root.
    as_user: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The database that a new cluster has."""
        return self._url("postgres")

    def database(self, name: str) -> str:
        """The URL of a new and empty database."""
        _call(*self.as_user, str(self.programs / "createdb"), "-h", str(self.folder), "-U", "feedsvc", name)
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql://feedsvc@/{name}?host={self.folder}"

    def make(self) -> None:
        """A new cluster in ``folder``."""
        self._run("initdb", "-A", "trust", "-U", "feedsvc", "-N")

    def start(self) -> None:
        """Return when it answers."""
        options = f"-k {self.folder} -c listen_addresses="
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """At once, as in a crash: open transactions are lost, and what was committed is not."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *words: str) -> None:
        _call(*self.as_user, str(self.programs / program), "-D", str(self.folder / "data"), *words)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A running server with an empty database; the test is skipped where PostgreSQL or our driver is missing."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    pytest.importorskip("psycopg", reason="the extra 'postgresql' is not installed")
    folder = Path(tempfile.mkdtemp(prefix="feedsvc-pg-"))
    is_root = os.getuid() == 0
    if is_root:
        shutil.chown(folder, "postgres")
    server = Postgres(programs, folder, ("runuser", "-u", "postgres", "--") if is_root else ())
    try:
        server.make()
        server.start()
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
