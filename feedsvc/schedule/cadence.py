"""When a source is due: ``every``, ``cron`` or ``budget``, narrowed by active hours, pauses, failures and the site.

Pure: the present and the dice are arguments. Every decision says why, in words that admins read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from feedsvc.model import Cadence
from feedsvc.schedule.crontab import next_run

#: What a source gets that says nothing: so many scrapes in so much time.
DEFAULT_BUDGET = (48, timedelta(days=1))
#: The first wait after a failure is at most this, doubled by each further one up to LONGEST.
FIRST_RETRY, LONGEST_RETRY, LONGEST = timedelta(minutes=15), timedelta(hours=6), timedelta(hours=24)
#: A scrape that was cut goes on after this.
GO_ON = timedelta(seconds=30)
#: HTTP freshness may put a scrape off by at most this.
FRESHNESS_MAX = timedelta(hours=1)
#: Intervals vary by this share, so that sources do not march in step; never by more than SPREAD_MAX.
_SPREAD, SPREAD_MAX = 0.1, timedelta(minutes=5)
#: What rhythm places is put off by up to this, for the same reason.
PLACED_SPREAD = timedelta(minutes=2)
#: Active hours are looked at in steps of so many seconds.
OPEN_STEP = 300
#: The first day of some week.
_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ACTIVE = re.compile(r"(?:([a-z,-]+)\s+)?(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When to scrape, and why then."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the plan of a source depends on besides its cadence."""

    #: When the last scrape ended; None for a source that was never scraped.
    scraped_at: datetime | None = None
    #: Failed scrapes in a row.
    failures: int = 0
    #: The last scrape was cut, and items wait.
    is_cut: bool = False
    #: The site asked not to be visited before.
    not_before: datetime | None = None
    #: HTTP freshness of the listing.
    fresh_until: datetime | None = None


NEVER_SCRAPED = "now, as it was never scraped"
_ASKED = "the site asked not to be visited before"
_ALLOWED = "as soon as its host may be asked again, and the budget of requests allows it"

#: Places the next scrape of a source with a budget: what rhythm plugs in. None: evenly.
BudgetPlanner = Callable[[], Due | None]


def next_due(
    cadence: Cadence,
    standing: Standing,
    *,
    now: datetime,
    zone: str = "UTC",
    dice: float = 0.5,
    budget: BudgetPlanner | None = None,
) -> Due:
    """The next scrape of a source; ``dice`` (0 to 1) spreads sources with equal intervals.

    A time that has passed already means: as soon as there is room; several missed ones are made up for by one.
    """
    due = _wished(cadence, standing, now=now, zone=zone, dice=dice, budget=budget)
    if cadence.paused_until is not None and cadence.paused_until > due.at:
        due = _after_pause(cadence, cadence.paused_until, zone=zone, dice=dice)
    if standing.fresh_until is not None and standing.fresh_until > due.at:
        at = min(standing.fresh_until, due.at + FRESHNESS_MAX)
        due = Due(at=at, why=f"{due.why}; put off, as the site says that its page is fresh until then")
    if standing.not_before is not None and standing.not_before > due.at:
        why = (
            "as soon as its host may be asked again and the budget of requests allows it" if standing.is_cut else _ASKED
        )
        due = Due(at=standing.not_before, why=why)
    opening = opens(cadence.active, due.at, zone)
    return due if opening == due.at else Due(at=opening, why=f"{due.why}; active hours are {cadence.active}")


def interval_of(cadence: Cadence, *, now: datetime, zone: str = "UTC") -> timedelta:
    """About how long it is from one scrape to the next while all is well."""
    if cadence.every is not None:
        return cadence.every
    if cadence.cron is not None:
        first = next_run(cadence.cron, after=now, zone=zone)
        return next_run(cadence.cron, after=first, zone=zone) - first
    scrapes, per = cadence.budget or DEFAULT_BUDGET
    return per * active_share(cadence.active) / scrapes


def _wished(
    cadence: Cadence, standing: Standing, *, now: datetime, zone: str, dice: float, budget: BudgetPlanner | None
) -> Due:
    """What the cadence itself asks for."""
    last = standing.scraped_at
    if last is None:
        return Due(at=now, why=NEVER_SCRAPED)
    if standing.failures:
        wait = retry_after(standing.failures, interval=interval_of(cadence, now=now, zone=zone), dice=dice)
        return Due(at=last + wait, why=f"{_span(wait)} after {_times(standing.failures, 'failure')} in a row")
    if standing.is_cut:
        return Due(at=last + GO_ON, why="soon, as the last scrape was cut and items wait")
    if cadence.cron is not None:
        return _by_crontab(cadence, cadence.cron, after=last, zone=zone, dice=dice)
    if cadence.every is not None:
        why = f"every {_span(cadence.every)}{_or_later(cadence.jitter)}"
        return Due(at=last + _spread(cadence.every, cadence.jitter, dice), why=why)
    scrapes, per = cadence.budget or DEFAULT_BUDGET
    placed = budget() if budget is not None else None
    if placed is not None:
        at = placed.at + _or(cadence.jitter, PLACED_SPREAD) * dice
        if is_open(cadence.active, placed.at, zone) and not is_open(cadence.active, at, zone):
            at = placed.at  # the last one of the hours is not put off to those of another day
        return Due(at=at, why=f"{at.astimezone(ZoneInfo(zone)):%H:%M}, {placed.why}")
    evenly = per * active_share(cadence.active) / scrapes
    return Due(
        at=last + _spread(evenly, cadence.jitter, dice),
        why=f"every {_span(evenly)}: {_times(scrapes, 'scrape')} in {_span(per)}, evenly{_or_later(cadence.jitter)}",
    )


def _by_crontab(cadence: Cadence, line: str, *, after: datetime, zone: str, dice: float) -> Due:
    at = next_run(line, after=after, zone=zone)
    why = f"{_clock(at, zone)} by the crontab line '{line}'{_or_later(cadence.jitter)}"
    return Due(at=at + (cadence.jitter or timedelta()) * dice, why=why)


def _after_pause(cadence: Cadence, until: datetime, *, zone: str, dice: float) -> Due:
    """The first scrape after a pause: at its end, or where a crontab line names times, at the first of those."""
    why = f"paused until {_clock(until, zone)}"
    if cadence.cron is None:
        return Due(at=until, why=why)
    # a run at the very moment at which the pause ends counts
    due = _by_crontab(cadence, cadence.cron, after=until - timedelta(microseconds=1), zone=zone, dice=dice)
    return Due(at=due.at, why=f"{due.why}; {why}")


def retry_after(failures: int, *, interval: timedelta, dice: float) -> timedelta:
    """How long to leave a source alone after ``failures`` in a row: doubling, spread by up to a fifth."""
    first = min(interval, FIRST_RETRY)
    wait = min(first * 2.0 ** min(failures, 20), max(interval, LONGEST_RETRY), LONGEST)
    return wait * (0.9 + 0.2 * dice)


def active_share(active: str | None) -> float:
    """The share of a week in which a source may be scraped."""
    if active is None:
        return 1.0
    days, begin, end = _parsed(active)
    minutes = (end.hour * 60 + end.minute) - (begin.hour * 60 + begin.minute)
    return len(days) * ((minutes - 1) % 1440 + 1) / (7 * 1440)


@lru_cache(maxsize=256)
def open_steps(active: str | None) -> tuple[bool, ...]:
    """Whether scrapes are allowed in each OPEN_STEP of a week that begins on Monday; in all where in none."""
    moments = (_MONDAY + timedelta(seconds=OPEN_STEP * (step + 0.5)) for step in range(7 * 86400 // OPEN_STEP))
    found = tuple(active is None or is_open(active, moment, "UTC") for moment in moments)
    return found if any(found) else (True,) * len(found)


@lru_cache(maxsize=256)
def open_hours(active: str | None) -> tuple[float, ...] | None:
    """The share of each hour of a week from Monday on in which scrapes are allowed; None for always."""
    if active is None:
        return None
    steps, here = open_steps(active), 3600 // OPEN_STEP
    return tuple(sum(steps[start : start + here]) / here for start in range(0, len(steps), here))


def is_open(active: str | None, at: datetime, zone: str) -> bool:
    """Whether active hours allow a scrape at this moment."""
    return opens(active, at, zone) == at


def opens(active: str | None, at: datetime, zone: str) -> datetime:
    """``at``, or where active hours are set, the first moment from then on that lies in them."""
    if active is None:
        return at
    days, begin, end = _parsed(active)
    local = at.astimezone(ZoneInfo(zone))
    # yesterday's hours may reach into today
    for ahead in range(-1, 9):
        day = local.date() + timedelta(days=ahead)
        if day.weekday() not in days:
            continue
        opening = datetime.combine(day, begin, tzinfo=local.tzinfo).astimezone(UTC)
        closing_day = day if begin < end else day + timedelta(days=1)
        closes = datetime.combine(closing_day, end, tzinfo=local.tzinfo).astimezone(UTC)
        if closes <= opening:  # clocks jump over the whole of them: they come after the gap
            closes = opening + (datetime.combine(closing_day, end) - datetime.combine(day, begin))
        if at < closes:
            return max(at, opening)
    return at


def _parsed(active: str) -> tuple[frozenset[int], time, time]:
    """ "mon-fri 06:00-23:00" as weekdays (0 is Monday), begin and end; 24:00 is the next midnight."""
    found = _ACTIVE.fullmatch(active.strip().casefold())
    if found is None:
        raise ValueError(f"not active hours: {active!r}")
    named, *clock = found.groups()
    begin_hour, begin_minute, end_hour, end_minute = map(int, clock)
    days = frozenset(day for part in (named or "mon-sun").split(",") for day in _day_range(part))
    return days, time(begin_hour % 24, begin_minute), time(end_hour % 24, end_minute)


def _day_range(part: str) -> tuple[int, ...]:
    first, _, last = part.partition("-")
    begin, end = _DAYS.index(first[:3]), _DAYS.index((last or first)[:3])
    return tuple((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def _or(jitter: timedelta | None, usual: timedelta) -> timedelta:
    return usual if jitter is None else jitter


def _spread(interval: timedelta, jitter: timedelta | None, dice: float) -> timedelta:
    """The interval as it is waited this time: around it by itself, or later by an admin's jitter."""
    if jitter is not None:
        return interval + jitter * dice
    return interval + min(interval * _SPREAD, SPREAD_MAX) * (dice - 0.5)


def _or_later(jitter: timedelta | None) -> str:
    return f", up to {_span(jitter)} later" if jitter else ""


def _clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}"


def _times(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _span(span: timedelta) -> str:
    """A duration in words: "30 minutes", "1.5 hours"."""
    seconds = span.total_seconds()
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return _times_of(seconds / size, name)
    return _times_of(seconds, "second")


def _times_of(amount: float, name: str) -> str:
    text = f"{amount:.1f}".removesuffix(".0")
    return f"{text} {name}" if text == "1" else f"{text} {name}s"
