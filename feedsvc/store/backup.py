"""Backup and restore while the service runs: one SQLite file, whichever database it came from or goes to."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from feedsvc.errors import StoreError
from feedsvc.store.database import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.schema import leases, metadata, sessions, sign_in_failures, sources

#: Rows copied at a time between two kinds of database.
_BATCH = 500
#: No honest backup is larger (rule D6).
SIZE_MAX = 64 * 2**30


def back_up(database: Database, target: Path) -> None:
    """Write everything into ``target``, whole or not at all. Raises StoreError."""
    unfinished = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        if database.path is not None:
            _copy_sqlite(database.path, unfinished)
        else:
            copy = Database(f"sqlite:///{unfinished}")
            migrate(copy)
            _copy_rows(database, copy)
            copy.close()
        _settle(unfinished)
        unfinished.replace(target)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        raise StoreError(
            f"the backup could not be written: {error}", subject=str(target), remedy="choose a folder with enough space"
        ) from error


def restore(database: Database, source: Path) -> None:
    """Replace everything by what the backup holds, in one transaction; leases and claims are not taken over.

    Raises StoreError where the file is no backup of ours, is damaged, or was written by a newer feedsvc.
    """
    _inspect(source)
    scratch = source.with_name(f".{source.name}.restoring-{os.getpid()}")
    try:
        _copy_sqlite(source, scratch)
        kept = Database(f"sqlite:///{scratch}")
        try:
            migrate(kept)
            _copy_rows(kept, database)
        finally:
            kept.close()
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"the backup could not be read: {error}", subject=str(source), remedy="nothing was changed"
        ) from error
    finally:
        for leftover in scratch.parent.glob(f"{scratch.name}*"):
            leftover.unlink(missing_ok=True)


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's online copy: consistent, while others read and write."""
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing, pages=2000)


def _settle(path: Path) -> None:
    """One plain file on the disk, with no log beside it and no owner of anything in it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        for table in (leases, sessions, sign_in_failures):
            connection.execute(f"DELETE FROM {table.name}")  # noqa: S608 - names of ours
        connection.execute("UPDATE sources SET claimed_by = NULL, claimed_until = NULL")
    with path.open("rb") as written:
        os.fsync(written.fileno())


def _inspect(path: Path) -> None:
    remedy = "give the path of a file that 'feedsvc backup FILE' wrote; nothing was changed"
    try:
        if path.stat().st_size > SIZE_MAX:
            raise StoreError("too large for a backup", subject=str(path), remedy=remedy)
        with path.open("rb") as opened:
            if opened.read(16) != b"SQLite format 3\0":
                raise StoreError("not a backup of feedsvc", subject=str(path), remedy=remedy)
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except OSError as error:
        raise StoreError(f"cannot be opened: {error.strerror}", subject=str(path), remedy=remedy) from error
    except sqlite3.Error as error:
        raise StoreError(f"the backup is damaged: {error}", subject=str(path), remedy=remedy) from error
    if verdict != "ok":
        raise StoreError(f"the backup is damaged: {verdict}", subject=str(path), remedy=remedy)
    if not {"alembic_version", "entries", "feeds"} <= tables:
        raise StoreError("not a backup of feedsvc", subject=str(path), remedy=remedy)


def _copy_rows(source: Database, target: Database) -> None:
    """Every row of every table, parents first, replacing what was there."""
    with source.read() as reading, target.write() as writing:
        for table in reversed(metadata.sorted_tables):
            writing.execute(sa.delete(table))
        for table in metadata.sorted_tables:
            if table is leases:
                continue
            for batch in reading.execution_options(yield_per=_BATCH).execute(sa.select(table)).mappings().partitions():
                writing.execute(sa.insert(table), [dict(row) for row in batch])
            if not target.is_sqlite and "id" in table.c:
                following = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0) + 1).scalar_subquery()
                sequence = sa.func.pg_get_serial_sequence(table.name, "id")
                writing.execute(sa.select(sa.func.setval(sequence, following, False)))
        writing.execute(sa.update(sources).values(claimed_by=None, claimed_until=None))
