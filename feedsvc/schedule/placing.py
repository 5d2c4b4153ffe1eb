"""Where to put the next scrape of a budget so that releases wait least. Pure.

Eckstein, Gal and Reiner ("Monitoring an information source under a politeness constraint", INFORMS Journal on
Computing, 2008) place scrapes for a known rate by dynamic programming. Online the rate changes with everything a scrape
finds, so each scrape gets a *price* (in seconds of waiting), and the next one goes where waiting plus price is least
against what the rest of the time costs under the same price: with rate r, scrapes of price p stand sqrt(2 p / r) apart
and cost sqrt(2 p r) a second. The price then follows the budget, as of a token bucket that may be saved up for weeks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from feedsvc.schedule.rhythm import DAY, FLOOR_SHARE, HOUR, WEEK, Pulse, Rhythm, forecast, hour_of_week

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
    waiting = backlog = fluid = 0.0
    best, chosen = math.inf, Placement(at=pulse.at + STEPS[0], expected=0.0)
    for slot in forecast(rhythm, pulse, STEPS, zone=zone):
        waiting += backlog * slot.seconds + slot.rate * slot.seconds**2 / 2
        backlog += slot.rate * slot.seconds
        fluid += math.sqrt(2 * price * slot.rate) * slot.seconds
        cost = waiting - fluid
        if is_open is not None and not is_open(slot.start + slot.seconds):
            continue
        if cost < best:
            best, chosen = cost, Placement(at=slot.start + slot.seconds, expected=backlog)
        elif cost > best + price:
            break
    return chosen


def fair_price(rhythm: Rhythm, releases: Sequence[float], *, per_week: float, zone: tzinfo = UTC) -> float:
    """The price at which the past year would have used ``per_week`` scrapes a week."""
    roots = [math.sqrt(rate) for rate in _past_rates(rhythm, releases, zone)]
    mean = sum(roots) / len(roots)
    return (mean * WEEK / per_week) ** 2 / 2


def balanced(price: float, *, per_week: float, saved: float) -> float:
    """The price in force: cheaper while scrapes are ``saved`` up, dearer while they are overdrawn."""
    weeks = max(-6.0, min(6.0, saved / (per_week * BALANCE / WEEK)))
    return price * math.exp(-weeks * BALANCE_GAIN)


#: How strongly what is saved moves the price.
BALANCE_GAIN = 2.5


def expected_lag(rhythm: Rhythm, *, per_week: float) -> float:
    """Mean seconds from release to scrape on the weekly profile, at ``per_week`` scrapes placed best.

    With rate r(t) and gaps in proportion to 1/sqrt(r), the mean wait is (mean sqrt r)^2 / (2 n mean r) a week.
    """
    roots = sum(math.sqrt(factor) for factor in rhythm.profile) / len(rhythm.profile)
    mean = sum(rhythm.profile) / len(rhythm.profile)
    return WEEK * roots**2 / (2 * per_week * mean)


def reason(rhythm: Rhythm, at: float, *, zone: tzinfo = UTC) -> str:
    """Why then, in words for an admin."""
    hour = hour_of_week(at - 1, zone) % 24
    day = datetime.fromtimestamp(at - 1, zone)
    if day.date().toordinal() in rhythm.quiet_days:
        return f"few releases are to be expected on {day.day} {day:%B}, as in the years before"
    if rhythm.count < 5:
        return f"spread evenly: only {rhythm.count} releases of this source are known yet"
    share = round(100 * rhythm.hours[hour])
    until = (hour + 1) % 24
    if share >= 100 / 24:
        return f"as {share} % of this site's releases come between {hour} and {until}"
    return f"few releases come between {hour} and {until} ({share} %), but those since the last scrape should not wait"


def _past_rates(rhythm: Rhythm, releases: Sequence[float], zone: tzinfo) -> list[float]:
    """The rate as it would have been seen every two hours of the last year."""
    floor = FLOOR_SHARE * rhythm.mean_rate
    if len(releases) < 2 or releases[-1] - releases[0] < DAY:
        return [max(rhythm.mean_rate * factor, floor) for factor in rhythm.profile]
    pulse, rates, seen, step = Pulse(at=releases[0]), [], 0, 2 * HOUR
    moment, begin = releases[0], max(releases[0], releases[-1] - 365 * DAY)
    while moment < releases[-1]:
        moment += step
        upto = seen
        while upto < len(releases) and releases[upto] <= moment:
            upto += 1
        pulse, seen = pulse.after(releases[seen:upto], moment), upto
        if moment >= begin:
            excited = sum(map(float.__mul__, rhythm.weights, pulse.levels))
            factor = rhythm.profile[hour_of_week(moment, zone)]
            rates.append(max(factor * (rhythm.ground + excited), floor))
    return rates
