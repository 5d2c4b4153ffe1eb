"""A budget of requests a day that no schedule can exceed, for all hosts together and for each host."""

from __future__ import annotations

from datetime import timedelta

from feedsvc.errors import NoTurn
from feedsvc.fetch.deadline import Monotonic
from feedsvc.fetch.ledger import SLOT, SLOTS, Counted, Ledger

_DAY = timedelta(hours=24)


class RequestBudget:
    """Counts requests over the last 24 hours; thread-safe, and one for all who share its ledger."""

    def __init__(
        self,
        *,
        daily: int | None = None,
        daily_host: int | None = None,
        ledger: Ledger | None = None,
        clock: Monotonic | None = None,
    ) -> None:
        """``clock`` gives the ledger's seconds, where it is not its own."""
        self._daily = daily
        self._daily_host = daily_host
        self._ledger = ledger or Ledger()
        self._clock = clock or self._ledger.now

    def spend(self, host: str, *, url: str = "") -> None:
        """Count one request to ``host``; raises NoTurn, and counts nothing, where the day's budget is used up."""
        if self._daily is None and self._daily_host is None:
            return
        now = self._clock()

        def check(everywhere: Counted, here: Counted) -> None:
            _check(self._daily, everywhere, "all hosts", now=now, url=url)
            _check(self._daily_host, here, host, now=now, url=url)

        self._ledger.spend(host, check, now=now)


def _check(limit: int | None, spent: Counted, whose: str, *, now: float, url: str) -> None:
    """Raise NoTurn where the requests of the day leave none; it comes back when the oldest are a day old."""
    if limit is None or sum(count for _, count in spent) < limit:
        return
    freed = next((slot for slot, count in spent if count), int(now // SLOT))
    raise NoTurn(
        f"the budget of {limit} requests a day for {whose} is used up",
        wait=min(timedelta(seconds=(freed + SLOTS) * SLOT - now), _DAY),
        subject=url,
        remedy="wait, or raise fetch.daily_requests or fetch.daily_host_requests",
    )
