"""Curation: entries withdrawn, hidden, merged, filed elsewhere. Nothing that a scrape does undoes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from feedsvc.model import FeedRef, Source
from feedsvc.store import feeds
from feedsvc.store.categories import file_under, make_path
from feedsvc.store.entry_rows import entry_row, feed_row, is_shown, paths_of
from feedsvc.store.schema import aliases, entries, memberships, release_pages, sources
from feedsvc.store.table import Table


class Curation(Table):
    """Changes where entries are shown, and what of them."""

    def withdraw(self, uuid: str, *, now: datetime) -> bool:
        """Leave a tombstone: the entry disappears from every feed and no later scrape brings it back."""
        return self._mark(uuid, withdrawn_at=now)

    def reinstate(self, uuid: str) -> bool:
        """Take a withdrawal back; one that was merged is a story of its own again, under its own address."""
        with self._database.write() as connection:
            row = _by_uuid(connection, uuid)
            if row is not None and row.merged_into is not None:
                own = sa.update(aliases).where(aliases.c.url == row.canonical_url).values(entry_id=row.id)
                connection.execute(own)
        return self._mark(uuid, withdrawn_at=None, merged_into=None)

    def hide(self, uuid: str, *, now: datetime) -> bool:
        """Keep the entry out of every feed and list, without a word to readers; its own page stays."""
        return self._mark(uuid, hidden_at=now)

    def show(self, uuid: str) -> bool:
        """End the hiding."""
        return self._mark(uuid, hidden_at=None)

    def _mark(self, uuid: str, **marks: Any) -> bool:
        """Set marks, of which the first decides whether anything changes; False where nothing did."""
        first = next(iter(marks))
        with self._database.write() as connection:
            row = _by_uuid(connection, uuid)
            if row is None or (getattr(row, first) is None) == (marks[first] is None):
                return False
            connection.execute(sa.update(entries).where(entries.c.id == row.id).values(**marks))
            _settle(connection, row.id)
            return True

    def merge(self, kept: str, other: str, *, now: datetime) -> bool:
        """Say that ``other`` is the story ``kept``: its addresses, sources and feeds go there, and it is withdrawn.

        False where one of them is unknown, both are one, or the one to keep is itself withdrawn.
        """
        with self._database.write() as connection:
            one, two = _by_uuid(connection, kept), _by_uuid(connection, other)
            if one is None or two is None or one.id == two.id or one.withdrawn_at is not None:
                return False
            connection.execute(sa.update(aliases).where(aliases.c.entry_id == two.id).values(entry_id=one.id))
            connection.execute(sa.delete(release_pages).where(release_pages.c.entry_id == two.id))
            _take_over(connection, one, two, now=now)
            led = sa.or_(entries.c.id == two.id, entries.c.merged_into == other)
            connection.execute(sa.update(entries).where(led).values(merged_into=kept))
            withdrawn = sa.update(entries).where(entries.c.id == two.id, entries.c.withdrawn_at.is_(None))
            connection.execute(withdrawn.values(withdrawn_at=now))
            _settle(connection, two.id)
            _settle(connection, one.id)
            return True

    def file_entry(self, uuid: str, path: str | None, *, now: datetime) -> bool:
        """File one entry under ``path``, made where it is new, or with None where its sources file it."""
        with self._database.write() as connection:
            row = _by_uuid(connection, uuid)
            if row is None or row.filed_under == path:
                return False
            if path is not None:
                make_path(connection, path)
            connection.execute(sa.update(entries).where(entries.c.id == row.id).values(filed_under=path))
            _move(connection, row, entry_row(connection, row.id), now=now)
            return True

    def refile(self, source: Source, *, now: datetime) -> int:
        """The source's own category changed: move its entries to where they now belong; the number moved.

        What is interrupted is gone on with by the next call: until all are moved, the source is ``misfiled``.
        """
        with self._database.read() as connection:
            feed = feed_row(connection, FeedRef(kind="source", key=source.key))
            ids = (
                connection.execute(sa.select(memberships.c.entry_id).where(memberships.c.feed_id == feed))
                .scalars()
                .all()
                if feed is not None
                else ()
            )
        moved = 0
        for entry_id in ids:
            with self._database.write() as connection:
                moved += _refile(connection, entry_row(connection, entry_id), source, now=now)
        with self._database.write() as connection:
            asked = sa.select(sources.c.in_force, sources.c.claimed_by).where(sources.c.key == source.key)
            row = connection.execute(asked).first()
            # unless it has changed meanwhile, or a scrape goes on that files by what was in force when it began
            if row is not None and row.claimed_by is None and row.in_force.get("category") == source.category:
                connection.execute(sa.update(sources).where(sources.c.key == source.key).values(is_misfiled=None))
        return moved

    def replace_content(self, uuid: str, content: str) -> None:
        """Put content that was sanitized again in place; no revision, ``updated`` stays."""
        with self._database.write() as connection:
            entry_id = connection.execute(sa.select(entries.c.id).where(entries.c.uuid == uuid)).scalar()
            if entry_id is not None:
                connection.execute(sa.update(entries).where(entries.c.id == entry_id).values(content=content))
                feeds.touch(connection, entry_id)


def _by_uuid(connection: Connection, uuid: str) -> Row[Any] | None:
    return connection.execute(sa.select(entries).where(entries.c.uuid == uuid)).first()


def _settle(connection: Connection, entry_id: int) -> None:
    """Let every feed that holds the entry show it or not, as its marks say."""
    hidden = not is_shown(entry_row(connection, entry_id))
    feeds.touch(connection, entry_id)
    connection.execute(sa.update(memberships).where(memberships.c.entry_id == entry_id).values(is_withdrawn=hidden))


def _take_over(connection: Connection, one: Row[Any], two: Row[Any], *, now: datetime) -> None:
    """Show ``one`` wherever ``two`` was shown, at the place that ``two`` had there."""
    sources = list(dict.fromkeys([*one.sources, *two.sources]))
    merged = sa.update(entries).where(entries.c.id == one.id)
    connection.execute(merged.values(sources=sources, categories={**two.categories, **one.categories}))
    row = entry_row(connection, one.id)
    feeds.join(
        connection,
        one.id,
        feeds.refs_of(sources, paths_of(row)),
        window_at=_place(connection, two.id),
        now=now,
        is_shown=is_shown(row),
    )


def _place(connection: Connection, entry_id: int) -> datetime:
    """What an entry's windows go by."""
    query = sa.select(memberships.c.window_at).where(memberships.c.entry_id == entry_id).limit(1)
    found: datetime = connection.execute(query).scalar_one()
    return found


def _refile(connection: Connection, row: Row[Any], source: Source, *, now: datetime) -> int:
    filed = file_under(connection, source, tuple(row.fields.get("category_path", ())))
    if row.categories.get(source.key) == filed:
        return 0
    moved = {**row.categories, source.key: filed}
    connection.execute(sa.update(entries).where(entries.c.id == row.id).values(categories=moved))
    _move(connection, row, entry_row(connection, row.id), now=now)
    return 1


def _move(connection: Connection, before: Row[Any], after: Row[Any], *, now: datetime) -> None:
    """Take the entry out of the feeds where it no longer stands, and into those where it now does."""
    wanted = feeds.refs_of(after.sources, paths_of(after))
    left = [ref for ref in feeds.refs_of(before.sources, paths_of(before)) if ref not in wanted]
    place = _place(connection, after.id)
    feeds.leave(connection, after.id, left)
    feeds.join(connection, after.id, wanted, window_at=place, now=now, is_shown=is_shown(after))
    feeds.touch(connection, after.id)
