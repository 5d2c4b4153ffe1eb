"""A week of a source: when its releases came out, hour by hour, and how long they would have waited. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Releases and planned scrapes on the wall clock of the source's zone."""

    #: Releases by day (Monday first) and hour.
    releases: tuple[tuple[int, ...], ...]
    #: Planned scrapes: day, and hours since its midnight.
    scrapes: tuple[tuple[int, float], ...]
    #: How many releases there were.
    total: int
    #: What each release of the past would have waited for the next planned scrape, on average; None for none.
    wait: timedelta | None

    @property
    def busiest(self) -> str:
        """The hour in which most releases came, in words; "" where there is none."""
        most = max((number, day, hour) for day, row in enumerate(self.releases) for hour, number in enumerate(row))
        if not most[0]:
            return ""
        return f"{DAYS[most[1]]} from {most[2]}:00 to {most[2] + 1}:00"


def week_of(releases: Sequence[datetime], scrapes: Sequence[datetime], *, zone: str) -> Week:
    """The week that past ``releases`` and the planned ``scrapes`` (of seven days) make in ``zone``."""
    local = ZoneInfo(zone)
    grid = [[0] * 24 for _day in range(7)]
    for moment in releases:
        at = moment.astimezone(local)
        grid[at.weekday()][at.hour] += 1
    planned = [_place(moment.astimezone(local)) for moment in scrapes]
    return Week(
        releases=tuple(map(tuple, grid)),
        scrapes=tuple((int(hours // 24), hours % 24) for hours in planned),
        total=len(releases),
        wait=_mean_wait([_place(moment.astimezone(local)) for moment in releases], sorted(planned)),
    )


def _place(at: datetime) -> float:
    """Hours since Monday 00:00."""
    return at.weekday() * 24 + at.hour + at.minute / 60 + at.second / 3600


def _mean_wait(releases: Sequence[float], scrapes: Sequence[float]) -> timedelta | None:
    if not releases or not scrapes:
        return None
    total = 0.0
    for at in releases:
        following = bisect_left(scrapes, at)
        total += scrapes[following] - at if following < len(scrapes) else scrapes[0] + 168 - at
    return timedelta(hours=total / len(releases))
