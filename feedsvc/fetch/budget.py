"""A budget of requests a day that no schedule can exceed, for all hosts together and for each host."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from datetime import timedelta

from feedsvc.errors import NoTurn
from feedsvc.fetch.deadline import Monotonic

_HOUR = 3600.0
_HOURS = 24


class RequestBudget:
    """Counts requests over the last 24 hours, hour by hour; thread-safe."""

    def __init__(
        self, *, daily: int | None = None, daily_host: int | None = None, clock: Monotonic = time.monotonic
    ) -> None:
        self._daily = daily
        self._daily_host = daily_host
        self._clock = clock
        self._lock = threading.Lock()
        #: (hour, requests by host), oldest first.
        self._hours: deque[tuple[int, dict[str, int]]] = deque()

    def spend(self, host: str, *, url: str = "") -> None:
        """Count one request to ``host``; raises NoTurn, and counts nothing, where the day's budget is used up."""
        if self._daily is None and self._daily_host is None:
            return
        with self._lock:
            now = self._clock()
            hour = int(now // _HOUR)
            while self._hours and self._hours[0][0] <= hour - _HOURS:
                self._hours.popleft()
            everywhere = [(at, sum(counts.values())) for at, counts in self._hours]
            here = [(at, counts.get(host, 0)) for at, counts in self._hours]
            _check(self._daily, everywhere, "all hosts", now=now, url=url)
            _check(self._daily_host, here, host, now=now, url=url)
            if not self._hours or self._hours[-1][0] != hour:
                self._hours.append((hour, {}))
            counts = self._hours[-1][1]
            counts[host] = counts.get(host, 0) + 1


def _check(limit: int | None, spent: Sequence[tuple[int, int]], whose: str, *, now: float, url: str) -> None:
    """Raise NoTurn where the requests of the hours, oldest first, leave none; it comes back when the oldest end."""
    if limit is None or sum(count for _, count in spent) < limit:
        return
    freed = next((at for at, count in spent if count), spent[0][0] if spent else int(now // _HOUR))
    raise NoTurn(
        f"the budget of {limit} requests a day for {whose} is used up",
        wait=timedelta(seconds=(freed + _HOURS) * _HOUR - now),
        subject=url,
        remedy="wait, or raise fetch.daily_requests or fetch.daily_host_requests",
    )
