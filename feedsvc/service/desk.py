"""The admin's desk: who may sit at it, what they see, and what they may move. Loads nothing that fetches pages."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

from feedsvc.config import Config
from feedsvc.config.watch import LOST_FOLDER
from feedsvc.errors import StoreError
from feedsvc.model import FeedRef, Rules, Source
from feedsvc.protocols import Clock
from feedsvc.service.categories import Categories
from feedsvc.service.pacing import paced
from feedsvc.service.readership import Readership
from feedsvc.service.refusal import Busy, Unknown
from feedsvc.service.saved import SavedFeeds
from feedsvc.service.standing import Health, HostStanding, Setting, health_of, hosts_of, settings_of
from feedsvc.service.tuning import Tuning
from feedsvc.store import ScrapeRecord, SourceState, Store
from feedsvc.store.subscriptions import Subscription

if TYPE_CHECKING:
    from feedsvc.fetch import Client
    from feedsvc.notify import Alert
    from feedsvc.scrape.repair import Repair
    from feedsvc.service.access import Access
    from feedsvc.service.editing import Editing
    from feedsvc.service.planning import Schedule
    from feedsvc.service.preview import Preview
    from feedsvc.service.recent import RecentPages
    from feedsvc.service.replaying import Checked, Replay
    from feedsvc.service.tokens import Tokens

#: Previews that run at the same time in one process.
LOOKS_MAX = 2


class Desk:
    """What the admin pages work with."""

    def __init__(
        self,
        store: Store,
        config: Callable[[], Config],
        *,
        clock: Clock,
        faults: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        """``faults`` says what keeps the configuration's files from being in force."""
        self.store = store
        #: Gives the configuration in force.
        self.config = config
        self._faults = faults
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
        return Tuning(self.store, self.config, clock=self.clock)

    @cached_property
    def tokens(self) -> Tokens:
        """Which programs may use the API."""
        from feedsvc.service.tokens import Tokens

        return Tokens(self.store, clock=self.clock)

    @cached_property
    def editing(self) -> Editing:
        """What an admin decides about entries."""
        from feedsvc.service.editing import Editing

        return Editing(self.store, self.config, clock=self.clock)

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

    def paced(self) -> Config:
        """The configuration with the cadences that follow from what was decided about categories. Raises StoreError."""
        return paced(self.config(), self.store.categories_kept.decided())

    def schedule(self, state: SourceState, *, ahead: timedelta) -> Schedule:
        """What the schedule of a source, as it is or as it would be, comes to. Raises StoreError."""
        from feedsvc.schedule.rhythms import Rhythms
        from feedsvc.service.planning import schedule_of

        return schedule_of(state, self.store, Rhythms(self.store), self.config(), now=self.clock(), ahead=ahead)

    def preview(self, url: str, *, number: int | None = None) -> Preview:
        """What would be found at an address, by the best way in or the one of this number.

        Under the same guard and limits as any scrape; nothing is stored. Raises ScrapeError where no page came,
        ServiceError where others are looking already.
        """
        from feedsvc.service.preview import source_for

        return self.look(source_for(url), number=number)

    def look(self, source: Source, *, number: int | None = None, is_fresh: bool = True) -> Preview:
        """What a scrape of this source, as it is or as it would be, would find; as ``preview``.

        Without ``is_fresh``, pages that another look fetched within the last minutes stand in for themselves.
        """
        from feedsvc.service.preview import Previewer
        from feedsvc.service.reading import PageReader

        with self._looking() as client:
            remembering = self._recent.before(client, is_fresh=is_fresh)
            return Previewer(remembering, PageReader(), now=self.clock()).preview(source, number=number)

    @cached_property
    def _recent(self) -> RecentPages:
        from feedsvc.service.recent import RecentPages

        return RecentPages()

    # Extraction looked at again

    def replay(self, key: str, rules: Rules | None = None, *, releases: int | None = None) -> Replay:
        """A source's kept pages by ``rules`` or those in force, of releases the newest so many (None: all).

        Raises Unknown, and ServiceError where nothing is kept.
        """
        from feedsvc.service.reading import PageReader
        from feedsvc.service.replaying import Replaying

        return Replaying(self.store, PageReader(), self.state(key).source).replay(rules, releases=releases)

    def check(self, key: str) -> Checked:
        """Whether the rules in force still read the kept pages of a source. Raises Unknown."""
        from feedsvc.service.reading import PageReader
        from feedsvc.service.replaying import CHECKED_MOST, Replaying, check_rules

        reader, source = PageReader(), self.state(key).source
        snapshots = self.store.snapshots.of_source(key, limit=CHECKED_MOST)
        return check_rules(Replaying(self.store, reader, source), snapshots, reader)

    def repair(self, key: str) -> Repair:
        """Rules that would fit the page as it is now, proposed. Raises Unknown, ScrapeError, ServiceError."""
        from feedsvc.service.repairing import propose

        state = self.state(key)
        with self._looking() as client:
            return propose(state, self.store, client)

    def adopt(self, key: str, rules: Rules) -> bool:
        """Put proposed rules in force, over what is declared. Raises Unknown."""
        from feedsvc.service.repairing import put_in_force

        put_in_force(self.state(key).key, rules, self.store, now=self.clock())
        return True

    def state(self, key: str) -> SourceState:
        """One source. Raises Unknown."""
        found = self.store.sources.get(key)
        if found is None:
            raise Unknown("there is no such source", subject=key[:80], remedy="see the list for those there are")
        return found

    # How things stand

    def settings(self) -> tuple[Setting, ...]:
        """What is in force, and where it comes from."""
        return tuple(settings_of(self.config()))

    def hosts(self) -> tuple[HostStanding, ...]:
        """What sources ask of each host, the busiest first."""
        from feedsvc.service.planning import loads_of

        burdens, now = self.store.burdens.all(), self.clock()
        return hosts_of(burdens, loads_of(burdens, self.store, now=now), self.config().settings, now=now)

    def health(self) -> Health:
        """The service at a glance; never raises for a store that cannot be read."""
        return health_of(self.store, now=self.clock(), faults=self._faults() or self._lost())

    def _lost(self) -> tuple[str, ...]:
        """What the start of this process found to be lost of the configuration."""
        try:
            is_lost = self.config().lacks_sources and self.store.sources.has_declared()
        except StoreError:
            return ()
        return (str(LOST_FOLDER),) if is_lost else ()

    def alerts(self, *, limit: int = 100) -> tuple[Alert, ...]:
        """Troubles of sources, those in force first, then the latest."""
        from feedsvc.service.alerting import alerts_of

        found = [alert for state in self.store.sources.troubled() for alert in alerts_of(state)]
        found.sort(key=lambda alert: (alert.at, alert.source, alert.trouble), reverse=True)
        return tuple(sorted(found, key=lambda alert: alert.has_ended)[:limit])

    def failures(self, *, limit: int = 100) -> tuple[ScrapeRecord, ...]:
        """The latest scrapes that failed or looked wrong; each says why, and what to do."""
        return self.store.scrapes.unwell(limit=limit)

    def back_up(self) -> Path:
        """A whole backup in a new file of the data folder, which is the caller's to remove. Raises StoreError."""
        folder = self.config().data / "backups"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = mkstemp(prefix=f"feedsvc-{self.clock():%Y%m%dT%H%M%SZ}-", suffix=".sqlite3", dir=folder)
        except OSError as error:
            raise StoreError(
                f"no backup can be written: {error.strerror}", subject=str(folder), remedy="make the folder writable"
            ) from error
        os.close(handle)
        self.store.back_up(Path(name))
        return Path(name)

    @contextmanager
    def _looking(self) -> Iterator[Client]:
        """A client of its own for one look at pages; few look at a time."""
        from feedsvc.fetch import Client
        from feedsvc.service.service import fetch_settings

        if not self._looks.acquire(blocking=False):
            raise Busy("others are looking at pages at this moment", remedy="try again in a few seconds")
        client = Client(fetch_settings(self.config()), clock=self.clock)
        try:
            yield client
        finally:
            client.close()
            self._looks.release()


def is_of(feed: FeedRef, topic: str) -> bool:
    """Whether a topic is a document of the feed: its path with a format's ending, and perhaps a variant's query."""
    return topic.partition("?")[0].rpartition(".")[0] == feed.path
