"""From a source and the outcome of its scrape to its next turn."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

from feedsvc.protocols import Clock
from feedsvc.schedule.cadence import NEVER_SCRAPED, BudgetPlanner, Due, Standing, next_due
from feedsvc.schedule.rhythms import MEMORY, Rhythms, kept, placer, restored
from feedsvc.scrape import NextTurn, Result, ScrapeOutcome
from feedsvc.scrape.standing import errors_in_a_row
from feedsvc.store import CUT, SourceState


class Planner:
    """Plans sources. What it draws dice with is an argument, so that a test can replay a day.

    Without ``rhythms``, budgets are spread evenly.
    """

    def __init__(
        self, *, clock: Clock, dice: Callable[[], float] = random.random, rhythms: Rhythms | None = None
    ) -> None:
        self._clock = clock
        self._dice = dice
        self._rhythms = rhythms

    def after(self, state: SourceState, outcome: ScrapeOutcome) -> NextTurn:
        """When a source is due again after ``outcome``; ``state`` is how it stood before. Raises StoreError."""
        is_good = outcome.result.is_good or outcome.result is Result.QUARANTINED or outcome.is_store_failing
        follower = self._rhythms.after(state, outcome) if self._rhythms is not None else None
        due = self._plan(
            state,
            Standing(
                scraped_at=outcome.finished_at,
                failures=0 if is_good else errors_in_a_row(state) + 1,
                is_cut=outcome.is_store_failing or outcome.result is Result.CUT,
                not_before=outcome.not_before,
                fresh_until=outcome.fresh_until,
            ),
            placer(follower, state.source),
        )
        memory = {MEMORY: kept(follower, active=state.source.cadence.active)} if follower is not None else {}
        return NextTurn(due_at=due.at, why=due.why, memory=memory)

    def now(self, state: SourceState) -> tuple[datetime, str]:
        """When a source without a plan is due: a new one at once, a changed one by its last scrape.

        One that failed is due at once: what was changed, or enabled again, may be what was wrong.
        """
        due = self._plan(
            state,
            Standing(
                scraped_at=None if state.failures else state.scraped_at,
                is_cut=bool(state.memory.get(CUT)),
                not_before=state.not_before,
            ),
            placer(restored(state), state.source) if self._rhythms is not None else None,
        )
        return due.at, due.why.replace(NEVER_SCRAPED, "now, as it failed before") if state.failures else due.why

    def _plan(self, state: SourceState, standing: Standing, budget: BudgetPlanner | None) -> Due:
        return next_due(
            state.source.cadence,
            standing,
            now=self._clock(),
            zone=state.source.time_zone,
            dice=self._dice(),
            budget=budget,
        )
