"""Entries: recorded once, recognized for ever, revised in place. One entry is one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from feedsvc.errors import StoreError
from feedsvc.model import DEFAULT_CATEGORY, Entry, FeedRef, Precision, Source, StoredEntry
from feedsvc.protocols import StoryIdentity, Window
from feedsvc.store import changes, feeds
from feedsvc.store.categories import file_under
from feedsvc.store.codec import entry_fields, entry_from
from feedsvc.store.database import Database
from feedsvc.store.schema import aliases, entries, memberships, originals, pending_items, revisions
from feedsvc.store.schema import archives as archive_rows
from feedsvc.store.schema import feeds as feed_rows

#: Revisions kept of one entry.
REVISIONS_MAX = 50
#: A date this far ahead is a clock or a time zone gone wrong; more is no date at all (rule C6).
_FUTURE_MAX = timedelta(hours=24)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What an entry was until it was replaced."""

    number: int
    replaced_at: datetime
    changed: tuple[str, ...]
    title: str
    link: str
    content: str
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What recognizes a known entry in a listing."""

    uuid: str
    title: str
    #: The printed day, YYYY-MM-DD; "" where none was printed.
    day: str
    #: The normal forms of every address under which it is known.
    urls: tuple[str, ...]
    #: Keys of the sources that listed it.
    sources: tuple[str, ...]


class EntryTable:
    """Reads and records entries. Implements the reading that publishing needs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Recording

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
    ) -> Recorded:
        """Keep what a scrape read, under the id that the story already has, or else under a newly minted one.

        ``identity`` mints ids and compares stories. ``is_first_scrape``: windows go by the release date instead of
        by ``now``. ``is_relinked``: the site seems to have changed its addresses, so a story may also be recognized by
        title and day. ``pending_url``: the pending item that this settles, in the same transaction. Raises StoreError.
        """
        arguments = _Meeting(
            entry=entry, source=source, identity=identity, now=now, position=position,
            is_first_scrape=is_first_scrape, is_relinked=is_relinked, pending_url=pending_url,
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
            known = _find(connection, met)
            recorded = _insert(connection, met) if known is None else _revise(connection, known, met)
            if met.pending_url is not None:
                connection.execute(
                    sa.delete(pending_items).where(
                        pending_items.c.source == met.source.key, pending_items.c.url == met.pending_url
                    )
                )
            return recorded

    def relink(self, uuid: str, url: str, link: str) -> None:
        """The story moved to ``link`` (normal form ``url``): know it there too; no revision, ``updated`` stays."""
        with self._database.write() as connection:
            row = connection.execute(sa.select(entries.c.id, entries.c.link).where(entries.c.uuid == uuid)).first()
            taken = connection.execute(sa.select(aliases.c.entry_id).where(aliases.c.url == url)).scalar()
            if row is None or taken is not None:
                return
            connection.execute(sa.insert(aliases).values(url=url, entry_id=row.id))
            connection.execute(sa.update(entries).where(entries.c.id == row.id).values(link=link))
            feeds.touch(connection, row.id)

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
                row = _row(connection, entry_id)
                _list_by(connection, row, source, now=now, is_first_scrape=is_first_scrape)
        return len(set(strangers))

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
            feed = _feed_row(connection, FeedRef(kind="source", key=source.key))
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
                moved += _refile(connection, _row(connection, entry_id), source, now=now)
        return moved

    def replace_content(self, uuid: str, content: str) -> None:
        """Put content that was sanitized again in place; no revision, ``updated`` stays."""
        with self._database.write() as connection:
            entry_id = connection.execute(sa.select(entries.c.id).where(entries.c.uuid == uuid)).scalar()
            if entry_id is not None:
                connection.execute(sa.update(entries).where(entries.c.id == entry_id).values(content=content))
                feeds.touch(connection, entry_id)

    # Reading

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
            feed = _feed_row(connection, ref)
            if feed is None:
                return ()
            return _in_feed_order(connection, feeds.window_ids(connection, feed, window, now=now))

    def archive(self, ref: FeedRef, number: int) -> tuple[StoredEntry, ...]:
        """The entries of a feed's archive ``number`` (from 1, the oldest) in feed order."""
        with self._database.read() as connection:
            feed = _feed_row(connection, ref)
            if feed is None:
                return ()
            return _in_feed_order(connection, feeds.archive_ids(connection, feed, number))

    def archive_version(self, ref: FeedRef, number: int) -> int | None:
        """The change that last touched an archive, or None where there is no such archive."""
        table = archive_rows
        with self._database.read() as connection:
            feed = _feed_row(connection, ref)
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
            stored = _stored(row)
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
            feed = _feed_row(connection, ref)
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
            return tuple(_stored(row) for row in connection.execute(query.limit(limit).offset(offset)))

    def count(self, ref: FeedRef = FeedRef(kind="all")) -> int:  # noqa: B008 - a frozen value
        """How many entries a feed has shown so far, withdrawn ones left out."""
        with self._database.read() as connection:
            feed = _feed_row(connection, ref)
            query = sa.select(sa.func.count()).where(
                memberships.c.feed_id == feed, memberships.c.is_withdrawn.is_(False)
            )
            return int(connection.execute(query).scalar_one()) if feed is not None else 0

    def tombstones(self, ref: FeedRef, *, since: datetime = _LONG_AGO) -> tuple[tuple[str, datetime], ...]:
        """Entries withdrawn from a feed since then: (bare UUID, when), the latest first; at most 200."""
        with self._database.read() as connection:
            feed = _feed_row(connection, ref)
            query = (
                sa.select(entries.c.uuid, entries.c.withdrawn_at)
                .join(memberships, memberships.c.entry_id == entries.c.id)
                .where(memberships.c.feed_id == feed, memberships.c.is_withdrawn, entries.c.withdrawn_at >= since)
                .order_by(entries.c.withdrawn_at.desc(), entries.c.id)
                .limit(200)
            )
            return tuple((row.uuid, row.withdrawn_at) for row in connection.execute(query)) if feed is not None else ()

    def revisions(self, uuid: str) -> tuple[Revision, ...]:
        """What an entry was before each of its changes, the first one first."""
        with self._database.read() as connection:
            query = (
                sa.select(revisions)
                .join(entries, entries.c.id == revisions.c.entry_id)
                .where(entries.c.uuid == uuid)
                .order_by(revisions.c.number)
            )
            return tuple(_revision(row) for row in connection.execute(query))

    def stories(self, source: str, urls: Sequence[str], *, limit: int = 1000) -> tuple[Story, ...]:
        """The latest stories of a source and every story known under ``urls``, withdrawn ones included."""
        with self._database.read() as connection:
            feed = _feed_row(connection, FeedRef(kind="source", key=source))
            latest = (
                sa.select(memberships.c.entry_id)
                .where(memberships.c.feed_id == feed)
                .order_by(memberships.c.window_at.desc(), memberships.c.entry_id.desc())
                .limit(limit)
            )
            ids = dict.fromkeys(connection.execute(latest).scalars()) if feed is not None else {}
            for some in _batches(tuple(urls)):
                ids |= dict.fromkeys(
                    connection.execute(sa.select(aliases.c.entry_id).where(aliases.c.url.in_(some))).scalars()
                )
            found: dict[int, Story] = {}
            for some_ids in _batches(tuple(ids)):
                addresses: dict[int, list[str]] = {}
                for row in connection.execute(sa.select(aliases).where(aliases.c.entry_id.in_(some_ids))):
                    addresses.setdefault(row.entry_id, []).append(row.url)
                columns = (entries.c.id, entries.c.uuid, entries.c.title, entries.c.fields, entries.c.sources)
                for row in connection.execute(sa.select(*columns).where(entries.c.id.in_(some_ids))):
                    printed = row.fields.get("published")
                    found[row.id] = Story(
                        uuid=row.uuid,
                        title=row.title,
                        day=printed[2] if printed else "",
                        urls=tuple(sorted(addresses.get(row.id, ()))),
                        sources=tuple(row.sources),
                    )
            return tuple(found[entry_id] for entry_id in ids if entry_id in found)

    def known(self, urls: Sequence[str]) -> dict[str, str]:
        """Which of these normal forms are known: URL -> uuid, withdrawn entries included."""
        found: dict[str, str] = {}
        with self._database.read() as connection:
            for some in _batches(tuple(urls)):
                query = (
                    sa.select(aliases.c.url, entries.c.uuid)
                    .join(entries, entries.c.id == aliases.c.entry_id)
                    .where(aliases.c.url.in_(some))
                )
                found.update((row.url, row.uuid) for row in connection.execute(query))
        return found

    def of_source(self, source: str, *, limit: int = 500) -> tuple[StoredEntry, ...]:
        """The latest entries that a source listed, for recognizing them on a page that changed; newest first."""
        return self.newest(FeedRef(kind="source", key=source), limit=limit)

    def publication_times(self, source: str, *, limit: int = 2000) -> tuple[tuple[datetime, datetime, str], ...]:
        """(published, first seen, precision) of a source's latest entries, newest first: what rhythm learns from."""
        with self._database.read() as connection:
            feed = _feed_row(connection, FeedRef(kind="source", key=source))
            query = (
                sa.select(entries.c.published, entries.c.first_seen_at, entries.c.published_precision)
                .join(memberships, memberships.c.entry_id == entries.c.id)
                .where(memberships.c.feed_id == feed)
                .order_by(memberships.c.window_at.desc(), memberships.c.entry_id.desc())
                .limit(limit)
            )
            return tuple((row[0], row[1], row[2]) for row in connection.execute(query)) if feed is not None else ()


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


def _find(connection: Connection, met: _Meeting) -> Row[Any] | None:
    """The story that this entry is: by address, else by title and text, else (relinked sites) by title and day."""
    entry = met.entry
    addresses = (entry.canonical_url, *entry.aliases)
    query = sa.select(aliases.c.url, aliases.c.entry_id).where(aliases.c.url.in_(addresses))
    known = {row.url: row.entry_id for row in connection.execute(query)}
    if known:
        return _row(connection, next(known[url] for url in addresses if url in known))
    key = met.identity.title_key(entry.title)
    if not key:
        return None
    sketch = met.identity.fingerprint(entry.content)
    namesakes = sa.select(entries).where(entries.c.title_key == key).order_by(entries.c.id.desc()).limit(20)
    for row in connection.execute(namesakes):
        if _days_differ(row, entry):
            continue
        if met.identity.alike(row.fingerprint, sketch) or (met.is_relinked and row.source == met.source.key):
            return row
    return None


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
    made = sa.insert(entries).values(
        uuid=uuid,
        canonical_url=entry.canonical_url,
        published=published,
        published_precision=precision.value,
        published_day=day,
        updated=max(published, min(claimed, now)),
        first_seen_at=now,
        position=met.position,
        source=met.source.key,
        sources=[met.source.key],
        categories={met.source.key: path},
        **_columns(entry, met.identity),
    )
    entry_id = int(connection.execute(made.returning(entries.c.id)).scalar_one())
    _keep_original(connection, entry_id, entry.raw_content)
    _remember(connection, entry_id, entry)
    window_at = min(published, now) if met.is_first_scrape else now
    feeds.join(connection, entry_id, feeds.refs_of([met.source.key], [path]), window_at=window_at, now=now)
    feeds.touch(connection, entry_id)
    return Recorded(meeting=Meeting.NEW, uuid=uuid, entry_id=entry_id)


def _published(entry: Entry, now: datetime) -> tuple[datetime, Precision, str]:
    """When the story was released as far as we know; decided once (specs/feeds.md 1.5, 1.6)."""
    claimed = entry.published
    if claimed is None or claimed.at > now + _FUTURE_MAX:
        return now, Precision.SECOND, ""
    if claimed.precision is Precision.DAY:
        return min(claimed.at, now), claimed.precision, claimed.day
    return (now, Precision.SECOND, "") if claimed.at > now else (claimed.at, claimed.precision, "")


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
    _remember(connection, row.id, met.entry)
    if met.source.key not in row.sources:
        _list_by(
            connection, row, met.source, now=now, is_first_scrape=met.is_first_scrape, path=met.entry.category_path
        )
    if row.source != met.source.key:
        return Recorded(meeting=Meeting.UNCHANGED, uuid=row.uuid, entry_id=row.id)
    old = _stored(row).entry
    kept = changes.merged(old, met.entry, identity=met.identity, is_known_address=is_known)
    what = changes.difference(old, kept, identity=met.identity)
    if not what.fields:
        return Recorded(meeting=Meeting.UNCHANGED, uuid=row.uuid, entry_id=row.id)
    values = _columns(kept, met.identity)
    if what.is_significant:
        claimed = met.entry.updated.at if met.entry.updated is not None else now
        values["updated"] = min(claimed, now) if claimed > row.updated else max(now, row.updated)
        _keep_revision(connection, row, what.fields, now=now)
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
    feeds.join(connection, row.id, feeds.refs_of([source.key], [filed]), window_at=window_at, now=now)
    feeds.touch(connection, row.id)


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


def _columns(entry: Entry, identity: StoryIdentity) -> dict[str, Any]:
    return {
        "link": entry.link,
        "title": entry.title,
        "title_key": identity.title_key(entry.title),
        "fingerprint": identity.fingerprint(entry.content),
        "fields": entry_fields(entry),
        "content": entry.content,
    }


def _remember(connection: Connection, entry_id: int, entry: Entry) -> None:
    """Know the story under all these addresses from now on; an address that belongs to another story stays there."""
    addresses = tuple(dict.fromkeys((entry.canonical_url, *entry.aliases)))
    taken = set(connection.execute(sa.select(aliases.c.url).where(aliases.c.url.in_(addresses))).scalars())
    rows = [{"url": url, "entry_id": entry_id} for url in addresses if url not in taken]
    if rows:
        connection.execute(sa.insert(aliases), rows)


def _keep_original(connection: Connection, entry_id: int, raw_content: str) -> None:
    connection.execute(sa.delete(originals).where(originals.c.entry_id == entry_id))
    if raw_content:
        connection.execute(sa.insert(originals).values(entry_id=entry_id, raw_content=raw_content.encode()))


def _keep_revision(connection: Connection, row: Row[Any], changed: Sequence[str], *, now: datetime) -> None:
    last = connection.execute(sa.select(sa.func.max(revisions.c.number)).where(revisions.c.entry_id == row.id)).scalar()
    number = (last or 0) + 1
    document = {"title": row.title, "link": row.link, "content": row.content, "updated": row.updated.isoformat()}
    connection.execute(
        sa.insert(revisions).values(
            entry_id=row.id,
            number=number,
            replaced_at=now,
            changed=list(changed),
            document=json.dumps(document, ensure_ascii=False).encode(),
        )
    )
    connection.execute(
        sa.delete(revisions).where(revisions.c.entry_id == row.id, revisions.c.number <= number - REVISIONS_MAX)
    )


def _revision(row: Row[Any]) -> Revision:
    document = json.loads(row.document)
    return Revision(
        number=row.number,
        replaced_at=row.replaced_at,
        changed=tuple(row.changed),
        title=document["title"],
        link=document["link"],
        content=document["content"],
        updated=datetime.fromisoformat(document["updated"]),
    )


def _batches(values: tuple[Any, ...], size: int = 500) -> Iterator[tuple[Any, ...]]:
    """Few enough at a time for one statement."""
    return (values[start : start + size] for start in range(0, len(values), size))


def _row(connection: Connection, entry_id: int) -> Row[Any]:
    return connection.execute(sa.select(entries).where(entries.c.id == entry_id)).one()


def _feed_row(connection: Connection, ref: FeedRef) -> int | None:
    query = sa.select(feed_rows.c.id).where(feed_rows.c.kind == ref.kind, feed_rows.c.key == ref.key)
    return connection.execute(query).scalar()


def _in_feed_order(connection: Connection, ids: Sequence[int]) -> tuple[StoredEntry, ...]:
    """Newest ``published`` first, then first seen, then place in the listing, then id (specs/feeds.md 1.8)."""
    if not ids:
        return ()
    rows = connection.execute(sa.select(entries).where(entries.c.id.in_(ids)))
    stored = [_stored(row) for row in rows]
    stored.sort(key=lambda one: one.uuid)
    stored.sort(key=lambda one: one.position)
    stored.sort(key=lambda one: (one.published, one.first_seen_at), reverse=True)
    return tuple(stored)


def _stored(row: Row[Any]) -> StoredEntry:
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
        categories=tuple(dict.fromkeys(row.categories.get(key, DEFAULT_CATEGORY) for key in row.sources)),
        withdrawn_at=row.withdrawn_at,
    )
