"""What feeds are made of: entries, dated, identified and safe; and how they stand in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Precision(StrEnum):
    """How much of a printed date is real: a day is not a minute."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment that a page claims, in UTC, with how precisely it was printed.

    For ``Precision.DAY`` the moment is 12:00 in the source's zone on that day (specs/feeds.md 1.6) and ``day`` is the
    printed day, which people's pages show.
    """

    at: datetime
    precision: Precision
    #: The day as printed, YYYY-MM-DD, in the page's own zone.
    day: str
    #: How far from it the true day may lie: '3 weeks ago' is said for seven days. Not stored.
    give_or_take: timedelta = field(default=timedelta(0), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """An image or enclosure with a safe absolute http(s) URL."""

    url: str
    type: str = ""
    length: int | None = None
    title: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a field came from and how sure we are (0 to 1)."""

    where: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One release, normalized: plain-text fields, absolute URLs, UTC moments, sanitized HTML.

    An Entry does not know the store: it has no id yet that readers see, only the ``canonical_url`` from which one is
    minted if no known entry turns out to be the same story.
    """

    #: The link that readers open: absolute http(s).
    link: str
    #: The normal form of the link on which identity rests (normalize.identity).
    canonical_url: str
    #: Other normal forms under which this story is known (requested URL, rel=canonical, ...).
    aliases: tuple[str, ...] = ()
    title: str
    subtitle: str | None = None
    published: When | None = None
    updated: When | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    #: Printed titles, outermost first.
    category_path: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    #: Plain text, at most 300 characters.
    summary: str = ""
    #: Sanitized HTML; "" where none was found.
    content: str = ""
    #: The fragment before sanitizing, kept so that a sanitizer fix can be applied again (rule C1).
    raw_content: str = ""
    image: Media | None = None
    enclosures: tuple[Media, ...] = ()
    #: BCP 47, or None where unknown.
    language: str | None = None
    #: Field name -> where it came from.
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    #: Remarks for admins: "published: in the future, unknown", ...
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry as the store keeps it and feeds publish it. Everything identity-like here was set once, for ever."""

    #: Bare lower-case UUID; feeds print ``urn:uuid:`` before it.
    uuid: str
    entry: Entry
    #: The release date where the page has one, else ``first_seen_at``; never moves.
    published: datetime
    published_precision: Precision
    #: The printed day for Precision.DAY, else "".
    published_day: str
    #: Time of the last significant change; ``updated >= published``.
    updated: datetime
    first_seen_at: datetime
    #: Place in the listing when first seen, 0 = newest.
    position: int = 0
    #: Insertion sequence of the store, ascending; archives are runs of it.
    sequence: int = 0
    #: The source that owns the fields.
    source: str = ""
    #: Every source that listed the entry, the owner first.
    sources: tuple[str, ...] = ()
    #: Category paths ("company/releases") under which it is published, without roll-up.
    categories: tuple[str, ...] = ()
    withdrawn_at: datetime | None = None
    #: Kept out of every feed and list by an admin, quietly; its own page stays.
    hidden_at: datetime | None = None
    #: The entry that an admin says is the same story: the address of this one leads there.
    merged_into: str | None = None
    #: The one category where an admin filed it, whatever its sources say.
    filed_under: str | None = None
