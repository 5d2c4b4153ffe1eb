"""What a cadence comes to: scrapes a week, and how long a release waits for one. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from feedsvc.model import Cadence
from feedsvc.schedule.cadence import DEFAULT_BUDGET, Standing, is_open, next_due
from feedsvc.schedule.follow import CLOSEST
from feedsvc.schedule.rhythm import HOUR, HOURS_A_WEEK, WEEK, Rhythm

#: Scrapes from which a week is known well enough: shorter intervals are told from part of it.
_RUNS_MOST = 1000
#: Active hours are looked at in steps of so many seconds.
_STEP = 300
_A_WEEK = timedelta(weeks=1)
#: The first day of some week.
_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """While all is well, and nothing is known of when releases come."""

    scrapes_a_week: float
    #: From a release to its scrape, on average over the week.
    wait: timedelta


def outlook(cadence: Cadence, *, now: datetime, zone: str = "UTC") -> Outlook:
    """What a cadence comes to in the week from ``now`` on; pauses are left out. Raises ValueError."""
    if cadence.every is not None and cadence.active is None:
        return Outlook(scrapes_a_week=_A_WEEK / cadence.every, wait=cadence.every / 2)
    if cadence.every is None and cadence.cron is None:
        scrapes, per = cadence.budget or DEFAULT_BUDGET
        rate = at_most(scrapes * (_A_WEEK / per), cadence.active)
        return Outlook(scrapes_a_week=rate, wait=timedelta(seconds=round(evenly_placed(rate, cadence.active))))
    gaps = _gaps(replace(cadence, paused_until=None, jitter=timedelta()), now=now, zone=zone)
    total = sum(gaps, timedelta())
    squares = sum(gap.total_seconds() ** 2 for gap in gaps)
    return Outlook(
        scrapes_a_week=len(gaps) * (_A_WEEK / total),
        wait=timedelta(seconds=round(squares / (2 * total.total_seconds()))),
    )


def _gaps(cadence: Cadence, *, now: datetime, zone: str) -> list[timedelta]:
    """From one scrape to the next, for a week or until there are enough; one at least."""
    # from a midnight on: what a week comes to does not hang on the hour at which somebody asks
    local = now.astimezone(ZoneInfo(zone))
    now = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    at = begin = next_due(cadence, Standing(scraped_at=now), now=now, zone=zone).at
    gaps: list[timedelta] = []
    while not gaps or (at - begin < _A_WEEK and len(gaps) < _RUNS_MOST):
        after = next_due(cadence, Standing(scraped_at=at), now=at, zone=zone).at
        gaps.append(after - at)
        at = after
    return gaps


def at_most(per_week: float, active: str | None) -> float:
    """A budget, or what fits into its active hours."""
    return min(per_week, sum(_open_steps(active)) * _STEP / CLOSEST)


def evenly_placed(per_week: float, active: str | None) -> float:
    """Mean seconds from release to scrape, both spread evenly: the scrapes over the active hours."""
    return _lag([1.0] * HOURS_A_WEEK, [1.0] * HOURS_A_WEEK, per_week, active)


def expected_lag(rhythm: Rhythm, *, per_week: float, active: str | None = None) -> float:
    """Mean seconds from release to scrape on the weekly profile, at ``per_week`` scrapes placed best.

    With rate r(t) the best gaps are in proportion to 1/sqrt(r). What comes outside the active hours waits for them.
    """
    return _lag(rhythm.profile, [math.sqrt(factor) for factor in rhythm.profile], per_week, active)


def _lag(rates: Sequence[float], densities: Sequence[float], per_week: float, active: str | None) -> float:
    """Mean wait where releases come at ``rates`` by the hour of the week, and scrapes as ``densities`` are."""
    open_steps, here = _open_steps(active), int(HOUR // _STEP)
    share = sum(densities[step // here] for step, is_there in enumerate(open_steps) if is_there) * _STEP / per_week
    waited = closed = 0.0
    # backwards, twice: what lies between a closed moment and the opening may be in the week after
    for step in (*reversed(range(len(open_steps))), *reversed(range(len(open_steps)))):
        if step == len(open_steps) - 1:
            waited = 0.0
        rate = rates[step // here]
        closed = 0.0 if open_steps[step] else closed + _STEP
        gap = share / densities[step // here]
        waited += rate * (gap / 2 if open_steps[step] else closed - _STEP / 2)
    return waited / sum(rates) / here


@lru_cache(maxsize=256)
def _open_steps(active: str | None) -> tuple[bool, ...]:
    """Whether scrapes are allowed in each step of a week that begins on Monday; in all where in none."""
    count = int(WEEK // _STEP)
    moments = (_MONDAY + timedelta(seconds=_STEP * (step + 0.5)) for step in range(count))
    found = tuple(active is None or is_open(active, moment, "UTC") for moment in moments)
    return found if any(found) else (True,) * count
