"""All that a release page's body brings: the body itself, its lead image, its files and its further pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import unescape

from lxml import html
from lxml.html import HtmlElement

from feedsvc.extract.article import find_body, region_body
from feedsvc.extract.beside import beside
from feedsvc.extract.breadcrumb import is_trail
from feedsvc.extract.document import Document
from feedsvc.extract.enclosures import find_enclosures, holds_file, may_hold_files
from feedsvc.extract.images import find_lead_image, image_address, is_picture
from feedsvc.extract.labels import Labelled, before_labels, is_label_line
from feedsvc.extract.lines import bare
from feedsvc.extract.paging import find_pages
from feedsvc.model import Found, FoundMedia, ReleaseRules

_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What ``read_story`` finds."""

    body: Found | None = None
    image: FoundMedia | None = None
    enclosures: tuple[FoundMedia, ...] = ()
    next_urls: tuple[str, ...] = ()


def read_story(
    document: Document,
    rules: ReleaseRules,
    *,
    title: str | None = None,
    labels: Sequence[Labelled] = (),
    is_promised: bool = True,
) -> Story:
    """The story of a page; rules before what is found automatically.

    ``labels`` are the page's labelled facts: their own lines are no part of the story. ``is_promised``: the page bears
    the title that its listing gave it, so that it is a release even without any prose.
    Raises ValueError for a rule that is no CSS selector; nothing else, whatever the page holds.
    """
    removed = tuple(element for selector in rules.remove for element in document.select(selector))
    is_aside = _aside_test(title, labels)
    body: Found | None = None
    if rules.body:
        body = region_body(document.select(rules.body), remove=removed, title=title, is_aside=is_aside)
    if body is None:
        body = find_body(document, title=title, is_aside=is_aside, remove=removed)
    own = partial(beside, document, title=title, removed=frozenset(removed))
    if body is None and is_promised and not _waits_for_scripts(document):
        body = _without_prose(own(lambda element: holds_file(element) or _is_shown(element)))
    text = body.text if body else ""
    has_files = bool(text) and may_hold_files(document.page.text)
    files = own(holds_file, body=unescape(_TAG.sub(" ", text))) if has_files else ()
    return Story(
        body=body,
        image=_ruled_image(document, rules) or find_lead_image(document, body=text),
        enclosures=find_enclosures(document, text, beside=files),
        next_urls=find_pages(document) if text else (),
    )


def _waits_for_scripts(document: Document) -> bool:
    """Whether a page has a place that something is to fill: what stands around it is a frame."""
    places = document.root.iter("div", "main", "section")
    return any(place.get("id") and not len(place) and not (place.text or "").strip() for place in places)


def _is_shown(element: HtmlElement) -> bool:
    """Whether a picture stands for itself, and not for a page to which it leads."""
    link = next(element.iterancestors("a"), None)
    return is_picture(element) and (link is None or bool(_PICTURE.search(link.get("href") or ".png")))


def _without_prose(shown: Sequence[HtmlElement]) -> Found | None:
    """A release that is all files, players or pictures: these are its story."""
    among = set(shown)
    outermost = [one for one in shown if among.isdisjoint(one.iterancestors())]
    parts = [html.tostring(one, encoding="unicode", with_tail=False) for one in outermost]
    return Found(text="\n".join(f"<p>{part}</p>" for part in parts), where="files", confidence=0.3) if parts else None


def _aside_test(title: str | None, labels: Sequence[Labelled]) -> Callable[[str, str], bool]:
    """Recognizes lines around a story: label lines, breadcrumbs, the title that runs on into its label line.

    Labels and facts that stand in cells of their own are lines that say nothing else.
    """
    key = bare(title or "")
    sure = [fact for fact in labels if not fact.is_weak]
    cells = {bare(fact.label) for fact in sure} | {bare(fact.value) for fact in sure}

    def is_aside(text: str, told: str) -> bool:
        if told in cells or is_label_line(text) or is_trail(text):
            return True
        return bool(key) and told != key and told.startswith(key) and bare(before_labels(text)) == key

    return is_aside


def _ruled_image(document: Document, rules: ReleaseRules) -> FoundMedia | None:
    for element in document.select(rules.image) if rules.image else ():
        for image in _images(element):
            if url := document.absolute(image_address(image) or image.get("content") or image.get("href")):
                return FoundMedia(url=url, where="rule", title=image.get("alt") or None)
    return None


def _images(element: HtmlElement) -> list[HtmlElement]:
    return [element] if element.tag in ("img", "meta", "link") else list(element.iter("img"))
