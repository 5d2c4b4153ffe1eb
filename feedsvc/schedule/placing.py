"""Where to put the next scrape of a budget so that releases wait least. Pure.

Eckstein, Gal and Reiner ("Monitoring an information source under a politeness constraint", INFORMS Journal on
Computing, 2008) place scrapes for a known rate by dynamic programming. Online the rate changes with everything a scrape
finds, so each scrape gets a *price* (in seconds of waiting), and the programme over the coming days, in which waiting
plus prices cost least, says where the first of them goes; the others are planned anew by then. The price follows the
budget, as of a token bucket that may be saved up for weeks. With rate r, scrapes of price p stand sqrt(2 p / r) apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from feedsvc.schedule.rhythm import (
    DAY,
    FLOOR_SHARE,
    HOUR,
    HOURS_A_WEEK,
    WEEK,
    Pulse,
    Rhythm,
    forecast,
    hour_of_week,
    monday_offset,
    rate_at,
)

#: The forecast is fine at first and coarser later: 5 minutes for an hour, ... up to hours, five days in all.
STEPS = (300.0,) * 12 + (600.0,) * 12 + (1200.0,) * 18 + (1800.0,) * 48 + (3600.0,) * 72
#: Budgets are balanced over this long: what a quiet month saves, a busy one may spend.
BALANCE = 8 * WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The next scrape, Unix seconds, and the releases that it is expected to find."""

    at: float
    expected: float


#: Whether a source may be scraped at a moment (its active hours).
IsOpen = Callable[[float], bool]


def place_next(
    rhythm: Rhythm, pulse: Pulse, *, price: float, zone: tzinfo = UTC, is_open: IsOpen | None = None
) -> Placement:
    """The best moment for the next scrape after ``pulse.at`` where a scrape costs ``price`` seconds of waiting."""
    moments, waited, come = [pulse.at], [0.0], [0.0]
    for slot in forecast(rhythm, pulse, STEPS, zone=zone):
        moments.append(slot.start + slot.seconds)
        waited.append(waited[-1] + come[-1] * slot.seconds + slot.rate * slot.seconds**2 / 2)
        come.append(come[-1] + slot.rate * slot.seconds)
    allowed = [at for at, moment in enumerate(moments) if at and (is_open is None or is_open(moment))]
    first, second = _best(moments, waited, come, allowed or [1], price)
    moment, expected = moments[first], come[first]
    if second > first:
        finer = _between(moments[first - 1 : first + 2], come[first - 1 : first + 2], until=moments[second])
        if is_open is None or is_open(finer[0]):
            moment, expected = finer
    return Placement(at=moment, expected=expected)


def _best(
    moments: Sequence[float], waited: Sequence[float], come: Sequence[float], allowed: Sequence[int], price: float
) -> tuple[int, int]:
    """The numbers of the moments of the next scrape and the one after it, by dynamic programming backwards.

    ``waited``: seconds that all releases together have waited by a moment if none is found; ``come``: how many came;
    ``allowed``: numbers of moments for scrapes, of which the last is taken for one.
    The later one scrape, the later the best one after it: that keeps the programme nearly linear.
    """
    last = len(allowed) - 1
    costs, following = [0.0] * len(allowed), [last] * len(allowed)
    best = last
    for place in range(last - 1, -2, -1):
        at = allowed[place] if place >= 0 else 0
        least, latest = math.inf, best
        for after in range(place + 1, latest + 1):
            to = allowed[after]
            cost = waited[to] - waited[at] - come[at] * (moments[to] - moments[at]) + costs[after]
            if cost < least:
                least, best = cost, after
        if place >= 0:
            costs[place], following[place] = least + price, best
    return allowed[best], allowed[following[best]]


def _between(moments: Sequence[float], come: Sequence[float], *, until: float) -> tuple[float, float]:
    """The best moment within the slots beside a scrape, with the next one ``until`` then, and what it will find.

    A scrape spares those that came by then the time until the next one, so come(t) * (until - t) is to be greatest;
    in a slot of even rate it is a parabola.
    """
    found = [(moments[1], come[1])]
    for start, end, before, after in zip(moments, moments[1:], come, come[1:], strict=False):
        rate = (after - before) / (end - start)
        if rate > 0:
            top = min(max((until + start - before / rate) / 2, start), end)
            found.append((top, before + rate * (top - start)))
    return max(found, key=lambda one: one[1] * (until - one[0]))


def fair_price(
    rhythm: Rhythm,
    releases: Sequence[float],
    *,
    per_week: float,
    zone: tzinfo = UTC,
    open_hours: Sequence[float] | None = None,
) -> float:
    """The price at which the past year would have used ``per_week`` scrapes a week.

    ``open_hours``: the share of each hour of the week in which there may be scrapes, where not always.
    """
    past = _past_rates(rhythm, releases, zone)
    mean = sum(math.sqrt(rate) for _, rate in past) / len(past)
    if open_hours is not None:
        # two hours for each rate, as the past is looked at in steps of so many
        open_then = [(open_hours[hour] + open_hours[(hour + 1) % HOURS_A_WEEK]) / 2 for hour, _ in past]
        there = sum(math.sqrt(rate) * share for (_, rate), share in zip(past, open_then, strict=True)) / len(past)
        # of a past of hours, all of which were closed ones, only the whole is known
        mean = there or mean * sum(open_hours) / HOURS_A_WEEK
    return (mean * WEEK / per_week) ** 2 / 2


#: Weeks of budget that a purse holds on average, and what is added to each so that an empty one has a price.
USUALLY_LEFT, PURSE_EASE = 0.6, 0.2


def balanced(price: float, *, per_week: float, left: float, weeks: float) -> float:
    """The price in force where so many scrapes are ``left``, those that may be overdrawn among them.

    It is the fair one while USUALLY_LEFT weeks of budget are left, half of that at 1.4 weeks, and up to four times as
    much as the purse empties: so the last scrapes go where much waits, and none of a full purse is lost. A purse that
    has been filled for fewer ``weeks`` than that is measured by what it can hold by then.
    """
    usual = min(USUALLY_LEFT, weeks)
    return price * (usual + PURSE_EASE) / (max(0.0, left) / per_week + PURSE_EASE)


def reason(rhythm: Rhythm, at: float, *, zone: tzinfo = UTC) -> str:
    """Why then, in words for an admin."""
    hour = hour_of_week(at - 1, zone) % 24
    day = datetime.fromtimestamp(at - 1, zone)
    if day.date().toordinal() in rhythm.quiet_days:
        return f"few releases are to be expected on {day.day} {day:%B}, as in the years before"
    if rhythm.count < 5:
        return f"spread evenly: only {rhythm.count} releases of this source are known yet"
    if 2 * rhythm.guessed > rhythm.count:
        return "by the hours of other sources: of most releases of this one only the day is known yet"
    share = round(100 * rhythm.hours[hour])
    until = (hour + 1) % 24
    if share >= 100 / 24:
        return f"as {share} % of this site's releases come between {hour} and {until}"
    return f"few releases come between {hour} and {until} ({share} %), but those since the last scrape should not wait"


def _past_rates(rhythm: Rhythm, releases: Sequence[float], zone: tzinfo) -> list[tuple[int, float]]:
    """Hours of the week, and the rate as it would have been seen then, every two hours of the last year."""
    if len(releases) < 2 or releases[-1] - releases[0] < DAY:
        floor = FLOOR_SHARE * rhythm.mean_rate
        return [(hour, max(rhythm.mean_rate * factor, floor)) for hour, factor in enumerate(rhythm.profile)]
    pulse, rates, seen, step = Pulse(at=releases[0]), [], 0, 2 * HOUR
    moment, begin = releases[0], max(releases[0], releases[-1] - 365 * DAY)
    while moment < releases[-1]:
        moment += step
        upto = seen
        while upto < len(releases) and releases[upto] <= moment:
            upto += 1
        pulse, seen = pulse.after(releases[seen:upto], moment), upto
        if moment >= begin:
            offset = monday_offset(moment, zone)
            hour = int((moment + offset) // HOUR) % HOURS_A_WEEK
            rates.append((hour, rate_at(rhythm, pulse.levels, pulse.recent, moment, offset)))
    return rates
