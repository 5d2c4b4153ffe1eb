"""Entries as an admin or a program looks for them: by feed, state and words, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from feedsvc.model import FeedRef, StoredEntry
from feedsvc.store.entry_rows import feed_row, stored_entry
from feedsvc.store.schema import entries, memberships
from feedsvc.store.schema import feeds as feed_rows
from feedsvc.store.table import Table


class EntryState(StrEnum):
    """What was decided about an entry."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """Which entries are looked for; they come the latest recorded first."""

    feed: FeedRef = FeedRef(kind="all")  # noqa: RUF009 - a frozen value
    state: EntryState = EntryState.SHOWN
    #: All of these words occur in title or text.
    words: str = ""
    limit: int = 50
    #: Only those recorded before this one (``StoredEntry.sequence``); None from the latest on.
    before: int | None = None


class Finding(Table):
    """Finds entries."""

    def page(self, wanted: EntryPage) -> tuple[StoredEntry, ...]:
        """Some of the entries that are looked for."""
        with self._database.read() as connection:
            feed = feed_row(connection, wanted.feed)
            if feed is None:
                return ()
            query = (
                sa.select(entries)
                .join(memberships, memberships.c.entry_id == entries.c.id)
                .where(memberships.c.feed_id == feed, *_filters(wanted))
                .order_by(entries.c.id.desc())
                .limit(wanted.limit)
            )
            return tuple(stored_entry(row) for row in connection.execute(query))

    def some(self, uuids: Sequence[str]) -> tuple[StoredEntry, ...]:
        """The entries with these ids; what is unknown is left out."""
        with self._database.read() as connection:
            query = sa.select(entries).where(entries.c.uuid.in_(uuids)).order_by(entries.c.id)
            return tuple(stored_entry(row) for row in connection.execute(query))

    def namesakes(self, uuid: str, *, limit: int) -> tuple[StoredEntry, ...]:
        """Other entries of the same title, the latest first; withdrawn ones are left out."""
        with self._database.read() as connection:
            this = connection.execute(sa.select(entries.c.title_key).where(entries.c.uuid == uuid)).scalar()
            if not this:
                return ()
            query = (
                sa.select(entries)
                .where(entries.c.title_key == this, entries.c.uuid != uuid, entries.c.withdrawn_at.is_(None))
                .order_by(entries.c.id.desc())
                .limit(limit)
            )
            return tuple(stored_entry(row) for row in connection.execute(query))

    def counts(self, kind: str) -> Mapping[str, int]:
        """How many entries each feed of a kind shows: key -> number; feeds without any are left out."""
        query = (
            sa.select(feed_rows.c.key, sa.func.count())
            .join(memberships, memberships.c.feed_id == feed_rows.c.id)
            .where(feed_rows.c.kind == kind, memberships.c.is_withdrawn.is_(False))
            .group_by(feed_rows.c.key)
        )
        with self._database.read() as connection:
            return {row[0]: int(row[1]) for row in connection.execute(query)}


def _filters(wanted: EntryPage) -> list[sa.ColumnElement[bool]]:
    filters: list[sa.ColumnElement[bool]] = []
    if wanted.before is not None:
        filters.append(entries.c.id < wanted.before)
    if wanted.state is EntryState.SHOWN:
        filters.append(memberships.c.is_withdrawn.is_(False))
    elif wanted.state is EntryState.HIDDEN:
        filters += [entries.c.hidden_at.is_not(None), entries.c.withdrawn_at.is_(None)]
    elif wanted.state is EntryState.WITHDRAWN:
        filters.append(entries.c.withdrawn_at.is_not(None))
    for word in wanted.words.split()[:10]:
        places = (entries.c.title, entries.c.content)
        filters.append(sa.or_(*(place.icontains(word, autoescape=True) for place in places)))
    return filters
