"""Curation: entries withdrawn, brought back, moved to another category. Nothing that a scrape does undoes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from feedsvc.model import FeedRef, Source
from feedsvc.store import feeds
from feedsvc.store.categories import file_under
from feedsvc.store.entry_rows import entry_row, feed_row
from feedsvc.store.schema import entries, memberships
from feedsvc.store.table import Table


class Curation(Table):
    """Changes where entries are shown, and what of them."""

    def withdraw(self, uuid: str, *, now: datetime) -> bool:
        """Leave a tombstone: the entry disappears from every feed and no later scrape brings it back."""
        return self._set_withdrawn(uuid, now)

    def reinstate(self, uuid: str) -> bool:
        """Take a withdrawal back."""
        return self._set_withdrawn(uuid, None)

    def _set_withdrawn(self, uuid: str, withdrawn_at: datetime | None) -> bool:
        with self._database.write() as connection:
            row = connection.execute(
                sa.select(entries.c.id, entries.c.withdrawn_at).where(entries.c.uuid == uuid)
            ).first()
            if row is None or (row.withdrawn_at is None) == (withdrawn_at is None):
                return False
            feeds.touch(connection, row.id)
            connection.execute(sa.update(entries).where(entries.c.id == row.id).values(withdrawn_at=withdrawn_at))
            connection.execute(
                sa.update(memberships)
                .where(memberships.c.entry_id == row.id)
                .values(is_withdrawn=withdrawn_at is not None)
            )
            return True

    def refile(self, source: Source, *, now: datetime) -> int:
        """The source's own category changed: move its entries to where they now belong; the number moved."""
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
        return moved

    def replace_content(self, uuid: str, content: str) -> None:
        """Put content that was sanitized again in place; no revision, ``updated`` stays."""
        with self._database.write() as connection:
            entry_id = connection.execute(sa.select(entries.c.id).where(entries.c.uuid == uuid)).scalar()
            if entry_id is not None:
                connection.execute(sa.update(entries).where(entries.c.id == entry_id).values(content=content))
                feeds.touch(connection, entry_id)


def _refile(connection: Connection, row: Row[Any], source: Source, *, now: datetime) -> int:
    filed = file_under(connection, source, tuple(row.fields.get("category_path", ())))
    if row.categories.get(source.key) == filed:
        return 0
    before = feeds.refs_of(row.sources, row.categories.values())
    moved = {**row.categories, source.key: filed}
    after = feeds.refs_of(row.sources, moved.values())
    connection.execute(sa.update(entries).where(entries.c.id == row.id).values(categories=moved))
    feeds.leave(connection, row.id, [ref for ref in before if ref not in after])
    window_at = connection.execute(
        sa.select(memberships.c.window_at).where(memberships.c.entry_id == row.id).limit(1)
    ).scalar_one()
    feeds.join(connection, row.id, after, window_at=window_at, now=now)
    feeds.touch(connection, row.id)
    return 1
