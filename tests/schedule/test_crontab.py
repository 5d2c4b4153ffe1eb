"""Crontab lines mean what crontab says, through both ends of daylight saving time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.config.cron import check_cron, values_of
from feedsvc.schedule.crontab import next_run


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def runs(line: str, after: str, *, zone: str = "UTC", count: int = 3) -> list[str]:
    """The next runs, in UTC."""
    found, at = [], moment(after)
    for _ in range(count):
        at = next_run(line, after=at, zone=zone)
        found.append(f"{at:%Y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*/20 8-18 * * mon-fri", ["2026-03-04 12:20", "2026-03-04 12:40", "2026-03-04 13:00"]),
        ("0 9 * * 0", ["2026-03-08 09:00", "2026-03-15 09:00", "2026-03-22 09:00"]),
        ("0 9 * * 7", ["2026-03-08 09:00", "2026-03-15 09:00", "2026-03-22 09:00"]),
        ("0 9 13 * fri", ["2026-03-06 09:00", "2026-03-13 09:00", "2026-03-20 09:00"]),
        ("30 6 29 2 *", ["2028-02-29 06:30", "2032-02-29 06:30", "2036-02-29 06:30"]),
        ("15 */6 * * *", ["2026-03-04 12:15", "2026-03-04 18:15", "2026-03-05 00:15"]),
        ("0 9 1 10-10 *", ["2026-10-01 09:00", "2027-10-01 09:00", "2028-10-01 09:00"]),
        ("0 9 * * 7-7", ["2026-03-08 09:00", "2026-03-15 09:00", "2026-03-22 09:00"]),
        ("0 9 * * fri-sun", ["2026-03-06 09:00", "2026-03-07 09:00", "2026-03-08 09:00"]),
        ("0 9 */2 * mon", ["2026-03-09 09:00", "2026-03-23 09:00", "2026-04-13 09:00"]),
        ("٠ ٩ * * ١", ["2026-03-09 09:00", "2026-03-16 09:00", "2026-03-23 09:00"]),
    ],
)
def test_a_line_runs_when_crontab_says(line: str, expected: list[str]) -> None:
    assert runs(line, "2026-03-04T12:00") == expected


@pytest.mark.parametrize(
    ("line", "zone", "after", "expected"),
    [
        # skipped: once, when the gap ends (02:00 becomes 03:00 at 01:00 UTC)
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", ["2026-03-29 01:00", "2026-03-30 00:30"]),
        # doubled: once, the first time
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00", ["2026-10-25 00:30", "2026-10-26 01:30"]),
        # every hour: through both, and not in the gap
        ("15 * * * *", "Europe/Berlin", "2026-10-25T00:00", ["2026-10-25 00:15", "2026-10-25 01:15"]),
        ("15 * * * *", "Europe/Berlin", "2026-03-29T00:00", ["2026-03-29 00:15", "2026-03-29 01:15"]),
        ("30 2 * * *", "America/New_York", "2026-03-08T04:00", ["2026-03-08 07:00", "2026-03-09 06:30"]),
        ("30 1 * * *", "America/New_York", "2026-11-01T04:00", ["2026-11-01 05:30", "2026-11-02 06:30"]),
        # half an hour, on the other side of the world
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00", ["2026-10-03 15:30", "2026-10-04 15:15"]),
        # no such thing there
        ("30 2 * * *", "Asia/Shanghai", "2026-03-28T12:00", ["2026-03-28 18:30", "2026-03-29 18:30"]),
    ],
)
def test_daylight_saving_time_neither_loses_nor_doubles_a_run(
    line: str, zone: str, after: str, expected: list[str]
) -> None:
    assert runs(line, after, zone=zone, count=2) == expected


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"])
def test_a_daily_line_runs_once_on_every_day_of_a_year(zone: str) -> None:
    at, count = moment("2026-01-01T00:00"), 0
    while at < moment("2027-01-01T00:00"):
        before, at = at, next_run("30 2 * * *", after=at, zone=zone)
        assert timedelta(hours=22) < at - before < timedelta(hours=26) or count == 0
        count += 1
    assert count in (365, 366)


_PART = st.sampled_from(["*", "*/2", "*/5", "1", "3", "5", "7", "7-7", "2-2", "1-4", "3-7", "2-7/3", "5/2", "1/6"])
_DAYS = st.lists(_PART, min_size=1, max_size=2).map(",".join)


@given(_DAYS, _DAYS, _DAYS)
def test_the_day_is_the_first_that_the_numbers_of_the_line_name(days: str, months: str, weekdays: str) -> None:
    line = f"0 9 {days} {months} {weekdays}"
    _, _, in_month, in_year, in_week = values_of(check_cron(line))
    first = moment("2026-03-04T12:00")

    def runs_on(day: datetime) -> bool:
        by_month, by_week = day.day in in_month, bool({day.isoweekday() % 7, day.isoweekday()} & in_week)
        is_starred = days.startswith("*") or weekdays.startswith("*")
        return day.month in in_year and (by_month and by_week if is_starred else by_month or by_week)

    expected = next(day for at in range(1, 20_000) if runs_on(day := first + timedelta(days=at)))
    assert next_run(line, after=first) == expected.replace(hour=9)


def test_a_line_that_never_runs_is_said_so() -> None:
    with pytest.raises(ValueError, match=r"never|find"):
        next_run("0 0 31 2 *", after=moment("2026-01-01T00:00"))
