"""PostgreSQL stops in the middle of scrapes and of serving, and comes back: feeds are served throughout, the clock goes
on by itself, and nothing is lost or doubled (rule D2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import event
from werkzeug.test import Client

from feedsvc.model import Cadence, FeedRef, Source
from feedsvc.schedule import Planner, Scheduler
from feedsvc.scrape import Scraper, ScrapeSettings
from feedsvc.service.reading import PageReader
from feedsvc.web import create_app
from tests.support.centre import SiteInMemory
from tests.support.postgres import Postgres, postgres
from tests.support.serving import Serving, serving

pytestmark = pytest.mark.system("postgresql")
ALL = FeedRef(kind="all")
TOWN = Source(
    key="town",
    urls=("https://news.example/releases/",),
    title="Town",
    category="company",
    kind="html",
    cadence=Cadence(every=timedelta(hours=1)),
)
RELEASES = range(10, 22)
_numbers = count()


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as started:
        yield started


@dataclass
class Town:
    """A service on the server, its clock, and the website that it watches; ``outage`` begins when it is told to."""

    service: Serving
    server: Postgres
    #: Whether the server is back before anybody asks it again.
    is_short: bool
    site: SiteInMemory = field(default_factory=SiteInMemory)
    is_over: bool = False
    #: What was served while the server was away.
    during: list[set[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site.publish(*RELEASES)
        self.web = Client(create_app(self.service))
        scraper = Scraper(
            self.service.store,
            self.site,
            PageReader(),
            clock=lambda: self.service.now,
            settings=ScrapeSettings(rechecks=()),
        )
        planner = Planner(clock=lambda: self.service.now, dice=lambda: 0.5)
        self.clock = Scheduler(self.service.store, scraper, planner, clock=lambda: self.service.now, owner="one:1:a")

    def served(self) -> set[str]:
        """The ids in the feed of everything, as readers get it; they always do."""
        answer = self.web.get("/feeds/all.atom")
        assert answer.status_code == 200
        return set(etree.fromstring(answer.data).xpath("//*[local-name()='entry']/*[local-name()='id']/text()"))

    def outage(self) -> None:
        """The server dies, and may be back at once."""
        self.is_over = True
        self.server.stop()
        self.during.append(self.served())
        if self.is_short:
            self.server.start()

    def tick(self) -> None:
        """A few seconds pass."""
        self.clock.tick()
        assert self.clock.wait_until_idle(within=60)
        self.service.now += timedelta(seconds=10)


@pytest.fixture(params=["it is back at once", "it stays away"])
def town(
    request: pytest.FixtureRequest, server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    service = serving(tmp_path, sources=(TOWN,), database=server.database(f"town{next(_numbers)}"))
    # the test itself looks for changes: a thread that does so too would be half-way through at any of its steps
    monkeypatch.setattr(service.feeds, "watch", lambda: None)
    yield Town(service, server, is_short=request.param == "it is back at once")
    service.feeds.close()
    service.store.close()


def at_request(number: int) -> Callable[[Town], None]:
    def arrange(town: Town) -> None:
        town.site.on_fetch = lambda _url: town.outage() if len(town.site.asked) == number and not town.is_over else None

    return arrange


def at_statement(number: int) -> Callable[[Town], None]:
    def arrange(town: Town) -> None:
        left = count(number, -1)

        def on_statement(*_: object) -> None:
            if not town.is_over and next(left) == 0:
                town.outage()

        event.listen(town.service.store.database.engine, "before_cursor_execute", on_statement)

    return arrange


MOMENTS = {
    "while the listing is read": at_request(1),
    "between two releases": at_request(6),
    "in the middle of writing what the listing told": at_statement(45),
    "in the middle of writing an entry": at_statement(90),
}


#: What is tried each time; the others are slow.
USUAL = ("between two releases", "in the middle of writing an entry")


@pytest.mark.parametrize(
    "moment", [pytest.param(one, marks=[pytest.mark.slow] * (one not in USUAL)) for one in MOMENTS]
)
def test_feeds_are_served_and_the_scrape_is_taken_up_where_it_ended(town: Town, moment: str) -> None:
    before = town.served()
    MOMENTS[moment](town)
    town.tick()
    if not town.is_short:
        assert not town.service.feeds.poll()
        town.during.append(town.served())
        ready = town.web.get("/readyz")
        assert (ready.status_code, ready.json) == (200, {"status": "degraded"})
        town.tick()
        town.server.start()
    for _ in range(6):  # a minute
        town.tick()
    assert town.service.feeds.poll()
    assert town.is_over
    assert all(served >= before for served in town.during)
    assert len(town.served()) == len(before) + len(RELEASES)
    assert town.served() > before
    assert town.web.get("/readyz").json == {"status": "ok"}
    state = town.service.store.sources.get("town")
    assert state is not None
    assert (state.state, state.failures) == ("well", 0), "no fault of the site"
    stored = town.service.store.entries.newest(ALL, limit=500)
    assert sorted(one.entry.title for one in stored if one.source == "town") == sorted(town.site.releases.values())
    pages = [url for url in town.site.asked if url.endswith(".html")]
    assert len(pages) <= len(RELEASES) + 1, "what was written is not fetched again"
