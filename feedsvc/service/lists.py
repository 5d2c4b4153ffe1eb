"""Listing pages to items, and what a page looks like where it looks like something else.

On its own, so that the process that reads heavy listings loads nothing of what only release pages need.
"""

from __future__ import annotations

from feedsvc.extract.document import Document
from feedsvc.extract.listing import ReadListing, kind_of, read_listing, read_page
from feedsvc.lexicon.pagelooks import Look, look_of
from feedsvc.model import Page, Source


def read_list(page: Page, source: Source) -> ReadListing:
    """The items of a listing page, and its look. Never raises."""
    if source.kind not in ("auto", "html") or kind_of(page) != "html":
        return ReadListing(listing=read_page(page, source.kind, source.rules))
    document = Document.parse(page)
    return ReadListing(listing=read_listing(document, source.rules), look=look_at(document))


def look_at(document: Document) -> Look | None:
    """What a page looks like that stands in for another; None where nothing speaks for that."""
    title = document.root.findtext(".//title") or ""
    return look_of(title, _visible_text(document))


def _visible_text(document: Document, *, enough: int = 20_000) -> str:
    """The first ``enough`` characters of what a person would read."""
    words: list[str] = []
    length = 0
    body = document.root.find("body")
    for element in (document.root if body is None else body).iter():
        if not isinstance(element.tag, str) or element.tag in {"script", "style", "template", "noscript"}:
            text = element.tail
        else:
            text = f"{element.text or ''} {element.tail or ''}"
        if text and text.strip():
            words.append(text)
            length += len(text)
            if length > enough:
                break
    return " ".join(words)
