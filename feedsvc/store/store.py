"""The store: one object for everything that is kept, with one member a noun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from feedsvc.model import Category, FeedRef, StoredEntry
from feedsvc.protocols import Clock, FeedIdentity, Window
from feedsvc.store.access import AccessTable
from feedsvc.store.backup import back_up, restore
from feedsvc.store.burden import BurdenTable
from feedsvc.store.categories import CategoryTable
from feedsvc.store.category_moves import CategoryMoves
from feedsvc.store.database import Database
from feedsvc.store.deliveries import DeliveryTable
from feedsvc.store.deltas import DeltaTable
from feedsvc.store.entries import EntryTable
from feedsvc.store.feeds import FeedTable
from feedsvc.store.figures import FigureTable
from feedsvc.store.leases import LeaseTable
from feedsvc.store.migrate import migrate
from feedsvc.store.notices import NoticeTable
from feedsvc.store.overview import OverviewTable
from feedsvc.store.renderings import RenderingTable
from feedsvc.store.saved_feeds import SavedFeedTable
from feedsvc.store.scrapes import ScrapeTable
from feedsvc.store.snapshots import SnapshotTable
from feedsvc.store.sources import SourceTable
from feedsvc.store.subscriptions import SubscriptionTable
from feedsvc.store.tokens import TokenTable
from feedsvc.store.visits import VisitTable


class Store:
    """Everything that feedsvc keeps. Safe to use from many threads; implements ``protocols.EntryReader``."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self.database = database
        self._clock = clock
        self.access = AccessTable(database)
        self.burdens = BurdenTable(database)
        self.categories_kept = CategoryTable(database)
        self.category_moves = CategoryMoves(database)
        self.deliveries = DeliveryTable(database)
        self.deltas = DeltaTable(database)
        self.entries = EntryTable(database)
        self.feeds = FeedTable(database)
        self.leases = LeaseTable(database)
        self.overview = OverviewTable(database)
        self.notices = NoticeTable(database)
        self.figures = FigureTable(database)
        self.renderings = RenderingTable(database)
        self.saved_feeds = SavedFeedTable(database)
        self.scrapes = ScrapeTable(database)
        self.snapshots = SnapshotTable(database)
        self.sources = SourceTable(database)
        self.subscriptions = SubscriptionTable(database)
        self.tokens = TokenTable(database)
        self.visits = VisitTable(database)

    @classmethod
    def open(cls, url: str, *, clock: Clock = lambda: datetime.now(UTC)) -> Store:
        """Open, or make, the database at ``url`` ("sqlite:////path", "postgresql://...") and migrate it.

        ``clock`` dates the identity of feeds that are first asked for. Raises StoreError, StoreBusy.
        """
        database = Database(url)
        try:
            migrate(database)
        except BaseException:
            database.close()
            raise
        return cls(database, clock=clock)

    def together(self) -> AbstractContextManager[None]:
        """All that this thread reads and writes meanwhile is one transaction, beside which nobody's change comes.

        For short work that waits for nobody. Raises StoreError, StoreBusy.
        """
        return self.database.together()

    @contextmanager
    def in_one(self) -> Iterator[None]:
        """All that this thread writes meanwhile is one transaction: all of it is kept, or nothing.

        Unlike ``together``, on a server others may change meanwhile what was read. Raises StoreError, StoreBusy.
        """
        with self.database.write():
            yield

    def close(self) -> None:
        """Give back every connection."""
        self.database.close()

    def back_up(self, target: Path) -> None:
        """Write everything into one file, while the service runs. Raises StoreError."""
        back_up(self.database, target)

    def restore(self, source: Path) -> None:
        """Replace everything by a backup. Raises StoreError; then nothing was changed."""
        restore(self.database, source)

    # protocols.EntryReader

    def feed_identity(self, ref: FeedRef) -> FeedIdentity:
        """The feed's permanent identity; minted and kept at the first call."""
        return self.feeds.ensure(ref, now=self._clock()).identity

    def window(self, ref: FeedRef, window: Window, *, now: datetime) -> Sequence[StoredEntry]:
        """The entries of the feed's current document in feed order; withdrawn ones are left out."""
        return self.entries.window(ref, window, now=now)

    def entry(self, uuid: str) -> StoredEntry | None:
        """One entry by its bare UUID, withdrawn ones included."""
        return self.entries.entry(uuid)

    def categories(self) -> Sequence[Category]:
        """Every category, declared or made from a breadcrumb, parents before children."""
        return self.categories_kept.all()

    def archive_count(self, ref: FeedRef) -> int:
        """How many complete archives a feed has; every entry that ``window`` leaves out is in one of them."""
        state = self.feeds.state(ref)
        return state.archives if state is not None else 0

    def archive(self, ref: FeedRef, number: int) -> Sequence[StoredEntry]:
        """The entries of archive ``number`` (1 is the oldest) in feed order, without withdrawn ones; () for none."""
        return self.entries.archive(ref, number)

    def tombstones(self, ref: FeedRef, *, since: datetime) -> Sequence[tuple[str, datetime]]:
        """Entries withdrawn from the feed since then: (bare UUID, when), the latest first."""
        return self.entries.tombstones(ref, since=since)

    def search(self, words: str, *, limit: int) -> Sequence[StoredEntry]:
        """Entries whose title, summary or text hold all the words, newest first; withdrawn ones are left out."""
        return self.entries.newest(FeedRef(kind="all"), limit=limit, words=words)
