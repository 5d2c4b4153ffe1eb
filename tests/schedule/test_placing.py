"""Where the next scrape goes: what waits least under a price, and prices that follow the purse."""

from __future__ import annotations

from itertools import accumulate, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.schedule import placing
from feedsvc.schedule.placing import USUALLY_LEFT, balanced, place_next
from feedsvc.schedule.rhythm import HOUR, Pulse, Rhythm

EVEN = Rhythm(
    profile=(1.0,) * 168, hours=(1 / 24,) * 24, ground=1 / HOUR, weights=(0.0,) * 5, mean_rate=1 / HOUR, count=99
)
BUSY_AT_TEN = Rhythm(
    profile=tuple(20.0 if hour % 24 == 10 else 0.1 for hour in range(168)),
    hours=(1 / 24,) * 24,
    ground=1 / HOUR,
    weights=(0.0,) * 5,
    mean_rate=1 / HOUR,
    count=99,
)


def cost_of(scrapes: tuple[int, ...], rates: list[float], price: float) -> float:
    """Seconds that releases wait for scrapes at the ends of these slots of an hour, and the scrapes' price."""
    total, since = 0.0, 0
    for scrape in scrapes:
        for slot in range(since, scrape):
            total += rates[slot] * HOUR * (HOUR / 2 + (scrape - slot - 1) * HOUR)
        since = scrape
    return total + price * len(scrapes)


@given(st.lists(st.floats(0.01, 9.0), min_size=2, max_size=9), st.floats(100.0, 50_000.0), st.sets(st.integers(1, 9)))
def test_the_first_scrape_is_that_of_the_best_of_all_plans(hourly: list[float], price: float, closed: set[int]) -> None:
    rates = [rate / HOUR for rate in hourly]
    count = len(rates)
    moments = [number * HOUR for number in range(count + 1)]
    come = [0.0, *accumulate(rate * HOUR for rate in rates)]
    waited = [0.0, *accumulate(come[at] * HOUR + rates[at] * HOUR**2 / 2 for at in range(count))]
    allowed = [at for at in range(1, count + 1) if at not in closed or at == count]
    plans = [(*chosen, count) for size in range(len(allowed)) for chosen in combinations(allowed[:-1], size)]
    best = min(cost_of(plan, rates, price) for plan in plans)
    first, second = placing._best(moments, waited, come, allowed, price)
    reached = min(cost_of(plan, rates, price) for plan in plans if plan[:2] == (first, second) or plan == (first,))
    assert reached == pytest.approx(best)


def test_a_scrape_comes_at_the_end_of_the_busy_hour_and_not_in_the_quiet_before_it() -> None:
    nine = Pulse(at=4 * 24 * HOUR + 9 * HOUR)
    placed = place_next(BUSY_AT_TEN, nine, price=20 * HOUR)
    assert nine.at + 1.5 * HOUR <= placed.at <= nine.at + 3 * HOUR


def test_a_scrape_comes_only_where_the_site_is_open() -> None:
    start = Pulse(at=0.0)
    assert place_next(EVEN, start, price=2 * HOUR).at < 5 * HOUR
    placed = place_next(EVEN, start, price=2 * HOUR, is_open=lambda moment: moment >= 30 * HOUR)
    assert 30 * HOUR <= placed.at <= 31 * HOUR


@given(st.floats(-5.0, 400.0), st.floats(0.01, 50.0), st.floats(1.0, 2000.0), st.floats(0.0, 9.0))
def test_a_fuller_purse_makes_scrapes_cheaper(left: float, more: float, per_week: float, weeks: float) -> None:
    dear = balanced(1.0, per_week=per_week, left=left, weeks=weeks)
    assert balanced(1.0, per_week=per_week, left=left + more, weeks=weeks) <= dear
    assert balanced(1.0, per_week=per_week, left=USUALLY_LEFT * per_week, weeks=9.0) == pytest.approx(1.0)
    assert balanced(1.0, per_week=per_week, left=-1.0, weeks=9.0) == pytest.approx(4.0)


@given(st.floats(0.0, 0.6), st.floats(1.0, 2000.0))
def test_a_purse_that_is_young_is_not_taken_for_an_empty_one(weeks: float, per_week: float) -> None:
    assert balanced(1.0, per_week=per_week, left=weeks * per_week, weeks=weeks) == pytest.approx(1.0)


@given(st.lists(st.floats(0.01, 9.0), min_size=3, max_size=3), st.floats(0.0, 1.0))
def test_within_the_slots_beside_a_scrape_no_moment_spares_more_waiting(hourly: list[float], share: float) -> None:
    moments, come = [0.0, HOUR, 2 * HOUR], [0.0, hourly[0], hourly[0] + hourly[1]]
    until = 2 * HOUR + hourly[2] * HOUR
    found, expected = placing._between(moments, come, until=until)
    other = share * 2 * HOUR
    here = hourly[0] * min(other, HOUR) / HOUR + hourly[1] * max(other - HOUR, 0.0) / HOUR
    assert expected * (until - found) >= here * (until - other) - 1e-6
