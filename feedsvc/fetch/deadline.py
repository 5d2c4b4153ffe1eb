"""How long one fetch may take: a point on the monotonic clock, not a timeout for each read (rule F4)."""

from __future__ import annotations

import time
from collections.abc import Callable

from feedsvc.errors import Unreachable

#: Monotonic seconds; only differences mean anything.
Monotonic = Callable[[], float]


_OF_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


def steady() -> float:
    """Seconds of a clock that nobody sets; where the system has such a one, it goes on while the machine sleeps."""
    return time.monotonic() if _OF_BOOT is None else time.clock_gettime(_OF_BOOT)


class Deadline:
    """The end of one fetch. Waiting politely moves it; a slow server does not."""

    def __init__(self, seconds: float, *, subject: str, clock: Monotonic = steady) -> None:
        self.seconds = seconds
        self.subject = subject
        self._clock = clock
        self._end = clock() + seconds

    def postpone(self, seconds: float) -> None:
        """The last ``seconds`` were spent waiting for a host's turn and do not count."""
        self._end += seconds

    def left(self, at_most: float) -> float:
        """Seconds that the next step may take: ``at_most`` or what is left; raises Unreachable once nothing is."""
        left = self._end - self._clock()
        if left <= 0:
            raise Unreachable(
                f"no complete answer within {self.seconds:g} s",
                subject=self.subject,
                remedy="try again later; the limit is fetch.timeout",
            )
        return min(at_most, left)
