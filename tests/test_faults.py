"""Faults of the machine below: disks, databases, clocks, sites that hang. Feeds are served through all of them, and
scraping goes on as before when the cause has gone (rules D2-D4, D6 and D7)."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import event

from feedsvc.errors import StoreError
from feedsvc.model import Cadence, FeedRef, Format, NotModified, Page, Source, Validators
from feedsvc.schedule import Planner, Scheduler
from feedsvc.scrape import Progress, Result, Scraper, ScrapeSettings
from feedsvc.service.feeds import Document
from feedsvc.service.reading import PageReader
from feedsvc.store import Store, database
from feedsvc.store.leases import LEASE_TERM
from tests.support.centre import NOON, SiteInMemory
from tests.support.serving import Serving, serving

ALL = FeedRef(kind="all")
TOWN = Source(key="town", urls=("https://news.example/releases/",), title="Town", category="company", kind="html")
Injury = Callable[[Store], AbstractContextManager[None]]


@contextmanager
def _on_each_connection(store: Store, pragma: str, healed: str) -> Iterator[None]:
    """The pragma is in force on every connection while the context lasts, and undone on each that is used again."""
    said = pragma

    def say(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(said)

    event.listen(store.database.engine, "checkout", say)
    yield
    said = healed


def full_disk(store: Store) -> AbstractContextManager[None]:
    return _on_each_connection(store, "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1073741823")


def read_only(store: Store) -> AbstractContextManager[None]:
    return _on_each_connection(store, "PRAGMA query_only = ON", "PRAGMA query_only = OFF")


@contextmanager
def locked(store: Store) -> Iterator[None]:
    assert store.database.path is not None
    with closing(sqlite3.connect(store.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


INJURIES: dict[str, tuple[Injury, str]] = {
    "the disk is full": (full_disk, "disk is full"),
    "the database is read-only": (read_only, "read-only"),
    "another process holds the database": (locked, "holds the database"),
}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    made = serving(tmp_path, sources=(TOWN,))
    yield made
    made.feeds.close()
    made.store.close()


def ask(service: Serving) -> bytes:
    """The feed of everything, as a request gets it."""
    rendering = service.feeds.rendering(Document(ref=ALL, format=Format.ATOM))
    assert rendering is not None
    return rendering.identity


@pytest.mark.parametrize("name", INJURIES)
def test_feeds_are_served_and_a_scrape_that_failed_is_made_up_for(service: Serving, name: str) -> None:
    injury, words = INJURIES[name]
    site = SiteInMemory()
    site.publish(*range(10, 40))
    scraper = Scraper(service.store, site, PageReader(), clock=lambda: service.now)
    before, ids = ask(service), {one.uuid for one in service.store.entries.newest(ALL, limit=500)}
    with injury(service.store):
        try:
            outcome = scraper.scrape("town", owner="one:1:a", progress=Progress(cut_after=None))
            reason = outcome.reason if outcome.result is Result.FAILED else ""
        except StoreError as error:
            reason = str(error)
        assert words in reason
        service.feeds.poll()
        etree.fromstring(ask(service))
        assert {one.uuid for one in service.store.entries.newest(ALL, limit=500)} >= ids
    service.store.sources.release_all("one:1:a")
    service.now += timedelta(hours=1)
    for _ in range(2):
        outcome = scraper.scrape("town", owner="one:1:a", progress=Progress(cut_after=None))
    assert outcome.result.is_good, outcome.reason
    stored = service.store.entries.newest(ALL, limit=500)
    assert ids < {one.uuid for one in stored}
    assert sorted(one.entry.title for one in stored if one.source == "town") == sorted(site.releases.values())
    service.feeds.poll()
    assert ask(service) != before


def test_a_restored_backup_gives_the_very_bytes_elsewhere(service: Serving, tmp_path: Path) -> None:
    refs = (ALL, FeedRef(kind="category", key="company"), FeedRef(kind="source", key="town"))
    documents = [Document(ref=ref, format=one) for ref in refs for one in Format]
    before = [service.feeds.rendering(document) for document in documents]
    service.store.back_up(tmp_path / "backup")
    (tmp_path / "elsewhere").mkdir()
    other = serving(tmp_path / "elsewhere", sources=(TOWN,), entries=7)
    other.store.restore(tmp_path / "backup")
    other.feeds.poll()
    assert [other.feeds.rendering(document) for document in documents] == before
    other.feeds.close()
    other.store.close()


@dataclass
class Hall:
    """Many small sites, by the first label of their host; one of them may hang. Implements ``protocols.Fetcher``."""

    now: datetime = NOON
    ticks: float = 0.0
    hanging: str = ""
    released: threading.Event = field(default_factory=threading.Event)
    sites: dict[str, SiteInMemory] = field(default_factory=dict)
    visits: Counter[str] = field(default_factory=Counter)

    def fetch(self, url: str, *, validators: Validators | None = None) -> Page | NotModified:
        key = url.removeprefix("https://").partition(".")[0]
        self.visits[url] += 1
        if key == self.hanging:
            self.released.wait(60)
        return self.sites[key].fetch(url, validators=validators)

    def sources(self, count: int) -> list[Source]:
        """As many sources, scraped every hour, of three releases each."""
        for number in range(count):
            self.sites[f"s{number}"] = SiteInMemory()
            self.sites[f"s{number}"].publish(1, 2, 3)
        hourly = Cadence(every=timedelta(hours=1))
        return [
            replace(TOWN, key=key, urls=(f"https://{key}.example/releases/",), title=key, cadence=hourly)
            for key in self.sites
        ]

    def clock(self, store: Store, name: str, *, parallel: int = 4) -> Scheduler:
        """One process with a clock over the store."""
        scraper = Scraper(store, self, PageReader(), clock=lambda: self.now, settings=ScrapeSettings(rechecks=()))
        return Scheduler(
            store,
            scraper,
            Planner(clock=lambda: self.now, dice=lambda: 0.5),
            clock=lambda: self.now,
            monotonic=lambda: self.ticks,
            owner=f"{name}:1:a",
            parallel=parallel,
        )

    def let_pass(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.ticks += seconds


@pytest.fixture
def hall() -> Iterator[Hall]:
    made = Hall()
    yield made
    made.released.set()


@pytest.fixture
def store(tmp_path: Path, hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'hall.sqlite3'}", clock=lambda: hall.now)
    # the database's clock is the test's, too: leases are measured by it
    monkeypatch.setattr(opened.database, "now", lambda _connection: hall.now)
    yield opened
    hall.released.set()
    opened.close()


def run_for(hall: Hall, clocks: list[Scheduler], *, hours: float, step: float = 20.0) -> None:
    for _ in range(int(hours * 3600 / step)):
        for clock in clocks:
            clock.tick()
            assert clock.wait_until_idle(within=60)
        hall.let_pass(step)


def test_two_clocks_ask_each_address_as_often_as_one(store: Store, hall: Hall, tmp_path: Path) -> None:
    store.sources.sync(hall.sources(5), now=hall.now)
    run_for(hall, [hall.clock(store, "one"), hall.clock(store, "two")], hours=4)
    together, hall.visits = hall.visits, Counter()
    hall.now, hall.ticks = NOON, 0.0
    with closing(Store.open(f"sqlite:///{tmp_path / 'alone.sqlite3'}", clock=lambda: hall.now)) as alone:
        alone.database.now = lambda _connection: hall.now  # type: ignore[method-assign]
        alone.sources.sync(hall.sources(5), now=hall.now)
        run_for(hall, [hall.clock(alone, "one")], hours=4)
    assert together == hall.visits
    assert together["https://s0.example/releases/"] >= 4


def test_a_clock_that_died_is_replaced_within_ninety_seconds(store: Store, hall: Hall) -> None:
    store.sources.sync(hall.sources(2), now=hall.now)
    first, second = hall.clock(store, "one"), hall.clock(store, "two")
    run_for(hall, [first, second], hours=0.1)
    assert (first.is_leader, second.is_leader) == (True, False)
    died_at = hall.ticks
    while not second.is_leader:
        hall.let_pass(1)
        second.tick()
        assert hall.ticks - died_at <= 90
    assert hall.ticks - died_at >= LEASE_TERM.total_seconds() - 20
    before = hall.visits["https://s0.example/releases/"]
    run_for(hall, [second], hours=1.2)
    assert hall.visits["https://s0.example/releases/"] > before


def test_a_site_that_hangs_delays_no_other_and_is_left_alone_for_a_while(store: Store, hall: Hall) -> None:
    store.sources.sync(hall.sources(21), now=hall.now)
    hall.hanging = "s7"
    clock = hall.clock(store, "one", parallel=4)
    healthy = [f"https://s{number}.example/releases/" for number in range(21) if number != 7]
    for _ in range(100):
        clock.tick()
        for key, running in clock._all_running().items():
            if key != "s7":
                running.thread.join(timeout=60)
        hall.let_pass(1)
    assert all(hall.visits[url] == 1 for url in healthy), "on time"
    assert clock._all_running() == {}, "its slot is free again"
    state = store.sources.get("s7")
    assert state is not None
    assert (state.state, state.failures) == ("failing", 1)
    assert "no progress" in state.reason
    hall.hanging = ""
    run_for(hall, [clock], hours=3)
    assert all(state.state == "well" for state in store.sources.all())


def test_a_long_first_scrape_is_cut_and_finished_over_several_turns(store: Store, hall: Hall) -> None:
    (town,) = hall.sources(1)
    hall.sites["s0"].publish(*range(1, 201))
    # each page takes the two seconds that robots.txt asks for
    hall.sites["s0"].on_fetch = lambda _url: hall.let_pass(2)
    store.sources.sync([town], now=hall.now)
    clock = hall.clock(store, "one")
    for _ in range(3 * 3600):
        clock.tick()
        assert clock.wait_until_idle(within=120)
        hall.let_pass(1)
        if store.entries.count(ALL) == 200:
            break
    results = [record.result for record in reversed(store.scrapes.history("s0"))]
    assert store.entries.count(ALL) == 200
    assert results[0] == "cut"
    assert store.sources.get("s0").failures == 0  # type: ignore[union-attr]
    assert max(Counter(url for url in hall.sites["s0"].asked if url.endswith(".html")).values()) == 1
