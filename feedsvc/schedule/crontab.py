"""When a crontab line runs next, with crontab's own meaning: 0 and 7 are Sunday, day of month *or* day of week.

Daylight saving time: a time that is skipped runs once, when the gap ends; a time that comes twice runs once, but a line
that runs in every hour goes on through both (as in Vixie cron).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from croniter import croniter

from feedsvc.config.cron import values_of

#: No line of sense runs more seldom: 29 February on a given weekday.
_YEARS = 50
#: Clocks never jump by more than this.
_JUMP = timedelta(hours=3)


def next_run(line: str, *, after: datetime, zone: str = "UTC") -> datetime:
    """The first moment after ``after`` (aware) at which the line runs in ``zone``; UTC. Raises ValueError."""
    local = ZoneInfo(zone)
    is_hourly = line.split()[1].startswith("*")
    around = {(after + step).astimezone(local).utcoffset() for step in (-_JUMP, timedelta(), _JUMP)}
    begin = after.astimezone(local).replace(tzinfo=None, fold=0)
    if len(around) > 1:
        begin -= _JUMP
    best: datetime | None = None
    for wall in walls(line, begin):
        moments = _moments(wall, local, is_hourly=is_hourly)
        for moment in moments:
            if moment > after and (best is None or moment < best):
                best = moment
        # a later wall time can be an earlier moment only within one jump
        if best is not None and wall - best.astimezone(local).replace(tzinfo=None, fold=0) >= (
            _JUMP if len(around) > 1 else timedelta()
        ):
            return best
    raise ValueError(f"the crontab line never runs: {line}")


def walls(line: str, begin: datetime) -> Iterator[datetime]:
    """Wall-clock times of the line after ``begin`` (naive), as a calendar without time zones has them."""
    numbers, is_either = _plain(line)
    times = croniter(numbers, begin, ret_type=datetime, max_years_between_matches=_YEARS, day_or=is_either)
    while True:
        yield times.get_next(datetime)


@lru_cache(maxsize=1024)
def _plain(line: str) -> tuple[str, bool]:
    """A line with every number of its fields written out, and whether day of month or weekday will do.

    croniter takes a span of one ("10-10") for all there are. Either will do unless one begins with a star (crontab(5)).
    """
    *rest, weekdays = values_of(line)
    fields = (*rest, {day % 7 for day in weekdays})
    _, _, day, _, weekday = line.split()
    is_either = not (day.startswith("*") or weekday.startswith("*"))
    return " ".join(",".join(map(str, sorted(numbers))) for numbers in fields), is_either


def _moments(wall: datetime, zone: ZoneInfo, *, is_hourly: bool) -> tuple[datetime, ...]:
    """The real moments of a wall-clock time: one, two where clocks go back, the end of the gap where it is skipped."""
    first = wall.replace(tzinfo=zone, fold=0)
    second = wall.replace(tzinfo=zone, fold=1)
    earlier, later = first.astimezone(UTC), second.astimezone(UTC)
    if earlier == later:
        return (earlier,)
    if earlier < later:
        return (earlier, later) if is_hourly else (earlier,)
    return () if is_hourly else (_gap_end(later, earlier, zone),)


def _gap_end(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which clocks jumped ahead, between two moments around it; to the second."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(milliseconds=10):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return (after + timedelta(milliseconds=500)).replace(microsecond=0)
