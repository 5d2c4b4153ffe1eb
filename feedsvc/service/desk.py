"""The admin's desk: who may sit at it, what they see, and what they may move. Loads nothing that fetches pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from feedsvc.config import Config
from feedsvc.errors import ServiceError
from feedsvc.model import FeedRef
from feedsvc.protocols import Clock
from feedsvc.service.categories import Categories
from feedsvc.service.readership import Readership
from feedsvc.service.saved import SavedFeeds
from feedsvc.service.tuning import Tuning
from feedsvc.store import SourceState, Store
from feedsvc.store.subscriptions import Subscription

if TYPE_CHECKING:
    from feedsvc.service.access import Access
    from feedsvc.service.editing import Editing
    from feedsvc.service.planning import Schedule
    from feedsvc.service.preview import Preview
    from feedsvc.service.tokens import Tokens

#: Previews that run at the same time in one process.
LOOKS_MAX = 2


class Desk:
    """What the admin pages work with."""

    def __init__(self, store: Store, config: Callable[[], Config], *, clock: Clock) -> None:
        self.store = store
        #: Gives the configuration in force.
        self.config = config
        self.clock = clock
        #: A look at a page takes a thread and some memory for as long as a site likes: few at a time.
        self._looks = threading.BoundedSemaphore(LOOKS_MAX)

    @cached_property
    def access(self) -> Access:
        """Who may sit here; opened when somebody first asks, as most processes never do."""
        from feedsvc.service.access import Access

        return Access(self.store, clock=self.clock)

    @cached_property
    def tuning(self) -> Tuning:
        """What an admin changes about sources."""
        return Tuning(self.store, clock=self.clock)

    @cached_property
    def tokens(self) -> Tokens:
        """Which programs may use the API."""
        from feedsvc.service.tokens import Tokens

        return Tokens(self.store, clock=self.clock)

    @cached_property
    def editing(self) -> Editing:
        """What an admin decides about entries."""
        from feedsvc.service.editing import Editing

        return Editing(self.store, clock=self.clock)

    @cached_property
    def categories(self) -> Categories:
        """The tree of categories."""
        return Categories(self.store, self.config, clock=self.clock)

    @cached_property
    def filters(self) -> SavedFeeds:
        """Saved feeds."""
        return SavedFeeds(self.store, self.config, clock=self.clock)

    @cached_property
    def readership(self) -> Readership:
        """Who reads, in numbers."""
        return Readership(self.store, clock=self.clock)

    def subscriptions(self, feed: FeedRef | None = None) -> tuple[Subscription, ...]:
        """Subscriptions at our hub: all, or those to any document of one feed."""
        found = self.store.subscriptions.all()
        return found if feed is None else tuple(one for one in found if is_of(feed, one.topic))

    def schedule(self, state: SourceState, *, ahead: timedelta) -> Schedule:
        """What the schedule of a source, as it is or as it would be, comes to. Raises StoreError."""
        from feedsvc.schedule.rhythms import Rhythms
        from feedsvc.service.planning import schedule_of

        return schedule_of(
            state, self.store, Rhythms(self.store), self.config().settings, now=self.clock(), ahead=ahead
        )

    def preview(self, url: str, *, number: int | None = None) -> Preview:
        """What would be found at an address, by the best way in or the one of this number.

        Under the same guard and limits as any scrape; nothing is stored. Raises ScrapeError where no page came,
        ServiceError where others are looking already.
        """
        from feedsvc.fetch import Client
        from feedsvc.service.preview import Previewer, source_for
        from feedsvc.service.reading import PageReader
        from feedsvc.service.service import fetch_settings

        if not self._looks.acquire(blocking=False):
            raise ServiceError("others are looking at pages at this moment", remedy="try again in a few seconds")
        client = Client(fetch_settings(self.config()), clock=self.clock)
        try:
            return Previewer(client, PageReader(), now=self.clock()).preview(source_for(url), number=number)
        finally:
            client.close()
            self._looks.release()


def is_of(feed: FeedRef, topic: str) -> bool:
    """Whether a topic is a document of the feed: its path with a format's ending, and perhaps a variant's query."""
    return topic.partition("?")[0].rpartition(".")[0] == feed.path
