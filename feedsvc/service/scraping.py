"""Scrapes in the foreground: sources in threads, politeness as always, schedules not consulted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from feedsvc.protocols import Clock
from feedsvc.schedule import Planner
from feedsvc.scrape import Progress, Result, ScrapeOutcome, Scraper
from feedsvc.store import Store
from feedsvc.store.owner import in_words, is_dead, new_owner

#: Turns that one source gets in the foreground before the rest is left to the clock.
_TURNS = 20


class Foreground:
    """Scrapes what a command names."""

    def __init__(self, store: Store, scraper: Scraper, planner: Planner, *, clock: Clock) -> None:
        self._store = store
        self._scraper = scraper
        self._planner = planner
        self._clock = clock
        self._owner = new_owner()

    def scrape(
        self,
        keys: Sequence[str],
        *,
        recheck: bool = False,
        parallel: int = 8,
        on_outcome: Callable[[ScrapeOutcome], None] = lambda _outcome: None,
    ) -> tuple[ScrapeOutcome, ...]:
        """Each source once, in the order of ``keys``; ``on_outcome`` hears of each as it ends."""

        def one(key: str) -> ScrapeOutcome:
            outcome = self._one(key, recheck=recheck)
            on_outcome(outcome)
            return outcome

        with ThreadPoolExecutor(max_workers=max(1, min(parallel, len(keys)))) as pool:
            return tuple(pool.map(one, keys))

    def _one(self, key: str, *, recheck: bool) -> ScrapeOutcome:
        """One source, with as many turns as a first scrape of a long list needs."""
        self._free_from_the_dead(key)
        outcome = self._turn(key, recheck=recheck)
        whole = outcome
        for _turn in range(_TURNS):
            if whole.result is not Result.CUT or outcome.not_before is not None or not (outcome.new or outcome.changed):
                break
            outcome = self._turn(key, recheck=False)
            whole = _together(whole, outcome)
        return whole

    def _turn(self, key: str, *, recheck: bool) -> ScrapeOutcome:
        progress = Progress(cut_after=self._scraper.settings.cut_after, monotonic=time.monotonic)
        outcome = self._scraper.scrape(
            key, owner=self._owner, progress=progress, planner=self._planner.after, recheck=recheck
        )
        return outcome if outcome.result is not Result.BUSY else self._with_holder(outcome)

    def _with_holder(self, outcome: ScrapeOutcome) -> ScrapeOutcome:
        """The outcome of a source that another process scrapes, with that process in words."""
        state = self._store.sources.get(outcome.source)
        if state is None or not state.claimed_by:
            return outcome
        reason = f"{in_words(state.claimed_by)} scrapes it now (its outcome will be in `feedsvc history`)"
        return replace(outcome, reason=reason)

    def _free_from_the_dead(self, key: str) -> None:
        state = self._store.sources.get(key)
        if state is not None and state.claimed_by and is_dead(state.claimed_by):
            self._store.sources.release_all(state.claimed_by)


def _together(one: ScrapeOutcome, other: ScrapeOutcome) -> ScrapeOutcome:
    """Two turns of one scrape as one outcome."""
    return ScrapeOutcome(
        source=one.source,
        result=other.result,
        started_at=one.started_at,
        finished_at=other.finished_at,
        reason=other.reason,
        new=one.new + other.new,
        changed=one.changed + other.changed,
        unchanged=one.unchanged + other.unchanged,
        failures=one.failures + other.failures,
        requests=one.requests + other.requests,
        waiting=other.waiting,
        not_before=other.not_before,
        fresh_until=other.fresh_until,
        moved_to=one.moved_to or other.moved_to,
        facts=other.facts or one.facts,
    )
