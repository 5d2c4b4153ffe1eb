"""Brings a database to this program's schema, under a lock, all or nothing.

One transaction holds the lock and the changes: two processes that start together migrate once, and one that is killed
half-way leaves the old schema. An existing SQLite file is copied beside itself first.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from feedsvc.errors import StoreError
from feedsvc.store.database import Database

#: The newest revision in ``migrations/versions``; told here so that opening a current database loads no Alembic.
HEAD = "0008"
_SCRIPTS = Path(__file__).with_name("migrations")
#: The key of PostgreSQL's advisory lock: any number, the same in every process.
_LOCK = 7_160_421


def migrate(database: Database) -> str | None:
    """Bring the schema up to date; the revision that it came from, or None where nothing was to do.

    Raises StoreError where the database was written by a newer program, StoreBusy where another process holds it.
    """
    with database.read() as connection:
        if _revision(connection) == HEAD:
            return None
    with database.write() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        before = _revision(connection)
        if before == HEAD:
            return None
        _refuse_newer(database, before)
        if before is not None and database.path is not None:
            _copy_beside(database.path, before)
        _upgrade(connection)
        return before or "nothing"


def copy_path(path: Path, revision: str) -> Path:
    """Where the copy of ``path`` at ``revision`` is kept before a migration."""
    return path.with_name(f"{path.name}.before-migration-{revision}")


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return str(revision) if revision is not None else None


def _refuse_newer(database: Database, revision: str | None) -> None:
    known = {path.name.split("_")[0] for path in (_SCRIPTS / "versions").glob("[0-9]*_*.py")}
    if revision is not None and revision not in known:
        raise StoreError(
            f"the database was written by a newer feedsvc (schema {revision}, this program knows {HEAD})",
            subject=database.name,
            remedy="upgrade feedsvc, or restore a backup that this version made",
        )


def _copy_beside(path: Path, revision: str) -> None:
    """SQLite's own online copy, written under another name first, so that no half copy is taken for a whole one."""
    target = copy_path(path, revision)
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    try:
        with sqlite3.connect(path) as source, sqlite3.connect(unfinished) as copy:
            source.backup(copy)
        source.close()
        copy.close()
        unfinished.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"the copy before migrating could not be made: {error}",
            subject=str(target),
            remedy="free some space or make the folder writable; nothing was changed",
        ) from error


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
