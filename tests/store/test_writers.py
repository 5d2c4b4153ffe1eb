"""Many writers at once: threads of one process take turns, and another process that holds the file is named."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from feedsvc.errors import StoreBusy
from feedsvc.store import Store
from feedsvc.store.database import Database
from feedsvc.store.turns import Turns
from tests.support.stores import NOON

WRITERS, WRITES = 32, 25


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A file whose writers would give up nearly at once, were they to meet in SQLite."""
    database = Database(f"sqlite:///{tmp_path / 'feedsvc.sqlite3'}", busy_seconds=0.02)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (writer INTEGER, number INTEGER)")
    yield database
    database.close()


def test_many_threads_write_at_once_and_none_is_refused(database: Database) -> None:
    start = threading.Barrier(WRITERS)

    def write(writer: int) -> None:
        start.wait()
        for number in range(WRITES):
            with database.write() as connection:
                connection.exec_driver_sql("INSERT INTO notes VALUES (?, ?)", (writer, number))

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT writer, number FROM notes").all()
    assert sorted(map(tuple, rows)) == [(writer, number) for writer in range(WRITERS) for number in range(WRITES)]


def test_another_process_that_holds_the_file_is_named_and_writing_goes_on_afterwards(database: Database) -> None:
    other = sqlite3.connect(
        str(database.path), isolation_level=None
    )  # SQLite's locks know no process, only connections
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match="another process holds the database"), database.write():
        pass
    other.execute("ROLLBACK")
    other.close()
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO notes VALUES (1, 1)")


def test_waiting_for_a_turn_ends_with_the_same_error(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'feedsvc.sqlite3'}", turn_seconds=0.01)

    def write() -> None:
        with database.write():
            pass

    with ThreadPoolExecutor(1) as pool, database.write():
        late = pool.submit(write)
        assert isinstance(late.exception(), StoreBusy)
    write()
    database.close()


def test_a_failed_write_passes_the_turn_on(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write():
        raise ZeroDivisionError
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO notes VALUES (1, 1)")


def test_who_gives_up_waiting_leaves_the_queue() -> None:
    turns = Turns()
    with turns.take(within=0), pytest.raises(TimeoutError), turns.take(within=0):
        pass
    with turns.take(within=0):
        pass


def test_what_is_read_and_written_together_is_one_transaction(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'test.sqlite3'}", clock=lambda: NOON)

    def fail() -> None:
        with store.together():
            store.categories_kept.make("company")
            assert store.categories_kept.get("company") is not None
            with store.together():
                store.categories_kept.make("company/releases")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.categories() == ()
    with store.together():
        store.categories_kept.make("company")
    assert [one.path for one in store.categories()] == ["company"]
    store.close()


def test_what_is_written_within_a_write_is_part_of_it(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO notes VALUES (1, 1)")
            with database.write() as inner:
                inner.exec_driver_sql("INSERT INTO notes VALUES (1, 2)")
            with database.read() as reading:
                assert reading.exec_driver_sql("SELECT count(*) FROM notes").scalar() == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM notes").scalar() == 0


def test_nobody_elses_change_comes_between_what_is_done_together(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'test.sqlite3'}", clock=lambda: NOON)
    with ThreadPoolExecutor(1) as other:
        with store.together():
            later = other.submit(store.categories_kept.make, "other")
            assert store.categories() == ()
            store.categories_kept.make("mine")
            assert [one.path for one in store.categories()] == ["mine"]
        later.result()
    assert {one.path for one in store.categories()} == {"mine", "other"}
    store.close()
