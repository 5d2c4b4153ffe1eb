"""Feeds as the store knows them: identity, which entries each shows, its window, its archives and how often it changed.

An entry belongs to the feed "all", to the feeds of its sources, and to those of its categories and all their parents.
Until an entry stands in an archive it is in the window, so that no entry is ever in neither (specs/feeds.md 8.2).
Archives are runs of 100 that never take in another entry; they are closed when a scrape has ended (``close_archives``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from feedsvc.model import FeedRef
from feedsvc.protocols import FeedIdentity, Window
from feedsvc.store.database import Database
from feedsvc.store.schema import archives, counters, feeds, memberships

#: Entries an archive.
ARCHIVE_SIZE = 100
_ALL = FeedRef(kind="all")
#: Asked several times a second by every web process, so it is put together once.
_CHANGES = sa.select(counters.c.value).where(counters.c.name == "changes")
# Asked for each release: SQLAlchemy puts a statement together in as long as SQLite takes to run it.
_GROW = (
    sa.update(counters)
    .where(counters.c.name == "changes")
    .values(value=counters.c.value + 1)
    .returning(counters.c.value)
)
_BY_KEYS = sa.select(feeds.c.id, feeds.c.kind, feeds.c.key).where(feeds.c.key.in_(sa.bindparam("keys", expanding=True)))
_SHOWN_IN = sa.select(memberships.c.feed_id, memberships.c.archive).where(
    memberships.c.entry_id == sa.bindparam("of_entry")
)
_JOIN = sa.insert(memberships)
_TOUCH = sa.update(feeds).where(feeds.c.id.in_(sa.bindparam("ids", expanding=True))).values(version=sa.bindparam("to"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """Where a feed stands."""

    ref: FeedRef
    identity: FeedIdentity
    #: Number of archives, the oldest is 1.
    archives: int
    #: Grows with each change of the current document.
    version: int
    gone_at: datetime | None = None
    #: The key that it was renamed to, for ever.
    moved_to: str | None = None


def parents(path: str) -> tuple[str, ...]:
    """A category path and all above it, the path itself first: ``a/b`` gives ``("a/b", "a")``."""
    parts = path.split("/")
    return tuple("/".join(parts[:depth]) for depth in range(len(parts), 0, -1))


def refs_of(sources: Iterable[str], category_paths: Iterable[str]) -> tuple[FeedRef, ...]:
    """Every feed that shows an entry of these sources and categories, roll-up included."""
    by_category = dict.fromkeys(parent for path in category_paths for parent in parents(path))
    return (
        _ALL,
        *(FeedRef(kind="source", key=key) for key in dict.fromkeys(sources)),
        *(FeedRef(kind="category", key=path) for path in by_category),
    )


def next_change(connection: Connection) -> int:
    """A number greater than every one before it: the version of whatever this transaction changes."""
    value = connection.execute(_GROW).scalar()
    if value is None:
        connection.execute(sa.insert(counters).values(name="changes", value=1))
        return 1
    return int(value)


def feed_id(connection: Connection, ref: FeedRef, *, now: datetime) -> int:
    """The row of a feed; minted at the first call, for ever."""
    found = connection.execute(sa.select(feeds.c.id).where(feeds.c.kind == ref.kind, feeds.c.key == ref.key)).scalar()
    if found is not None:
        return int(found)
    created_at = now.replace(microsecond=0)
    made = sa.insert(feeds).values(
        kind=ref.kind, key=ref.key, uuid=str(uuid4()), created_at=created_at, version=0, archives=0
    )
    return int(connection.execute(made.returning(feeds.c.id)).scalar_one())


def _feed_ids(connection: Connection, refs: Sequence[FeedRef], *, now: datetime) -> list[int]:
    """The rows of feeds, with one look for those that are there."""
    found = connection.execute(_BY_KEYS, {"keys": [ref.key for ref in refs]})
    known = {(row.kind, row.key): int(row.id) for row in found}
    return [known.get((ref.kind, ref.key)) or feed_id(connection, ref, now=now) for ref in refs]


def join(
    connection: Connection,
    entry_id: int,
    refs: Iterable[FeedRef],
    *,
    window_at: datetime,
    now: datetime,
    is_shown: bool = True,
) -> None:
    """Let ``refs`` hold the entry, and show it if it ``is_shown``; those that already hold it keep its place."""
    known = {row.feed_id for row in connection.execute(_SHOWN_IN, {"of_entry": entry_id})}
    rows = [
        {"feed_id": found, "entry_id": entry_id, "window_at": window_at, "archive": None, "is_withdrawn": not is_shown}
        for found in _feed_ids(connection, tuple(refs), now=now)
        if found not in known
    ]
    if rows:
        connection.execute(_JOIN, rows)


def show_new(
    connection: Connection, entry_id: int, refs: Iterable[FeedRef], *, window_at: datetime, now: datetime
) -> None:
    """Show an entry that was made just now in ``refs``, all of which have changed with that."""
    shown = _feed_ids(connection, tuple(refs), now=now)
    row = {"entry_id": entry_id, "window_at": window_at, "archive": None, "is_withdrawn": False}
    connection.execute(_JOIN, [{"feed_id": feed, **row} for feed in shown])
    connection.execute(_TOUCH, {"ids": shown, "to": next_change(connection)})


def leave(connection: Connection, entry_id: int, refs: Iterable[FeedRef]) -> None:
    """Take the entry out of ``refs`` (it was filed under another category)."""
    touch(connection, entry_id)
    for ref in refs:
        found = sa.select(feeds.c.id).where(feeds.c.kind == ref.kind, feeds.c.key == ref.key).scalar_subquery()
        connection.execute(
            sa.delete(memberships).where(memberships.c.entry_id == entry_id, memberships.c.feed_id == found)
        )


def touch(connection: Connection, entry_id: int) -> int:
    """The entry changed: so did each feed that shows it, and of each feed's archives the one that holds it."""
    version = next_change(connection)
    rows = connection.execute(_SHOWN_IN, {"of_entry": entry_id}).all()
    connection.execute(_TOUCH, {"ids": [row.feed_id for row in rows], "to": version})
    for row in rows:
        if row.archive is not None:
            connection.execute(
                sa.update(archives)
                .where(archives.c.feed_id == row.feed_id, archives.c.number == row.archive)
                .values(version=version)
            )
    return version


def remove_feed(connection: Connection, ref: FeedRef, *, now: datetime, moved_to: str | None = None) -> None:
    """The feed is gone for ever (410), or goes on under the key ``moved_to`` (301)."""
    found = feed_id(connection, ref, now=now)
    version = next_change(connection)
    connection.execute(
        sa.update(feeds).where(feeds.c.id == found).values(gone_at=now, moved_to=moved_to, version=version)
    )


def restore_feeds(connection: Connection, kind: str, keys: Sequence[str]) -> None:
    """Feeds that were removed, or went elsewhere, are at their own addresses again."""
    connection.execute(
        sa.update(feeds)
        .where(feeds.c.kind == kind, feeds.c.key.in_(keys), feeds.c.gone_at.is_not(None))
        .values(gone_at=None, moved_to=None, version=next_change(connection))
    )


def rename_feed(connection: Connection, old: FeedRef, new: FeedRef, *, now: datetime) -> None:
    """The feed's identity, entries and archives go on under ``new``; ``old`` leads there for ever."""
    version = next_change(connection)
    taken = feed_id(connection, new, now=now)
    kept = feed_id(connection, old, now=now)
    connection.execute(sa.update(feeds).where(feeds.c.id == taken).values(key=f"{new.key}\x1f{taken}"))
    connection.execute(sa.update(feeds).where(feeds.c.id == kept).values(key=new.key, version=version))
    connection.execute(
        sa.update(feeds).where(feeds.c.id == taken).values(key=old.key, gone_at=now, moved_to=new.key, version=version)
    )


class FeedTable:
    """Reads and keeps what feeds are made of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def changes(self) -> int:
        """Grows with every change of any feed: one cheap look tells whether anything is to be rendered."""
        with self._database.read() as connection:
            found = connection.execute(_CHANGES).scalar()
        return int(found or 0)

    def state(self, ref: FeedRef) -> FeedState | None:
        """Where a feed stands, or None where it was never made."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(feeds).where(feeds.c.kind == ref.kind, feeds.c.key == ref.key)).first()
        return _state(row) if row is not None else None

    def states(self, *, kind: str = "") -> tuple[FeedState, ...]:
        """Every feed, or those of one ``kind``; the latest change first."""
        return self._states(*([feeds.c.kind == kind] if kind else []))

    def ended(self) -> tuple[FeedState, ...]:
        """The feeds that are gone, or went on under another key."""
        return self._states(feeds.c.gone_at.is_not(None))

    def _states(self, *which: sa.ColumnElement[bool]) -> tuple[FeedState, ...]:
        query = sa.select(feeds).where(*which).order_by(feeds.c.version.desc(), feeds.c.id)
        with self._database.read() as connection:
            return tuple(_state(row) for row in connection.execute(query))

    def versions(self, *, changed_since: int) -> dict[FeedRef, int]:
        """The version of each feed that changed after ``changed_since``."""
        query = sa.select(feeds.c.kind, feeds.c.key, feeds.c.version).where(feeds.c.version > changed_since)
        with self._database.read() as connection:
            return {FeedRef(kind=row.kind, key=row.key): row.version for row in connection.execute(query)}

    def ensure(self, ref: FeedRef, *, now: datetime) -> FeedState:
        """Where a feed stands; made at the first call."""
        known = self.state(ref)
        if known is not None:
            return known
        with self._database.write() as connection:
            found = feed_id(connection, ref, now=now)
            return _state(connection.execute(sa.select(feeds).where(feeds.c.id == found)).one())

    def raise_updated(self, ref: FeedRef, updated: datetime) -> None:
        """Remember the greatest ``updated`` that a document of this feed showed: it never goes back."""
        this = (feeds.c.kind == ref.kind, feeds.c.key == ref.key)
        with self._database.read() as connection:
            before = connection.execute(sa.select(feeds.c.updated).where(*this)).scalar()
        if before is not None and before >= updated:
            return
        with self._database.write() as connection:
            is_older = sa.or_(feeds.c.updated.is_(None), feeds.c.updated < updated)
            connection.execute(sa.update(feeds).where(*this, is_older).values(updated=updated))

    def remove(self, ref: FeedRef, *, now: datetime, moved_to: str | None = None) -> None:
        """The feed is gone for ever (410), or goes on under the key ``moved_to`` (301)."""
        with self._database.write() as connection:
            remove_feed(connection, ref, now=now, moved_to=moved_to)

    def restore(self, ref: FeedRef) -> None:
        """A feed that was removed is declared again."""
        with self._database.write() as connection:
            restore_feeds(connection, ref.kind, [ref.key])

    def rename(self, old: FeedRef, new: FeedRef, *, now: datetime) -> None:
        """The feed's identity, entries and archives go on under ``new``; ``old`` leads there for ever."""
        with self._database.write() as connection:
            rename_feed(connection, old, new, now=now)

    def close_archives(self, *, changed_since: int = -1) -> int:
        """Put what no longer fits into a window into archives, oldest first; the number of archives closed.

        Only feeds whose version is greater than ``changed_since`` are looked at.

        Called when a scrape has ended: within a first scrape, entries come newest first, and an archive closed half-way
        would hold the wrong ones.
        """
        with self._database.read() as connection:
            crowded = (
                connection.execute(
                    sa.select(memberships.c.feed_id)
                    .where(memberships.c.archive.is_(None))
                    .where(memberships.c.feed_id.in_(sa.select(feeds.c.id).where(feeds.c.version > changed_since)))
                    .group_by(memberships.c.feed_id)
                    .having(sa.func.count() > ARCHIVE_SIZE)
                )
                .scalars()
                .all()
            )
        return sum(self._close_archives_of(crowded_feed) for crowded_feed in crowded)

    def _close_archives_of(self, feed: int) -> int:
        with self._database.write() as connection:
            waiting = (
                connection.execute(
                    sa.select(memberships.c.entry_id)
                    .where(memberships.c.feed_id == feed, memberships.c.archive.is_(None))
                    .order_by(memberships.c.window_at, memberships.c.entry_id)
                )
                .scalars()
                .all()
            )
            runs = max(0, (len(waiting) - 1) // ARCHIVE_SIZE)
            if not runs:
                return 0
            version = next_change(connection)
            last = connection.execute(sa.select(feeds.c.archives).where(feeds.c.id == feed)).scalar_one()
            for run in range(runs):
                number = last + run + 1
                members = waiting[run * ARCHIVE_SIZE : (run + 1) * ARCHIVE_SIZE]
                connection.execute(
                    sa.update(memberships)
                    .where(memberships.c.feed_id == feed, memberships.c.entry_id.in_(members))
                    .values(archive=number)
                )
                connection.execute(sa.insert(archives).values(feed_id=feed, number=number, version=version))
            connection.execute(sa.update(feeds).where(feeds.c.id == feed).values(archives=last + runs, version=version))
            return runs


def window_ids(connection: Connection, feed: int, window: Window, *, now: datetime) -> Sequence[int]:
    """Ids of the entries of the current document: all in no archive, then the newest (8.3), at most ``maximum``.

    Newest means by ``window_at``: at least ``minimum`` entries and all of the last ``days`` days.
    """
    shown = (memberships.c.feed_id == feed, memberships.c.is_withdrawn.is_(False))
    newest = connection.execute(
        sa.select(memberships.c.entry_id, memberships.c.window_at, memberships.c.archive)
        .where(*shown)
        .order_by(memberships.c.window_at.desc(), memberships.c.entry_id.desc())
        .limit(window.maximum)
    ).all()
    waiting = connection.execute(
        sa.select(memberships.c.entry_id)
        .where(*shown, memberships.c.archive.is_(None))
        .order_by(memberships.c.window_at.desc(), memberships.c.entry_id.desc())
        .limit(window.maximum)
    ).scalars()
    since = now - timedelta(days=window.days)
    chosen = dict.fromkeys(waiting)
    for place, row in enumerate(newest):
        if len(chosen) >= window.maximum:
            break
        if place < window.minimum or row.window_at >= since:
            chosen.setdefault(row.entry_id)
    return tuple(chosen)


def archive_ids(connection: Connection, feed: int, number: int) -> Sequence[int]:
    """Ids of the entries of one archive; withdrawn ones are left out."""
    query = sa.select(memberships.c.entry_id).where(
        memberships.c.feed_id == feed, memberships.c.archive == number, memberships.c.is_withdrawn.is_(False)
    )
    return connection.execute(query).scalars().all()


def _state(row: Row[tuple[object, ...]]) -> FeedState:
    return FeedState(
        ref=FeedRef(kind=row.kind, key=row.key),
        identity=FeedIdentity(uuid=row.uuid, created_at=row.created_at, updated=row.updated),
        archives=row.archives,
        version=row.version,
        gone_at=row.gone_at,
        moved_to=row.moved_to,
    )
