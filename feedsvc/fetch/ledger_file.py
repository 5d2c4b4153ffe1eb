"""The ledger's file: opened, made anew where it is damaged or of another make, and the seconds that it counts in.

All processes of a machine count one way: seconds since 1970 by the wall clock as it stood when the first of them opened
the file after the machine started, and from there by a clock that nobody sets. So neither a wall clock that is set nor
a night of sleep lets two of them differ, and neither hurries or holds up a turn.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Seconds that another process' moment of writing is waited for.
_PATIENCE = 5.0
#: The make of the file (PRAGMA user_version); what another version of feedsvc left is no loss.
_MAKE = 2
_TABLES = ("hosts", "spent", "axis")
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
    host TEXT NOT NULL,
    slot INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (host, slot)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS axis (boot TEXT NOT NULL, ahead REAL NOT NULL);
"""


def boot_id() -> str:
    """A name for the time since the machine started; "" where the system gives none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def opened(file: Path | None) -> sqlite3.Connection:
    """A connection to the file, which is made anew where it is no database; without one to memory.

    Raises OSError and sqlite3.Error.
    """
    if file is None:
        return _connected(":memory:")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connected(str(file))
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        remove(file)
        return _connected(str(file))


def is_damage(error: Exception) -> bool:
    """Whether the file can never be read again, unlike one that is locked, or on a full disk."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)


def remove(file: Path) -> None:
    """Take the file away, whole."""
    for part in ("", "-wal", "-shm"):
        file.with_name(file.name + part).unlink(missing_ok=True)


def mark_of(file: Path) -> tuple[int, int] | None:
    """What tells this file from another one of its name; None where there is none."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def ahead_of_steady(connection: sqlite3.Connection, boot: str, ahead: float) -> float:
    """Seconds to add to the steady clock: as the first process since the start of the machine put it, else ``ahead``.

    Without a ``boot`` each process goes by its own.
    """
    if not boot:
        return ahead
    with transaction(connection):
        row = connection.execute("SELECT ahead FROM axis WHERE boot = ?", (boot,)).fetchone()
        if row is not None:
            return float(row[0])
        connection.execute("DELETE FROM axis")
        connection.execute("INSERT INTO axis VALUES (?, ?)", (boot, ahead))
    return ahead


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, and nobody else in between."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def copy_of(connection: sqlite3.Connection) -> sqlite3.Connection:
    """What can still be read of a file that failed, in memory."""
    memory = _connected(":memory:")
    try:
        connection.backup(memory)
        memory.executescript(_SCHEMA)
    except sqlite3.Error:
        memory.close()
        return _connected(":memory:")
    return memory


def _connected(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        _make(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _make(connection: sqlite3.Connection) -> None:
    if _make_of(connection) == _MAKE:
        return
    with transaction(connection):
        if _make_of(connection) == _MAKE:  # another process was first
            return
        for table in _TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in filter(str.strip, _SCHEMA.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_MAKE}")


def _make_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
