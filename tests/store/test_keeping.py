"""Backup, restore, newer and older schemas, and databases that cannot be used: one clear line each."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from feedsvc.errors import StoreBusy, StoreError
from feedsvc.model import FeedRef
from feedsvc.protocols import Window
from feedsvc.store import Store, database
from feedsvc.store.migrate import HEAD
from tests.support.stores import NOON, record, record_all, release

ALL = FeedRef(kind="all")


def everything(store: Store) -> object:
    return store.feed_identity(ALL), store.window(ALL, Window(), now=NOON), store.categories()


def test_a_restored_backup_holds_the_same(store: Store, tmp_path: Path) -> None:
    record_all(store, [release(number) for number in range(5)])
    before = everything(store)
    store.back_up(tmp_path / "backup")
    other = Store.open(f"sqlite:///{tmp_path / 'other.sqlite3'}", clock=lambda: NOON)
    record(other, release(99))
    other.restore(tmp_path / "backup")
    assert everything(other) == before
    other.close()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip file", b"SQLite format 3\0 and then nothing"])
def test_what_is_no_backup_changes_nothing(store: Store, tmp_path: Path, content: bytes) -> None:
    uuid = record(store, release(1)).uuid
    (tmp_path / "backup").write_bytes(content)
    with pytest.raises(StoreError, match="nothing was changed"):
        store.restore(tmp_path / "backup")
    assert store.entry(uuid) is not None


def test_a_newer_schema_is_refused_with_a_remedy(store: Store) -> None:
    assert store.database.path is not None
    with closing(sqlite3.connect(store.database.path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=f"newer feedsvc .*{HEAD}.*upgrade feedsvc"):
        Store.open(str(store.database.url))


def test_a_locked_database_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    impatient = Store.open(str(store.database.url))
    with closing(sqlite3.connect(store.database.path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="another process holds the database"):
            record(impatient, release(1))
        assert impatient.window(ALL, Window(), now=NOON) == ()
    impatient.close()


def test_a_full_disk_fails_the_write_keeps_the_rest_and_heals(store: Store) -> None:
    uuid = record(store, release(1)).uuid
    with store.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(StoreError) as caught, store.database._translated():
            connection.exec_driver_sql("CREATE TABLE filler AS SELECT hex(randomblob(200000)) AS x")
        connection.exec_driver_sql("ROLLBACK") if connection.connection.in_transaction else None
        connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
    assert "the disk is full" in str(caught.value)
    assert store.entry(uuid) is not None
    assert record(store, release(2)).uuid


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite://", "not a url"])
def test_other_urls_are_refused_with_a_remedy(url: str) -> None:
    with pytest.raises(StoreError, match="sqlite:////path"):
        Store.open(url)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match="not a SQLite database"):
        Store.open(f"sqlite:///{path}")
