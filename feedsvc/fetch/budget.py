"""A budget of requests a day that no schedule can exceed, for all hosts together and for each host."""

from __future__ import annotations

import threading
import time
from collections import deque

from feedsvc.errors import Refused
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
        """Count one request to ``host``; raises Refused, and counts nothing, where the day's budget is used up."""
        if self._daily is None and self._daily_host is None:
            return
        with self._lock:
            hour = int(self._clock() // _HOUR)
            while self._hours and self._hours[0][0] <= hour - _HOURS:
                self._hours.popleft()
            self._check(self._daily, sum(sum(counts.values()) for _, counts in self._hours), "all hosts", url)
            self._check(self._daily_host, sum(counts.get(host, 0) for _, counts in self._hours), host, url)
            if not self._hours or self._hours[-1][0] != hour:
                self._hours.append((hour, {}))
            counts = self._hours[-1][1]
            counts[host] = counts.get(host, 0) + 1

    def _check(self, limit: int | None, spent: int, whose: str, url: str) -> None:
        if limit is not None and spent >= limit:
            raise Refused(
                f"the budget of {limit} requests a day for {whose} is used up",
                subject=url,
                remedy="wait, or raise fetch.daily_requests or fetch.daily_host_requests",
            )
