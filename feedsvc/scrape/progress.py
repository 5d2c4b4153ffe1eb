"""The life of one scrape: signs of life, the time that is left, the wish to stop, and hosts that give no turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from feedsvc.errors import BadStatus, FeedsvcError, NotNow, ScrapeError

Monotonic = Callable[[], float]
#: Seconds between two renewals of a claim.
RENEW_EVERY = 10.0
#: Statuses with which a host asks to be left alone.
_LEAVE_ALONE = (429, 503)


class OutOfTime(FeedsvcError):
    """The scrape is cut here: what is stored stays, the rest is taken up at the next turn."""


class HostBusy(Exception):
    """The host gives no turn now: leave the rest of this scrape for the next one."""

    def __init__(self, reason: str, wait: timedelta | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


class Progress:
    """Asked before every step of a scrape; watched from outside to tell a slow scrape from a hanging one."""

    def __init__(
        self, *, cut_after: float | None, monotonic: Monotonic = time.monotonic, stopping: threading.Event | None = None
    ) -> None:
        self._monotonic = monotonic
        self._started = self._seen = monotonic()
        self._cut_after = cut_after
        self._stopping = stopping
        self._is_abandoned = False
        self._renew: Callable[[], bool] = lambda: True
        self._renewed = self._started
        self.requests = 0

    def attend(self, renew: Callable[[], bool]) -> None:
        """Call ``renew`` every RENEW_EVERY seconds at a step; False from it ends the scrape: its claim was lost."""
        self._renew = renew

    def step(self) -> None:
        """A sign of life. Raises OutOfTime when the scrape should end here."""
        if self._is_abandoned:
            raise OutOfTime("it made no progress for too long")
        self._seen = self._monotonic()
        if self._stopping is not None and self._stopping.is_set():
            raise OutOfTime("the service is stopping")
        if self._seen - self._renewed >= RENEW_EVERY:
            self._renewed = self._seen
            if not self._renew():
                raise OutOfTime("another process has taken the source over")
        if self._cut_after is not None and self._seen - self._started >= self._cut_after:
            raise OutOfTime(f"it took longer than {self._cut_after:.0f} seconds")

    def idle_for(self) -> float:
        """Seconds since the last sign of life."""
        return self._monotonic() - self._seen

    def abandon(self) -> None:
        """Nobody waits for this scrape any more: it ends at its next step and concludes nothing."""
        self._is_abandoned = True

    @property
    def is_abandoned(self) -> bool:
        """Whether the outcome no longer counts."""
        return self._is_abandoned


def raise_if_busy(error: ScrapeError) -> None:
    """Raise HostBusy where a failure means that the host gives no turn, or asks to be left alone."""
    if isinstance(error, NotNow):
        raise HostBusy(error.message, error.wait)
    if isinstance(error, BadStatus) and error.status in _LEAVE_ALONE:
        raise HostBusy(error.message, error.retry_after)
