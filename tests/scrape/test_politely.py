"""Our own pace never costs a release: what may not be asked for now is asked for later, however often that is."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feedsvc.errors import BadStatus, FetchError, NotNow, Unreachable
from feedsvc.fetch.budget import RequestBudget
from feedsvc.fetch.politeness import Turns
from feedsvc.model import Cadence, NotModified, Page, Validators
from feedsvc.schedule import Planner
from feedsvc.scrape import Progress, Result, ScrapeOutcome, Scraper
from feedsvc.service.reading import PageReader
from feedsvc.store import Store
from tests.support.centre import NOON, SOURCE, SiteInMemory

SEVERAL = replace(SOURCE, cadence=Cadence(every=timedelta(minutes=5)))
HOST = "news.example:443"


class Pace:
    """A clock and a planner of the clock's: each scrape comes when the last one said."""

    def __init__(self, store: Store, site: SiteInMemory) -> None:
        self.now, self.store = NOON, store
        store.sources.sync([SEVERAL], now=NOON)
        self._scraper = Scraper(store, site, PageReader(), clock=lambda: self.now)
        self._planner = Planner(clock=lambda: self.now, dice=lambda: 0.5)

    def seconds(self) -> float:
        return (self.now - NOON).total_seconds()

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def scrape(self) -> ScrapeOutcome:
        outcome = self._scraper.scrape(
            SEVERAL.key, owner="test:1:a", progress=Progress(cut_after=None), planner=self._planner.after
        )
        state = self.store.sources.get(SEVERAL.key)
        assert state is not None
        assert state.due_at is not None
        self.now = max(self.now, state.due_at)
        return outcome


def site_of(count: int) -> SiteInMemory:
    site = SiteInMemory()
    site.publish(*range(1, count + 1))
    return site


def test_a_budget_that_is_used_up_costs_no_release(store: Store) -> None:
    site = site_of(20)
    pace = Pace(store, site)
    budget, sent = RequestBudget(daily_host=6, clock=pace.seconds), [0]

    def spend(url: str) -> None:
        budget.spend(HOST, url=url)
        sent[0] += 1

    site.on_fetch = spend
    first = pace.scrape()
    assert (first.result, len(first.new), first.waiting, first.requests) == (Result.CUT, 5, 15, 6)
    assert "budget of 6 requests a day" in first.reason
    outcomes = [first]
    while len(site.asked) < 200 and sum(len(one.new) for one in outcomes) < 20:
        outcomes.append(pace.scrape())
    assert sum(len(one.new) for one in outcomes) == 20
    assert pace.now - NOON < timedelta(days=6)
    assert len(outcomes) < 15, "it waits for the day's end, not again and again"
    assert sum(one.requests for one in outcomes) == sent[0]


def test_a_robots_txt_that_fails_for_days_costs_no_release(store: Store) -> None:
    site = site_of(3)
    pace = Pace(store, site)

    def refuse(url: str) -> None:
        if url.endswith(".html") and pace.now < NOON + timedelta(days=9):
            raise NotNow("robots.txt answered 503", wait=timedelta(hours=1), subject=url)

    site.on_fetch = refuse
    outcomes = [pace.scrape() for _ in range(9 * 24 + 5)]
    assert sum(len(one.new) for one in outcomes) == 3


@pytest.mark.parametrize("interval", [25.0, 60.0, 1800.0])
def test_a_host_with_a_long_interval_is_read_one_page_a_turn(store: Store, interval: float) -> None:
    site = site_of(4)
    pace = Pace(store, site)
    turns = Turns(interval=interval, concurrency=1, clock=pace.seconds, sleep=pace.sleep)
    starts: list[datetime] = []

    def take_turn(url: str) -> None:
        with turns.turn(HOST, longest_wait=20.0, url=url):
            starts.append(pace.now)

    site.on_fetch = take_turn
    outcomes = []
    while sum(len(one.new) for one in outcomes) < 4 and len(outcomes) < 40:
        outcomes.append(pace.scrape())
    assert sum(len(one.new) for one in outcomes) == 4
    assert all(later - earlier >= timedelta(seconds=interval) for earlier, later in itertools.pairwise(starts))
    assert pace.now - NOON <= 12 * timedelta(seconds=max(interval, 30.0)), "a page a turn, or nearly"


def test_a_site_that_asks_to_be_left_alone_is_taken_up_when_it_said(store: Store) -> None:
    site = site_of(3)
    pace = Pace(store, site)

    def busy(url: str) -> None:
        if url.endswith(".html") and pace.now < NOON + timedelta(minutes=2):
            raise BadStatus("503", status=503, retry_after=timedelta(minutes=2), subject=url)

    site.on_fetch = busy
    assert pace.scrape().result is Result.CUT
    assert pace.now >= NOON + timedelta(minutes=2)
    assert len(pace.scrape().new) == 3


class PagedSite(SiteInMemory):
    """Ten releases a listing page."""

    def fetch(self, url: str, *, validators: Validators | None = None) -> Page | NotModified:
        """As a client would."""
        number = int(url.partition("?page=")[2] or 1)
        whole = self.releases
        shown = sorted(whole, reverse=True)[10 * number - 10 : 10 * number]
        self.releases = {one: whole[one] for one in shown} if url.partition("?")[0].endswith("/") else whole
        more = f'<a rel="next" href="/releases/?page={number + 1}">Older</a>' if 10 * number < len(whole) else ""
        self.pages = {"/releases/": self.listing().replace("</body>", f"{more}</body>")}
        self.releases = whole
        return SiteInMemory.fetch(self, url, validators=validators)


@pytest.mark.parametrize(
    "error",
    [
        NotNow("the budget is used up", wait=timedelta(hours=1)),
        BadStatus("503", status=503, retry_after=timedelta(minutes=5)),
        Unreachable("no answer"),
    ],
)
def test_a_further_listing_page_that_does_not_come_costs_no_release(store: Store, error: FetchError) -> None:
    site = PagedSite()
    site.publish(*range(1, 31))
    pace = Pace(store, site)
    refusals = [1, 1]

    def refuse(url: str) -> None:
        if "?page=" in url and refusals:
            refusals.pop()
            raise error

    site.on_fetch = refuse
    outcomes = [pace.scrape() for _ in range(6)]
    assert sum(len(one.new) for one in outcomes) == 30
    assert outcomes[0].reason, "it is said"
    assert sum("?page=" in url for url in site.asked) <= 8, "and once read, it is not asked for again"
