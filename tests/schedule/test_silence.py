"""Silence is odd only beyond what a source was silent before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from feedsvc.schedule.silence import odd_silence

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def daily(count: int) -> list[datetime]:
    return [NOON - timedelta(days=day) for day in range(count)]


def test_a_daily_source_may_be_silent_for_two_days_and_not_for_three() -> None:
    assert odd_silence(daily(30), now=NOON + timedelta(days=2)) == ""
    assert odd_silence(daily(30), now=NOON + timedelta(days=3)) == (
        "nothing new for 3 days, and the longest silence before was 24 hours"
    )


def test_a_source_with_long_holidays_may_be_silent_as_long_again() -> None:
    releases = [*daily(10), *(one - timedelta(days=40) for one in daily(10))]
    assert odd_silence(releases, now=NOON + timedelta(days=50)) == ""
    assert odd_silence(releases, now=NOON + timedelta(days=90)) != ""


def test_a_source_of_which_little_is_known_is_never_silent() -> None:
    assert odd_silence(daily(5), now=NOON + timedelta(days=300)) == ""
