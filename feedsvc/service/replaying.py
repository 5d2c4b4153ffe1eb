"""Extraction run again over the kept snapshots: what entries would have been, as a difference; and rules checked so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedsvc.errors import NotAPage, ScrapeError, ServiceError
from feedsvc.fetch import page_from_bytes
from feedsvc.model import Entry, ListingItem, Page, ReleaseRules, Rules, Source, StoredEntry
from feedsvc.normalize.text import body_text
from feedsvc.normalize.urls import canonicalize
from feedsvc.service.reading import PageReader
from feedsvc.store import Snapshot, Store

#: Fields of an entry whose difference matters.
FIELDS = ("title", "subtitle", "published", "authors", "publisher", "category_path", "summary", "content", "image")
#: Kept pages on which the rules of one source are checked.
CHECKED_MOST = 100
#: Rules that find fewer than this share of the items that are found without them no longer fit.
KEPT_MIN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that would be another."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedListing:
    """A kept listing page read again."""

    url: str
    fetched_at: datetime
    #: Items by the rules replayed; how many of them the store knows.
    items: int
    known: int
    #: (address, title) of what only the rules in force find, and of what only those replayed find.
    lost: tuple[tuple[str, str], ...] = ()
    gained: tuple[tuple[str, str], ...] = ()
    #: Why nothing was found, in the reader's words.
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedRelease:
    """A kept release page read again, compared with the entry that is stored."""

    url: str
    fetched_at: datetime
    title: str
    changes: tuple[Change, ...] = ()
    #: Why there is no entry in it.
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """All of a source's snapshots, the latest of each address."""

    key: str
    listings: tuple[ReplayedListing, ...]
    releases: tuple[ReplayedRelease, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing would be otherwise."""
        return not any(one.lost or one.gained for one in self.listings) and not any(
            one.changes or one.problem for one in self.releases
        )


class Replaying:
    """Reads snapshots of one source."""

    def __init__(self, store: Store, reader: PageReader, source: Source) -> None:
        self._store = store
        self._reader = reader
        self.source = source
        self._items = self._listing_items()

    def replay(self, rules: Rules | None = None, *, releases: int | None = None) -> Replay:
        """Every kept page by ``rules``, or by those in force; of releases the newest so many, or all.

        Raises ServiceError where nothing was kept.
        """
        snapshots = latest(self._store.snapshots.of_source(self.source.key, limit=2000))
        if not snapshots:
            raise ServiceError(
                "no pages of this source are kept",
                subject=self.source.key,
                remedy="scrape it first; keep.snapshots_per_page says how many copies are kept",
            )
        source = self.source if rules is None else replace(self.source, rules=rules)
        return Replay(
            key=self.source.key,
            listings=tuple(self.listing(one, source) for one in snapshots if one.kind == "listing"),
            releases=tuple(
                self.release(one, source) for one in [one for one in snapshots if one.kind == "release"][:releases]
            ),
        )

    def listing(self, snapshot: Snapshot, source: Source) -> ReplayedListing:
        """One listing page by the rules of ``source``, compared with those in force."""
        try:
            page = page_of(snapshot)
            found = self._reader.listing(page, source).listing
            before = found if source is self.source else self._reader.listing(page, self.source).listing
        except ScrapeError as error:
            return ReplayedListing(
                url=snapshot.url, fetched_at=snapshot.fetched_at, items=0, known=0, reason=str(error)
            )
        here, there = _by_address(found.items), _by_address(before.items)
        return ReplayedListing(
            url=snapshot.url,
            fetched_at=snapshot.fetched_at,
            items=len(here),
            known=len(self._store.entries.known(tuple(here))),
            lost=tuple(shown for url, shown in there.items() if url not in here),
            gained=tuple(shown for url, shown in here.items() if url not in there),
            reason=found.reason,
        )

    def release(self, snapshot: Snapshot, source: Source) -> ReplayedRelease:
        """One release page by the rules of ``source``, compared with the stored entry."""
        stored = self._stored(snapshot)
        item = self._items.get(snapshot.requested_url) or self._items.get(snapshot.url)
        title = stored.entry.title if stored else ""
        try:
            entry = self._reader.release(
                page_of(snapshot), item, source, now=snapshot.fetched_at, further=self._further
            )
        except (ScrapeError, ValueError) as error:
            return ReplayedRelease(url=snapshot.url, fetched_at=snapshot.fetched_at, title=title, problem=str(error))
        return ReplayedRelease(
            url=snapshot.url,
            fetched_at=snapshot.fetched_at,
            title=entry.title,
            changes=tuple(changes(stored.entry, entry)) if stored else (),
        )

    def _further(self, url: str) -> Page:
        """A further page of a release, where it is kept."""
        kept = self._store.snapshots.latest(self.source.key, url)
        if kept is None:
            raise NotAPage("no copy of this page is kept", subject=url)
        return page_of(kept)

    def _stored(self, snapshot: Snapshot) -> StoredEntry | None:
        urls = dict.fromkeys((canonicalize(snapshot.requested_url), canonicalize(snapshot.url)))
        known = self._store.entries.known(tuple(urls))
        uuid = next((known[url] for url in urls if url in known), None)
        return self._store.entry(uuid) if uuid else None

    def _listing_items(self) -> Mapping[str, ListingItem]:
        """Address of a release page -> the item that led there: a page is always read together with it."""
        visits = self._store.visits.releases_to_check(self.source.key, now=None, limit=2000)
        return {visit.url: visit.item for visit in visits if visit.item is not None}


def latest(snapshots: Sequence[Snapshot]) -> tuple[Snapshot, ...]:
    """The latest of each address."""
    kept: dict[str, Snapshot] = {}
    for one in snapshots:
        kept.setdefault(one.url, one)
    return tuple(kept.values())


def page_of(snapshot: Snapshot) -> Page:
    """The page that was kept. Raises NotAPage where it is none by today's rules."""
    return page_from_bytes(
        snapshot.body,
        url=snapshot.url,
        requested_url=snapshot.requested_url,
        content_type=snapshot.content_type,
        content_language=snapshot.content_language,
        fetched_at=snapshot.fetched_at,
    )


def changes(before: Entry, after: Entry) -> Iterator[Change]:
    """The fields that a person would see differ."""
    for name in FIELDS:
        old, new = _shown(before, name), _shown(after, name)
        if old != new:
            yield Change(field=name, before=old, after=new)


def _shown(entry: Entry, name: str) -> str:
    value = getattr(entry, name)
    if value is None:
        return ""
    if name == "content":
        return body_text(value)
    if name == "published":
        return str(value.day if value.precision == "day" else value.at.isoformat())
    if name == "image":
        return str(value.url)
    return " / ".join(value) if isinstance(value, tuple) else str(value)


def _by_address(items: Sequence[ListingItem]) -> dict[str, tuple[str, str]]:
    """What tells two addresses apart -> the address as it is linked, and the title."""
    return {canonicalize(item.url): (item.url, item.title.text if item.title else "") for item in items}


# Rules checked on what is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of checking one source's rules on its snapshots."""

    key: str
    pages: int
    #: One sentence for each thing that is wrong.
    faults: tuple[str, ...] = ()


def check_rules(replaying: Replaying, snapshots: Sequence[Snapshot], reader: PageReader) -> Checked:
    """Whether the rules in force, or automatic extraction, still read the latest kept pages of a source."""
    source = replaying.source
    kept = latest(snapshots)
    fronts = set(source.urls)
    faults: list[str] = []
    for snapshot in kept:
        if snapshot.kind == "listing" and {snapshot.url, snapshot.requested_url} & fronts:
            faults.extend(_listing_faults(replaying.listing(snapshot, source), snapshot, source, reader))
    releases = [one for one in kept if one.kind == "release"]
    read = [replaying.release(one, source) for one in releases]
    problems = [one for one in read if one.problem]
    if problems:
        faults.append(f"{len(problems)} of {len(read)} release pages are not read: {problems[0].problem}")
    faults.extend(_idle_release_rules(source.rules.release, releases, reader, source))
    return Checked(key=source.key, pages=len(kept), faults=tuple(faults))


def _listing_faults(found: ReplayedListing, snapshot: Snapshot, source: Source, reader: PageReader) -> Iterator[str]:
    if not found.items:
        yield f"{found.url}: {found.reason or 'no items'}"
        return
    if replace(source.rules, release=ReleaseRules()) == Rules():
        return
    page = page_of(snapshot)
    items = reader.listing(page, source).listing.items
    voices = {
        "title": [item.title.where for item in items if item.title],
        "published": [item.published[0].where for item in items if item.published],
        "summary": [item.summary.where for item in items if item.summary],
        "image": [item.image.where for item in items if item.image],
    }
    for name, places in voices.items():
        selector = getattr(source.rules, name)
        if selector and f"rule:{selector}" not in places:
            yield f"{found.url}: the rule {name} = {selector!r} matches in no item"
    alone = len(reader.listing(page, replace(source, rules=Rules())).listing.items)
    if found.items < KEPT_MIN * alone:
        yield f"{found.url}: the rules find {found.items} items, and {alone} are found without them"


def _idle_release_rules(
    rules: ReleaseRules, snapshots: Sequence[Snapshot], reader: PageReader, source: Source
) -> Iterator[str]:
    """Rules for release pages that match on none of the kept ones."""
    named = {name: getattr(rules, name) for name in ReleaseRules.__dataclass_fields__ if name != "remove"}
    idle = {name: selector for name, selector in named.items() if selector}
    pages = 0
    for snapshot in snapshots:
        if not idle:
            return
        try:
            document = reader.document(page_of(snapshot))
        except ScrapeError:
            continue
        pages += 1
        idle = {name: selector for name, selector in idle.items() if not document.select(selector)}
    for name, selector in idle.items() if pages else ():
        yield f"the rule release.{name} = {selector!r} matches on none of {pages} release pages"
