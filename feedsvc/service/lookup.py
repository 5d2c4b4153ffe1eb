"""Looking things up: what the web side and most commands need, without fetching or extracting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType

from feedsvc.config import Config
from feedsvc.errors import StoreError
from feedsvc.log import get_logger
from feedsvc.protocols import Clock
from feedsvc.service.desk import Desk
from feedsvc.service.feeds import FeedService
from feedsvc.service.following import Following
from feedsvc.service.hub import Hub
from feedsvc.service.readership import Readership
from feedsvc.service.taking_up import take_up
from feedsvc.store import Store

log = get_logger(__name__)


class Lookup:
    """An opened store with its feeds, under a configuration that may change while it runs."""

    def __init__(self, config: Callable[[], Config], store: Store, *, clock: Clock) -> None:
        #: Gives the configuration in force.
        self.config = config
        #: The configuration that the store was last brought in line with.
        self.taken_up: Config | None = None
        self.store = store
        self.clock = clock
        self.feeds = FeedService(store, config, clock=clock)
        faults = config.faults if isinstance(config, Following) else tuple
        self.desk = Desk(store, config, clock=clock, faults=faults)
        self.readership = Readership(store, clock=clock)
        self.hub = Hub(store, self.feeds, config, clock=clock)

    @classmethod
    def open(cls, config: Config | Callable[[], Config], *, clock: Clock = lambda: datetime.now(UTC)) -> Lookup:
        """Open the store that the configuration names. Raises StoreError, StoreBusy."""
        if isinstance(config, Config):
            fixed = config
            return cls(lambda: fixed, Store.open(fixed.database_url, clock=clock), clock=clock)
        return cls(config, Store.open(config().database_url, clock=clock), clock=clock)

    def take_up(self) -> None:
        """Bring the store's sources and categories in line with the configuration; a failure is logged."""
        self.taken_up = self.config()
        try:
            take_up(self.store, self.taken_up, now=self.clock())
        except StoreError as error:
            log.warning("configuration not taken up", reason=str(error))

    def close(self) -> None:
        """Stop looking for changes and give back every connection."""
        self.feeds.close()
        self.store.close()

    def __enter__(self) -> Lookup:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
