"""How often one address may ask for what costs work. Kept in memory alone, and only for minutes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from flask import current_app

#: Requests a minute from one address or caller, by what is asked for.
PER_MINUTE = {
    "searches": 60,
    "subscriptions": 120,
    # of one token or admin, and of one address without any
    "calls": 600,
    "strangers": 60,
}


class Allowance:
    """So many requests a minute for each address, saved up to one minute's worth (a token bucket)."""

    def __init__(
        self, per_minute: int, *, monotonic: Callable[[], float] = time.monotonic, addresses_max: int = 10_000
    ) -> None:
        self._per_minute, self._monotonic, self._max = per_minute, monotonic, addresses_max
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._guard = threading.Lock()

    def wait(self, address: str) -> int:
        """0 where this request is within the allowance, which it then uses up; else seconds to wait."""
        with self._guard:
            now = self._monotonic()
            left, at = self._left.pop(address, (float(self._per_minute), now))
            left = min(float(self._per_minute), left + (now - at) * self._per_minute / 60)
            allowed = left >= 1
            self._left[address] = (left - 1 if allowed else left, now)
            while len(self._left) > self._max:
                self._left.popitem(last=False)
            return 0 if allowed else int((1 - left) * 60 / self._per_minute) + 1


def allowance(what: str) -> Allowance:
    """That of the running application for ``what``, a key of PER_MINUTE."""
    found: Allowance = current_app.extensions[f"feedsvc-{what}"]
    return found
