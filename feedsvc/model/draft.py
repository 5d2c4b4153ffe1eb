"""What pages literally print: strings, each with where it was found. Nothing here is dated, identified or safe yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One string as a page prints it, where it stood, and how sure the finder is."""

    text: str
    #: The voice and place that gave it: "rule:h1.title", "label:Release date", "jsonld:datePublished", "og:title".
    where: str
    #: 0 to 1; comparable within one field only.
    confidence: float = 1.0
    #: When the page was fetched, for words that count from it ('3 hours ago') and are read again later.
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMedia:
    """An image or an attached file as a page links it; ``url`` is absolute."""

    url: str
    where: str
    #: Media type as declared or told by the file's ending; "" if unknown.
    type: str = ""
    #: Bytes, where the page says so.
    length: int | None = None
    title: str | None = None
    width: int | None = None
    height: int | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingItem:
    """One link of a listing page: enough to decide whether to follow it."""

    #: Absolute link of the release page, as printed (not yet canonical).
    url: str
    #: As the listing words it; the release page may say more.
    title: Found | None = None
    #: Date strings printed with the item, the likeliest first.
    published: tuple[Found, ...] = ()
    summary: Found | None = None
    image: FoundMedia | None = None
    authors: tuple[Found, ...] = ()
    #: Full HTML where the way in carries it (a feed, JSON in the page, WordPress).
    body: Found | None = None
    categories: tuple[str, ...] = ()
    #: 0 is the top of the first listing page.
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Something that looked like a list or an item and was refused, with a named reason ("navigation", "pager")."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one listing page holds."""

    url: str
    items: tuple[ListingItem, ...]
    #: The ways on to older items, the surest first: absolute URLs.
    next_urls: tuple[str, ...] = ()
    #: How the items were found: "rules", "list", "feed", "jsonld", "wordpress", "sitemap", ...
    plan: str = "list"
    refused: tuple[Refusal, ...] = ()
    #: Where items is empty: one sentence 'nothing here, because ...'.
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A release page as printed. Several candidates stand where several voices spoke; normalizing decides."""

    #: Address of the page (after redirects).
    url: str
    canonical: Found | None = None
    title: Found | None = None
    subtitle: Found | None = None
    published: tuple[Found, ...] = ()
    updated: tuple[Found, ...] = ()
    #: Byline strings, one or more persons each, words like 'By' still on them.
    authors: tuple[Found, ...] = ()
    #: The organisation that the page credits ("Source: ...").
    publisher: Found | None = None
    #: The breadcrumb, outermost first, without a leading 'Home' and without the page's own title.
    category_path: tuple[Found, ...] = ()
    tags: tuple[Found, ...] = ()
    summary: Found | None = None
    #: The body as an HTML fragment, URLs absolute, not yet sanitized.
    body: Found | None = None
    image: FoundMedia | None = None
    enclosures: tuple[FoundMedia, ...] = ()
    language: Found | None = None
    #: Further pages of the same article, in order, absolute.
    next_urls: tuple[str, ...] = ()
    #: Every other date that the page prints: evidence for day/month order, never a candidate.
    other_dates: tuple[str, ...] = ()
