"""What is kept: entries with revisions, sources with their state, scrapes, feeds and their renderings."""

from feedsvc.store.access import Admin, Session
from feedsvc.store.entry_search import EntryPage, EntryState
from feedsvc.store.feeds import ARCHIVE_SIZE, FeedState
from feedsvc.store.leases import Lease
from feedsvc.store.overview import Condition, Order, Wanted
from feedsvc.store.plans import CUT
from feedsvc.store.recording import Meeting, Recorded
from feedsvc.store.renderings import KeptRendering, archive_variant
from feedsvc.store.revisions import Revision
from feedsvc.store.scrapes import Quarantine, ScrapeRecord
from feedsvc.store.snapshots import Snapshot
from feedsvc.store.source_state import SourceState
from feedsvc.store.sources import ADMITS, DISMISSED, Synced
from feedsvc.store.store import Store
from feedsvc.store.stories import Story
from feedsvc.store.tokens import Token
from feedsvc.store.visits import ListingVisit, PendingItem, ReleaseVisit

__all__ = [
    "ADMITS",
    "ARCHIVE_SIZE",
    "CUT",
    "DISMISSED",
    "Admin",
    "Condition",
    "EntryPage",
    "EntryState",
    "FeedState",
    "KeptRendering",
    "Lease",
    "ListingVisit",
    "Meeting",
    "Order",
    "PendingItem",
    "Quarantine",
    "Recorded",
    "ReleaseVisit",
    "Revision",
    "ScrapeRecord",
    "Session",
    "Snapshot",
    "SourceState",
    "Store",
    "Story",
    "Synced",
    "Token",
    "Wanted",
    "archive_variant",
]
