"""A Feed as JSON Feed 1.1 (https://jsonfeed.org/version/1.1), from the same entries as RSS and Atom."""

from __future__ import annotations

import json
from typing import Any

from feedsvc.model import Feed, Format, Media, StoredEntry
from feedsvc.publish.address import archive_url, document_url, home_of, urn
from feedsvc.publish.credit import body, credited, headline, labels
from feedsvc.publish.elements import rfc3339, stamp
from feedsvc.publish.language import language_tag
from feedsvc.publish.media import media_type
from feedsvc.publish.text import gist, legal, line

VERSION = "https://jsonfeed.org/version/1.1"


def write_json(feed: Feed) -> bytes:
    """The feed as JSON; absent facts are absent keys, never null (specs/feeds.md 5.2)."""
    document = {
        "version": VERSION,
        "title": line(feed.title),
        "home_page_url": home_of(feed),
        "feed_url": document_url(feed, Format.JSON),
        "description": line(feed.description),
        "icon": legal(feed.image or ""),
        "authors": [{"name": line(feed.author)}] if line(feed.author) else [],
        "language": language_tag(feed.language),
        "next_url": _next_url(feed),
        "hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs] if feed.archive is None else [],
    }
    # An empty list of items must be there; every other empty value is left out.
    kept: dict[str, Any] = _known(document) | {"items": [json_item(feed, stored) for stored in feed.entries]}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _next_url(feed: Feed) -> str | None:
    if feed.prev_archive is None:
        return None
    return archive_url(feed.base_url, feed.ref, Format.JSON, feed.prev_archive)


def json_item(feed: Feed, stored: StoredEntry) -> dict[str, Any]:
    """One entry as the document says it."""
    entry = stored.entry
    summary = line(entry.summary) or gist(entry.content)
    item = {
        "id": urn(stored.uuid),
        "url": legal(entry.link),
        "title": headline(entry),
        "content_html": body(entry),
        "summary": summary,
        "image": legal(entry.image.url) if entry.image else None,
        "date_published": rfc3339(stored.published),
        "date_modified": stamp(stored.updated),
        "authors": [{"name": name} for name in credited(entry)],
        "tags": [label for _, label in labels(feed, stored)],
        "language": language_tag(entry.language),
        "attachments": [_attachment(media) for media in entry.enclosures],
    }
    if not item["content_html"]:
        # One of content_html and content_text is required.
        item["content_text"] = summary or headline(entry)
    return _known(item)


def _attachment(media: Media) -> dict[str, Any]:
    return _known(
        {
            "url": legal(media.url),
            "mime_type": media_type(media),
            "title": line(media.title or ""),
            "size_in_bytes": media.length,
        }
    )


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None and value not in ("", [])}
