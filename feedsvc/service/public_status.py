"""How the service is, for its readers: whether sources are read, and which are not; why is an admin's business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedsvc.model import FeedRef
from feedsvc.store import Condition, Store, Wanted

#: Sources that are named at most.
NAMED_MOST = 50
_UNREAD = (Condition.BROKEN, Condition.SUSPECT, Condition.FAILING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A source that could not be read lately; its feed keeps what it has."""

    key: str
    title: str
    #: When it was last read, None for never.
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStatus:
    """What readers may know."""

    #: Sources that are watched, and those of them that could not be read lately.
    watched: int
    unread: int
    #: The first of them by name.
    named: tuple[Unread, ...]
    #: When a source was last looked at, and when something new was last found.
    scraped_at: datetime | None
    found_at: datetime | None


def public_status(store: Store, *, now: datetime) -> PublicStatus:
    """The status at this moment. Raises StoreError."""
    counts = store.overview.conditions(now=now)
    resting = counts[Condition.PAUSED] + counts[Condition.STOPPED]
    troubled = store.overview.page(Wanted(conditions=_UNREAD), now=now, limit=NAMED_MOST)
    last = next(iter(store.scrapes.history(limit=1)), None)
    newest = next(iter(store.entries.newest(FeedRef(kind="all"), limit=1)), None)
    return PublicStatus(
        watched=sum(counts.values()) - resting,
        unread=sum(counts[condition] for condition in _UNREAD),
        named=tuple(
            Unread(key=state.key, title=state.source.title or state.key, read_at=state.succeeded_at)
            for state in troubled
        ),
        scraped_at=last.finished_at if last is not None else None,
        found_at=newest.first_seen_at if newest is not None else None,
    )
