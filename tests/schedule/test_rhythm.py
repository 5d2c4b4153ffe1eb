"""A source's posting rhythm is learned, and scrapes go where releases are likely."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.schedule.cadence import is_open, open_hours
from feedsvc.schedule.follow import CLOSEST, Follower
from feedsvc.schedule.outlook import expected_lag
from feedsvc.schedule.placing import reason
from feedsvc.schedule.rhythm import BURSTS, DAY, HOUR, RECENT_TAU, WEEK, Pulse, RecentHours, forecast, learn

MONDAY = 1_704_067_200.0  # 2024-01-01 00:00 UTC, a Monday


def office(weeks: int, *, hours: tuple[int, int] = (9, 11), seed: int = 1) -> list[float]:
    """Releases on working days between two hours, two a day."""
    rnd = random.Random(seed)
    return sorted(
        MONDAY + week * WEEK + day * DAY + rnd.uniform(hours[0], hours[1]) * HOUR
        for week in range(weeks)
        for day in range(5)
        for _ in range(2)
    )


def mean_lag(releases: list[float], scrapes: list[float]) -> float:
    return sum(scrapes[bisect_left(scrapes, moment)] - moment for moment in releases) / len(releases)


def followed(
    releases: list[float], *, begin: float, until: float, per_week: float, active: str | None = None
) -> list[float]:
    def allowed(moment: float) -> bool:
        return is_open(active, datetime.fromtimestamp(moment, UTC), "UTC")

    known = bisect_right(releases, begin)
    follower = Follower.begin(releases[:known], now=begin, per_week=per_week, open_hours=open_hours(active))
    scrapes: list[float] = []
    while not scrapes or scrapes[-1] < until:
        moment = follower.place(is_open=allowed if active else None).at
        upto = bisect_right(releases, moment)
        follower.scraped(moment, found=releases[known:upto])
        known = upto
        scrapes.append(moment)
    return scrapes


def test_an_office_is_read_in_office_hours() -> None:
    rhythm = learn(office(30), now=MONDAY + 30 * WEEK)
    assert rhythm.profile[10] > 3
    assert rhythm.profile[3] < 0.5
    assert rhythm.profile[5 * 24 + 10] < rhythm.profile[10] / 2


@pytest.mark.parametrize("active", ["mon-fri 09:00-17:00", "02:00-06:00", "20:00-08:00"])
def test_a_budget_is_used_up_in_active_hours_from_the_first_week_on(active: str) -> None:
    releases, begin = office(40), MONDAY + 30 * WEEK
    scrapes = followed(releases, begin=begin, until=begin + 3 * WEEK, per_week=56, active=active)
    assert 0.75 * 3 * 56 <= len(scrapes) <= 1.2 * 3 * 56


@pytest.mark.parametrize("release_hour", [18, 19])
@pytest.mark.parametrize("active", ["mon-fri 09:00-10:00", "10:00-11:00"])
def test_short_active_hours_have_a_price_whatever_the_hour_of_releases(release_hour: int, active: str) -> None:
    releases = [MONDAY + day * DAY + release_hour * HOUR for day in range(40)]
    follower = Follower.begin(releases, now=MONDAY + 40 * DAY, per_week=10, open_hours=open_hours(active))
    other = Follower.begin(releases, now=MONDAY + 40 * DAY, per_week=10, open_hours=open_hours("mon-fri 09:00-11:00"))
    assert other.price / 8 < follower.price < other.price


def test_hours_are_those_of_the_sources_zone() -> None:
    rhythm = learn(office(30), now=MONDAY + 30 * WEEK, zone=ZoneInfo("Asia/Shanghai"))
    assert max(range(24), key=lambda hour: rhythm.hours[hour]) in (17, 18)


def test_releases_wait_less_than_under_even_spacing() -> None:
    releases = office(60)
    begin, until = MONDAY + 40 * WEEK, MONDAY + 60 * WEEK
    scrapes = followed(releases, begin=begin, until=until, per_week=28)
    tested = [moment for moment in releases if begin < moment <= until]
    even = [begin + step * WEEK / 28 for step in range(1, 20 * 28 + 30)]
    assert mean_lag(tested, scrapes) < 0.6 * mean_lag(tested, even)


def test_a_budget_is_neither_exceeded_nor_left_unused() -> None:
    begin = MONDAY + 40 * WEEK
    scrapes = followed(office(60), begin=begin, until=begin + 20 * WEEK, per_week=28)
    used = sum(moment <= begin + 20 * WEEK for moment in scrapes)
    assert 0.9 * 20 * 28 <= used <= 20 * 28 + 1


def test_after_a_release_the_next_scrape_comes_sooner() -> None:
    releases = sorted(moment + burst * 900 for moment in office(30) for burst in range(4))
    now = MONDAY + 30 * WEEK + 2 * DAY + 11 * HOUR
    quiet = Follower.begin(releases, now=now, per_week=168)
    excited = Follower.begin([*releases, now - 60], now=now, per_week=168)
    assert excited.place().at < quiet.place().at


def test_a_source_without_a_past_is_scraped_evenly() -> None:
    follower = Follower.begin([], now=MONDAY, per_week=28)
    scrapes = []
    for _ in range(56):
        scrapes.append(follower.place().at)
        follower.scraped(scrapes[-1], found=[])
    gaps = [after - before for before, after in pairwise(scrapes[5:])]
    assert max(gaps) < 4 * min(gaps)
    assert "only 0 releases" in reason(follower.rhythm, scrapes[0])


def test_the_reason_names_the_share_of_the_hour() -> None:
    rhythm = learn(office(30), now=MONDAY + 30 * WEEK)
    assert "of this site's releases come between 9 and 10" in reason(rhythm, MONDAY + 9.5 * HOUR)


def test_twice_the_budget_halves_the_expected_lag() -> None:
    rhythm = learn(office(30), now=MONDAY + 30 * WEEK)
    assert expected_lag(rhythm, per_week=56) == pytest.approx(expected_lag(rhythm, per_week=28) / 2)
    assert expected_lag(rhythm, per_week=28) < WEEK / 28 / 2


times = st.lists(st.integers(0, int(300 * DAY)).map(lambda second: MONDAY + second), max_size=60).map(sorted)


@settings(deadline=None, max_examples=40)
@given(times, st.sampled_from([1.0, 7.0, 28.0, 168.0, 1000.0]))
def test_any_past_gives_a_moment_ahead(releases: list[float], per_week: float) -> None:
    now = MONDAY + 300 * DAY
    follower = Follower.begin(releases, now=now, per_week=per_week)
    placed = follower.place()
    assert placed.at >= now + CLOSEST
    assert placed.expected >= 0


@settings(deadline=None, max_examples=40)
@given(times)
def test_a_pulse_learned_in_pieces_equals_one_learned_at_once(releases: list[float]) -> None:
    now = MONDAY + 300 * DAY
    half = len(releases) // 2
    whole = Pulse(at=MONDAY).after(releases, now)
    middle = releases[half - 1] if half else MONDAY
    pieces = Pulse(at=MONDAY).after(releases[:half], middle).after(releases[half:], now)
    assert pieces.levels == pytest.approx(whole.levels)


def test_a_forecast_never_falls_silent() -> None:
    rhythm = learn([MONDAY], now=MONDAY + 300 * DAY)
    slots = list(forecast(rhythm, Pulse(at=MONDAY + 300 * DAY), [HOUR] * 48))
    assert all(slot.rate > 0 for slot in slots)


def test_right_after_a_release_nothing_is_expected_of_a_site_that_never_published_sooner() -> None:
    releases = office(30, hours=(9, 10))
    spaced = [moment for before, moment in pairwise([-DAY, *releases]) if moment - before > 20 * 60]
    now = spaced[-1] + 60
    rhythm = learn(spaced, now=now)
    soon, later = forecast(rhythm, Pulse(at=spaced[0]).after(spaced, now), [600.0, 3600.0])
    assert rhythm.spacing >= 20 * 60
    assert soon.rate < later.rate / 5


def test_releases_that_come_together_leave_no_quiet_after_them() -> None:
    releases = sorted(moment for moment in office(30) for _ in range(2))
    assert learn(releases, now=MONDAY + 30 * WEEK).spacing == 0


def test_a_budget_is_overdrawn_by_little_even_when_everything_comes_at_once() -> None:
    quiet, busy = MONDAY + 40 * WEEK, MONDAY + 44 * WEEK
    releases = office(40) + [quiet + step * 1800 for step in range(int(4 * WEEK / 1800))]
    scrapes = followed(releases, begin=quiet, until=busy, per_week=28)
    for count, moment in enumerate(scrapes, 1):
        assert count <= 1.018 * 28 * (moment - quiet) / WEEK + 1.01


def test_a_burst_goes_on_at_any_hour() -> None:
    releases = sorted(moment + burst * 600 for moment in office(30) for burst in range(4))
    night = MONDAY + 30 * WEEK + 3 * HOUR
    rhythm = learn(releases, now=night)
    calm = Pulse(at=releases[0]).after(releases, night)
    excited = Pulse(at=releases[0]).after([*releases, night - 60], night)
    (before,), (after,) = forecast(rhythm, calm, [600.0]), forecast(rhythm, excited, [600.0])
    burst = sum(weight * level for weight, level in zip(rhythm.weights[:BURSTS], excited.levels, strict=False))
    assert rhythm.profile[3] < 0.5
    assert after.rate - before.rate > 0.8 * burst


def test_the_hours_of_the_last_days_are_likely_again() -> None:
    releases = office(30)
    nights = [MONDAY + 30 * WEEK + day * DAY + 2.5 * HOUR for day in range(4)]
    now = nights[-1] + 12 * HOUR
    rhythm = learn(releases, now=MONDAY + 30 * WEEK)
    pulse = Pulse(at=releases[0]).after([*releases, *nights], now)
    slots = {slot.start: slot.rate for slot in forecast(rhythm, pulse, [HOUR] * 24)}
    around = {hours: slots[now + hours * HOUR] for hours in (7, 12)}
    assert around[12] > 2 * around[7], "half past two again, rather than half past nine in the evening"


def test_recent_hours_fade_and_lie_around_midnight_too() -> None:
    recent = RecentHours().after(MONDAY, -DAY)
    assert sum(recent.levels) / 24 == pytest.approx(1 / RECENT_TAU)
    assert recent.levels[23] == pytest.approx(recent.levels[0])
    assert recent.rate(MONDAY + WEEK) == pytest.approx(recent.rate(MONDAY) / 2.718281828)


def test_releases_of_one_sitting_count_once_in_recent_hours() -> None:
    once = RecentHours().after(MONDAY, -DAY)
    assert once.after(MONDAY + 60, MONDAY).levels[0] < 1.3 * once.levels[0]


def test_a_late_release_counts_as_of_its_own_time_in_recent_hours() -> None:
    late = RecentHours().after(MONDAY + DAY, -DAY).after(MONDAY + 7 * HOUR, -DAY)
    early = RecentHours().after(MONDAY + 7 * HOUR, -DAY).after(MONDAY + DAY, -DAY)
    assert late.at == early.at
    assert late.levels == pytest.approx(early.levels)


def test_the_profile_runs_from_hour_to_hour_without_a_step() -> None:
    rhythm = learn(office(30), now=MONDAY + 30 * WEEK)
    pulse = Pulse(at=MONDAY + 40 * WEEK)
    rates = [slot.rate for slot in forecast(rhythm, pulse, [300.0] * 144)]
    assert max(abs(after - before) for before, after in pairwise(rates)) < max(rates) / 10
