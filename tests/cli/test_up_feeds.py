"""Feeds from ``up`` for real: a change of another process arrives, and a restart changes no byte."""

from __future__ import annotations

import signal
import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from feedsvc.store import Store
from tests.support.running import free_port
from tests.support.service import Service, answer, until
from tests.support.serving import serving
from tests.support.stores import record, release
from tests.support.worker import configure

RELEASES, ALL = "feeds/company/releases", "feeds/all"
ENDINGS = ("rss", "atom", "json")


class Document(NamedTuple):
    """What a reader is sent."""

    etag: str
    last_modified: str
    body: bytes


class Up(Service):
    """``feedsvc up`` over a filled store, of whose sources none is scraped."""

    def __init__(self, folder: Path, name: str) -> None:
        self.port = free_port()
        shared = ("--config", str(folder / "config"), "--data", str(folder))
        super().__init__(folder, *shared, "up", "--port", str(self.port), name=name)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def count(self, path: str) -> int:
        """How many entries a feed has, 0 where it is not served yet."""
        return answer(self.url(f"{path}.json"))[1].count(b'"date_published"')

    def document(self, path: str) -> Document:
        with urllib.request.urlopen(self.url(path), timeout=60) as got:
            return Document(got.headers["ETag"], got.headers["Last-Modified"], got.read())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = serving(tmp_path)
    made.feeds.close()
    made.store.close()
    configure(tmp_path)
    with (tmp_path / "config" / "sources" / "acme.toml").open("a", encoding="utf-8") as source:
        source.write("enabled = false\n")
    (tmp_path / "test.sqlite3").rename(tmp_path / "feedsvc.sqlite3")
    return tmp_path


@contextmanager
def up(folder: Path, name: str = "up") -> Iterator[Up]:
    with Up(folder, name) as running:
        assert until(lambda: running.count(RELEASES) == 3), running.log
        yield running


def test_what_another_process_commits_arrives_in_every_feed_and_no_answer_goes_back(folder: Path) -> None:
    seen: dict[str, list[int]] = {RELEASES: [], ALL: []}
    with up(folder) as running, closing(Store.open(f"sqlite:///{folder / 'feedsvc.sqlite3'}")) as store:
        assert running.count(ALL) == 3
        for number in range(4, 9):
            record(store, release(number), now=datetime.now(UTC))

        def has_arrived() -> bool:
            for path, counts in seen.items():
                counts.append(running.count(path))
            return all(counts[-1] == 8 for counts in seen.values())

        assert until(has_arrived), running.log
    assert all(counts == sorted(counts) and counts[0] >= 3 for counts in seen.values()), seen


def test_a_restart_changes_no_byte_even_of_what_has_to_be_rendered_again(folder: Path) -> None:
    with up(folder) as running:
        before = {ending: running.document(f"{RELEASES}.{ending}") for ending in ENDINGS}
        assert running.ends(signal.SIGTERM) == 0
    with closing(sqlite3.connect(folder / "feedsvc.sqlite3")) as database, database:
        assert database.execute("delete from renderings where name = ?", [f"{RELEASES}.rss"]).rowcount == 1
    with up(folder, "again") as running:
        after = {ending: running.document(f"{RELEASES}.{ending}") for ending in ENDINGS}
    assert after["rss"]._replace(last_modified="") == before["rss"]._replace(last_modified="")
    assert (after["atom"], after["json"]) == (before["atom"], before["json"])
