"""Our own pace never costs a release: what may not be asked for now is asked for later, however often that is."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feedsvc.errors import BadStatus, FetchError, NotNow, NoTurn, Unreachable
from feedsvc.fetch.budget import RequestBudget
from feedsvc.fetch.politeness import Turns
from feedsvc.model import Cadence, FeedRef, NotModified, Page, Validators
from feedsvc.schedule import Planner
from feedsvc.scrape import Progress, Result, ScrapeOutcome, Scraper
from feedsvc.service.reading import PageReader
from feedsvc.store import Store
from tests.support.centre import NOON, SOURCE, SiteInMemory

SEVERAL = replace(SOURCE, cadence=Cadence(every=timedelta(minutes=5)))
ALL = FeedRef(kind="all")
HOST = "news.example:443"
A_DAY = timedelta(days=1)


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


def test_a_host_that_asked_another_source_to_leave_it_alone_is_no_failure_of_this_one(store: Store) -> None:
    site = site_of(3)
    pace = Pace(store, site)
    pace.scrape()
    turns = Turns(interval=0.0, concurrency=1, clock=pace.seconds, sleep=pace.sleep)
    turns.defer(HOST, status=503, retry_after=timedelta(hours=30), jitter=0)

    def take_turn(url: str) -> None:
        with turns.turn(HOST, longest_wait=20.0, url=url):
            pass

    site.on_fetch = take_turn
    outcome = pace.scrape()
    assert (outcome.result, outcome.requests) == (Result.CUT, 0)
    assert "answered 503 and is left alone" in outcome.reason
    state = store.sources.get(SEVERAL.key)
    assert state is not None
    assert (state.state, state.failures) == ("well", 0)
    assert pace.now >= NOON + timedelta(hours=30)
    assert pace.scrape().result in (Result.WELL, Result.UNCHANGED)


def test_half_an_article_is_not_taken_for_the_whole_because_the_budget_is_used_up(store: Store) -> None:
    site = site_of(3)
    first = site.release_page("/releases/2.html")
    site.pages["/releases/2.html"] = first.replace("</body>", '<p><a href="/releases/2_2.html">2</a></p></body>')
    further = "The second page goes on with a sentence that stands nowhere else in this story of ours. " * 8
    site.pages["/releases/2_2.html"] = first.replace("<p>", f"<p>{further}</p><p>", 1)
    pace = Pace(store, site)
    budget = RequestBudget(daily_host=3, clock=pace.seconds)
    site.on_fetch = lambda url: budget.spend(HOST, url=url)
    new = [len(pace.scrape().new) for _ in range(4)]
    assert [count for count in new if count] == [1, 2]
    stored = next(one for one in store.entries.newest(ALL, limit=9) if one.entry.title == site.releases[2])
    assert "stands nowhere else" in stored.entry.content


def put_off(store: Store, *, by: FetchError) -> Pace:
    """A source that waits for a day, as its host may not be asked."""
    site = site_of(3)
    pace = Pace(store, site)
    pace.scrape()
    refusals = [by]

    def refuse(url: str) -> None:
        if refusals:
            raise refusals.pop()

    site.on_fetch = refuse
    began = pace.now
    pace.scrape()
    assert pace.now >= began + A_DAY
    pace.now = began
    return pace


def not_before(store: Store) -> datetime | None:
    state = store.sources.get(SEVERAL.key)
    assert state is not None
    return state.not_before


def test_what_a_budget_put_off_is_planned_anew_when_the_budget_is_another_one(store: Store) -> None:
    pace = put_off(store, by=NoTurn("the budget is used up", wait=A_DAY))
    assert store.sources.plan_put_off(now=pace.now) == 1
    assert not_before(store) is None
    (unplanned,) = store.sources.unplanned(limit=9)
    at, why = Planner(clock=lambda: pace.now).now(
        replace(unplanned, source=replace(SEVERAL, cadence=Cadence(cron="0 0 1 1 *")))
    )
    assert at <= pace.now + timedelta(minutes=1), f"it goes on where it was put off, not at its next turn: {why}"


def test_what_a_site_asked_for_is_kept_whatever_the_budget(store: Store) -> None:
    pace = put_off(store, by=BadStatus("403", status=403, retry_after=A_DAY))
    assert store.sources.plan_put_off(now=pace.now) == 0
    assert not_before(store) is not None


@pytest.mark.parametrize(("url", "waits"), [("https://other.example/news/", False), (f"{SOURCE.urls[0]}2/", True)])
def test_a_source_that_moves_to_another_host_does_not_wait_for_the_old_one(store: Store, url: str, waits: bool) -> None:
    put_off(store, by=BadStatus("429", status=429, retry_after=A_DAY))
    store.sources.tune(SEVERAL.key, lambda source: replace(source, urls=(url,)))
    assert (not_before(store) is not None) is waits
