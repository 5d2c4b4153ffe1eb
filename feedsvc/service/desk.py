"""The admin's desk: who may sit at it, what they see, and what they may move. Loads nothing that fetches pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from feedsvc.config import Config
from feedsvc.protocols import Clock
from feedsvc.service.tuning import Tuning
from feedsvc.store import SourceState, Store

if TYPE_CHECKING:
    from feedsvc.service.access import Access
    from feedsvc.service.planning import Schedule


class Desk:
    """What the admin pages work with."""

    def __init__(self, store: Store, config: Callable[[], Config], *, clock: Clock) -> None:
        self.store = store
        #: Gives the configuration in force.
        self.config = config
        self.clock = clock

    @cached_property
    def access(self) -> Access:
        """Who may sit here; opened when somebody first asks, as most processes never do."""
        from feedsvc.service.access import Access

        return Access(self.store, clock=self.clock)

    @cached_property
    def tuning(self) -> Tuning:
        """What an admin changes about sources."""
        return Tuning(self.store, clock=self.clock)

    def schedule(self, state: SourceState, *, ahead: timedelta) -> Schedule:
        """What the schedule of a source, as it is or as it would be, comes to. Raises StoreError."""
        from feedsvc.schedule.rhythms import Rhythms
        from feedsvc.service.planning import schedule_of

        return schedule_of(
            state, self.store, Rhythms(self.store), self.config().settings, now=self.clock(), ahead=ahead
        )
