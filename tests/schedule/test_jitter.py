"""Jitter: scrapes come later by up to what an admin says, and are spread a little where nobody said anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedsvc.model import Cadence
from feedsvc.schedule.cadence import Due, Standing, next_due
from tests.support.stores import NOON

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def due(cadence: Cadence, dice: float) -> datetime:
    placed = Due(at=NOON + HOUR, why="placed")
    budget = (lambda: placed) if cadence.budget else None
    return next_due(cadence, Standing(scraped_at=NOON), now=NOON, dice=dice, budget=budget).at


@pytest.mark.parametrize(
    "cadence",
    [
        Cadence(every=HOUR, jitter=10 * MINUTE),
        Cadence(cron="0 * * * *", jitter=10 * MINUTE),
        Cadence(budget=(24, timedelta(days=1)), jitter=10 * MINUTE),
    ],
    ids=["every", "cron", "budget"],
)
def test_a_scrape_comes_up_to_so_much_later_than_planned(cadence: Cadence) -> None:
    assert [due(cadence, dice) for dice in (0.0, 0.5, 1.0)] == [NOON + HOUR + late * MINUTE for late in (0, 5, 10)]


def test_a_jitter_is_told_with_the_plan() -> None:
    cadence = Cadence(every=HOUR, jitter=10 * MINUTE)
    why = next_due(cadence, Standing(scraped_at=NOON), now=NOON, dice=0.5, budget=None).why
    assert why == "every 1 hour, up to 10 minutes later"


def test_no_jitter_means_on_the_dot() -> None:
    assert {due(Cadence(every=HOUR, jitter=timedelta()), dice) for dice in (0.0, 0.3, 1.0)} == {NOON + HOUR}


def test_what_nobody_set_suits_the_interval() -> None:
    assert due(Cadence(every=HOUR), 0.0) == NOON + HOUR - 2.5 * MINUTE
    assert due(Cadence(cron="0 * * * *"), 1.0) == NOON + HOUR


@pytest.mark.parametrize("dice", [0.0, 0.6, 1.0])
def test_a_placed_scrape_is_told_by_the_time_at_which_it_comes(dice: float) -> None:
    cadence, placed = Cadence(budget=(4, timedelta(days=1))), Due(at=NOON + HOUR - timedelta(seconds=1), why="its hour")
    standing = Standing(scraped_at=NOON)
    found = next_due(cadence, standing, now=NOON, zone="Asia/Shanghai", dice=dice, budget=lambda: placed)
    assert found.why == f"{found.at.astimezone(ZoneInfo('Asia/Shanghai')):%H:%M}, its hour"
