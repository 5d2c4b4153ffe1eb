"""The same store on PostgreSQL, in a cluster of our own that lives as long as the tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.errors import StoreBusy
from feedsvc.model import FeedRef, Filter, Format, Source
from feedsvc.protocols import Window
from feedsvc.service.document import Document
from feedsvc.service.feeds import FeedService
from feedsvc.store import EntryPage, EntryState, Meeting, Store, Token
from tests.support.centre import scrape
from tests.support.old_stores import REFS, REVISIONS, SCRAPED_AT, old_server, site
from tests.support.postgres import Postgres, postgres
from tests.support.serving import serving
from tests.support.stores import ACME, NOON, record, record_all, release
from tests.support.worker import ROOT, configure

pytestmark = pytest.mark.system("postgresql")
ALL = FeedRef(kind="all")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as started:
        yield started


@pytest.fixture(scope="module")
def kept(server: Postgres) -> Iterator[Store]:
    opened = Store.open(server.url, clock=lambda: NOON)
    yield opened
    opened.close()


def test_it_keeps_recognizes_and_archives(kept: Store) -> None:
    uuids = record_all(kept, [release(number) for number in range(120)])
    kept.feeds.close_archives()
    assert record(kept, release(3)).meeting is Meeting.UNCHANGED
    archive = {stored.uuid for stored in kept.archive(ALL, 1)}
    window = {stored.uuid for stored in kept.window(ALL, Window(), now=NOON)}
    assert (len(archive), archive | window) == (100, set(uuids))


def test_claims_and_leases_hold_one_owner(kept: Store) -> None:
    kept.sources.sync([ACME], now=NOON)
    assert kept.sources.claim("acme", "one") is not None
    assert kept.sources.claim("acme", "two") is None
    assert kept.sources.release_all("one") == 1
    assert kept.leases.take("clock", "one").owner == kept.leases.take("clock", "two").owner == "one"


def test_a_backup_moves_to_sqlite_and_back(kept: Store, tmp_path: Path) -> None:
    before = kept.window(ALL, Window(), now=NOON), kept.feed_identity(ALL), kept.archive(ALL, 1)
    kept.back_up(tmp_path / "backup")
    small = Store.open(f"sqlite:///{tmp_path / 'small.sqlite3'}", clock=lambda: NOON)
    small.restore(tmp_path / "backup")
    assert (small.window(ALL, Window(), now=NOON), small.feed_identity(ALL), small.archive(ALL, 1)) == before
    small.close()
    kept.restore(tmp_path / "backup")
    assert (kept.window(ALL, Window(), now=NOON), kept.feed_identity(ALL), kept.archive(ALL, 1)) == before
    assert record(kept, release(500)).meeting is Meeting.NEW


def test_what_an_admin_decides_is_kept_there_too(kept: Store) -> None:
    source = Source(key="desk", urls=("https://desk.example/",), title="Desk", category="from/here")
    kept.sources.sync((ACME, source), now=NOON)
    link = "https://desk.example/1.html"
    entry = release(900, link=link, canonical_url=link, title="Decided about on this database")
    uuid = record(kept, entry, source=source).uuid
    assert kept.category_moves.move("from/here", "to/there", now=NOON) == 1
    assert [one.uuid for one in kept.entries.newest(FeedRef(kind="category", key="to"), limit=9)] == [uuid]
    assert kept.categories_kept.decided().path("from/here/below") == "to/there/below"
    kept.categories_kept.say("to/there", {"title": "There"}, is_declared=True)
    assert kept.categories_kept.decided().parts == {"to/there": {"title": "There"}}
    kept.saved_feeds.put(Filter(name="big", title="Big", words=("big",)))
    assert [one.name for one in kept.saved_feeds.all()] == ["big"]
    assert kept.entries.hide(uuid, now=NOON)
    assert kept.entries.page(EntryPage(state=EntryState.HIDDEN, feed=FeedRef(kind="source", key="desk")))
    kept.figures.add({("feedsvc_scrapes", (("result", "well"),)): 2})
    kept.figures.add({("feedsvc_scrapes", (("result", "well"),)): 3})
    assert kept.figures.all() == {("feedsvc_scrapes", (("result", "well"),)): 5}
    assert kept.tokens.add(Token(name="one", scopes=("read",), created_at=NOON), "digest")
    assert kept.tokens.find("digest") == Token(name="one", scopes=("read",), created_at=NOON)
    assert kept.scrapes.unwell() == ()
    assert kept.category_moves.remove("to/there", now=NOON) == 1
    assert [(one.title, one.category) for one in kept.overview.places() if one.key == "desk"] == [("Desk", "from/here")]
    assert kept.sources.forget("desk")


def test_two_processes_give_equal_bytes_whoever_renders_first(server: Postgres, tmp_path: Path) -> None:
    import psycopg

    database = server.database("feeds")
    service = serving(tmp_path, database=database)
    command = [sys.executable, "-m", "feedsvc", "--config", str(configure(tmp_path)), "--database", database]
    command += ["export", "company/releases", "--format"]
    try:
        for format in Format:
            document = Document(ref=FeedRef(kind="category", key="company/releases"), format=format)
            exported = subprocess.run([*command, format.value], cwd=ROOT, capture_output=True, check=True).stdout
            service.feeds.poll()
            kept = service.feeds.rendering(document)
            with psycopg.connect(database, autocommit=True) as connection:
                assert connection.execute("delete from renderings").rowcount
            service.feeds.poll()
            again = FeedService(service.store, lambda: service.config, clock=lambda: service.now).rendering(document)
            assert kept is not None
            assert again is not None
            assert kept.identity == again.identity == exported
            assert kept.etag == again.etag
    finally:
        service.feeds.close()
        service.store.close()


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_store_of_an_older_program_is_upgraded_in_place(server: Postgres, revision: str) -> None:
    url = server.database(f"old{revision}")
    ids = old_server(revision, url)
    store = Store.open(url, clock=lambda: NOON)
    pages = site()
    pages.publish(6)
    outcome = scrape(store, pages, now=SCRAPED_AT + timedelta(days=1))
    assert (outcome.result, len(outcome.new), outcome.changed) == ("well", 1, ())
    assert {one.uuid for one in store.entries.newest(REFS[0], limit=99)} == {*ids, *outcome.new}
    store.close()


def test_what_another_session_changed_meanwhile_is_not_overwritten(kept: Store) -> None:
    kept.categories_kept.make("together", "First")

    def change() -> None:
        with ThreadPoolExecutor(1) as other, kept.together():
            seen = kept.categories_kept.get("together")
            assert seen is not None
            other.submit(kept.categories_kept.say, "together", {"title": "Theirs"}, is_declared=False).result()
            kept.categories_kept.say("together", {"title": f"{seen.title} and mine"}, is_declared=False)

    with pytest.raises(StoreBusy, match="changed the same"):
        change()
    now = kept.categories_kept.get("together")
    assert now is not None
    assert now.title == "Theirs"
