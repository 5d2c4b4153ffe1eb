"""A store that an older program wrote is upgraded in place: same ids, same feeds, and the next scrape knows them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.model import Format
from feedsvc.service.document import Document
from feedsvc.store import Store, migrate
from tests.support.centre import NOON, SOURCE, scrape
from tests.support.old_stores import REFS, REVISIONS, SCRAPED_AT, SCRIPTS, old_sqlite, site
from tests.support.serving import serving


def test_a_store_of_every_older_schema_is_kept() -> None:
    written = {path.name.split("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py")}
    assert written - {migrate.HEAD} <= set(REVISIONS), "python -m tests.support.old_stores, before the migration"


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_id_stays_and_the_next_scrape_adds_what_is_new_alone(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "feedsvc.sqlite3"
    old_sqlite(revision, path)
    with closing(sqlite3.connect(path)) as connection:
        ids = dict(connection.execute("SELECT uuid, withdrawn_at FROM entries").fetchall())
        feeds = dict(connection.execute("SELECT key, uuid FROM feeds").fetchall())
    store = Store.open(f"sqlite:///{path}", clock=lambda: NOON)
    is_older = revision != migrate.HEAD
    assert migrate.copy_path(path, revision).exists() is is_older
    assert {store.feed_identity(ref).uuid for ref in REFS} <= set(feeds.values())
    pages = site()
    pages.publish(6)
    outcome = scrape(store, pages, now=SCRAPED_AT + timedelta(days=1), source=SOURCE)
    assert (outcome.result, len(outcome.new), outcome.changed) == ("well", 1, ())
    now_there = {one.uuid for one in store.entries.newest(REFS[0], limit=99)}
    shown = {uuid for uuid, withdrawn_at in ids.items() if withdrawn_at is None}
    assert (len(ids), len(shown)) == (5, 4)
    assert now_there == {*shown, *outcome.new}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    store.close()


@pytest.mark.parametrize("revision", REVISIONS)
def test_its_feeds_are_served_under_the_same_ids(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "feedsvc.sqlite3"
    old_sqlite(revision, path)
    with closing(sqlite3.connect(path)) as connection:
        ids = [row[0] for row in connection.execute("SELECT uuid FROM entries WHERE withdrawn_at IS NULL")]
        feed = connection.execute("SELECT uuid FROM feeds WHERE kind = 'category'").fetchone()[0]
    service = serving(tmp_path, sources=(SOURCE,), entries=0, database=f"sqlite:///{path}")
    for format_ in Format:
        rendering = service.feeds.rendering(Document(ref=REFS[1], format=format_))
        assert rendering is not None
        body = rendering.identity.decode()
        assert [uuid for uuid in ids if body.count(uuid) == 0] == []
        assert format_ is not Format.ATOM or feed in body
    service.feeds.close()
    service.store.close()
