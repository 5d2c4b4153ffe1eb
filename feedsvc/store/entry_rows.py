"""Rows of entries as values, and where to find them: what every reader and writer of entries shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from feedsvc.model import DEFAULT_CATEGORY, FeedRef, Precision, StoredEntry
from feedsvc.model.codec import entry_from
from feedsvc.store.schema import entries
from feedsvc.store.schema import feeds as feed_rows


def batches(values: tuple[Any, ...], size: int = 500) -> Iterator[tuple[Any, ...]]:
    """Few enough at a time for one statement."""
    return (values[start : start + size] for start in range(0, len(values), size))


def entry_row(connection: Connection, entry_id: int) -> Row[Any]:
    """The row of one entry."""
    return connection.execute(sa.select(entries).where(entries.c.id == entry_id)).one()


def feed_row(connection: Connection, ref: FeedRef) -> int | None:
    """The row of a feed, None where it was never made."""
    query = sa.select(feed_rows.c.id).where(feed_rows.c.kind == ref.kind, feed_rows.c.key == ref.key)
    return connection.execute(query).scalar()


def in_feed_order(connection: Connection, ids: Sequence[int]) -> tuple[StoredEntry, ...]:
    """Newest ``published`` first, then first seen, then place in the listing, then id (specs/feeds.md 1.8)."""
    if not ids:
        return ()
    rows = connection.execute(sa.select(entries).where(entries.c.id.in_(ids)))
    stored = [stored_entry(row) for row in rows]
    stored.sort(key=lambda one: one.uuid)
    stored.sort(key=lambda one: one.position)
    stored.sort(key=lambda one: (one.published, one.first_seen_at), reverse=True)
    return tuple(stored)


def stored_entry(row: Row[Any]) -> StoredEntry:
    """An entry as feeds publish it."""
    return StoredEntry(
        uuid=row.uuid,
        entry=entry_from(
            row.fields, link=row.link, canonical_url=row.canonical_url, title=row.title, content=row.content
        ),
        published=row.published,
        published_precision=Precision(row.published_precision),
        published_day=row.published_day,
        updated=row.updated,
        first_seen_at=row.first_seen_at,
        position=row.position,
        sequence=row.id,
        source=row.source,
        sources=tuple(row.sources),
        categories=paths_of(row),
        withdrawn_at=row.withdrawn_at,
        hidden_at=row.hidden_at,
        merged_into=row.merged_into,
        filed_under=row.filed_under,
    )


def paths_of(row: Row[Any]) -> tuple[str, ...]:
    """The categories under which an entry stands: the one that an admin chose, else those of its sources."""
    if row.filed_under is not None:
        return (row.filed_under,)
    return tuple(dict.fromkeys(row.categories.get(key, DEFAULT_CATEGORY) for key in row.sources))


def is_shown(row: Row[Any]) -> bool:
    """Whether feeds show it: it is neither withdrawn nor hidden."""
    return row.withdrawn_at is None and row.hidden_at is None
