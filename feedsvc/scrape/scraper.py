"""One scrape of a source from end to end: claim, walk, record, conclude. Rules D1 and D7 of specs/reliability.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from feedsvc.errors import StoreError
from feedsvc.log import get_logger
from feedsvc.protocols import Clock, Fetcher
from feedsvc.scrape.outcome import NextTurn, Result, ScrapeOutcome
from feedsvc.scrape.progress import Progress
from feedsvc.scrape.reading import Reading
from feedsvc.scrape.scrape import Means, Scrape
from feedsvc.scrape.settings import DEFAULTS, ScrapeSettings
from feedsvc.scrape.standing import record_of
from feedsvc.store import SourceState, Store

_log = get_logger(__name__)

#: Says when a source is due again: of its state before the scrape, and the outcome. Raises StoreError.
Planner = Callable[[SourceState, ScrapeOutcome], NextTurn]


class Scraper:
    """Scrapes sources. Thread-safe: every scrape has its own state, and claims keep two of one source apart."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        reading: Reading,
        *,
        clock: Clock,
        settings: ScrapeSettings = DEFAULTS,
    ) -> None:
        self._store, self._clock = store, clock
        self._means = Means(store=store, fetcher=fetcher, reading=reading, clock=clock, settings=settings)
        self.settings = settings

    def scrape(
        self, key: str, *, owner: str, progress: Progress, planner: Planner | None = None, recheck: bool = False
    ) -> ScrapeOutcome:
        """Scrape one source once; whatever the site does, and whatever goes wrong, comes back as a value.

        ``recheck``: fetch every listing page whole and look at every release page again.
        Raises StoreError where not even the claim could be taken.
        """
        started_at = self._clock()
        state = self._store.sources.claim(key, owner)
        if state is None:
            return self._busy(key, started_at)
        progress.attend(lambda: self._store.sources.renew(key, owner))
        scrape = Scrape(self._means, state, owner=owner, progress=progress, started_at=started_at, recheck=recheck)
        try:
            outcome = scrape.run()
        except StoreError as error:
            # without facts: whether the listing was sound may be what could not be written
            outcome = replace(scrape.ended(Result.FAILED, str(error)), facts={}, is_store_failing=True)
        except Exception as error:  # noqa: BLE001 - our own fault must not stop the other sources
            _log.critical("scrape broke", source=key, exc_info=True)
            outcome = scrape.ended(Result.FAILED, f"a fault of feedsvc itself, see the log: {error!r}")
        if not progress.is_abandoned:
            self._conclude(scrape, outcome, planner)
        return outcome

    def abandon(self, key: str, reason: str, *, owner: str, planner: Planner) -> None:
        """Conclude a scrape that will not end by itself as failed, for this ``reason``. Raises StoreError."""
        state = self._store.sources.get(key)
        if state is None or state.claimed_by != owner:
            return
        now = self._clock()
        outcome = ScrapeOutcome(
            source=key,
            result=Result.FAILED,
            started_at=now,
            finished_at=now,
            reason=reason,
        )
        turn = planner(state, outcome)
        self._store.scrapes.add(record_of(outcome))
        self._store.sources.conclude(
            key,
            owner,
            scraped_at=now,
            state="failing",
            reason=outcome.reason,
            failures=state.failures + 1,
            due_at=turn.due_at,
            due_why=turn.why,
            memory={**state.memory, **turn.memory},
        )

    def _busy(self, key: str, started_at: datetime) -> ScrapeOutcome:
        state = self._store.sources.get(key)
        if state is None:
            reason = "there is no such source"
        else:
            reason = f"another process scrapes it now: {state.claimed_by}"
        return ScrapeOutcome(
            source=key, result=Result.BUSY, started_at=started_at, finished_at=self._clock(), reason=reason
        )

    def _conclude(self, scrape: Scrape, outcome: ScrapeOutcome, planner: Planner | None) -> None:
        """Write down what came of it, and give the claim back. A store that fails here changes nothing more."""
        try:
            values = scrape.state_after(outcome)
            if planner is not None:
                turn = planner(scrape.state, outcome)
                values |= {"due_at": turn.due_at, "due_why": turn.why}
                values["memory"] = {**values["memory"], **turn.memory}
            self._store.scrapes.add(record_of(outcome))
            self._store.sources.conclude(outcome.source, scrape.owner, **values)
            if outcome.new:
                self._store.feeds.close_archives(changed_since=scrape.version)
        except StoreError as error:
            _log.error("outcome not kept", source=outcome.source, reason=str(error))
        _log.info(
            "scraped",
            source=outcome.source,
            result=outcome.result.value,
            new=len(outcome.new),
            changed=len(outcome.changed),
            failed=len(outcome.failures),
            waiting=outcome.waiting,
            requests=outcome.requests,
            seconds=round(outcome.seconds, 1),
            reason=outcome.reason,
        )
