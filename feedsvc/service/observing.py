"""What scrapes come to, in figures."""

from __future__ import annotations

import time
from collections.abc import Callable

from feedsvc.errors import StoreError
from feedsvc.log import get_logger
from feedsvc.model import Precision
from feedsvc.scrape import Result, ScrapeOutcome
from feedsvc.service.figures import CONFIDENCE, ENTRIES, FETCHES, LAG, SCRAPE_SECONDS, SCRAPES, Figures
from feedsvc.store import Store

#: Seconds between two times of adding to the sums of all processes.
KEEP_EVERY = 10.0
#: New entries of one scrape that are looked at.
LOOKED_AT = 100
_FIELDS = ("title", "published", "content", "authors", "image")

_log = get_logger(__name__)


class Observing:
    """Counts scrapes and fetches of this process."""

    def __init__(self, store: Store, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store, self._monotonic = store, monotonic
        self._kept_at = monotonic()
        self.figures = Figures()

    def fetched(self, status: int | None) -> None:
        """A website answered with this status, or not at all."""
        self.figures.count(FETCHES, "none" if status is None else str(status))

    def after(self, outcome: ScrapeOutcome) -> None:
        """Count a scrape; a failure here is logged and harms nothing."""
        if outcome.result is Result.BUSY:
            return
        self.figures.count(SCRAPES, outcome.result.value)
        self.figures.observe(SCRAPE_SECONDS, outcome.seconds)
        self.figures.count(ENTRIES, "new", by=len(outcome.new))
        self.figures.count(ENTRIES, "changed", by=len(outcome.changed))
        try:
            self._look_at_new(outcome)
            if self._monotonic() - self._kept_at >= KEEP_EVERY:
                self.keep()
        except StoreError as error:
            _log.error("figures not kept", reason=str(error))

    def keep(self) -> None:
        """Add what was counted to the sums of all processes. Raises StoreError."""
        self._kept_at = self._monotonic()
        self.figures.keep(self._store)

    def _look_at_new(self, outcome: ScrapeOutcome) -> None:
        if not outcome.new:
            return
        state = self._store.sources.get(outcome.source)
        is_settled = state is not None and state.settled_at is not None and state.settled_at < outcome.started_at
        for stored in self._store.entries.some(outcome.new[:LOOKED_AT]):
            kept = stored.entry.provenance
            for name in _FIELDS:
                if name in kept:
                    self.figures.observe(CONFIDENCE, kept[name].confidence, name)
            # a printed day is no moment that a wait could be measured from
            if is_settled and stored.entry.published is not None and stored.published_precision is not Precision.DAY:
                self.figures.observe(LAG, max(0.0, (stored.first_seen_at - stored.published).total_seconds()))
