"""What is published: a Feed (a pure value of the store) and its Rendering (bytes with validators)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from feedsvc.model.entry import StoredEntry


class Format(StrEnum):
    """The formats of a feed; the value is the ending of its address."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRef:
    """Which feed: ``kind`` is "all", "category", "source" or "filter"; ``key`` its path or key ("" for all)."""

    kind: str
    key: str = ""

    @property
    def path(self) -> str:
        """Its address below the base URL without an ending: "feeds/company/releases", "sources/acme"."""
        if self.kind == "all":
            return "feeds/all"
        return f"sources/{self.key}" if self.kind == "source" else f"feeds/{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """All that a document says, in order; two equal Feeds render to equal bytes in every process."""

    ref: FeedRef
    #: Minted when the feed was created; bare UUID; never moves with name, URL or format.
    uuid: str
    title: str
    description: str
    #: Base URL without a trailing slash; every absolute address starts with it.
    base_url: str
    language: str | None = None
    author: str = ""
    rights: str | None = None
    image: str | None = None
    #: WebSub hubs (absolute).
    hubs: tuple[str, ...] = ()
    #: Greatest ``updated`` of the entries, or when the feed was created for an empty one.
    updated: datetime
    #: Newest first (specs/feeds.md 1.8), each with as much text as the rights of its source and category allow.
    entries: tuple[StoredEntry, ...] = ()
    #: Source key -> (title, home page), for atom:source and RSS source.
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    #: Category path -> printed title.
    categories: Mapping[str, str] = field(default_factory=dict)
    #: Suggested minutes between polls (RSS ttl) and the max-age of the rendering, in seconds.
    ttl_minutes: int = 15
    max_age: int = 300
    #: RFC 5005: which archive this document is (1 is the oldest), None for the current document.
    archive: int | None = None
    #: Number of the archive before this document. (An archive never names the one after: its bytes stay fixed.)
    prev_archive: int | None = None
    #: The document holds every entry that the feed ever had.
    is_complete: bool = False
    #: Withdrawn entries: (uuid, when), for at:deleted-entry.
    tombstones: tuple[tuple[str, datetime], ...] = ()
    #: Query string of a variant ("limit=20"), "" for the feed itself; part of rel=self.
    variant: str = ""
    #: Its page for people, where that is not at its own address without the format.
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """The finished bytes of one feed in one format, with every coding and validator; computed once per change."""

    content_type: str
    identity: bytes
    gzip: bytes
    brotli: bytes
    #: Strong tag of the identity bytes without quotes; codings append their suffix inside the quotes.
    etag: str
    #: When the bytes last changed, whole seconds, UTC.
    last_modified: datetime
    max_age: int
    #: Link header value (hub, self), "" for none.
    link: str = ""
