"""Entries and what is known of their feed → a Feed: in order, without doubles, within rights. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from feedsvc.model import Feed, FeedRef, StoredEntry
from feedsvc.protocols import FeedIdentity
from feedsvc.publish.text import line

#: How much of an entry may be published, the least first; "none" is a variant's word for "link".
_ALLOWANCES = {"link": 0, "none": 0, "summary": 1, "full": 2}
#: A document should stay below this many bytes (specs/feeds.md 2.7); markup of an entry besides its text, roughly.
DOCUMENT_MAX, ENTRY_OVERHEAD = 1_000_000, 1_500
#: How many withdrawn entries a document names.
TOMBSTONES_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """How much of an entry's text its source and its categories allow: "full", "summary" or "link"."""

    sources: Mapping[str, str] = field(default_factory=dict)
    #: By category path; what a category says holds for all below it.
    categories: Mapping[str, str] = field(default_factory=dict)

    def permit(self, stored: StoredEntry, *, wanted: str = "full") -> StoredEntry:
        """The entry with no more text than all of them allow, and no more than is ``wanted``."""
        rules = [wanted, *(self.sources.get(key, "full") for key in (stored.source,))]
        rules += [self.categories.get(path, "full") for own in stored.categories for path in _with_parents(own)]
        allowed = min(_ALLOWANCES.get(rule, 2) for rule in rules)
        if allowed == _ALLOWANCES["full"]:
            return stored
        summary = stored.entry.summary if allowed else ""
        return replace(stored, entry=replace(stored.entry, content="", raw_content="", summary=summary))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A bounded choice of what a document holds: at most ``limit`` entries, with ``content`` text at most."""

    limit: int | None = None
    content: str = "full"

    @property
    def query(self) -> str:
        """The canonical query string, "" for the feed itself."""
        parts = [f"limit={self.limit}"] if self.limit is not None else []
        parts += [f"content={self.content}"] if self.content != "full" else []
        return "&".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFacts:
    """All that a feed says besides its entries, from configuration and store."""

    ref: FeedRef
    identity: FeedIdentity
    title: str
    base_url: str
    description: str = ""
    language: str | None = None
    author: str = ""
    rights: str | None = None
    image: str | None = None
    hubs: tuple[str, ...] = ()
    #: Source key -> (title, home page).
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    #: Category path -> printed title.
    categories: Mapping[str, str] = field(default_factory=dict)
    permits: Rights = field(default_factory=Rights)
    ttl_minutes: int = 15
    max_age: int = 300


def assemble(
    facts: FeedFacts,
    entries: Iterable[StoredEntry],
    *,
    archive: int | None = None,
    archives: int = 0,
    archived: Collection[str] = (),
    tombstones: Iterable[tuple[str, datetime]] = (),
    variant: Variant | None = None,
) -> Feed:
    """The current document of a feed, or one of its archives.

    ``archives`` is how many complete archives the feed has, ``archived`` the ids in them that a document which would
    grow too large may leave out (``is_oversize``). ``updated`` comes from the entries and what was withdrawn, never
    from a clock, and never goes back behind what ``facts.identity`` remembers.
    """
    variant = variant or Variant()
    ordered = in_feed_order(entries)
    shown = tuple(facts.permits.permit(stored, wanted=variant.content) for stored in ordered)[: variant.limit]
    if archived and archive is None:
        shown = _within_size(shown, archived)
    gone = tuple(sorted(tombstones, key=lambda pair: (pair[1], pair[0]), reverse=True))[:TOMBSTONES_MAX]
    moments = [stored.updated for stored in ordered] + [when.replace(microsecond=0) for _, when in gone]
    if archive is None and facts.identity.updated is not None:
        moments.append(facts.identity.updated)
    prior = (archive - 1 if archive is not None else archives) or None
    return Feed(
        ref=facts.ref,
        uuid=facts.identity.uuid,
        # every format asks for a title, and one of spaces or forbidden characters alone is none
        title=line(facts.title) or facts.ref.path,
        description=facts.description,
        base_url=facts.base_url,
        language=facts.language,
        author=facts.author,
        rights=facts.rights,
        image=facts.image,
        hubs=facts.hubs,
        updated=max(moments, default=facts.identity.created_at),
        entries=shown,
        sources={one.source: facts.sources[one.source] for one in shown if one.source in facts.sources},
        categories=_named(facts.categories, shown),
        ttl_minutes=facts.ttl_minutes,
        max_age=facts.max_age,
        archive=archive,
        prev_archive=prior,
        is_complete=archive is None and not archives and len(shown) == len(ordered),
        tombstones=gone if archive is None else (),
        variant=variant.query,
    )


def in_feed_order(entries: Iterable[StoredEntry]) -> tuple[StoredEntry, ...]:
    """Newest first (specs/feeds.md 1.8), each id once, without withdrawn ones."""
    by_id = {stored.uuid: stored for stored in entries if stored.withdrawn_at is None}
    return tuple(
        sorted(
            by_id.values(),
            key=lambda stored: (
                -stored.published.timestamp(),
                -stored.first_seen_at.timestamp(),
                stored.position,
                stored.uuid,
            ),
        )
    )


def _with_parents(path: str) -> tuple[str, ...]:
    parts = path.split("/")
    return tuple("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))


def _named(titles: Mapping[str, str], shown: tuple[StoredEntry, ...]) -> dict[str, str]:
    """Only what the document prints: a category that comes up elsewhere must not change these bytes."""
    used = {path for stored in shown for path in stored.categories}
    return {path: titles[path] for path in sorted(used) if path in titles}


def is_oversize(entries: Iterable[StoredEntry]) -> bool:
    """Whether a document of these entries would grow beyond DOCUMENT_MAX."""
    return sum(map(_size, entries)) > DOCUMENT_MAX


def _size(stored: StoredEntry) -> int:
    return len(stored.entry.content.encode(errors="replace")) + ENTRY_OVERHEAD


def _within_size(shown: tuple[StoredEntry, ...], archived: Collection[str]) -> tuple[StoredEntry, ...]:
    """Entries cut from the old end until the document is small enough: only those that an archive holds."""
    excess = sum(map(_size, shown)) - DOCUMENT_MAX
    cut = set()
    for stored in reversed(shown[1:]):
        if excess <= 0:
            break
        if stored.uuid in archived:
            cut.add(stored.uuid)
            excess -= _size(stored)
    return tuple(stored for stored in shown if stored.uuid not in cut)
