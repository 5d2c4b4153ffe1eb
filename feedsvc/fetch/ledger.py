"""What all processes of a service remember of hosts: the last turn, 'not now', the requests of the last day (rule F13).

One SQLite file, so that neither a restart nor a second process (a command, a preview) begins anew with what was
promised to a host. Moments are seconds since 1970. No entry depends on it: where the file cannot be used, that is told
once, and memory takes its place until the process ends.
"""

from __future__ import annotations

import math
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from feedsvc.log import get_logger

_log = get_logger(__name__)
_Result = TypeVar("_Result")

HOUR = 3600.0
#: Hours that the requests of a day are counted over.
HOURS = 24
#: Seconds by which a record may be newer than now, as the clocks of two processes differ; beyond it the wall clock has
#: gone back since it was written, and its moments are moved along.
_NEWER = 60.0
#: Seconds that another process' moment of writing is waited for.
_PATIENCE = 5.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS hosts (
    host TEXT PRIMARY KEY,
    written_at REAL NOT NULL,
    last_start REAL NOT NULL,
    not_before REAL NOT NULL,
    deferred_by INTEGER,
    refusals INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spent (
    hour INTEGER NOT NULL,
    host TEXT NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (hour, host)
) WITHOUT ROWID;
"""
_READ = "SELECT written_at, last_start, not_before, deferred_by, refusals FROM hosts WHERE host = ?"
_WRITE = "INSERT OR REPLACE INTO hosts VALUES (?, ?, ?, ?, ?, ?)"
_COUNT = "INSERT INTO spent VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET requests = requests + excluded.requests"
_EVERYWHERE = "SELECT hour, sum(requests) FROM spent WHERE hour > ? GROUP BY hour ORDER BY hour"
_HERE = "SELECT hour, requests FROM spent WHERE hour > ? AND host = ? ORDER BY hour"

#: Requests by the hour since 1970, oldest first.
Hours = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Remembered:
    """How things stand with one host."""

    #: When the last request started, or is going to.
    last_start: float = -math.inf
    not_before: float = -math.inf
    #: The status with which the host asked to be left alone.
    deferred_by: int | None = None
    #: Times in a row that it did.
    refusals: int = 0


class Ledger:
    """Thread-safe, and shared by all that open the same ``file``; without one it lives as long as the process."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._swept_at = -1
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Give the file back; it is opened again where it is asked again."""
        with self._lock:
            if self._file is not None and self._connection is not None:
                self._connection.close()
                self._connection = None

    def of(self, host: str, *, now: float) -> Remembered:
        """What is known of the host."""
        return self._do(lambda connection: _read(connection, host, now), is_reading=True)

    def reserve(self, host: str, interval: float, *, now: float, latest: float) -> float:
        """The next moment at which a request to the host may start; it is taken, unless it lies beyond ``latest``."""

        def reserve(connection: sqlite3.Connection) -> float:
            known = _read(connection, host, now)
            start = max(now, known.last_start + interval, known.not_before)
            if start <= latest:
                _write(connection, host, now, start, known.not_before, known.deferred_by, known.refusals)
            return start

        return self._do(reserve)

    def defer(self, host: str, wait: Callable[[int], float], *, status: int, now: float) -> float:
        """The host asks to be left alone; gives the seconds, which are ``wait`` of how often in a row it has asked."""

        def defer(connection: sqlite3.Connection) -> float:
            known = _read(connection, host, now)
            refusals = known.refusals + 1
            seconds = wait(refusals)
            _write(connection, host, now, known.last_start, max(known.not_before, now + seconds), status, refusals)
            return seconds

        return self._do(defer)

    def forgive(self, host: str, *, now: float) -> None:
        """The host answers again."""
        known = self.of(host, now=now)
        if known.refusals:
            self._do(lambda connection: _write(connection, host, now, known.last_start, known.not_before, None, 0))

    def spend(self, host: str, check: Callable[[Hours, Hours], None], *, now: float) -> None:
        """Count one request to the host, unless ``check`` raises.

        It is told the requests of the last day: to all hosts together, and to this one.
        """
        hour = int(now // HOUR)

        def spend(connection: sqlite3.Connection) -> None:
            since = hour - HOURS
            check(
                connection.execute(_EVERYWHERE, (since,)).fetchall(),
                connection.execute(_HERE, (since, host)).fetchall(),
            )
            connection.execute(_COUNT, (hour, host, 1))

        if hour != self._swept_at:
            self._do(lambda connection: _sweep(connection, hour, now))  # on its own: ``check`` may undo the rest
            self._swept_at = hour
        self._do(spend)

    def _do(self, work: Callable[[sqlite3.Connection], _Result], *, is_reading: bool = False) -> _Result:
        """Work as one transaction; a file that fails is replaced by memory, with what can still be read of it."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = _opened(self._file)
                return _as_one(self._connection, work, is_reading=is_reading)
            except (OSError, sqlite3.Error) as error:
                if self._file is None:
                    raise
                self._connection = self._leave_file(self._file, error)
                return _as_one(self._connection, work, is_reading=is_reading)

    def _leave_file(self, file: Path, error: Exception) -> sqlite3.Connection:
        """Memory in place of a file that failed."""
        _log.warning(
            "what is known of hosts is kept in memory until this process ends: its file cannot be used",
            file=str(file),
            reason=str(error),
            remedy="make room on the disk, or let feedsvc write in its data folder; then restart it",
        )
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            _remove(file)  # damaged: the next process makes it anew
        self._file = None
        if self._connection is None:
            return _connected(":memory:")
        failed = self._connection
        memory = _copy_of(failed)
        failed.close()
        return memory


def _as_one(
    connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], _Result], *, is_reading: bool
) -> _Result:
    if is_reading:
        return work(connection)
    with _transaction(connection):
        return work(connection)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _read(connection: sqlite3.Connection, host: str, now: float) -> Remembered:
    row = connection.execute(_READ, (host,)).fetchone()
    if row is None:
        return Remembered()
    written_at, last_start, not_before, deferred_by, refusals = row
    back = written_at - now if written_at - now > _NEWER else 0.0
    return Remembered(last_start - back, not_before - back, deferred_by, refusals)


def _write(
    connection: sqlite3.Connection,
    host: str,
    now: float,
    last_start: float,
    not_before: float,
    deferred_by: int | None,
    refusals: int,
) -> None:
    connection.execute(_WRITE, (host, now, last_start, not_before, deferred_by, refusals))


def _sweep(connection: sqlite3.Connection, hour: int, now: float) -> None:
    """Forget what is over; requests of hours to come were made before the clock went back, and count as of now."""
    connection.execute("DELETE FROM spent WHERE hour <= ?", (hour - HOURS,))
    ahead = connection.execute("SELECT host, sum(requests) FROM spent WHERE hour > ? GROUP BY host", (hour,)).fetchall()
    connection.execute("DELETE FROM spent WHERE hour > ?", (hour,))
    connection.executemany(_COUNT, [(hour, host, requests) for host, requests in ahead])
    over = now - HOURS * HOUR
    connection.execute(
        "DELETE FROM hosts WHERE last_start < ? AND not_before < ? AND written_at < ?", (over, over, over)
    )


def _opened(file: Path | None) -> sqlite3.Connection:
    """A connection to the file, which is made anew where it is no database; without one to memory."""
    if file is None:
        return _connected(":memory:")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connected(str(file))
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:  # what cannot be read is worth nothing
        _remove(file)
        return _connected(str(file))


def _remove(file: Path) -> None:
    for part in ("", "-wal", "-shm"):
        file.with_name(file.name + part).unlink(missing_ok=True)


def _connected(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _copy_of(connection: sqlite3.Connection) -> sqlite3.Connection:
    memory = _connected(":memory:")
    try:
        connection.backup(memory)
        memory.executescript(_SCHEMA)
    except sqlite3.Error:
        return _connected(":memory:")
    return memory
