"""A Feed → its Rendering: bytes in every coding, with validators. Computed once per change, never per request."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime

import brotli

from feedsvc.model import Feed, Format, Rendering
from feedsvc.publish.address import MEDIA_TYPES, document_links
from feedsvc.publish.jsonfeed import write_json
from feedsvc.publish.xml import write_atom, write_rss

_WRITERS = {Format.RSS: write_rss, Format.ATOM: write_atom, Format.JSON: write_json}
#: Characters of the tag: 128 bits of SHA-256 tell any two documents apart.
ETAG_LENGTH = 32


def render(feed: Feed, format: Format, *, changed_at: datetime | None = None) -> Rendering:
    """The finished document.

    ``changed_at`` is when these bytes came to be what they are (specs/feeds.md 7.2), by default the feed's ``updated``.
    Equal Feeds give equal bytes and tags in every process.
    """
    body = _WRITERS[format](feed)
    return Rendering(
        content_type=f"{MEDIA_TYPES[format]}; charset=utf-8",
        identity=body,
        gzip=compressed(body),
        brotli=brotli.compress(body, quality=5),
        etag=etag_of(body),
        last_modified=(changed_at or feed.updated).astimezone(UTC).replace(microsecond=0),
        max_age=feed.max_age,
        link=_link_header(feed, format),
    )


def etag_of(body: bytes) -> str:
    """The strong tag of these bytes, without quotes (RFC 9110 section 8.8.3)."""
    return hashlib.sha256(body).hexdigest()[:ETAG_LENGTH]


def compressed(body: bytes) -> bytes:
    """gzip without a time in it: constant for constant bytes."""
    return gzip.compress(body, compresslevel=9, mtime=0)


def _link_header(feed: Feed, format: Format) -> str:
    """hub and self for WebSub subscribers (W3C WebSub section 4); "" where there is no hub."""
    if not feed.hubs or feed.archive is not None:
        return ""
    return ", ".join(f'<{href}>; rel="{rel}"' for rel, href in document_links(feed, format) if rel in ("hub", "self"))
