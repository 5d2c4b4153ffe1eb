"""Stories: what tells a known entry when a listing shows it again, and when stories came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedsvc.model import FeedRef
from feedsvc.store.entry_rows import batches, feed_row
from feedsvc.store.schema import aliases, entries, memberships, release_pages
from feedsvc.store.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What recognizes a known entry in a listing."""

    uuid: str
    title: str
    #: The printed day, YYYY-MM-DD; "" where none was printed.
    day: str
    #: The normal forms of every address under which it is known; the one of its own; where its link leads.
    urls: tuple[str, ...]
    #: Those of them at which the listings of the source that owns it showed it; empty for stories of other sources.
    listed_urls: frozenset[str]
    canonical_url: str
    link: str
    #: Keys of the sources that listed it.
    sources: tuple[str, ...]
    #: The title that this source's listing gave it first, "" where that is not known.
    listed_title: str = ""
    first_seen_at: datetime | None = None


def _is_listed(alias: sa.Row[Any], canonical_url: str) -> bool:
    """Whether a listing showed a story at an address; before it was noted, those not its own came from listings."""
    return bool(alias.is_listed if alias.is_listed is not None else alias.url != canonical_url)


def _listed_titles(connection: sa.Connection, source: str, ids: Sequence[int]) -> dict[int, str]:
    mine = sa.and_(release_pages.c.source == source, release_pages.c.entry_id.in_(ids))
    rows = connection.execute(sa.select(release_pages.c.entry_id, release_pages.c.item).where(mine))
    return {entry_id: item["title"]["text"] for entry_id, item in rows if item and item.get("title")}


class Stories(Table):
    """Reads stories."""

    def stories(self, source: str, urls: Sequence[str], *, limit: int = 1000) -> tuple[Story, ...]:
        """The latest stories of a source and every story known under ``urls``, withdrawn ones included."""
        with self._database.read() as connection:
            feed = feed_row(connection, FeedRef(kind="source", key=source))
            latest = (
                sa.select(memberships.c.entry_id)
                .where(memberships.c.feed_id == feed)
                .order_by(memberships.c.window_at.desc(), memberships.c.entry_id.desc())
                .limit(limit)
            )
            ids = dict.fromkeys(connection.execute(latest).scalars()) if feed is not None else {}
            for some in batches(tuple(urls)):
                ids |= dict.fromkeys(
                    connection.execute(sa.select(aliases.c.entry_id).where(aliases.c.url.in_(some))).scalars()
                )
            found: dict[int, Story] = {}
            for some_ids in batches(tuple(ids)):
                addresses: dict[int, list[sa.Row[Any]]] = {}
                for row in connection.execute(sa.select(aliases).where(aliases.c.entry_id.in_(some_ids))):
                    addresses.setdefault(row.entry_id, []).append(row)
                names = (
                    "id", "uuid", "title", "fields", "source", "sources", "canonical_url", "link", "first_seen_at",
                )  # fmt: skip
                columns = [entries.c[name] for name in names]
                titles = _listed_titles(connection, source, some_ids)
                for row in connection.execute(sa.select(*columns).where(entries.c.id.in_(some_ids))):
                    printed, here = row.fields.get("published"), addresses.get(row.id, ())
                    found[row.id] = Story(
                        uuid=row.uuid,
                        title=row.title,
                        day=printed[2] if printed else "",
                        urls=tuple(sorted(one.url for one in here)),
                        listed_urls=frozenset(
                            one.url for one in here if row.source == source and _is_listed(one, row.canonical_url)
                        ),
                        canonical_url=row.canonical_url,
                        link=row.link,
                        sources=tuple(row.sources),
                        listed_title=titles.get(row.id, ""),
                        first_seen_at=row.first_seen_at,
                    )
            return tuple(found[entry_id] for entry_id in ids if entry_id in found)

    def known(self, urls: Sequence[str]) -> dict[str, str]:
        """Which of these normal forms are known: URL -> uuid, withdrawn entries included."""
        found: dict[str, str] = {}
        with self._database.read() as connection:
            for some in batches(tuple(urls)):
                query = (
                    sa.select(aliases.c.url, entries.c.uuid)
                    .join(entries, entries.c.id == aliases.c.entry_id)
                    .where(aliases.c.url.in_(some))
                )
                found.update((row.url, row.uuid) for row in connection.execute(query))
        return found

    def publication_times(self, source: str, *, limit: int = 2000) -> tuple[tuple[datetime, datetime, str], ...]:
        """(published, first seen, precision) of a source's latest entries, newest first: what rhythm learns from."""
        with self._database.read() as connection:
            feed = feed_row(connection, FeedRef(kind="source", key=source))
            query = (
                sa.select(entries.c.published, entries.c.first_seen_at, entries.c.published_precision)
                .join(memberships, memberships.c.entry_id == entries.c.id)
                .where(memberships.c.feed_id == feed)
                .order_by(memberships.c.window_at.desc(), memberships.c.entry_id.desc())
                .limit(limit)
            )
            return tuple((row[0], row[1], row[2]) for row in connection.execute(query)) if feed is not None else ()
