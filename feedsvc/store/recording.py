"""Recording: an entry is kept once, recognized for ever, revised in place. One entry is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from feedsvc.errors import StoreError
from feedsvc.model import Entry, Precision, Source
from feedsvc.model.codec import entry_fields
from feedsvc.protocols import StoryIdentity
from feedsvc.store import changes, feeds
from feedsvc.store.categories import file_under
from feedsvc.store.entry_rows import entry_row, is_shown, stored_entry
from feedsvc.store.moments import distinct, whole
from feedsvc.store.revisions import keep_revision
from feedsvc.store.schema import aliases, entries, originals, pending_items, release_pages
from feedsvc.store.table import Table

#: A date this far ahead is a clock or a time zone gone wrong; more is no date at all (rule C6).
_FUTURE_MAX = timedelta(hours=24)


class Meeting(StrEnum):
    """How it went when an item was met again."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What came of recording one entry."""

    meeting: Meeting
    uuid: str
    #: The row of the entry: what ``release_pages`` refer to.
    entry_id: int
    #: Names of the fields that changed, significant ones first.
    changed: tuple[str, ...] = ()


class Recording(Table):
    """Keeps what scrapes read."""

    def record(
        self,
        entry: Entry,
        *,
        source: Source,
        identity: StoryIdentity,
        now: datetime,
        position: int = 0,
        is_first_scrape: bool = False,
        is_relinked: bool = False,
        pending_url: str | None = None,
        beside: Callable[[Recorded], None] | None = None,
    ) -> Recorded:
        """Keep what a scrape read, under the id that the story already has, or else under a newly minted one.

        ``identity`` mints ids and compares stories. ``is_first_scrape``: windows go by the release date instead of
        by ``now``. ``is_relinked``: the site seems to have changed its addresses, so a story may also be recognized by
        title and day. ``pending_url``: the pending item that this settles, and an address of the story.
        ``beside`` keeps what else is to be kept of it in the same transaction, the whole of which may be tried twice.
        Raises StoreError.
        """
        arguments = _Meeting(
            entry=entry, source=source, identity=identity, now=now, position=position,
            is_first_scrape=is_first_scrape, is_relinked=is_relinked, pending_url=pending_url, beside=beside,
        )  # fmt: skip
        try:
            return self._record(arguments)
        except StoreError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
            # Another process stored the same story between our look and our insert: now it is known.
            return self._record(arguments)

    def _record(self, met: _Meeting) -> Recorded:
        with self._database.write() as connection:
            met, known = _find(connection, met)
            recorded = _insert(connection, met) if known is None else _revise(connection, known, met)
            if met.pending_url is not None:
                connection.execute(_SETTLE, {"of_source": met.source.key, "at_url": met.pending_url})
            if met.beside is not None:
                met.beside(recorded)
            return recorded

    def relink(self, uuid: str, url: str, link: str) -> None:
        """The story moved to ``link`` (normal form ``url``): know it there too; no revision, ``updated`` stays."""
        with self._database.write() as connection:
            row = connection.execute(sa.select(entries.c.id, entries.c.link).where(entries.c.uuid == uuid)).first()
            taken = connection.execute(sa.select(aliases.c.entry_id).where(aliases.c.url == url)).scalar()
            if row is None or taken is not None:
                return
            connection.execute(sa.insert(aliases).values(url=url, entry_id=row.id, is_listed=True))
            _lead(connection, row.id, link)

    def free_addresses(self, urls: Sequence[str]) -> None:
        """Stories had these addresses (normal forms) for a while, and others have them now."""
        own = sa.select(entries.c.canonical_url).where(entries.c.canonical_url.in_(urls))
        with self._database.write() as connection:
            connection.execute(sa.delete(aliases).where(aliases.c.url.in_(urls), aliases.c.url.not_in(own)))

    def link_back(self, uuid: str, link: str) -> None:
        """Its listing shows the story at an address at which it was before: link there."""
        with self._database.write() as connection:
            row = connection.execute(sa.select(entries.c.id).where(entries.c.uuid == uuid)).first()
            if row is not None:
                _lead(connection, row.id, link)

    def note_listed(self, urls: Sequence[str], *, source: Source, now: datetime, is_first_scrape: bool = False) -> int:
        """This source lists the stories known under ``urls`` too: show them in its feeds; the number newly shown."""
        with self._database.read() as connection:
            strangers = [
                row.id
                for row in connection.execute(
                    sa.select(entries.c.id, entries.c.sources)
                    .join(aliases, aliases.c.entry_id == entries.c.id)
                    .where(aliases.c.url.in_(urls), entries.c.withdrawn_at.is_(None))
                )
                if source.key not in row.sources
            ]
        for entry_id in dict.fromkeys(strangers):
            with self._database.write() as connection:
                row = entry_row(connection, entry_id)
                _list_by(connection, row, source, now=now, is_first_scrape=is_first_scrape)
        return len(set(strangers))


# Asked for each release: SQLAlchemy puts a statement together in as long as SQLite takes to run it.
_INSERT = sa.insert(entries).returning(entries.c.id)
_INSERT_ORIGINAL = sa.insert(originals)
_INSERT_ALIAS = sa.insert(aliases)
_KNOWN_ADDRESSES = sa.select(aliases.c.url, aliases.c.entry_id).where(
    aliases.c.url.in_(sa.bindparam("urls", expanding=True))
)
_SETTLE = sa.delete(pending_items).where(
    pending_items.c.source == sa.bindparam("of_source"), pending_items.c.url == sa.bindparam("at_url")
)
#: How long after a story was first seen the rest of its text may come under another address.
_IN_PART_MOST = timedelta(days=7)
_NAMESAKES = (
    sa.select(entries).where(entries.c.title_key == sa.bindparam("key")).order_by(entries.c.id.desc()).limit(20)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meeting:
    """The arguments of ``record`` in one value."""

    entry: Entry
    source: Source
    identity: StoryIdentity
    now: datetime
    position: int
    is_first_scrape: bool
    is_relinked: bool
    pending_url: str | None
    beside: Callable[[Recorded], None] | None


def _find(connection: Connection, met: _Meeting) -> tuple[_Meeting, Row[Any] | None]:
    """The entry at its addresses, and the story that it is.

    By address, else by title and text, else (relinked sites) by title and day.
    """
    asked = dict.fromkeys((*_addresses(met.entry), *filter(None, [met.pending_url])))
    known = {row.url: row.entry_id for row in connection.execute(_KNOWN_ADDRESSES, {"urls": tuple(asked)})}
    met = _at_its_link(connection, met, known)
    found = next((known[url] for url in _addresses(met.entry) if url in known), None)
    return met, entry_row(connection, found) if found is not None else _namesake(connection, met)


def _at_its_link(connection: Connection, met: _Meeting, known: Mapping[str, int]) -> _Meeting:
    """The entry, known also by the normal form of the link that led to it.

    Where the page calls itself by the address of another story (a site that names its front page as everyone's
    canonical address), only the link counts.
    """
    entry, link, own = met.entry, met.pending_url, _addresses(met.entry)
    if link is None or (link in own and link in known):
        return met
    claimed = next((known[url] for url in own if url in known), None)
    if claimed is not None and not _is_same_story(entry_row(connection, claimed), met):
        return replace(met, entry=replace(entry, canonical_url=link, aliases=()))
    return met if link in own else replace(met, entry=replace(entry, aliases=(*entry.aliases, link)))


def _is_same_story(row: Row[Any], met: _Meeting) -> bool:
    identity, entry = met.identity, met.entry
    is_namesake = bool(row.title_key == identity.title_key(entry.title))
    return is_namesake or identity.alike(row.fingerprint, identity.fingerprint(entry.content))


def _namesake(connection: Connection, met: _Meeting) -> Row[Any] | None:
    """The story under other addresses that has this title, and this text or (relinked sites) this day."""
    entry = met.entry
    key = met.identity.title_key(entry.title)
    if not key:
        return None
    sketch = met.identity.fingerprint(entry.content)
    for row in connection.execute(_NAMESAKES, {"key": key}):
        if _days_differ(row, entry):
            continue
        if met.identity.alike(row.fingerprint, sketch):
            return row
        if row.source == met.source.key and (met.is_relinked or _is_in_part(row, met)):
            return row
    return None


def _is_in_part(row: Row[Any], met: _Meeting) -> bool:
    """Whether one of two readings is the other cut short, as its page came in part.

    Series repeat titles and texts, not on one day.
    """
    day = met.entry.published.day if met.entry.published is not None else ""
    is_one_day = day == row.published_day and (bool(day) or len(row.content) != len(met.entry.content))
    is_young = met.now - row.first_seen_at <= _IN_PART_MOST
    return is_one_day and is_young and met.identity.is_beginning(row.content, met.entry.content)


def _days_differ(row: Row[Any], entry: Entry) -> bool:
    """Whether both print a release date and the two are not the same (a day of slack for zones)."""
    if entry.published is None or "published" not in row.fields:
        return False
    return bool(abs(entry.published.at - row.published) > timedelta(days=1))


def _insert(connection: Connection, met: _Meeting) -> Recorded:
    entry, now = met.entry, met.now
    published, precision, day = _published(entry, now)
    claimed = entry.updated.at if entry.updated is not None else published
    path = file_under(connection, met.source, entry.category_path)
    uuid = met.identity.mint(entry.canonical_url)
    made = {
        "uuid": uuid,
        "canonical_url": entry.canonical_url,
        "published": published,
        "published_precision": precision.value,
        "published_day": day,
        "updated": distinct(connection, max(published, min(claimed, now))),
        "first_seen_at": now,
        "position": met.position,
        "source": met.source.key,
        "sources": [met.source.key],
        "categories": {met.source.key: path},
        **_columns(entry, met.identity),
    }
    entry_id = int(connection.execute(_INSERT, made).scalar_one())
    _add_original(connection, entry_id, entry.raw_content)
    # none of its addresses is another story's: _find would have found that
    connection.execute(_INSERT_ALIAS, _alias_rows(entry_id, met, _addresses(entry)))
    window_at = min(published, now) if met.is_first_scrape else now
    feeds.show_new(connection, entry_id, feeds.refs_of([met.source.key], [path]), window_at=window_at, now=now)
    return Recorded(meeting=Meeting.NEW, uuid=uuid, entry_id=entry_id)


def _published(entry: Entry, now: datetime) -> tuple[datetime, Precision, str]:
    """When the story was released as far as we know; decided once (specs/feeds.md 1.5, 1.6)."""
    claimed, seen = entry.published, whole(now)
    if claimed is None or claimed.at > now + _FUTURE_MAX:
        return seen, Precision.SECOND, ""
    if claimed.precision is Precision.DAY:
        return min(whole(claimed.at), seen), claimed.precision, claimed.day
    return (seen, Precision.SECOND, "") if claimed.at > now else (whole(claimed.at), claimed.precision, "")


def _revise(connection: Connection, row: Row[Any], met: _Meeting) -> Recorded:
    """Bring a known entry up to date; the source that found it first owns its fields."""
    now = met.now
    if row.withdrawn_at is not None:
        return Recorded(meeting=Meeting.UNCHANGED, uuid=row.uuid, entry_id=row.id)
    is_known = (
        connection.execute(
            sa.select(aliases.c.entry_id).where(aliases.c.url == met.entry.canonical_url, aliases.c.entry_id == row.id)
        ).scalar()
        is not None
    )
    _remember(connection, row.id, met)
    if met.source.key not in row.sources:
        _list_by(
            connection, row, met.source, now=now, is_first_scrape=met.is_first_scrape, path=met.entry.category_path
        )
    if row.source != met.source.key:
        return Recorded(meeting=Meeting.UNCHANGED, uuid=row.uuid, entry_id=row.id)
    old, entry = stored_entry(row).entry, met.entry
    if not is_known and len(entry.content) < len(old.content) and met.identity.is_beginning(old.content, entry.content):
        entry = replace(entry, content="", raw_content="")  # a page that came in part makes no story shorter
    kept = changes.merged(old, entry, identity=met.identity, is_known_address=is_known)
    what = changes.difference(old, kept, identity=met.identity)
    if not what.fields:
        return Recorded(meeting=Meeting.UNCHANGED, uuid=row.uuid, entry_id=row.id)
    values = _columns(kept, met.identity)
    if what.is_significant:
        claimed = met.entry.updated.at if met.entry.updated is not None else now
        moved = min(claimed, now) if claimed > row.updated else max(now, row.updated)
        values["updated"] = distinct(connection, moved)
        keep_revision(connection, row, what.fields, now=now)
    connection.execute(sa.update(entries).where(entries.c.id == row.id).values(**values))
    if kept.content != old.content:
        _keep_original(connection, row.id, kept.raw_content)
    feeds.touch(connection, row.id)
    meeting = Meeting.CHANGED if what.is_significant else Meeting.UNCHANGED
    return Recorded(meeting=meeting, uuid=row.uuid, entry_id=row.id, changed=what.fields)


def _list_by(
    connection: Connection,
    row: Row[Any],
    source: Source,
    *,
    now: datetime,
    is_first_scrape: bool,
    path: Sequence[str] = (),
) -> None:
    """Show a known entry in the feeds of one more source."""
    filed = file_under(connection, source, path or tuple(row.fields.get("category_path", ())))
    connection.execute(
        sa.update(entries)
        .where(entries.c.id == row.id)
        .values(sources=[*row.sources, source.key], categories={**row.categories, source.key: filed})
    )
    window_at = row.published if is_first_scrape else now
    paths = [filed] if row.filed_under is None else [row.filed_under]
    feeds.join(
        connection,
        row.id,
        feeds.refs_of([source.key], paths),
        window_at=window_at,
        now=now,
        is_shown=is_shown(row),
    )
    feeds.touch(connection, row.id)


def _columns(entry: Entry, identity: StoryIdentity) -> dict[str, Any]:
    return {
        "link": entry.link,
        "title": entry.title,
        "title_key": identity.title_key(entry.title),
        "fingerprint": identity.fingerprint(entry.content),
        "fields": entry_fields(entry),
        "content": entry.content,
    }


def _addresses(entry: Entry) -> tuple[str, ...]:
    return tuple(dict.fromkeys((entry.canonical_url, *entry.aliases)))


def _lead(connection: Connection, entry_id: int, link: str) -> None:
    """Link an entry elsewhere, and look at it again there."""
    connection.execute(sa.update(entries).where(entries.c.id == entry_id).values(link=link))
    elsewhere = {"url": link, "etag": None, "last_modified": None}
    connection.execute(sa.update(release_pages).where(release_pages.c.entry_id == entry_id).values(elsewhere))
    feeds.touch(connection, entry_id)


def _alias_rows(entry_id: int, met: _Meeting, urls: Sequence[str]) -> list[dict[str, Any]]:
    return [{"url": url, "entry_id": entry_id, "is_listed": url == met.pending_url} for url in urls]


def _remember(connection: Connection, entry_id: int, met: _Meeting) -> None:
    """Know the story under all these addresses from now on; an address that belongs to another story stays there."""
    addresses = _addresses(met.entry)
    taken = set(connection.execute(sa.select(aliases.c.url).where(aliases.c.url.in_(addresses))).scalars())
    rows = _alias_rows(entry_id, met, [url for url in addresses if url not in taken])
    if rows:
        connection.execute(sa.insert(aliases), rows)


def _keep_original(connection: Connection, entry_id: int, raw_content: str) -> None:
    connection.execute(sa.delete(originals).where(originals.c.entry_id == entry_id))
    _add_original(connection, entry_id, raw_content)


def _add_original(connection: Connection, entry_id: int, raw_content: str) -> None:
    if raw_content:
        connection.execute(_INSERT_ORIGINAL, {"entry_id": entry_id, "raw_content": raw_content.encode()})
