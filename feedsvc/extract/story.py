"""All that a release page's body brings: the body itself, its lead image, its files and its further pages."""

from __future__ import annotations

from dataclasses import dataclass

from lxml.html import HtmlElement

from feedsvc.extract.article import find_body, region_body
from feedsvc.extract.document import Document
from feedsvc.extract.enclosures import find_enclosures
from feedsvc.extract.images import find_lead_image, image_address
from feedsvc.extract.labels import is_label_line
from feedsvc.extract.paging import find_pages
from feedsvc.model import Found, FoundMedia, ReleaseRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What ``read_story`` finds."""

    body: Found | None = None
    image: FoundMedia | None = None
    enclosures: tuple[FoundMedia, ...] = ()
    next_urls: tuple[str, ...] = ()


def read_story(document: Document, rules: ReleaseRules, *, title: str | None = None) -> Story:
    """The story of a page; rules before what is found automatically.

    Raises ValueError for a rule that is no CSS selector; nothing else, whatever the page holds.
    """
    removed = tuple(element for selector in rules.remove for element in document.select(selector))
    body: Found | None = None
    if rules.body:
        body = region_body(document.select(rules.body), remove=removed, title=title, is_aside=is_label_line)
    if body is None:
        body = find_body(document, title=title, is_aside=is_label_line, remove=removed)
    text = body.text if body else ""
    return Story(
        body=body,
        image=_ruled_image(document, rules) or find_lead_image(document, body=text),
        enclosures=find_enclosures(document, text) if text else (),
        next_urls=find_pages(document) if text else (),
    )


def _ruled_image(document: Document, rules: ReleaseRules) -> FoundMedia | None:
    for element in document.select(rules.image) if rules.image else ():
        for image in _images(element):
            if url := document.absolute(image_address(image) or image.get("content") or image.get("href")):
                return FoundMedia(url=url, where="rule", title=image.get("alt") or None)
    return None


def _images(element: HtmlElement) -> list[HtmlElement]:
    return [element] if element.tag in ("img", "meta", "link") else list(element.iter("img"))
