"""Days of the year on which a source rests, learned from its own past: no calendar of any country. Pure.

A day counts as a holiday where the same date stood out in each year that is known, or the same weekday of the month
(the fourth Thursday) in each of two or more: fewer releases than on any such weekday in the weeks around, and by far.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

#: Days ahead for which holidays are learned: longer than a rhythm is used before it is learned anew, and than plans go.
AHEAD = 14
#: Weeks before and after a day whose weekday tells what was to be expected of it.
AROUND = 6
#: So many releases must have been expected of a day for their absence to mean anything.
LEAST_EXPECTED = 5.0
#: A day with at most this share of what was expected stood out.
STANDS_OUT = 0.35
#: Without so much of a past, in seconds, no day was met before.
_YEAR = 365 * 86400.0


def quiet_days(releases: Sequence[float], *, now: float, zone: tzinfo = UTC) -> dict[int, float]:
    """Of the coming days that are holidays, the share of the usual releases to expect.

    Days are counted as ``date.toordinal`` does, in the zone. Times are Unix seconds, ascending.
    """
    today = datetime.fromtimestamp(now, zone).date()
    if not releases or now - releases[0] < _YEAR:
        return {}
    counts = Counter(datetime.fromtimestamp(moment, zone).date().toordinal() for moment in releases)
    first = min(counts) + 7 * AROUND
    found = {}
    for ahead in range(AHEAD):
        day = today + timedelta(days=ahead)
        for past, years in ((_same_date(day, first), 1), (_same_weekday(day, first), 2)):
            share = _share(counts, past) if len(past) >= years else None
            if share is not None:
                found[day.toordinal()] = share
    return found


def _same_date(day: date, first: int) -> list[int]:
    """The same date in earlier years."""
    if (day.month, day.day) == (2, 29):
        return []
    years = range(date.fromordinal(first).year, day.year)
    same = (day.replace(year=year).toordinal() for year in years)
    return [one for one in same if one >= first]


def _same_weekday(day: date, first: int) -> list[int]:
    """The day of the same month with the same weekday and number (its fourth Thursday) in earlier years."""
    place = (day.day - 1) // 7
    found = []
    for year in range(date.fromordinal(first).year, day.year):
        start = date(year, day.month, 1)
        same = start + timedelta(days=(day.weekday() - start.weekday()) % 7 + 7 * place)
        if same.month == day.month and same.toordinal() >= first:
            found.append(same.toordinal())
    return found


def _share(counts: Counter[int], past: Sequence[int]) -> float | None:
    """What came on those days as a share of what was to be expected, where all of them stood out; else None."""
    came = expected = 0.0
    for day in past:
        around = [counts[day + 7 * week] for week in range(-AROUND, AROUND + 1) if week]
        usual = sum(around) / len(around)
        if counts[day] >= min(around) or counts[day] > STANDS_OUT * usual:
            return None
        came, expected = came + counts[day], expected + usual
    return (came + 1) / (expected + 1) if expected >= LEAST_EXPECTED else None
