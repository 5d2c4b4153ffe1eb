"""Entries as feeds, pages and programs read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa

from feedsvc.model import FeedRef, StoredEntry
from feedsvc.protocols import Window
from feedsvc.store import feeds
from feedsvc.store.curation import Curation
from feedsvc.store.entry_rows import feed_row, in_feed_order, stored_entry
from feedsvc.store.entry_search import Finding
from feedsvc.store.recording import Recording
from feedsvc.store.revisions import Revisions
from feedsvc.store.schema import aliases, entries, memberships, originals
from feedsvc.store.schema import archives as archive_rows
from feedsvc.store.stories import Stories

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class EntryTable(Recording, Curation, Finding, Stories, Revisions):
    """Everything about entries, and their reading for publishing."""

    def originals(self, *, after: int = 0, limit: int = 200) -> tuple[tuple[int, str, str, str, str], ...]:
        """(row, uuid, link, content, body before sanitizing) of entries whose original is kept, by row."""
        query = (
            sa.select(entries.c.id, entries.c.uuid, entries.c.link, entries.c.content, originals.c.raw_content)
            .join(originals, originals.c.entry_id == entries.c.id)
            .where(entries.c.id > after)
            .order_by(entries.c.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple((row[0], row[1], row[2], row[3], row[4].decode()) for row in connection.execute(query))

    def window(self, ref: FeedRef, window: Window, *, now: datetime) -> tuple[StoredEntry, ...]:
        """The entries of a feed's current document in feed order (specs/feeds.md 1.8, 8.3)."""
        with self._database.read() as connection:
            feed = feed_row(connection, ref)
            if feed is None:
                return ()
            return in_feed_order(connection, feeds.window_ids(connection, feed, window, now=now))

    def archive(self, ref: FeedRef, number: int) -> tuple[StoredEntry, ...]:
        """The entries of a feed's archive ``number`` (from 1, the oldest) in feed order."""
        with self._database.read() as connection:
            feed = feed_row(connection, ref)
            if feed is None:
                return ()
            return in_feed_order(connection, feeds.archive_ids(connection, feed, number))

    def archive_version(self, ref: FeedRef, number: int) -> int | None:
        """The change that last touched an archive, or None where there is no such archive."""
        table = archive_rows
        with self._database.read() as connection:
            feed = feed_row(connection, ref)
            query = sa.select(table.c.version).where(table.c.feed_id == feed, table.c.number == number)
            return connection.execute(query).scalar()

    def entry(self, uuid: str) -> StoredEntry | None:
        """One entry by its bare UUID, with its aliases and its original, withdrawn ones included."""
        with self._database.read() as connection:
            query = (
                sa.select(entries, originals.c.raw_content)
                .outerjoin(originals, originals.c.entry_id == entries.c.id)
                .where(entries.c.uuid == uuid)
            )
            row = connection.execute(query).first()
            if row is None:
                return None
            others = connection.execute(
                sa.select(aliases.c.url)
                .where(aliases.c.entry_id == row.id, aliases.c.url != row.canonical_url)
                .order_by(aliases.c.url)
            ).scalars()
            stored = stored_entry(row)
            return replace(
                stored,
                entry=replace(stored.entry, aliases=tuple(others), raw_content=(row.raw_content or b"").decode()),
            )

    def newest(
        self, ref: FeedRef, *, limit: int, offset: int = 0, words: str = "", source: str | None = None
    ) -> tuple[StoredEntry, ...]:
        """Entries of a feed for people and programs, newest first, withdrawn ones left out.

        ``words``: all of them must occur in title or summary.
        """
        with self._database.read() as connection:
            feed = feed_row(connection, ref)
            if feed is None:
                return ()
            query = (
                sa.select(entries)
                .join(memberships, memberships.c.entry_id == entries.c.id)
                .where(memberships.c.feed_id == feed, memberships.c.is_withdrawn.is_(False))
                .order_by(memberships.c.window_at.desc(), entries.c.position, memberships.c.entry_id.desc())
            )
            if source is not None:
                query = query.where(entries.c.source == source)
            for word in words.split()[:10]:
                contains = sa.or_(
                    entries.c.title.icontains(word, autoescape=True), entries.c.content.icontains(word, autoescape=True)
                )
                query = query.where(contains)
            return tuple(stored_entry(row) for row in connection.execute(query.limit(limit).offset(offset)))

    def count(self, ref: FeedRef = FeedRef(kind="all")) -> int:  # noqa: B008 - a frozen value
        """How many entries a feed has shown so far, withdrawn ones left out."""
        with self._database.read() as connection:
            feed = feed_row(connection, ref)
            query = sa.select(sa.func.count()).where(
                memberships.c.feed_id == feed, memberships.c.is_withdrawn.is_(False)
            )
            return int(connection.execute(query).scalar_one()) if feed is not None else 0

    def tombstones(self, ref: FeedRef, *, since: datetime = _LONG_AGO) -> tuple[tuple[str, datetime], ...]:
        """Entries withdrawn from a feed since then: (bare UUID, when), the latest first; at most 200."""
        with self._database.read() as connection:
            feed = feed_row(connection, ref)
            query = (
                sa.select(entries.c.uuid, entries.c.withdrawn_at)
                .join(memberships, memberships.c.entry_id == entries.c.id)
                .where(memberships.c.feed_id == feed, memberships.c.is_withdrawn, entries.c.withdrawn_at >= since)
                .order_by(entries.c.withdrawn_at.desc(), entries.c.id)
                .limit(200)
            )
            return tuple((row.uuid, row.withdrawn_at) for row in connection.execute(query)) if feed is not None else ()

    def of_source(self, source: str, *, limit: int = 500) -> tuple[StoredEntry, ...]:
        """The latest entries that a source listed, for recognizing them on a page that changed; newest first."""
        return self.newest(FeedRef(kind="source", key=source), limit=limit)
