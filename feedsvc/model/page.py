"""What fetching gives: a Page, or the news that it has not changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask 'changed since?' with, byte for byte (RFC 9110 section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer of a web server, decoded and ready to be read."""

    #: Where the body came from, after redirects; what relative links are resolved against.
    url: str
    #: What was asked for.
    requested_url: str
    status: int = 200
    #: Media type in lower case without parameters, as declared or sniffed: "text/html".
    media_type: str = "text/html"
    #: The body after content decoding (gzip, ...), before charset decoding; what snapshots keep.
    body: bytes = b""
    #: The body as text; never silently emptied (rule F10).
    text: str = ""
    #: WHATWG name of the encoding that gave ``text``.
    encoding: str = "utf-8"
    #: The charset parameter of Content-Type, verbatim, for decoding a snapshot again.
    declared_charset: str | None = None
    #: The Content-Language header, if any.
    content_language: str | None = None
    validators: Validators = Validators()
    #: Until when HTTP freshness says that asking again is pointless (RFC 9111), or None.
    fresh_until: datetime | None = None
    fetched_at: datetime
    #: The final URL of a chain that consists of permanent redirects only (301, 308): reported, never adopted silently.
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that what we have is still current (304)."""

    url: str
    validators: Validators
    fetched_at: datetime
    fresh_until: datetime | None = None
