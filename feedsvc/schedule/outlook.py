"""What a cadence comes to: scrapes a week, and how long a release waits for one. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedsvc.model import Cadence
from feedsvc.schedule.cadence import DEFAULT_BUDGET, OPEN_STEP, open_steps, opens
from feedsvc.schedule.crontab import walls
from feedsvc.schedule.follow import CLOSEST
from feedsvc.schedule.rhythm import HOUR, HOURS_A_WEEK, Rhythm

#: Where a week has few scrapes, some weeks are looked at.
_RUNS_LEAST, _WEEKS_MOST = 50, 8
#: Gaps between scrapes over which a wait is averaged, and places of the first scrape.
_GAPS, _PHASES = 3, 4
#: Steps between two scrapes up to which they are frequent.
_OFTEN = 6
_A_WEEK = timedelta(weeks=1)


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
    gaps = _gaps(cadence, now=now, zone=zone)
    total = sum(gaps, timedelta())
    squares = sum(gap.total_seconds() ** 2 for gap in gaps)
    return Outlook(
        scrapes_a_week=len(gaps) * (_A_WEEK / total),
        wait=timedelta(seconds=round(squares / (2 * total.total_seconds()))),
    )


def _gaps(cadence: Cadence, *, now: datetime, zone: str) -> list[timedelta]:
    """From one scrape to the next, for whole weeks from Monday on, one at least; a calendar without time zones."""
    # what a week comes to does not hang on the hour at which somebody asks
    local = now.astimezone(ZoneInfo(zone))
    monday = datetime.combine(local.date() - timedelta(days=local.weekday()), time(), tzinfo=UTC)
    runs = _runs(cadence, monday)
    at = begin = next(runs)
    gaps: list[timedelta] = []
    weeks = 1
    while not gaps or at - begin < weeks * _A_WEEK:
        after = next(runs)
        gaps.append(after - at)
        at = after
        if at - begin >= weeks * _A_WEEK and len(gaps) < _RUNS_LEAST and weeks < _WEEKS_MOST:
            weeks *= 2
    return gaps


def _runs(cadence: Cadence, begin: datetime) -> Iterator[datetime]:
    """The scrapes of an interval or a crontab line after ``begin``."""
    last = begin
    if cadence.cron is not None:
        for wall in walls(cadence.cron, begin.replace(tzinfo=None) - timedelta(minutes=1)):
            at = opens(cadence.active, wall.replace(tzinfo=UTC), "UTC")
            if at > last or last == begin:
                yield at
                last = at
    while cadence.every is not None:
        last = opens(cadence.active, last + cadence.every, "UTC")
        yield last


def at_most(per_week: float, active: str | None) -> float:
    """A budget, or what fits into its active hours."""
    return min(per_week, sum(open_steps(active)) * OPEN_STEP / CLOSEST)


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
    is_open, here = open_steps(active), int(HOUR // OPEN_STEP)
    measures = [densities[step // here] * is_there for step, is_there in enumerate(is_open)]
    if all(is_open) or sum(measures) / per_week < _OFTEN * max(measures):
        return _lag_of_many(rates, densities, sum(measures) * OPEN_STEP / per_week, is_open)
    return _lag_of_few([rates[step // here] for step in range(len(measures))], measures, per_week)


def _lag_of_many(rates: Sequence[float], densities: Sequence[float], share: float, is_open: Sequence[bool]) -> float:
    """Scrapes so frequent that what comes in closed hours is found when they end."""
    here, waited, closed = int(HOUR // OPEN_STEP), 0.0, 0.0
    # backwards, twice: what lies between a closed moment and the opening may be in the week after
    for step in (*reversed(range(len(is_open))), *reversed(range(len(is_open)))):
        if step == len(is_open) - 1:
            waited = 0.0
        rate = rates[step // here]
        closed = 0.0 if is_open[step] else closed + OPEN_STEP
        gap = share / densities[step // here]
        waited += rate * (gap / 2 if is_open[step] else closed - OPEN_STEP / 2)
    return waited / sum(rates) / here


def _lag_of_few(rates: Sequence[float], measures: Sequence[float], per_week: float) -> float:
    """Scrapes of which some hours have none: week after week, from several places of the first one.

    By Little's law the mean wait is the mean number of releases that wait, over the rate at which they come.
    """
    between, lead_in = sum(measures) / per_week, math.ceil(1 / per_week)
    waiting = come = 0.0
    for phase in range(_PHASES):
        waits, since = 0.0, between * (phase + 0.5) / _PHASES
        for week in range(lead_in + math.ceil(_GAPS / per_week)):
            for rate, measure in zip(rates, measures, strict=True):
                since += measure
                held = waits + rate / 2
                waits += rate
                if since >= between:
                    since -= between
                    held, waits = held - waits * since / measure, rate * since / measure
                if week >= lead_in:
                    waiting, come = waiting + held * OPEN_STEP, come + rate
    return waiting / come
