"""The list of all feeds as OPML 2.0, grouped by category, for import into readers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from feedsvc.model import FeedRef, Format
from feedsvc.publish.address import feed_url, page_url
from feedsvc.publish.elements import rfc822
from feedsvc.publish.language import language_tag
from feedsvc.publish.text import inert

CONTENT_TYPE = "text/x-opml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of the list."""

    ref: FeedRef
    title: str
    description: str = ""
    language: str | None = None


def write_opml(
    outlines: Iterable[Outline],
    *,
    title: str,
    base_url: str,
    created_at: datetime,
    changed_at: datetime,
    format: Format = Format.ATOM,
) -> bytes:
    """The document: every feed an outline of type rss, those of a category below the outline of its parent."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    for name, text in (("title", title), ("dateCreated", rfc822(created_at)), ("dateModified", rfc822(changed_at))):
        etree.SubElement(head, name).text = inert(text)
    body = etree.SubElement(root, "body")
    parents: dict[str, Any] = {}
    for outline in outlines:
        parent = body
        if outline.ref.kind == "category":
            parent = parents.get(outline.ref.key.rpartition("/")[0], body)
        element = etree.SubElement(parent, "outline", _attributes(outline, base_url, format))
        if outline.ref.kind == "category":
            parents[outline.ref.key] = element
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _attributes(outline: Outline, base_url: str, format: Format) -> dict[str, str]:
    facts = {
        "type": "rss",
        "text": inert(outline.title),
        "title": inert(outline.title),
        "xmlUrl": feed_url(base_url, outline.ref, format),
        "htmlUrl": page_url(base_url, outline.ref),
        "description": inert(outline.description),
        "language": language_tag(outline.language) or "",
    }
    return {name: value for name, value in facts.items() if value}
