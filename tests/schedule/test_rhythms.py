"""Sources with a budget are scraped when they release, and every plan says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedsvc.model import Cadence, Entry, Precision, When
from feedsvc.schedule import Planner
from feedsvc.schedule.cadence import is_open
from feedsvc.schedule.rhythms import MEMORY, Pool, Rhythms, kept, moments, restored
from feedsvc.scrape import NextTurn, Result, ScrapeOutcome
from feedsvc.store import SourceState, Store
from tests.support.stores import ACME, NOON, record, release

BUDGET = replace(ACME, cadence=Cadence(budget=(4, timedelta(days=1))), time_zone="Asia/Shanghai")
EVEN = Pool().profile()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def printed(at: datetime, precision: Precision = Precision.MINUTE) -> When:
    return When(at=at, precision=precision, day=at.date().isoformat())


def office_release(number: int) -> Entry:
    """Ten in the morning in Shanghai, one a day."""
    day = NOON - timedelta(days=120) + timedelta(days=number)
    return release(number, published=printed(day.replace(hour=2, minute=number % 7)))


def outcome(*, at: datetime, new: tuple[str, ...] = (), result: Result = Result.WELL) -> ScrapeOutcome:
    return ScrapeOutcome(source="acme", result=result, started_at=at - timedelta(seconds=5), finished_at=at, new=new)


def planned(store: Store, rhythms: Rhythms, *, at: datetime, result: Result = Result.WELL) -> NextTurn:
    state = store.sources.get("acme")
    assert state is not None
    planner = Planner(clock=lambda: at, dice=lambda: 0.0, rhythms=rhythms)
    turn = planner.after(state, outcome(at=at, result=result))
    store.sources.claim("acme", "test:1:a")
    memory = {**state.memory, **turn.memory}
    store.sources.conclude("acme", "test:1:a", scraped_at=at, due_at=turn.due_at, due_why=turn.why, memory=memory)
    return turn


def state_of(store: Store) -> SourceState:
    state = store.sources.get("acme")
    assert state is not None
    return state


def test_an_office_is_visited_in_its_own_mornings_and_the_plan_says_so(store: Store) -> None:
    store.sources.sync([BUDGET], now=NOON)
    for number in range(119):
        record(store, office_release(number), source=BUDGET, now=NOON)
    rhythms, at, plans = Rhythms(store), NOON, []
    while at < NOON + timedelta(days=7):
        plans.append(planned(store, rhythms, at=at))
        at = plans[-1].due_at
    mornings = [turn for turn in plans if 9 <= turn.due_at.astimezone(SHANGHAI).hour <= 12]
    assert len(mornings) > len(plans) / 3
    assert any("of this site's releases come between 10 and 11" in turn.why for turn in plans)
    assert len(plans) <= 7 * 4 + 2, "the budget"


def test_what_was_learned_outlives_a_restart(store: Store) -> None:
    store.sources.sync([BUDGET], now=NOON)
    for number in range(119):
        record(store, office_release(number), source=BUDGET, now=NOON)
    planned(store, Rhythms(store), at=NOON)
    first, second = restored(state_of(store)), restored(state_of(store))
    assert first is not None
    assert second is not None
    assert first.place() == second.place()
    assert kept(first, active=None) == state_of(store).memory[MEMORY]


def test_a_damaged_or_outdated_memory_is_learned_anew(store: Store) -> None:
    store.sources.sync([BUDGET], now=NOON)
    planned(store, Rhythms(store), at=NOON)
    state = state_of(store)
    assert restored(replace(state, memory={MEMORY: {"per_week": 28.0}})) is None
    other = replace(BUDGET, cadence=Cadence(budget=(8, timedelta(days=1))))
    assert restored(replace(state, source=other)) is None
    assert planned(store, Rhythms(store), at=NOON + timedelta(hours=1)).due_at > NOON


@pytest.mark.parametrize("result", [Result.FAILED, Result.CUT, Result.QUARANTINED])
def test_scrapes_that_found_nothing_are_paid_for_too(store: Store, result: Result) -> None:
    store.sources.sync([BUDGET], now=NOON)
    planned(store, Rhythms(store), at=NOON)
    before = restored(state_of(store))
    planned(store, Rhythms(store), at=NOON + timedelta(minutes=1), result=result)
    after = restored(state_of(store))
    assert before is not None
    assert after is not None
    assert after.saved < before.saved - 0.9


def test_active_hours_hold_for_what_rhythm_places(store: Store) -> None:
    source = replace(BUDGET, cadence=replace(BUDGET.cadence, active="mon-fri 14:00-16:30"))
    store.sources.sync([source], now=NOON)
    for number in range(119):
        record(store, office_release(number), source=source, now=NOON)
    rhythms, at = Rhythms(store), NOON
    for _ in range(12):
        at = planned(store, rhythms, at=at).due_at
        assert is_open(source.cadence.active, at, "Asia/Shanghai")


def test_intervals_and_crontab_lines_learn_nothing(store: Store) -> None:
    source = replace(ACME, cadence=Cadence(every=timedelta(hours=1)))
    store.sources.sync([source], now=NOON)
    assert planned(store, Rhythms(store), at=NOON).memory == {}


def test_a_printed_minute_is_believed_and_a_printed_day_counts_as_of_when_it_was_found() -> None:
    found = NOON + timedelta(days=2)
    rows = [
        (NOON, found, "minute"),
        (NOON + timedelta(days=1), found, "day"),
        (found + timedelta(hours=3), found, "minute"),
    ]
    times = moments(rows, settled_at=NOON, zone=SHANGHAI, pool=EVEN)
    assert times == [NOON.timestamp(), found.timestamp(), found.timestamp()]


def test_days_of_a_first_scrape_are_spread_over_the_day() -> None:
    rows = [(NOON - timedelta(days=day), NOON, "day") for day in range(1, 31)]
    times = moments(rows, settled_at=None, zone=SHANGHAI, pool=EVEN)
    hours = {datetime.fromtimestamp(time, UTC).hour for time in times}
    assert len(times) == 30
    assert len(hours) > 15, "nothing is known of the hour"


def test_well_known_sources_shape_where_young_ones_start(store: Store) -> None:
    store.sources.sync([BUDGET], now=NOON)
    for number in range(119):
        record(store, office_release(number), source=BUDGET, now=NOON)
    rhythms = Rhythms(store)
    planned(store, rhythms, at=NOON)
    profile = rhythms.pool.profile()
    assert sum(profile) == pytest.approx(168)
    assert profile[10] > profile[3]


def test_a_memory_of_a_version_without_recent_hours_goes_on_with_its_purse(store: Store) -> None:
    store.sources.sync([BUDGET], now=NOON)
    for number in range(119):
        record(store, office_release(number), source=BUDGET, now=NOON)
    planned(store, Rhythms(store), at=NOON)
    state = state_of(store)
    known = restored(state)
    row = {name: value for name, value in state.memory[MEMORY].items() if not name.startswith("recent")}
    old = restored(replace(state, memory={MEMORY: row}))
    assert known is not None
    assert old is not None
    assert old.saved == known.saved
    assert (old.rhythm.recent, set(old.pulse.recent.levels)) == (0.0, {0.0})
    assert old.place().at > NOON.timestamp()


def test_recent_hours_outlive_a_restart(store: Store) -> None:
    store.sources.sync([BUDGET], now=NOON)
    for number in range(119):
        record(store, office_release(number), source=BUDGET, now=NOON)
    planned(store, Rhythms(store), at=NOON)
    state = state_of(store)
    follower = restored(state)
    assert follower is not None
    assert follower.rhythm.recent > 0
    assert follower.pulse.recent.levels[2] > 2 * follower.pulse.recent.levels[14], "ten in the morning in Shanghai"
    assert restored(replace(state, memory={MEMORY: {**state.memory[MEMORY], "recent_hours": [0, 1]}})) is None


def test_no_hour_is_made_up_for_a_site_that_prints_days(store: Store) -> None:
    store.sources.sync([BUDGET], now=NOON)
    for number in range(119):
        day = NOON - timedelta(days=120 - number)
        record(store, release(number, published=printed(day, Precision.DAY)), source=BUDGET, now=NOON)
    turn = planned(store, Rhythms(store), at=NOON)
    assert "only the day is known yet" in turn.why
    assert "of this site's releases" not in turn.why
    follower = restored(state_of(store))
    assert follower is not None
    follower.learned_at -= 8 * 86_400
    follower.scraped((NOON + timedelta(hours=1)).timestamp(), found=[])
    assert 2 * follower.rhythm.guessed > 100
