"""Days on which a source rests every year are known before they come again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedsvc.schedule.holidays import quiet_days
from feedsvc.schedule.placing import reason
from feedsvc.schedule.rhythm import DAY, HOUR, Pulse, forecast, learn

SYDNEY = ZoneInfo("Australia/Sydney")
#: A fixed date, and the fourth Thursday of November.
REST = {(12, 25)}
MOVING = {date(2023, 11, 23), date(2024, 11, 28), date(2025, 11, 27)}


def working_days(until: date, *, a_day: int, zone: ZoneInfo | None = None) -> Iterator[float]:
    """Releases at noon and after on every day but Sundays and holidays since the beginning of 2023."""
    day = date(2023, 1, 1)
    while day < until:
        if day.weekday() != 6 and (day.month, day.day) not in REST and day not in MOVING:
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone or UTC).timestamp()
            yield from (noon + place * 600 for place in range(a_day))
        day += timedelta(days=1)


@pytest.mark.parametrize("zone", [None, SYDNEY])
@pytest.mark.parametrize(("today", "holiday"), [((2025, 12, 20), (2025, 12, 25)), ((2025, 11, 20), (2025, 11, 27))])
def test_a_holiday_of_last_year_is_expected_again(
    today: tuple[int, int, int], holiday: tuple[int, int, int], zone: ZoneInfo | None
) -> None:
    known = list(working_days(date(*today), a_day=12, zone=zone))
    now = datetime(*today, 9, tzinfo=zone or UTC).timestamp()
    found = quiet_days(known, now=now, zone=zone or UTC)
    assert set(found) == {date(*holiday).toordinal()}
    assert found[date(*holiday).toordinal()] < 0.1


def test_what_happened_in_one_of_the_years_is_no_holiday() -> None:
    march, friday = datetime(2026, 2, 27, tzinfo=UTC).timestamp(), date(2025, 3, 7)
    known = [
        moment
        for moment in working_days(date(2026, 2, 27), a_day=12)
        if datetime.fromtimestamp(moment, UTC).date() != friday
    ]
    assert not quiet_days(known, now=march)
    since_then = [moment for moment in known if moment > datetime(2024, 11, 1, tzinfo=UTC).timestamp()]
    assert set(quiet_days(since_then, now=march)) == {date(2026, 3, 7).toordinal()}


@pytest.mark.parametrize("known", [[], [1e9], list(working_days(date(2025, 12, 20), a_day=1))])
def test_a_source_with_few_releases_has_none(known: list[float]) -> None:
    assert not quiet_days(known, now=datetime(2025, 12, 20, tzinfo=UTC).timestamp())


def test_on_a_holiday_little_is_expected_and_the_plan_says_so() -> None:
    known = list(working_days(date(2025, 12, 24), a_day=12))
    now = datetime(2025, 12, 24, 0, tzinfo=UTC).timestamp()
    rhythm = learn(known, now=now)
    pulse = Pulse(at=known[0]).after(known, now)
    rates = [slot.rate for slot in forecast(rhythm, pulse, [HOUR] * 72)]
    before, holiday, after = (sum(rates[day * 24 : day * 24 + 24]) for day in range(3))
    assert holiday < 0.2 * min(before, after)
    assert "25 December" in reason(rhythm, now + 1.5 * DAY)
    assert "December" not in reason(rhythm, now + 2.5 * DAY)
