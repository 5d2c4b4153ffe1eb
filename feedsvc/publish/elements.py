"""The elements that feedgen writes wrongly or not at all: links, sources, media, history, tombstones.

Sources: RFC 4287, RFC 5005 (history), RFC 6721 (tombstones), Media RSS 1.5.1, Dublin Core 1.1, RSS Board profile.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from feedsvc.model import Feed, Format, Media, StoredEntry
from feedsvc.publish.address import MEDIA_TYPES, document_links, home_of, urn
from feedsvc.publish.language import language_tag
from feedsvc.publish.media import media_type, medium
from feedsvc.publish.text import inert, legal, plain

ATOM, DC, MEDIA = "http://www.w3.org/2005/Atom", "http://purl.org/dc/elements/1.1/", "http://search.yahoo.com/mrss/"
HISTORY, TOMBSTONES = "http://purl.org/syndication/history/1.0", "http://purl.org/atompub/tombstones/1.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: An lxml element; lxml's own class is not typed as a public name.
Element = Any


def rfc3339(moment: datetime) -> str:
    """A moment in UTC with ``Z``, whole seconds (RFC 3339)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp(moment: datetime) -> str:
    """When something changed, with the milliseconds that tell it from other changes of that second (RFC 3339)."""
    fraction = f".{moment.microsecond // 1000:03}" if moment.microsecond >= 1000 else ""
    return f"{moment.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S')}{fraction}Z"


def rfc822(moment: datetime) -> str:
    """A moment in UTC as RSS wants it (RFC 822 with a four-digit year), whatever the process's locale is."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def child(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """A new last child; everything in it is made legal."""
    element: Element = etree.SubElement(parent, name, {key: legal(value) for key, value in attributes.items()})
    if text is not None:
        element.text = legal(text)
    return element


def feed_links(parent: Element, feed: Feed, format: Format, *, prefix: str) -> None:
    """Every link of the document; ``prefix`` is Atom's namespace in RSS and empty in Atom."""
    for rel, href in document_links(feed, format):
        # A hub is no feed; all other links lead to documents of this format.
        types = {} if rel == "hub" else {"type": MEDIA_TYPES[format]}
        child(parent, f"{prefix}link", rel=rel, href=href, **types)
    if not prefix:
        child(parent, "link", rel="alternate", type="text/html", href=home_of(feed))


def history(parent: Element, feed: Feed) -> None:
    """Whether the document is an archive, or holds everything (RFC 5005 sections 2 and 4)."""
    if feed.archive is not None:
        child(parent, f"{{{HISTORY}}}archive")
    elif feed.is_complete:
        child(parent, f"{{{HISTORY}}}complete")


def tombstones(parent: Element, feed: Feed) -> None:
    """What was withdrawn and when (RFC 6721); Atom alone has a word for it."""
    for uuid, when in feed.tombstones:
        child(parent, f"{{{TOMBSTONES}}}deleted-entry", ref=urn(uuid), when=rfc3339(when))


def entry_links(parent: Element, stored: StoredEntry) -> None:
    """Exactly one alternate, the page it came from, and the enclosures with type and length."""
    entry = stored.entry
    language = language_tag(entry.language)
    spoken = {"hreflang": language} if language else {}
    child(parent, "link", rel="alternate", type="text/html", href=entry.link, **spoken)
    child(parent, "link", rel="via", type="text/html", href=entry.link)
    for enclosure in entry.enclosures:
        length = {"length": str(enclosure.length)} if enclosure.length is not None else {}
        child(parent, "link", rel="enclosure", href=enclosure.url, type=media_type(enclosure), **length)


def entry_source(parent: Element, feed: Feed, stored: StoredEntry) -> None:
    """atom:source with all that RFC 4287 section 4.2.11 asks for; nothing where the source is unknown."""
    known = feed.sources.get(stored.source)
    if known is None:
        return
    title, home = known
    source = child(parent, "source")
    child(source, "id", urn(str(uuid5(NAMESPACE_URL, f"feedsvc:source:{stored.source}"))))
    child(source, "title", plain(title))
    child(source, "updated", stamp(stored.updated))
    child(source, "link", rel="alternate", type="text/html", href=home)


def entry_media(parent: Element, stored: StoredEntry, *, more: tuple[Media, ...]) -> None:
    """Media RSS for what has no other place: the lead image, and enclosures beyond the first in RSS."""
    image = stored.entry.image
    for media in ((image,) if image else ()) + more:
        attributes = {"url": media.url, "medium": medium(media), "type": media_type(media, default="")}
        attributes |= {name: str(value) for name, value in _sizes(media) if value is not None}
        element = child(parent, f"{{{MEDIA}}}content", **{name: value for name, value in attributes.items() if value})
        if media.title:
            child(element, f"{{{MEDIA}}}title", inert(media.title), type="plain")
    if image:
        child(parent, f"{{{MEDIA}}}thumbnail", url=image.url)


def _sizes(media: Media) -> tuple[tuple[str, int | None], ...]:
    return ("fileSize", media.length), ("width", media.width), ("height", media.height)
