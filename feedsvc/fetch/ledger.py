"""What all processes of a service remember of hosts: the last turn, 'not now', the requests of the last day (rule F13).

One SQLite file, so that neither a restart nor a second process (a command, a preview) begins anew with what was
promised to a host. Moments are seconds of ``Ledger.now``. No entry depends on it: while the file cannot be used, which
is told once, memory takes its place, and what was done meanwhile is added when it can be used again.
"""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from feedsvc.fetch.deadline import Monotonic, steady
from feedsvc.fetch.ledger_file import (
    ahead_of_steady,
    boot_id,
    copy_of,
    is_damage,
    mark_of,
    opened,
    remove,
    transaction,
)
from feedsvc.log import get_logger

_log = get_logger(__name__)
_Result = TypeVar("_Result")

#: Requests are counted by slots of so many seconds.
SLOT = 300.0
#: Slots that lie in the last day, whole or in part.
SLOTS = 24 * 3600 // 300 + 1
#: Seconds by which a record may be newer than now; beyond it the wall clock went back while the machine was off, and
#: the record's moments are moved along.
_NEWER = 60.0
#: Seconds after which a file that failed is tried again.
_TRY_AGAIN = 30.0
#: All hosts together, in place of one's name.
_EVERYWHERE = ""
_READ = "SELECT written_at, last_start, not_before, deferred_by, refusals FROM hosts WHERE host = ?"
_WRITE = "INSERT OR REPLACE INTO hosts VALUES (?, ?, ?, ?, ?, ?)"
_COUNT = "INSERT INTO spent VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET requests = requests + excluded.requests"
_COUNTED = "SELECT slot, requests FROM spent WHERE host = ? AND slot > ? ORDER BY slot"
_MERGE = """
INSERT INTO hosts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    written_at = max(written_at, excluded.written_at),
    last_start = max(last_start, excluded.last_start),
    deferred_by = CASE WHEN excluded.not_before > not_before THEN excluded.deferred_by ELSE deferred_by END,
    not_before = max(not_before, excluded.not_before),
    refusals = max(refusals, excluded.refusals)
"""

#: Requests by the slot since 1970, oldest first.
Counted = Sequence[tuple[int, int]]


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

    def __init__(
        self,
        file: Path | None = None,
        *,
        clock: Monotonic = time.time,
        monotonic: Monotonic = steady,
        boot: str | None = None,
    ) -> None:
        """``clock`` gives seconds since 1970; ``boot`` names the time over which ``monotonic`` counts on."""
        self._file = file
        self._monotonic = monotonic
        self._boot = boot_id() if boot is None else boot
        self._ahead = clock() - monotonic()
        self._lock = threading.Lock()
        self._swept_at = -1
        self._connection: sqlite3.Connection | None = None
        self._mark: tuple[int, int] | None = None
        #: When memory took the place of the file, by the steady clock; None while it has not.
        self._left_at: float | None = None
        #: What memory counted in the file's place, by slot and host.
        self._owed: Counter[tuple[str, int]] = Counter()

    def now(self) -> float:
        """Seconds since 1970, as all processes of this machine count them."""
        with self._lock:
            if self._connection is None:
                self._ready()
            return self._monotonic() + self._ahead

    def close(self) -> None:
        """Give the file back; it is opened again where it is asked again."""
        with self._lock:
            if self._file is not None and self._left_at is None:
                self._hang_up()

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

        def forgive(connection: sqlite3.Connection) -> None:
            known = _read(connection, host, now)
            _write(connection, host, now, known.last_start, known.not_before, None, 0)

        if self.of(host, now=now).refusals:
            self._do(forgive)

    def spend(self, host: str, check: Callable[[Counted, Counted], None], *, now: float) -> None:
        """Count one request to the host, unless ``check`` raises.

        It is told the requests of the last day: to all hosts together, and to this one.
        """
        slot = int(now // SLOT)

        def spend(connection: sqlite3.Connection) -> None:
            check(
                connection.execute(_COUNTED, (_EVERYWHERE, slot - SLOTS)).fetchall(),
                connection.execute(_COUNTED, (host, slot - SLOTS)).fetchall(),
            )
            _count(connection, [(host, slot, 1)])
            if self._left_at is not None:
                self._owed[host, slot] += 1

        if slot != self._swept_at:
            self._do(lambda connection: _sweep(connection, slot, now))  # on its own: ``check`` may undo the rest
            self._swept_at = slot
        self._do(spend)

    def _do(self, work: Callable[[sqlite3.Connection], _Result], *, is_reading: bool = False) -> _Result:
        """Work as one transaction; a file that fails is replaced by memory, with what can still be read of it."""
        with self._lock:
            connection = self._ready()
            try:
                return _as_one(connection, work, is_reading=is_reading)
            except (OSError, sqlite3.Error) as error:
                if self._file is None or self._left_at is not None:
                    raise
                return _as_one(self._leave(self._file, error), work, is_reading=is_reading)

    def _ready(self) -> sqlite3.Connection:
        """The file as it lies there now, or what takes its place."""
        if self._file is None:
            self._connection = self._connection or opened(None)
            return self._connection
        if self._left_at is not None:
            self._come_back(self._file)
        elif self._connection is not None and mark_of(self._file) != self._mark:  # deleted, or another put in its place
            self._hang_up()
        if self._connection is None:
            try:
                self._open(self._file)
            except (OSError, sqlite3.Error) as error:
                self._leave(self._file, error)
        assert self._connection is not None
        return self._connection

    def _open(self, file: Path) -> None:
        connection = opened(file)
        try:
            self._ahead = ahead_of_steady(connection, self._boot, self._ahead)
        except sqlite3.Error:
            connection.close()
            raise
        self._connection, self._mark, self._swept_at = connection, mark_of(file), -1

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _leave(self, file: Path, error: Exception) -> sqlite3.Connection:
        """Another file in place of a damaged one; memory in place of one that failed."""
        if is_damage(error):
            _log.warning("the file on hosts is damaged, and made anew", file=str(file), reason=str(error))
            self._hang_up()
            try:
                remove(file)
                self._open(file)
            except (OSError, sqlite3.Error) as worse:
                error = worse
            if self._connection is not None:
                return self._connection
        _log.warning(
            "what is known of hosts is kept in memory while its file cannot be used",
            file=str(file),
            reason=str(error),
            remedy="make room on the disk, or let feedsvc write in its data folder",
        )
        memory = copy_of(self._connection) if self._connection is not None else opened(None)
        self._hang_up()
        self._connection, self._left_at = memory, self._monotonic()
        return memory

    def _come_back(self, file: Path) -> None:
        """Go on with the file, and add to it what memory holds, as soon as it can be used again."""
        memory, left_at = self._connection, self._left_at
        if memory is None or left_at is None or self._monotonic() - left_at < _TRY_AGAIN:
            return
        since = left_at + self._ahead
        try:
            self._open(file)
            assert self._connection is not None
            with transaction(self._connection):
                rows = memory.execute("SELECT * FROM hosts WHERE written_at >= ?", (since,)).fetchall()
                self._connection.executemany(_MERGE, rows)
                _count(self._connection, [(host, slot, count) for (host, slot), count in self._owed.items()])
        except (OSError, sqlite3.Error) as error:
            if self._connection is not memory:
                self._hang_up()
            if is_damage(error):  # the next try makes it anew
                _log.warning("the file on hosts is damaged, and made anew", file=str(file), reason=str(error))
                with suppress(OSError):
                    remove(file)
            self._connection, self._left_at = memory, self._monotonic()
            return
        memory.close()
        self._left_at = None
        self._owed.clear()
        _log.info("what is known of hosts is in its file again", file=str(file))


def _as_one(
    connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], _Result], *, is_reading: bool
) -> _Result:
    if is_reading:
        return work(connection)
    with transaction(connection):
        return work(connection)


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


def _count(connection: sqlite3.Connection, spent: Iterable[tuple[str, int, int]]) -> None:
    """Count requests to hosts in their slots, and among those of all hosts."""
    for host, slot, requests in spent:
        connection.executemany(_COUNT, [(host, slot, requests), (_EVERYWHERE, slot, requests)])


def _sweep(connection: sqlite3.Connection, slot: int, now: float) -> None:
    """Forget what is over; requests of slots to come were made before the clock went back, and count as of now."""
    connection.execute("DELETE FROM spent WHERE slot <= ?", (slot - SLOTS,))
    ahead = connection.execute("SELECT host, sum(requests) FROM spent WHERE slot > ? GROUP BY host", (slot,)).fetchall()
    connection.execute("DELETE FROM spent WHERE slot > ?", (slot,))
    connection.executemany(_COUNT, [(host, slot, requests) for host, requests in ahead])
    over = now - SLOTS * SLOT
    connection.execute(
        "DELETE FROM hosts WHERE last_start < ? AND not_before < ? AND written_at < ?", (over, over, over)
    )
