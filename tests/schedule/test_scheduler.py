"""One clock scrapes, a second waits; jumps of the wall clock make neither a storm nor a stall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from feedsvc.model import Cadence
from feedsvc.schedule import Planner, Scheduler
from feedsvc.scrape import NextTurn, ScrapeOutcome, Scraper
from feedsvc.service.reading import PageReader
from feedsvc.store import SourceState, Store
from feedsvc.store.leases import LEASE_TERM
from tests.support.centre import NOON, SOURCE, SiteInMemory

HOURLY = replace(SOURCE, cadence=Cadence(every=timedelta(hours=1)))


@dataclass(slots=True)
class Time:
    """A wall clock and a monotonic one that a test turns."""

    now: datetime = NOON
    ticks: float = 0.0

    def pass_(self, by: timedelta, *, jump: timedelta = timedelta()) -> None:
        self.now += by + jump
        self.ticks += by.total_seconds()


def scheduler(
    store: Store,
    site: SiteInMemory,
    time: Time,
    owner: str = "one:1:a",
    on_lead: Callable[[], None] = lambda: None,
) -> Scheduler:
    scraper = Scraper(store, site, PageReader(), clock=lambda: time.now)
    planner = Planner(clock=lambda: time.now, dice=lambda: 0.5)
    return Scheduler(
        store,
        scraper,
        planner,
        clock=lambda: time.now,
        monotonic=lambda: time.ticks,
        owner=owner,
        parallel=2,
        on_lead=on_lead,
    )


def turn(clock: Scheduler) -> None:
    clock.tick()
    for running in clock._all_running().values():
        running.thread.join(timeout=30)


def listing_visits(site: SiteInMemory) -> int:
    return sum(url == SOURCE.urls[0] for url in site.asked)


@pytest.fixture
def site() -> SiteInMemory:
    made = SiteInMemory()
    made.publish(*range(1, 9))
    return made


def test_a_new_source_is_scraped_at_once_and_then_every_hour(store: Store, site: SiteInMemory) -> None:
    time = Time()
    store.sources.sync([HOURLY], now=NOON)
    clock = scheduler(store, site, time)
    turn(clock)
    assert listing_visits(site) == 1
    for minutes, visits in ((59, 1), (1, 2)):
        time.pass_(timedelta(minutes=minutes))
        turn(clock)
        assert listing_visits(site) == visits


def test_a_second_clock_does_not_scrape_and_says_who_does(store: Store, site: SiteInMemory) -> None:
    time = Time()
    store.sources.sync([HOURLY], now=NOON)
    first, second = scheduler(store, site, time), scheduler(store, site, time, owner="two:2:b")
    turn(first)
    turn(second)
    assert listing_visits(site) == 1
    assert (first.is_leader, second.is_leader, second.holder) == (True, False, "process 1 on one")


def test_what_comes_with_the_lease_is_done_by_its_holder_alone(store: Store, site: SiteInMemory) -> None:
    time = Time()
    led: list[str] = []
    first = scheduler(store, site, time, on_lead=lambda: led.append("first"))
    second = scheduler(store, site, time, owner="two:2:b", on_lead=lambda: led.append("second"))
    turn(first)
    turn(second)
    assert led == ["first"]
    first.stop()
    time.pass_(timedelta(minutes=1))
    turn(second)
    assert led == ["first", "second"]


def test_a_clock_that_ended_is_replaced(store: Store, site: SiteInMemory) -> None:
    time = Time()
    first, second = scheduler(store, site, time), scheduler(store, site, time, owner="two:2:b")
    turn(first)
    first.stop()
    turn(second)
    assert second.is_leader
    assert timedelta(seconds=90) >= LEASE_TERM


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_a_jump_of_the_wall_clock_is_neither_storm_nor_stall(store: Store, site: SiteInMemory, jump: timedelta) -> None:
    time = Time()
    store.sources.sync([HOURLY], now=NOON)
    clock = scheduler(store, site, time)
    turn(clock)
    time.pass_(timedelta(minutes=1), jump=jump)
    turn(clock)
    assert listing_visits(site) == 1, "no storm"
    time.pass_(timedelta(minutes=60))
    turn(clock)
    assert listing_visits(site) == 2, "no stall"


@pytest.mark.parametrize("away", [timedelta(days=3), timedelta(days=-1)])
def test_after_a_restart_missed_runs_are_made_up_for_by_one(store: Store, site: SiteInMemory, away: timedelta) -> None:
    time = Time()
    store.sources.sync([HOURLY], now=NOON)
    first = scheduler(store, site, time)
    turn(first)
    first.stop()
    time.now += away
    again = scheduler(store, site, time, owner="two:2:b")
    for _ in range(5):
        turn(again)
        time.pass_(timedelta(seconds=1))
    assert listing_visits(site) <= 2
    time.pass_(timedelta(minutes=63))
    turn(again)
    assert listing_visits(site) >= 2


class Unplannable(Planner):
    """Breaks on one source, by a fault of ours."""

    def now(self, state: SourceState) -> tuple[datetime, str]:
        if state.key == "broken":
            raise KeyError("a fault of ours")
        return super().now(state)

    def after(self, state: SourceState, outcome: ScrapeOutcome) -> NextTurn:
        if state.key == "broken":
            raise KeyError("a fault of ours")
        return super().after(state, outcome)


def test_a_source_that_we_cannot_plan_neither_storms_its_site_nor_stops_the_others(
    store: Store, site: SiteInMemory
) -> None:
    time = Time()
    broken = replace(HOURLY, key="broken", urls=("https://broken.example/news/",))
    store.sources.sync([HOURLY, broken], now=NOON)
    clock = Scheduler(
        store, Scraper(store, site, PageReader(), clock=lambda: time.now), Unplannable(clock=lambda: time.now),
        clock=lambda: time.now, monotonic=lambda: time.ticks, owner="one:1:a", parallel=2,
    )  # fmt: skip
    turn(clock)
    assert listing_visits(site) == 1, "the other is scraped at once"
    store.sources.ask_to_run(["broken"], now=time.now)  # as if it had been due
    for _ in range(10):
        turn(clock)
        time.pass_(timedelta(seconds=2))
    assert sum(url == broken.urls[0] for url in site.asked) == 1
    state = store.sources.get("broken")
    assert state is not None
    assert state.due_at is not None
    assert state.due_at > time.now
    assert "fault" in state.due_why
    assert (state.state, "fault" in state.reason, state.failures) == ("failing", True, 1)
    assert [record.result for record in store.scrapes.history("broken")] == ["failed"]


def test_a_failing_source_that_is_changed_or_enabled_again_does_not_wait_for_its_backoff(
    store: Store, site: SiteInMemory
) -> None:
    time = Time()
    clock = scheduler(store, site, time)
    store.sources.sync([HOURLY], now=time.now)
    site.broken["/releases/"] = 503
    for _ in range(9):
        turn(clock)
        time.pass_(timedelta(hours=7))
    asked = listing_visits(site)
    site.broken.clear()
    store.sources.tune("acme", lambda source: replace(source, is_enabled=False))
    turn(clock)
    daily = replace(HOURLY.cadence, every=timedelta(days=1))
    store.sources.tune("acme", lambda source: replace(source, is_enabled=True, cadence=daily))
    turn(clock)
    assert listing_visits(site) == asked + 1
    state = store.sources.get("acme")
    assert state is not None
    assert (state.state, state.failures) == ("well", 0)


def test_run_now_comes_before_the_schedule(store: Store, site: SiteInMemory) -> None:
    time = Time()
    store.sources.sync([HOURLY], now=NOON)
    clock = scheduler(store, site, time)
    turn(clock)
    time.pass_(timedelta(minutes=1))
    store.sources.ask_to_run(["acme"], now=time.now)
    turn(clock)
    assert listing_visits(site) == 2


def test_run_now_comes_through_a_pause_which_goes_on_afterwards(store: Store, site: SiteInMemory) -> None:
    time = Time()
    clock = scheduler(store, site, time)
    store.sources.sync([HOURLY], now=time.now)
    turn(clock)
    until = time.now + timedelta(days=7)
    store.sources.sync([replace(HOURLY, cadence=replace(HOURLY.cadence, paused_until=until))], now=time.now)
    time.pass_(timedelta(minutes=1))
    store.sources.ask_to_run(["acme"], now=time.now)
    turn(clock)
    assert listing_visits(site) == 2
    time.pass_(timedelta(days=1))
    turn(clock)
    assert listing_visits(site) == 2
    state = store.sources.get("acme")
    assert state is not None
    assert (state.due_at, state.due_why.startswith("paused until")) == (until, True)


def test_sources_that_another_process_scrapes_hold_up_no_other(store: Store, site: SiteInMemory) -> None:
    time = Time()
    others = [replace(HOURLY, key=f"other{n}", urls=(f"https://other{n}.example/",)) for n in range(4)]
    store.sources.sync([*others, HOURLY], now=NOON)
    clock = scheduler(store, site, time)
    for source in others:
        store.sources.claim(source.key, "two:2:b")
        store.sources.plan({source.key: (NOON - timedelta(hours=1), "long overdue")})
    turn(clock)
    assert listing_visits(site) == 1


def test_a_scrape_whose_end_could_not_be_written_is_begun_again_by_the_same_process(
    store: Store, site: SiteInMemory
) -> None:
    time = Time()
    store.sources.sync([HOURLY], now=NOON)
    clock = scheduler(store, site, time)
    store.sources.claim(HOURLY.key, clock.owner)
    turn(clock)
    assert listing_visits(site) == 1
