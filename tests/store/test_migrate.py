"""Migrations end at the schema that the program works with; an old database is copied first."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from feedsvc.store import Store, migrate
from feedsvc.store.columns import Json, Moment, Squeezed
from feedsvc.store.schema import metadata
from tests.support.stores import record, release


def _compare_type(
    _context: object, _inspected: object, _column: object, found: sa.types.TypeEngine[object], ours: object
) -> bool | None:
    """Ours are stored as plain numbers, texts and bytes."""
    kinds = {Moment: sa.BigInteger, Json: sa.Text, Squeezed: sa.LargeBinary}
    plain = kinds.get(type(ours))
    return None if plain is None else not isinstance(found, plain)


def test_the_migrations_end_at_the_schema(store: Store) -> None:
    with store.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _compare_type})
        assert compare_metadata(context, metadata) == []


def test_the_newest_script_is_the_head() -> None:
    scripts = Path(migrate.__file__).with_name("migrations") / "versions"
    assert max(path.name.split("_")[0] for path in scripts.glob("[0-9]*.py")) == migrate.HEAD


def test_a_database_is_copied_before_it_is_migrated(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    record(store, release(1))
    path = store.database.path
    assert path is not None
    store.close()
    current = migrate.HEAD
    monkeypatch.setattr(migrate, "HEAD", "9999")
    monkeypatch.setattr(migrate, "_upgrade", lambda connection: None)
    assert migrate.migrate(store.database) == current
    with closing(sqlite3.connect(migrate.copy_path(path, current))) as copy:
        assert copy.execute("SELECT count(*) FROM entries").fetchone() == (1,)
