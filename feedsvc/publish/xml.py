"""A Feed as RSS 2.0 or Atom 1.0 (RFC 4287), written by feedgen: the only module that knows it.

feedgen 1.0.0 has sharp edges, and this is the door with the note (specs/feeds.md 3, 4, 6):

* it stamps the present moment into feeds and entries: every date is set from the Feed here;
* it formats RSS dates by switching the process-wide locale, which is not thread-safe: its formatter is replaced;
* it keeps a date's own offset, and Atom's ``Z`` becomes ``+00:00``: dates go in as UTC and Atom's are rewritten;
* ``add_entry`` prepends: entries go in with ``order="append"``;
* RSS gets the last link as its channel link and only rel=self of all others; hub, prev-archive and current are lost;
* an RSS author without an e-mail address is dropped: names are written as dc:creator;
* Atom content marked CDATA gets ``type="CDATA"``: content is escaped HTML;
* atom:source lacks id and updated; media, history and tombstones do not exist: ``elements`` writes them;
* one forbidden character raises for the whole feed: every string passes ``text.legal``, and an entry that still cannot
  be written is left out, with an event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import feedgen.entry
import feedgen.feed
import structlog
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator

from feedsvc.model import Feed, Format, StoredEntry
from feedsvc.publish import elements
from feedsvc.publish.address import home_of, urn
from feedsvc.publish.credit import body, credited, headline, labels
from feedsvc.publish.elements import Element, child, rfc822, rfc3339, stamp
from feedsvc.publish.language import language_tag
from feedsvc.publish.media import media_type
from feedsvc.publish.text import as_html, gist, inert, legal, line, plain

GENERATOR = "feedsvc"
RSS_DOCS = "https://www.rssboard.org/rss-specification"

# feedgen looks its formatter up in these two modules.
feedgen.feed.formatRFC2822 = rfc822
feedgen.entry.formatRFC2822 = rfc822

_CANNOT_WRITE = (ValueError, TypeError, AttributeError)
_log = structlog.get_logger(__name__)


class _FeedRepairs(BaseExtension):  # type: ignore[misc]  # feedgen is untyped
    """What feedgen leaves out of a document's head."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        spaces = {"dc": elements.DC, "media": elements.MEDIA}
        if self.feed.archive is not None or self.feed.is_complete:
            spaces["fh"] = elements.HISTORY
        return spaces

    def extend_rss(self, feed: Element) -> Element:
        channel = feed[0]
        elements.feed_links(channel, self.feed, Format.RSS, prefix=f"{{{elements.ATOM}}}")
        elements.history(channel, self.feed)
        return feed

    def extend_atom(self, feed: Element) -> Element:
        elements.feed_links(feed, self.feed, Format.ATOM, prefix="")
        elements.history(feed, self.feed)
        feed.find("updated").text = stamp(self.feed.updated)
        return feed


class _Tombstones(BaseExtension):  # type: ignore[misc]
    """Withdrawn entries, in Atom alone and only where there are some: checkers do not know the namespace."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        return {"at": elements.TOMBSTONES}

    def extend_atom(self, feed: Element) -> Element:
        elements.tombstones(feed, self.feed)
        return feed


class _EntryRepairs(BaseEntryExtension):  # type: ignore[misc]
    """What feedgen writes wrongly in an entry, and what it cannot write at all."""

    feed: Feed
    stored: StoredEntry

    def extend_rss(self, item: Element) -> Element:
        stored = self.stored
        for name in credited(stored.entry):
            child(item, f"{{{elements.DC}}}creator", inert(name))
        if stored.updated - stored.published >= timedelta(seconds=1):
            child(item, f"{{{elements.ATOM}}}updated", stamp(stored.updated))
        elements.entry_media(item, stored, more=stored.entry.enclosures[1:])
        return item

    def extend_atom(self, entry: Element) -> Element:
        stored = self.stored
        for link in entry.findall("link"):
            entry.remove(link)
        for source in entry.findall("source"):
            entry.remove(source)
        elements.entry_links(entry, stored)
        elements.entry_source(entry, self.feed, stored)
        elements.entry_media(entry, stored, more=())
        entry.find("updated").text = stamp(stored.updated)
        entry.find("published").text = rfc3339(stored.published)
        language = language_tag(stored.entry.language)
        if language and language != language_tag(self.feed.language):
            entry.set(elements.XML_LANG, language)
        return entry


def write_rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0 with content:encoded, dc:creator and Media RSS."""
    return _write(feed, _rss)


def write_atom(feed: Feed) -> bytes:
    """The feed as Atom 1.0."""
    return _write(feed, _atom)


def _write(feed: Feed, writer: Callable[[Feed], bytes]) -> bytes:
    """The document; an entry that cannot be written costs itself alone, never the feed (rule C4)."""
    try:
        return writer(feed)
    except _CANNOT_WRITE:
        good = []
        for stored in feed.entries:
            try:
                writer(replace(feed, entries=(stored,)))
            except _CANNOT_WRITE as error:
                _log.error("entry left out of feed", feed=feed.ref.path, entry=stored.uuid, reason=str(error))
            else:
                good.append(stored)
        return writer(replace(feed, entries=tuple(good)))


def _rss(feed: Feed) -> bytes:
    generator = _generator(feed)
    page = home_of(feed)
    generator.title(inert(feed.title))
    generator.description(inert(feed.description) or inert(feed.title))
    # feedgen makes the last link the channel's, which must be the page; _FeedRepairs writes the others.
    generator.link(href=page, rel="alternate")
    generator.ttl(str(feed.ttl_minutes))
    generator.docs(RSS_DOCS)
    if feed.image:
        generator.image(url=legal(feed.image), title=inert(feed.title), link=page)
    if feed.rights:
        generator.rights(inert(feed.rights))
    for stored in feed.entries:
        _fill(generator.add_entry(order="append"), feed, stored, is_atom=False)
    document: bytes = generator.rss_str()
    return document


def _atom(feed: Feed) -> bytes:
    generator = _generator(feed)
    if feed.tombstones:
        generator.register_extension("tombstones", _Tombstones, rss=False)
        generator.tombstones.feed = feed
    generator.title(plain(feed.title))
    generator.subtitle(plain(feed.description) or None)
    generator.author({"name": plain(feed.author) or plain(feed.title)})
    if feed.image:
        generator.logo(legal(feed.image))
    if feed.rights:
        generator.rights(plain(feed.rights))
    for stored in feed.entries:
        _fill(generator.add_entry(order="append"), feed, stored, is_atom=True)
    document: bytes = generator.atom_str()
    return document


def _generator(feed: Feed) -> Any:
    generator = FeedGenerator()
    generator.register_extension("repairs", _FeedRepairs, _EntryRepairs)
    generator.repairs.feed = feed
    generator.id(urn(feed.uuid))
    generator.updated(feed.updated.astimezone(UTC))
    generator.generator(GENERATOR)
    if language := language_tag(feed.language):
        generator.language(language)
    return generator


def _fill(item: Any, feed: Feed, stored: StoredEntry, *, is_atom: bool) -> None:
    """Hand feedgen what it writes well."""
    words = plain if is_atom else inert
    entry = stored.entry
    item.repairs.feed, item.repairs.stored = feed, stored
    item.id(urn(stored.uuid))
    item.title(words(headline(entry)))
    item.link(href=legal(entry.link), rel="alternate")
    item.published(stored.published.astimezone(UTC))
    item.updated(stored.updated.astimezone(UTC))
    if content := body(entry):
        item.content(content, type="html")
    # An entry without any text (a link alone) must still say something: its headline (RFC 4287 section 4.1.1.1).
    summary = line(entry.summary) or gist(entry.content) or headline(entry)
    item.summary(plain(summary) if is_atom else as_html(summary))
    for name in credited(entry):
        item.author({"name": words(name)})
    for path, label in labels(feed, stored):
        item.category(term=words(path), label=words(label))
    if entry.enclosures:
        first = entry.enclosures[0]
        item.enclosure(legal(first.url), str(first.length or 0), media_type(first))
    if stored.source in feed.sources:
        title, home = feed.sources[stored.source]
        item.source(url=home, title=words(title) or home)
