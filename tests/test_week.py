"""A week of operation under a fake clock: bad days, restarts, two clocks. Nothing lost, doubled, or late."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from feedsvc.errors import Unreachable
from feedsvc.model import Cadence, FeedRef, NotModified, Page, Source, Validators
from feedsvc.schedule import Planner, Scheduler
from feedsvc.schedule.rhythms import Rhythms
from feedsvc.scrape import Scraper, ScrapeSettings
from feedsvc.service.reading import PageReader
from feedsvc.store import Store, schema
from tests.support.centre import NOON, SiteInMemory

#: How long after it is due a scrape may begin: a tick, and the turn of those before it.
LATE_MOST = timedelta(seconds=30)
#: The fake clock's shortest and longest step.
STEP, LONGEST_STEP = timedelta(seconds=5), timedelta(minutes=10)
#: What a listing shows on its bad days.
BAD = (
    "<html><head><title>Log in</title></head><body><p>Please log in to continue.</p></body></html>",
    "<html><body><p>Nothing here.</p></body></html>",
    "<html><head><title>Just a moment...</title></head><body><p>Verify you are human.</p></body></html>",
)


@dataclass
class Towns:
    """Many newsrooms, each on a host of its own; implements ``protocols.Fetcher``."""

    now: datetime
    sites: dict[str, SiteInMemory] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    visits: list[tuple[str, datetime]] = field(default_factory=list)

    def publish(self, host: str, *numbers: int) -> None:
        """Bring out releases that no other host has."""
        site = self.sites[host]
        site.publish(*numbers)
        for number in numbers:
            site.releases[number] += f", says the council of {host}"

    def fetch(self, url: str, *, validators: Validators | None = None) -> Page | NotModified:
        host = urlsplit(url).hostname or ""
        if url.endswith("/releases/"):
            self.visits.append((host, self.now))
        if host in self.down:
            raise Unreachable("no connection", subject=url)
        return self.sites[host].fetch(url, validators=validators)


@dataclass
class Machine:
    """A process with a clock; ``boot`` starts it anew, as after a crash."""

    name: str
    store: Store
    towns: Towns
    ticks: list[float]
    boots: int = 0
    clock: Scheduler | None = None

    def boot(self) -> None:
        self.boots += 1
        scraper = Scraper(
            self.store,
            self.towns,
            PageReader(),
            clock=lambda: self.towns.now,
            settings=ScrapeSettings(rechecks=()),
        )
        planner = Planner(
            clock=lambda: self.towns.now, dice=random.Random(self.boots).random, rhythms=Rhythms(self.store)
        )
        self.clock = Scheduler(
            self.store,
            scraper,
            planner,
            clock=lambda: self.towns.now,
            monotonic=lambda: self.ticks[0],
            owner=f"{self.name}:{self.boots}:a",
            parallel=16,
        )

    def tick(self) -> None:
        assert self.clock is not None
        self.clock.tick()
        assert self.clock.wait_until_idle(within=60)


def cadence_of(number: int) -> Cadence:
    return (
        Cadence(budget=(4, timedelta(days=1))),
        Cadence(every=timedelta(hours=6)),
        Cadence(cron="15 */6 * * *"),
        Cadence(budget=(28, timedelta(days=7)), active="mon-fri 06:00-22:00"),
    )[number % 4]


def a_week(folder: Path, *, sources: int, days: int) -> None:
    rnd = random.Random(5)
    towns, ticks = Towns(now=NOON), [0.0]
    store = Store.open(f"sqlite:///{folder / 'week.sqlite3'}", clock=lambda: towns.now)
    watched = []
    for number in range(sources):
        host = f"t{number}.example"
        towns.sites[host] = SiteInMemory()
        towns.publish(host, *range(28, 41))
        watched.append(
            Source(
                key=f"t{number}",
                urls=(f"https://{host}/releases/",),
                title=host,
                category="towns",
                time_zone=("UTC", "Asia/Shanghai", "America/New_York")[number % 3],
                cadence=cadence_of(number),
            )
        )
    store.sources.sync(watched, now=NOON)
    machines = [Machine(name, store, towns, ticks) for name in ("one", "two")]
    for machine in machines:
        machine.boot()
    end, numbers = NOON + timedelta(days=days), Counter(dict.fromkeys(towns.sites, 40))
    forgiven = NOON + timedelta(minutes=10)
    next_event, events = NOON + timedelta(hours=2), 0
    while towns.now < end:
        for machine in machines:
            machine.tick()
        assert towns.now < forgiven or not store.sources.due(now=towns.now - LATE_MOST, limit=1), "late"
        step = _until_something_is_due(store, towns.now)
        towns.now += step
        ticks[0] += step.total_seconds()
        if towns.now >= next_event:
            next_event, events = towns.now + timedelta(hours=2), events + 1
            _something_happens(rnd, towns, numbers)
            if events % 9 == 0:  # a crash of whoever leads, with its lease still held
                crashed = next(one for one in machines if one.clock is not None and one.clock.is_leader)
                crashed.boot()
                for _ in range(20):
                    towns.now += timedelta(seconds=5)
                    ticks[0] += 5
                store.leases.give_back("clock", f"{crashed.name}:{crashed.boots - 1}:a")
                forgiven = towns.now + timedelta(minutes=2)
    for site in towns.sites.values():
        site.pages.clear()
    towns.down.clear()
    _settle(towns, machines, ticks, store)
    _check(store, towns)
    store.close()


def _until_something_is_due(store: Store, now: datetime) -> timedelta:
    """How far the clock may go without being late for anything: most of a week nothing happens."""
    with store.database.read() as connection:
        due_at = connection.execute(
            sa.select(sa.func.min(schema.sources.c.due_at)).where(schema.sources.c.is_enabled)
        ).scalar()
    return min(max(due_at - now, STEP), LONGEST_STEP) if due_at is not None else STEP


def _something_happens(rnd: random.Random, towns: Towns, numbers: Counter[str]) -> None:
    """Releases come out, pages go wrong, sites go down; what was wrong for two hours heals."""
    hosts = list(towns.sites)
    for host in hosts:
        towns.sites[host].pages.clear()
    towns.down.clear()
    for host in rnd.sample(hosts, len(hosts) // 4):
        numbers[host] += 1
        towns.publish(host, numbers[host])
    for host in rnd.sample(hosts, len(hosts) // 10):
        towns.sites[host].pages["/releases/"] = rnd.choice(BAD)
    towns.down.update(rnd.sample(hosts, len(hosts) // 20))


def _settle(towns: Towns, machines: list[Machine], ticks: list[float], store: Store) -> None:
    """A quiet day, in which everything is visited once more."""
    store.sources.ask_to_run(store.sources.keys(), now=towns.now)
    for _ in range(len(towns.sites) // 8 + 10):
        towns.now += timedelta(seconds=1)
        ticks[0] += 1
        for machine in machines:
            machine.tick()


def _check(store: Store, towns: Towns) -> None:
    found = store.entries.newest(FeedRef(kind="all"), limit=100_000)
    titles = Counter((stored.source, stored.entry.title) for stored in found)
    real = {(host.partition(".")[0], title) for host, site in towns.sites.items() for title in site.releases.values()}
    assert max(titles.values()) == 1, "doubled"
    assert set(titles) == real, "lost or false"
    states = store.sources.all()
    assert {state.state for state in states} == {"well"}
    by_host = Counter(host for host, _ in towns.visits)
    for state in states:
        host = f"{state.key}.example"
        weeks = (towns.now - NOON) / timedelta(weeks=1)
        planned = 28 * weeks
        failed = sum(not record.result.startswith(("well", "unch")) for record in store.scrapes.history(state.key))
        assert by_host[host] <= 1.35 * planned + failed + 6, f"{host} was visited more often than its plan says"
        assert by_host[host] >= 0.4 * planned, f"{host} was forgotten"


def test_two_days_of_twelve_sources(tmp_path: Path) -> None:
    a_week(tmp_path, sources=12, days=2)


@pytest.mark.slow
def test_a_week_of_two_hundred_sources(tmp_path: Path) -> None:
    a_week(tmp_path, sources=200, days=7)
