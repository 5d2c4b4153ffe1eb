"""What scrapes left to do: validators of listing pages, items to follow, release pages to look at again.

The validators of a listing page and the items it showed are kept in one transaction: whoever is told later that the
page has not changed finds every item either recorded or pending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from feedsvc.model import ListingItem, Validators
from feedsvc.model.codec import decode, encode
from feedsvc.store.database import Database
from feedsvc.store.schema import entries, listing_pages, pending_items, release_pages


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingVisit:
    """One listing page as last read."""

    url: str
    validators: Validators
    visited_at: datetime
    #: Until when HTTP freshness makes asking again pointless.
    fresh_until: datetime | None = None
    #: The sitemap to which this one, an index of sitemaps, led.
    led_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingItem:
    """An item whose release page is still to be read."""

    #: The normal form of the item's address.
    url: str
    item: ListingItem
    added_at: datetime
    #: How often reading its page failed.
    attempts: int = 0
    retry_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseVisit:
    """A release page that is to be looked at again."""

    entry_id: int
    uuid: str
    url: str
    #: The listing item that led there.
    item: ListingItem | None
    validators: Validators
    #: How often it was looked at again.
    checks: int
    first_seen_at: datetime


# Asked for each release: SQLAlchemy puts a statement together in as long as SQLite takes to run it.
_FORGET_RELEASE = sa.delete(release_pages).where(release_pages.c.entry_id == sa.bindparam("of_entry"))
_INSERT_RELEASE = sa.insert(release_pages)


class VisitTable:
    """Keeps what scrapes saw and have left to do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listing(self, source: str, url: str) -> ListingVisit | None:
        """How a listing page was last met."""
        query = sa.select(listing_pages).where(listing_pages.c.source == source, listing_pages.c.url == url)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return ListingVisit(
            url=row.url,
            validators=Validators(etag=row.etag, last_modified=row.last_modified),
            visited_at=row.visited_at,
            fresh_until=row.fresh_until,
            led_to=row.led_to,
        )

    def keep_listing(
        self, source: str, visits: Sequence[ListingVisit], items: Sequence[tuple[str, ListingItem]], *, now: datetime
    ) -> int:
        """Keep the validators of listing pages together with the items (normal form, item) to be followed.

        Items that are pending already keep their place and attempts, and say what the listing says now. The number of
        new ones.
        """
        with self._database.write() as connection:
            for visit in visits:
                connection.execute(
                    sa.delete(listing_pages).where(listing_pages.c.source == source, listing_pages.c.url == visit.url)
                )
                connection.execute(
                    sa.insert(listing_pages).values(
                        source=source,
                        url=visit.url,
                        etag=visit.validators.etag,
                        last_modified=visit.validators.last_modified,
                        fresh_until=visit.fresh_until,
                        visited_at=visit.visited_at,
                        led_to=visit.led_to,
                    )
                )
            known = sa.select(pending_items.c.url, pending_items.c.position, pending_items.c.item)
            pending = {row.url: row for row in connection.execute(known.where(pending_items.c.source == source))}
            rows = [
                {
                    "source": source,
                    "url": url,
                    "item": encode(item),
                    "position": item.position,
                    "added_at": now,
                    "attempts": 0,
                    "retry_at": now,
                    "reason": "",
                }
                for url, item in dict(items).items()
                if url not in pending
            ]
            if rows:
                connection.execute(sa.insert(pending_items), rows)
            for url, item in dict(items).items():
                row = pending.get(url)
                if row is None or row.item == (told := encode(replace(item, position=row.position))):
                    continue
                of_item = (pending_items.c.source == source, pending_items.c.url == url)
                connection.execute(sa.update(pending_items).where(*of_item).values(item=told))
            return len(rows)

    def forget_listings(self, source: str) -> None:
        """Ask for whole pages next time (rules changed, a quarantine was accepted)."""
        with self._database.write() as connection:
            connection.execute(sa.delete(listing_pages).where(listing_pages.c.source == source))

    def pending(self, source: str, *, now: datetime, limit: int) -> tuple[PendingItem, ...]:
        """Items whose turn has come: fresh ones in listing order, then those that failed before."""
        query = (
            sa.select(pending_items)
            .where(pending_items.c.source == source, pending_items.c.retry_at <= now)
            .order_by(pending_items.c.attempts, pending_items.c.added_at, pending_items.c.position)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(_pending(row) for row in connection.execute(query))

    def pending_urls(self, source: str) -> frozenset[str]:
        """Normal forms of every item that waits or was given up."""
        with self._database.read() as connection:
            query = sa.select(pending_items.c.url).where(pending_items.c.source == source)
            return frozenset(connection.execute(query).scalars())

    def count_pending(self, source: str) -> int:
        """How many items still wait for their first or next try."""
        query = sa.select(sa.func.count()).where(
            pending_items.c.source == source, pending_items.c.retry_at.is_not(None)
        )
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def postpone(self, source: str, url: str, *, retry_at: datetime | None, reason: str) -> None:
        """Reading an item's page failed: try again at ``retry_at``, or never (None)."""
        with self._database.write() as connection:
            connection.execute(
                sa.update(pending_items)
                .where(pending_items.c.source == source, pending_items.c.url == url)
                .values(attempts=pending_items.c.attempts + 1, retry_at=retry_at, reason=reason)
            )

    def drop_pending(self, source: str, urls: Sequence[str]) -> None:
        """These items need no release page after all."""
        with self._database.write() as connection:
            connection.execute(
                sa.delete(pending_items).where(pending_items.c.source == source, pending_items.c.url.in_(urls))
            )

    def forget_given_up(self, *, before: datetime) -> int:
        """Forget items that were given up and are older than ``before``."""
        with self._database.write() as connection:
            old = sa.delete(pending_items).where(pending_items.c.retry_at.is_(None), pending_items.c.added_at < before)
            return connection.execute(old).rowcount

    def keep_release(
        self,
        source: str,
        entry_id: int,
        *,
        url: str,
        item: ListingItem | None,
        validators: Validators,
        checks: int,
        now: datetime,
        check_at: datetime | None,
        is_new: bool = False,
    ) -> None:
        """A release page was read: when to look again (None: never), and with which validators.

        ``is_new``: its entry was made just now, so nothing is kept of its page yet.
        """
        with self._database.write() as connection:
            if not is_new:
                connection.execute(_FORGET_RELEASE, {"of_entry": entry_id})
            made = {
                "entry_id": entry_id,
                "source": source,
                "url": url,
                "item": encode(item) if item is not None else None,
                "etag": validators.etag,
                "last_modified": validators.last_modified,
                "checked_at": now,
                "checks": checks,
                "check_at": check_at,
            }
            connection.execute(_INSERT_RELEASE, made)

    def releases_to_check(self, source: str, *, now: datetime | None, limit: int) -> tuple[ReleaseVisit, ...]:
        """Release pages whose re-check is due, the longest overdue first; every one where ``now`` is None."""
        query = (
            sa.select(release_pages, entries.c.uuid, entries.c.first_seen_at)
            .join(entries, entries.c.id == release_pages.c.entry_id)
            .where(release_pages.c.source == source, entries.c.withdrawn_at.is_(None))
            .limit(limit)
        )
        if now is None:
            query = query.order_by(entries.c.first_seen_at.desc(), entries.c.position)
        else:
            query = query.where(release_pages.c.check_at <= now).order_by(release_pages.c.check_at)
        with self._database.read() as connection:
            return tuple(_release(row) for row in connection.execute(query))

    def postpone_check(self, entry_id: int, *, checks: int, now: datetime, check_at: datetime | None) -> None:
        """A release page was looked at again without a new body: when to look next (None: never)."""
        with self._database.write() as connection:
            connection.execute(
                sa.update(release_pages)
                .where(release_pages.c.entry_id == entry_id)
                .values(checked_at=now, checks=checks, check_at=check_at)
            )

    def next_due(self, source: str) -> datetime | None:
        """The earliest moment at which an item is to be tried or a release page looked at again."""
        retry = sa.select(sa.func.min(pending_items.c.retry_at)).where(pending_items.c.source == source)
        check = sa.select(sa.func.min(release_pages.c.check_at)).where(release_pages.c.source == source)
        with self._database.read() as connection:
            moments = (connection.execute(retry).scalar(), connection.execute(check).scalar())
        return min((moment for moment in moments if moment is not None), default=None)


def _pending(row: Row[Any]) -> PendingItem:
    return PendingItem(
        url=row.url,
        item=decode(ListingItem, row.item),
        added_at=row.added_at,
        attempts=row.attempts,
        retry_at=row.retry_at,
        reason=row.reason,
    )


def _release(row: Row[Any]) -> ReleaseVisit:
    return ReleaseVisit(
        entry_id=row.entry_id,
        uuid=row.uuid,
        url=row.url,
        item=decode(ListingItem, row.item) if row.item is not None else None,
        validators=Validators(etag=row.etag, last_modified=row.last_modified),
        checks=row.checks,
        first_seen_at=row.first_seen_at,
    )
