"""What narrows a cadence: active hours in the source's own zone, and pauses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.model import Cadence
from feedsvc.schedule.cadence import Due, Standing, next_due

HOUR = timedelta(hours=1)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(cadence: Cadence, after: str, zone: str = "UTC") -> Due:
    """What follows a scrape that ended at ``after``, in UTC."""
    return next_due(cadence, Standing(scraped_at=moment(after)), now=moment(after), zone=zone)


@pytest.mark.parametrize(
    ("active", "zone", "after", "expected"),
    [
        # 2026-03-04 is a Wednesday
        ("08:00-18:00", "UTC", "2026-03-04T12:00", "2026-03-04T13:00"),
        ("08:00-18:00", "UTC", "2026-03-04T17:30", "2026-03-05T08:00"),
        ("08:00-18:00", "Asia/Shanghai", "2026-03-04T09:30", "2026-03-05T00:00"),
        ("08:00-18:00", "Asia/Kolkata", "2026-03-04T00:00", "2026-03-04T02:30"),
        ("08:00-18:00", "America/Los_Angeles", "2026-03-04T12:00", "2026-03-04T16:00"),
        # their Thursday begins while it is Wednesday in Greenwich
        ("thu 08:00-18:00", "Pacific/Auckland", "2026-03-04T12:00", "2026-03-04T19:00"),
        ("mon-fri 06:00-23:00", "UTC", "2026-03-06T22:30", "2026-03-09T06:00"),
        ("sat,sun 10:00-12:00", "UTC", "2026-03-04T12:00", "2026-03-07T10:00"),
        # through midnight: Friday's hours end on Saturday
        ("fri 22:00-02:00", "UTC", "2026-03-07T00:30", "2026-03-07T01:30"),
        ("fri 22:00-02:00", "UTC", "2026-03-07T01:30", "2026-03-13T22:00"),
        ("00:00-24:00", "UTC", "2026-03-04T23:30", "2026-03-05T00:30"),
        # eight in the morning stays eight in the morning when clocks change
        ("08:00-18:00", "Europe/Berlin", "2026-03-28T20:00", "2026-03-29T06:00"),
        ("08:00-18:00", "Europe/Berlin", "2026-10-24T20:00", "2026-10-25T07:00"),
        # hours that clocks jump over come after the gap
        ("02:00-03:00", "Europe/Berlin", "2026-03-28T20:00", "2026-03-29T01:00"),
        ("02:00-03:00", "Europe/Berlin", "2026-03-29T01:30", "2026-03-30T00:00"),
    ],
)
def test_active_hours_are_those_of_the_sources_zone(active: str, zone: str, after: str, expected: str) -> None:
    cadence = Cadence(every=HOUR, active=active, jitter=timedelta())
    found = due(cadence, after, zone)
    assert found.at == moment(expected)
    assert found.at == moment(after) + HOUR or f"active hours are {active}" in found.why


def test_jitter_never_leads_out_of_active_hours() -> None:
    cadence = Cadence(every=HOUR, jitter=HOUR, active="08:00-18:00")
    standing = Standing(scraped_at=moment("2026-03-04T16:30"))
    dues = [next_due(cadence, standing, now=moment("2026-03-04T16:30"), dice=dice).at for dice in (0.0, 1.0)]
    assert dues == [moment("2026-03-04T17:30"), moment("2026-03-05T08:00")]


@pytest.mark.parametrize("cadence", [Cadence(every=HOUR), Cadence(budget=(24, timedelta(days=1)))])
def test_a_pause_ends_with_a_scrape_and_says_so_in_the_sources_zone(cadence: Cadence) -> None:
    paused = Cadence(every=cadence.every, budget=cadence.budget, paused_until=moment("2026-03-10T16:00"))
    found = due(paused, "2026-03-04T12:00", "Asia/Shanghai")
    assert (found.at, found.why) == (moment("2026-03-10T16:00"), "paused until Wed 11 Mar 00:00")


@pytest.mark.parametrize(
    ("until", "expected"), [("2026-03-10T00:00", "2026-03-10T09:00"), ("2026-03-10T09:00", "2026-03-10T09:00")]
)
def test_after_a_pause_a_crontab_line_runs_at_its_own_times(until: str, expected: str) -> None:
    found = due(Cadence(cron="0 9 * * *", paused_until=moment(until)), "2026-03-04T12:00")
    assert found.at == moment(expected)
    assert "by the crontab line '0 9 * * *'; paused until Tue 10 Mar" in found.why


def test_a_pause_that_is_over_changes_nothing() -> None:
    assert due(Cadence(cron="0 9 * * *", paused_until=moment("2026-03-04T11:00")), "2026-03-04T12:00") == due(
        Cadence(cron="0 9 * * *"), "2026-03-04T12:00"
    )


def test_the_last_scrape_of_the_hours_is_not_put_off_to_another_day() -> None:
    cadence = Cadence(budget=(8, timedelta(days=1)), active="06:00-23:00")
    placed = Due(at=moment("2026-03-04T22:59"), why="as it is")
    found = next_due(
        cadence,
        Standing(scraped_at=moment("2026-03-04T20:00")),
        now=moment("2026-03-04T20:00"),
        dice=0.99,
        budget=lambda: placed,
    )
    assert found.at == placed.at
