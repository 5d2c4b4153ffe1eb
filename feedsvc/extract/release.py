"""A release page → Draft: every field with where it came from, rules before what is found automatically."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from urllib.parse import urlsplit

from feedsvc.extract.breadcrumb import find_category_path, ruled_path
from feedsvc.extract.byline import find_authors
from feedsvc.extract.dates import find_dates, find_updates, other_dates
from feedsvc.extract.document import Document
from feedsvc.extract.labels import Labelled, read_labels
from feedsvc.extract.lines import Lines, bare, read_lines, text_of
from feedsvc.extract.metadata import Metadata, read_metadata
from feedsvc.extract.publisher import find_publisher
from feedsvc.extract.ruled import ruled
from feedsvc.extract.sitename import page_title, site_names
from feedsvc.extract.story import read_story
from feedsvc.extract.title import find_title
from feedsvc.lexicon.dateshape import date_spans
from feedsvc.model import Draft, Found, ListingItem, ReleaseRules

#: A date whose day and month only the page's other dates can tell apart.
_DOUBTFUL_ORDER = re.compile(r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)")
_TAG_SEPARATOR = re.compile(r"\s*[,;，；、|]\s*")


class _Printed:
    """What a page prints, read once and only where a field needs it: a page whose rules say all costs little."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.title: Found | None = None

    @cached_property
    def lines(self) -> Lines:
        """Its lines of text."""
        return read_lines(self.document.root)

    @cached_property
    def metadata(self) -> Metadata:
        """Its structured data."""
        return read_metadata(self.document)

    @cached_property
    def labels(self) -> tuple[Labelled, ...]:
        """Its labelled facts."""
        return read_labels(self.lines)

    @cached_property
    def title_at(self) -> int | None:
        """The number of the line that prints the title."""
        return _line_of(self.lines, self.title.text) if self.title else None


def read_release(document: Document, rules: ReleaseRules, item: ListingItem | None = None) -> Draft:
    """What a release page prints. ``item`` is the listing's word for it: believed where the page says nothing.

    Raises ValueError for a rule that is no CSS selector; nothing else, whatever the page holds.
    """
    page = _Printed(document)
    page.title = _title(page, rules, item)
    metadata, title = page.metadata, page.title
    ruled_dates = ruled(document, rules.published, kinds=("published",))
    is_dated = any(next(date_spans(found.text), None) for found in ruled_dates)
    is_doubtful = any(_DOUBTFUL_ORDER.search(found.text) for found in ruled_dates)
    story = read_story(
        document,
        rules,
        title=title.text if title else None,
        labels=() if rules.body and is_dated else page.labels,
        is_promised=item is None or _is_named(title, item),
    )
    return Draft(
        url=document.url,
        canonical=_canonical(document),
        title=title,
        subtitle=_first(ruled(document, rules.subtitle)) or metadata.first("subtitle"),
        published=(ruled_dates if is_dated else ruled_dates + _dates(page)) + (item.published if item else ()),
        updated=ruled(document, rules.updated, kinds=("updated",))
        + find_updates(() if is_dated else page.labels, metadata),
        authors=_authors(page, rules) or (item.authors if item else ()),
        publisher=_first(ruled(document, rules.publisher, kinds=("publisher",)))
        or find_publisher(page.labels, metadata, title_at=page.title_at),
        category_path=_category_path(page, rules),
        tags=_tags(metadata),
        summary=metadata.first("summary") or (item.summary if item else None),
        body=story.body or (item.body if item else None),
        image=story.image or (item.image if item else None),
        enclosures=story.enclosures,
        next_urls=story.next_urls,
        language=_language(document, metadata),
        other_dates=() if is_dated and not is_doubtful else other_dates(page.lines),
    )


def _dates(page: _Printed) -> tuple[Found, ...]:
    return find_dates(page.document, page.lines, page.labels, page.metadata, title_at=page.title_at)


def _authors(page: _Printed, rules: ReleaseRules) -> tuple[Found, ...]:
    return ruled(page.document, rules.author, kinds=("author",)) or find_authors(
        page.lines,
        page.labels,
        page.metadata,
        title=page.title.text if page.title else None,
        title_at=page.title_at,
        sites=site_names(page.document, page.metadata),
    )


def _is_named(title: Found | None, item: ListingItem) -> bool:
    """Whether a page bears the title that its listing gives it, or a longer one; a dated list may give none."""
    if item.title is None:  # sitemaps date all their pages, also those that are no releases
        return any(not found.where.startswith("sitemap") for found in item.published)
    promised, given = (bare(found.text) if found else "" for found in (item.title, title))
    return bool(promised) and promised in given


def _first(found: Sequence[Found]) -> Found | None:
    return found[0] if found else None


def _title(page: _Printed, rules: ReleaseRules, item: ListingItem | None) -> Found | None:
    ruling = _first(ruled(page.document, rules.title))
    if ruling is not None:
        return ruling
    found = find_title(page.document, page.lines, page.metadata)
    listed = item.title if item else None
    return listed if found is None or (listed and _is_mistaken(page, found, listed)) else found


def _is_mistaken(page: _Printed, found: Found, listed: Found) -> bool:
    """Whether a line that is no heading was taken for a title, where listing and ``title`` element agree on another."""
    printed, promised = bare(found.text), bare(listed.text)
    if not promised or found.where != "line" or printed in promised or promised in printed:
        return False
    return promised in bare(page_title(page.document))


def _line_of(lines: Lines, title: str) -> int | None:
    """The number of the line that prints the title, a heading's first."""
    key = bare(title)
    for heading in lines.headings:
        text = bare(text_of(heading.element))
        if key and (text.startswith(key) or text.endswith(key)):
            return heading.index
    for line in lines.lines:
        if key and len(line.text) < len(title) + 200 and bare(line.text).startswith(key):
            return line.index
    return None


def _category_path(page: _Printed, rules: ReleaseRules) -> tuple[Found, ...]:
    title = page.title.text if page.title else None
    if rules.category:
        return ruled_path(page.document, rules.category, title=title)
    path = find_category_path(page.document, page.lines, page.metadata, title=title)
    if path:
        return path
    section = page.metadata.first("section")
    if section:
        return (section,)
    labelled = [fact for fact in page.labels if fact.kind == "category" and not fact.is_weak and not fact.is_aside]
    return tuple(Found(text=fact.value, where=f"label:{fact.label}", confidence=0.5) for fact in labelled[:1])


def _tags(metadata: Metadata) -> tuple[Found, ...]:
    tags: dict[str, Found] = {}
    for found in metadata.all("tags"):
        for word in _TAG_SEPARATOR.split(found.text):
            if word and len(word) <= 60:
                tags.setdefault(word.casefold(), Found(text=word, where=found.where, confidence=found.confidence))
    return tuple(tags.values())[:30]


def _canonical(document: Document) -> Found | None:
    """``link rel=canonical``, else og:url, where it names a page of the same site."""
    host = urlsplit(document.url).hostname
    for link in document.root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (url := document.absolute(link.get("href"))):
            sure = 0.9 if urlsplit(url).hostname == host else 0.4
            return Found(text=url, where="link:canonical", confidence=sure)
    for meta in document.root.iter("meta"):
        if (meta.get("property") or "").lower() == "og:url" and (url := document.absolute(meta.get("content"))):
            return Found(text=url, where="meta:og:url", confidence=0.5)
    return None


def _language(document: Document, metadata: Metadata) -> Found | None:
    if document.language:
        return Found(text=document.language, where="html:lang", confidence=0.8)
    return metadata.first("language")
