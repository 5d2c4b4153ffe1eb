"""From a source and the outcome of its scrape to its next turn."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

from feedsvc.protocols import Clock
from feedsvc.schedule.cadence import BudgetPlanner, Due, Standing, next_due
from feedsvc.scrape import Result, ScrapeOutcome
from feedsvc.store import SourceState

#: Gives what places a source's budget (rhythm), or None for 'evenly'.
BudgetPlanners = Callable[[SourceState, ScrapeOutcome | None], BudgetPlanner | None]


class Planner:
    """Plans sources. What it draws dice with is an argument, so that a test can replay a day."""

    def __init__(
        self,
        *,
        clock: Clock,
        dice: Callable[[], float] = random.random,
        budgets: BudgetPlanners = lambda _state, _outcome: None,
    ) -> None:
        self._clock = clock
        self._dice = dice
        self._budgets = budgets

    def after(self, state: SourceState, outcome: ScrapeOutcome) -> tuple[datetime, str]:
        """When a source is due again after ``outcome``; ``state`` is how it stood before."""
        is_good = outcome.result.is_good or outcome.result is Result.QUARANTINED
        due = self._plan(
            state,
            outcome,
            Standing(
                scraped_at=outcome.finished_at,
                failures=0 if is_good else state.failures + 1,
                is_cut=outcome.result is Result.CUT and outcome.not_before is None,
                not_before=outcome.not_before,
                fresh_until=outcome.fresh_until,
            ),
        )
        return due.at, due.why

    def now(self, state: SourceState) -> tuple[datetime, str]:
        """When a source without a plan is due: a new one at once, a changed one by its last scrape."""
        due = self._plan(
            state,
            None,
            Standing(
                scraped_at=state.scraped_at,
                failures=state.failures if state.state in ("failing", "broken") else 0,
                not_before=state.not_before,
            ),
        )
        return due.at, due.why

    def _plan(self, state: SourceState, outcome: ScrapeOutcome | None, standing: Standing) -> Due:
        return next_due(
            state.source.cadence,
            standing,
            now=self._clock(),
            zone=state.source.time_zone,
            dice=self._dice(),
            budget=self._budgets(state, outcome),
        )
