"""Categories renamed, merged, removed: entries and identities go along, old addresses lead on (301) or end (410).

Everything happens in one transaction, with few statements however many entries there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from feedsvc.model import DEFAULT_CATEGORY, FeedRef
from feedsvc.store import feeds
from feedsvc.store.categories import make_path
from feedsvc.store.category_overrides import lead
from feedsvc.store.entry_rows import batches, feed_row
from feedsvc.store.schema import archives, categories, entries, memberships
from feedsvc.store.schema import feeds as feed_rows
from feedsvc.store.table import Table


class CategoryMoves(Table):
    """Moves and removes categories."""

    def move(self, old: str, new: str, *, now: datetime) -> int:
        """Let ``old`` and all below it be ``new``, which may be there already; the number of entries that go along."""
        with self._database.write() as connection:
            return _move(connection, old, new, now=now)

    def remove(self, path: str, *, now: datetime) -> int:
        """Let ``path`` and all below it end; their entries go to the category above. The number that go there."""
        with self._database.write() as connection:
            return _remove(connection, path, now=now)


def _move(connection: Connection, old: str, new: str, *, now: datetime) -> int:
    rows = _entries_of(connection, old)
    for path in _paths_below(connection, old):
        _move_feed(connection, path, new + path[len(old) :], now=now)
    _move_rows(connection, old, new)
    lead(connection, old, new)
    _refile(connection, rows, old, new, now=now)
    return len(rows)


def _remove(connection: Connection, path: str, *, now: datetime) -> int:
    rows = _entries_of(connection, path)
    above = path.rpartition("/")[0] or DEFAULT_CATEGORY
    if rows:
        make_path(connection, above)
    for each in _paths_below(connection, path):
        feeds.remove_feed(connection, FeedRef(kind="category", key=each), now=now)
    connection.execute(sa.delete(categories).where(_at_or_below(categories.c.path, path)))
    lead(connection, path, "")
    _refile(connection, rows, path, above, now=now, is_flat=True)
    return len(rows)


def _at_or_below(column: sa.ColumnElement[str], path: str) -> sa.ColumnElement[bool]:
    return sa.or_(column == path, column.startswith(f"{path}/", autoescape=True))


def _paths_below(connection: Connection, path: str) -> tuple[str, ...]:
    """The category and all below it that have a feed or are in the tree, those above first."""
    living = sa.select(feed_rows.c.key).where(
        feed_rows.c.kind == "category", feed_rows.c.gone_at.is_(None), _at_or_below(feed_rows.c.key, path)
    )
    named = sa.select(categories.c.path).where(_at_or_below(categories.c.path, path))
    return tuple(sorted({*connection.execute(living).scalars(), *connection.execute(named).scalars()}))


def _move_feed(connection: Connection, old: str, new: str, *, now: datetime) -> None:
    """The feed's identity goes along, unless the new one has readers of its own: then the old one's are sent there."""
    before, after = FeedRef(kind="category", key=old), FeedRef(kind="category", key=new)
    there = feed_row(connection, after)
    held = sa.select(memberships.c.entry_id).where(memberships.c.feed_id == there).limit(1)
    if there is not None and connection.execute(held).scalar() is not None:
        feeds.remove_feed(connection, before, now=now, moved_to=new)
        connection.execute(sa.update(feed_rows).where(feed_rows.c.id == there).values(gone_at=None, moved_to=None))
    else:
        feeds.rename_feed(connection, before, after, now=now)
        connection.execute(
            sa.update(feed_rows)
            .where(feed_rows.c.kind == "category", feed_rows.c.key == new)
            .values(gone_at=None, moved_to=None)
        )


def _move_rows(connection: Connection, old: str, new: str) -> None:
    """The tree: a category that is there already stays as it is."""
    paths = sa.select(categories.c.path).where(_at_or_below(categories.c.path, old))
    for path in connection.execute(paths).scalars().all():
        to = new + path[len(old) :]
        known = connection.execute(sa.select(categories.c.path).where(categories.c.path == to)).scalar()
        this = categories.c.path == path
        if known is None:
            connection.execute(sa.update(categories).where(this).values(path=to))
        else:
            connection.execute(sa.delete(categories).where(this))
    make_path(connection, new)


def _entries_of(connection: Connection, path: str) -> list[Row[Any]]:
    """The entries that the category's feed holds: those filed there or below."""
    feed = feed_row(connection, FeedRef(kind="category", key=path))
    query = (
        sa.select(entries.c.id, entries.c.sources, entries.c.categories, entries.c.filed_under)
        .join(memberships, memberships.c.entry_id == entries.c.id)
        .where(memberships.c.feed_id == feed)
    )
    return list(connection.execute(query)) if feed is not None else []


def _refile(
    connection: Connection, rows: list[Row[Any]], old: str, new: str, *, now: datetime, is_flat: bool = False
) -> None:
    """Let entries say where they are now, and be in exactly the feeds that follow from it; ``is_flat``: all in one."""

    def moved(path: str) -> str:
        if not f"{path}/".startswith(f"{old}/"):
            return path
        return new if is_flat else new + path[len(old) :]

    changes, joining, leaving = [], defaultdict(list), defaultdict(list)
    for row in rows:
        filed = {source: moved(path) for source, path in row.categories.items()}
        placed = moved(row.filed_under) if row.filed_under is not None else None
        changes.append({"row": row.id, "to_categories": filed, "to_filed_under": placed})
        before = _above([row.filed_under] if row.filed_under is not None else row.categories.values())
        after = _above([placed] if placed is not None else filed.values())
        for path in after:
            joining[path].append(row.id)
        for path in before - after:
            leaving[path].append(row.id)
    if changes:
        connection.execute(
            sa.update(entries)
            .where(entries.c.id == sa.bindparam("row"))
            .values(categories=sa.bindparam("to_categories"), filed_under=sa.bindparam("to_filed_under")),
            changes,
        )
    for path, ids in leaving.items():
        _leave(connection, path, ids)
    for path, ids in joining.items():
        _join(connection, path, ids, now=now)
    _touch(connection, [row.id for row in rows])


def _above(paths: Iterable[str]) -> set[str]:
    return {above for path in paths for above in feeds.parents(path)}


def _leave(connection: Connection, path: str, ids: list[int]) -> None:
    feed = feed_row(connection, FeedRef(kind="category", key=path))
    for some in batches(tuple(ids)):
        connection.execute(
            sa.delete(memberships).where(memberships.c.feed_id == feed, memberships.c.entry_id.in_(some))
        )
    connection.execute(sa.update(feed_rows).where(feed_rows.c.id == feed).values(version=feeds.next_change(connection)))


def _join(connection: Connection, path: str, ids: list[int], *, now: datetime) -> None:
    """Let a feed hold entries at the place that they have among all entries; those that it holds keep theirs."""
    feed = feeds.feed_id(connection, FeedRef(kind="category", key=path), now=now)
    everything = feed_row(connection, FeedRef(kind="all"))
    for some in batches(tuple(ids)):
        held = sa.select(memberships.c.entry_id).where(memberships.c.feed_id == feed, memberships.c.entry_id.in_(some))
        places = sa.select(memberships).where(
            memberships.c.feed_id == everything, memberships.c.entry_id.in_(some), memberships.c.entry_id.not_in(held)
        )
        rows = [{**row._mapping, "feed_id": feed, "archive": None} for row in connection.execute(places).all()]
        if rows:
            connection.execute(sa.insert(memberships), rows)


def _touch(connection: Connection, ids: list[int]) -> None:
    """What these entries say has changed: so did every feed and archive that shows one of them."""
    version = feeds.next_change(connection)
    shown = set()
    for some in batches(tuple(ids)):
        query = sa.select(memberships.c.feed_id, memberships.c.archive).where(memberships.c.entry_id.in_(some))
        shown |= {(row.feed_id, row.archive) for row in connection.execute(query.distinct())}
    for feed in {feed for feed, _ in shown}:
        connection.execute(sa.update(feed_rows).where(feed_rows.c.id == feed).values(version=version))
    for feed, number in shown:
        if number is not None:
            this = sa.and_(archives.c.feed_id == feed, archives.c.number == number)
            connection.execute(sa.update(archives).where(this).values(version=version))
