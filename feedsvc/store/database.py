"""The connection to SQLite or PostgreSQL: short transactions, and database errors as sentences with a remedy.

SQLite runs in WAL mode (readers never wait for the writer) with ``synchronous=NORMAL``: a kill -9 loses nothing that
was committed. Writing transactions begin with BEGIN IMMEDIATE, so that two processes queue up; the threads of one
process take turns before that, as SQLite's own waiting is a lottery that some of many writers lose.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from feedsvc.errors import StoreBusy, StoreError
from feedsvc.model.codec import moment_of
from feedsvc.store.turns import Turns

#: How long one statement waits for another process' write to end, in seconds.
BUSY_SECONDS = 10
#: How long a thread waits for the writes of this process that came before its own, in seconds. They take milliseconds
#: each; it is reached only when another process holds the database, and the first in line have waited in vain.
TURN_SECONDS = 30

#: How PostgreSQL is connected to. A server that lost its power says no goodbye: without these limits (seconds, the last
#: one milliseconds) a thread would wait a quarter of an hour for its answer.
_SERVER_CONNECTION = {
    "connect_timeout": 10,
    "options": "-c timezone=UTC",
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}

#: Words of database errors -> (what it means, what to do). The first that occurs in the message counts.
_SQLITE_REMEDIES = (
    ("disk is full", "the disk is full", "free some space: scraping goes on by itself"),
    ("readonly database", "the database is read-only", "make the file and its folder writable for this user"),
    ("unable to open", "the database file cannot be opened", "check that its folder exists and may be written to"),
    (
        "not a database",
        "this file is not a SQLite database",
        "point --database or --data elsewhere, or restore a backup",
    ),
    ("malformed", "the database is damaged", "stop feedsvc and restore a backup with 'feedsvc restore FILE'"),
    ("disk i/o error", "the disk failed", "check the disk; 'feedsvc restore FILE' brings a backup back"),
)


class _Joined(threading.local):
    """The transaction that a thread is in the middle of."""

    connection: Connection | None = None


class Database:
    """One database: hands out read and write transactions, and knows the dialect's differences."""

    def __init__(self, url: str, *, busy_seconds: float | None = None, turn_seconds: float = TURN_SECONDS) -> None:
        self.url = _parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.path = Path(self.url.database) if self.is_sqlite and self.url.database else None
        self.engine = (
            _sqlite_engine(self.url, BUSY_SECONDS if busy_seconds is None else busy_seconds)
            if self.is_sqlite
            else _server_engine(self.url)
        )
        self._turns = Turns() if self.is_sqlite else None
        self._turn_seconds = turn_seconds
        # SQLite has one writer anyway; a server must be asked to compare sessions.
        self._alone = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="SERIALIZABLE")
        self._joined = _Joined()

    @property
    def name(self) -> str:
        """How messages call it: the file, or the URL without its password."""
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; nothing is written. Raises StoreError."""
        if self._joined.connection is not None:
            yield self._joined.connection
            return
        with self._translated(), self._begun(self.engine, "DEFERRED") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on any error. Raises StoreError, StoreBusy.

        What this thread reads and writes meanwhile is part of it.
        """
        with self._transaction(self.engine) as connection:
            yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that this thread reads and writes meanwhile is one transaction, beside which nobody's change comes.

        So what was read still holds where it is written. A server refuses what does not fit what another session did
        meanwhile (StoreBusy). For short work that waits for nobody. Raises StoreError, StoreBusy.
        """
        with self._transaction(self._alone):
            yield

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        """The transaction that this thread is in the middle of, else a new one of ``engine``."""
        if self._joined.connection is not None:
            yield self._joined.connection
            return
        with self._turn(), self._translated(), self._begun(engine, "IMMEDIATE") as connection:
            self._joined.connection = connection
            try:
                yield connection
            finally:
                self._joined.connection = None

    @contextmanager
    def _begun(self, engine: Engine, how: str) -> Iterator[Connection]:
        """A transaction from its BEGIN on.

        For SQLite we say that ourselves, and not in an event of the engine: with one, SQLAlchemy looks for more events
        at each statement, which costs as much as a third of a short one.
        """
        with engine.begin() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql(f"BEGIN {how}")
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """This thread's turn to write to SQLite; a server lets sessions write side by side. Raises StoreBusy."""
        with ExitStack() as held:
            if self._turns is not None:
                try:
                    held.enter_context(self._turns.take(within=self._turn_seconds))
                except TimeoutError as error:
                    raise self._busy() from error
            yield

    def now(self, connection: Connection) -> datetime:
        """The database's own clock: what leases are measured by, whatever the clocks of its clients say."""
        if self.is_sqlite:
            clock = "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000"
        else:
            clock = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
        return moment_of(int(connection.exec_driver_sql(clock).scalar_one()))

    def close(self) -> None:
        """Give back every connection; the last one to a SQLite file folds the write-ahead log into it."""
        self.engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise self.explain(error) from error

    def explain(self, error: SQLAlchemyError) -> StoreError:
        """The error as a sentence that names the database, with what to do about it."""
        cause = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        words = cause.lower()
        if self.is_sqlite:
            if "locked" in words or "busy" in words:
                return self._busy()
            for sign, message, remedy in _SQLITE_REMEDIES:
                if sign in words:
                    return StoreError(message, subject=self.name, remedy=remedy)
        elif isinstance(error, OperationalError) and "serialize" in words:
            return StoreBusy("another session changed the same", subject=self.name, remedy="look again, then try again")
        elif isinstance(error, OperationalError) and ("lock" in words or "deadlock" in words):
            return StoreBusy("another session holds a lock", subject=self.name, remedy="it is tried again by itself")
        elif isinstance(error, OperationalError):
            return StoreError(
                f"the database server does not answer: {cause.splitlines()[0] if cause else 'no connection'}",
                subject=self.name,
                remedy="check that PostgreSQL runs and that the URL, user and password are right",
            )
        first_line = cause.splitlines()[0] if cause else type(error).__name__
        return StoreError(
            f"the database refused: {first_line}", subject=self.name, remedy="see the log for the details"
        )

    def _busy(self) -> StoreBusy:
        return StoreBusy(
            "another process holds the database",
            subject=self.name,
            remedy="stop it, or wait until it is done: 'fuser' or 'lsof' on the file names it",
        )


def _parsed(url: str) -> URL:
    """The URL with our drivers filled in: psycopg 3 for PostgreSQL. Raises StoreError."""
    remedy = "use sqlite:////path/to/feedsvc.sqlite3 or postgresql://user@host/name"
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except SQLAlchemyError as error:
        raise StoreError("not a database URL", subject=url, remedy=remedy) from error
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+pysqlite")
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    raise StoreError("only SQLite files and PostgreSQL are supported", subject=url, remedy=remedy)


def _sqlite_engine(url: URL, busy_seconds: float) -> Engine:
    assert url.database is not None
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the data folder cannot be made: {error.strerror}",
            subject=str(Path(url.database).parent),
            remedy="choose another with --data, or give this user the right to write there",
        ) from error
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=32,
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver would not for reads and for DDL
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA cache_size = -8192")
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _server_engine(url: URL) -> Engine:
    options: dict[str, Any] = {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 32, "pool_recycle": 1800}
    try:
        return sa.create_engine(url, connect_args=_SERVER_CONNECTION, **options)
    except ModuleNotFoundError as error:
        raise StoreError(
            "the PostgreSQL driver is not installed",
            subject=str(error.name),
            remedy="pip install 'feedsvc[postgresql]'",
        ) from error
