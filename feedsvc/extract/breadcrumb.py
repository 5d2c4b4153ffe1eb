"""The breadcrumb as a category path: structured data, marked elements, or 'You are here: Home > News' in plain text."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedsvc.extract.document import Document
from feedsvc.extract.lines import Lines, bare, squash, text_of
from feedsvc.extract.metadata import Metadata
from feedsvc.lexicon.trails import LEADS, SEPARATORS, is_home, is_last_crumb, may_begin_at_home
from feedsvc.model import Found

#: Signs that separators begin with: without one there is nothing to split.
_SIGN = re.compile(f"[{re.escape(''.join({sign[0] for sign in SEPARATORS}))}/|·•–—-]")
_CRUMB_LONGEST, _DEEPEST = 80, 8
_LONGEST = 400


def find_category_path(document: Document, lines: Lines, metadata: Metadata, *, title: str | None) -> tuple[Found, ...]:
    """The crumbs from the outermost to the innermost, without 'Home', without the page's own title; may be empty."""
    for trail in _trails(document, lines, metadata):
        path = _clean(trail, title, document)
        if path:
            return path
    return ()


def ruled_path(document: Document, selector: str, *, title: str | None) -> tuple[Found, ...]:
    """The crumbs that a rule matches, each by itself or all in one element; cleaned like a found path."""
    where = f"rule:{selector}"
    elements = document.select(selector)
    if len(elements) == 1 and (trail := _crumbs_of(elements[0], where=where)):
        return _clean(trail, title, document)
    texts = [squash(text_of(element)) for element in elements]
    return _clean([Found(text=text, where=where) for text in texts if text], title, document)


def _trails(document: Document, lines: Lines, metadata: Metadata) -> Iterator[Sequence[Found]]:
    """Candidates, the surest first."""
    yield from (trail for trail in _led(lines) if len(trail) > 1)
    if metadata.trail:
        yield metadata.trail
    microdata = [
        Found(text=text_of(element), where="itemprop:breadcrumb", confidence=0.8)
        for element in document.root.xpath("//*[@itemtype[contains(., 'readcrumb')]]//*[@itemprop='name']")
    ]
    if microdata:
        yield microdata
    for hinted in lines.hinted.get("crumbs", ()):
        trail = _crumbs_of(hinted.element, where=f"element:{hinted.element.tag!s}")
        if len(trail) > 1 or (trail and not is_home(trail[0].text) and _is_named_breadcrumb(hinted.element)):
            yield trail
    yield from _homed(lines)


def _is_named_breadcrumb(element: HtmlElement) -> bool:
    return "crumb" in f"{element.get('class')} {element.get('id')} {element.get('aria-label')}".lower()


def _led(lines: Lines) -> Iterator[Sequence[Found]]:
    """'You are here:' with its crumbs in the same line, in links, or in the list that follows."""
    for line in lines.lines:
        match = _lead().match(line.text) if len(line.text) <= _LONGEST else None
        if not match:
            continue
        words = squash(match["lead"])
        element = line.element
        for _ in range(3):
            trail = _crumbs_of(element, where=f"label:{words}", lead=words)
            if len(trail) > 1 and len(text_of(element)) <= _LONGEST:
                yield trail
                break
            parent = element.getparent()
            if parent is None or len(text_of(parent)) > _LONGEST:
                break
            element = parent


def is_trail(text: str) -> bool:
    """Whether a line is a breadcrumb and no part of a story: 'You are here: Home News Specials', 'Home > News'."""
    if len(text) > _LONGEST:
        return False
    return bool(_lead().match(text) or _from_home(text))


def _from_home(text: str) -> list[str]:
    """The crumbs of a line that leads from the front page to somewhere; none of any other line."""
    pieces = _split(text) if may_begin_at_home(text) else []
    return pieces if len(pieces) > 2 and is_home(pieces[0]) else []


def _homed(lines: Lines) -> Iterator[Sequence[Found]]:
    """'Home > News > Story' without any lead or mark."""
    for line in lines.lines:
        if len(line.text) > _LONGEST:
            continue
        if pieces := _from_home(line.text):
            yield [Found(text=piece, where="line", confidence=0.6) for piece in pieces]


def _crumbs_of(element: HtmlElement, *, where: str, lead: str = "") -> list[Found]:
    """The crumbs of an element: its links and what stands after the last, or its text at separators, or its items."""
    text = _without_lead(text_of(element), lead)
    if len(text) > _LONGEST:
        return []
    pieces = _split(text)
    links = [squash(text_of(link)) for link in element.iter("a")]
    links = [link for link in links if link]
    items = [squash(text_of(item)) for item in element.iter("li")]
    if len(pieces) < 2 and len(links) > 1:
        last = text.rsplit(links[-1], 1)[-1].strip(" >›»/|-·")
        pieces = [*links, last] if last and bare(last) != bare(links[-1]) else links
    elif len(pieces) < 2 and len(items) > 1:
        pieces = items
    elif links and len(pieces) > 1:
        pieces = _mended(pieces, links)
    return [Found(text=piece, where=where, confidence=0.85) for piece in pieces]


def _mended(pieces: list[str], links: list[str]) -> list[str]:
    """Pieces with those links whole whose own text holds a separator ('Sales - Marketing')."""
    for link in links:
        parts = _split(link)
        if len(parts) > 1:
            for start in range(len(pieces) - len(parts) + 1):
                if pieces[start : start + len(parts)] == parts:
                    pieces[start : start + len(parts)] = [link]
                    break
    return pieces


def _clean(trail: Sequence[Found], title: str | None, document: Document) -> tuple[Found, ...]:
    """The trail without its door, the page itself, and words that only say 'text'."""
    host = (urlsplit(document.url).hostname or "").removeprefix("www.")
    own = bare(title or "")
    path: list[Found] = []
    for place, crumb in enumerate(trail):
        text = squash(crumb.text).strip(" >›»/|·:：-–—")
        key = bare(text)
        if not key or len(text) > _CRUMB_LONGEST or is_last_crumb(text):
            continue
        if place < 2 and (is_home(text) or (place == 0 and key == bare(host))):
            path = []
            continue
        is_own = own and (key == own or (len(key) > 12 and (key in own or own in key or own.startswith(key[:-3]))))
        if is_own or (path and bare(path[-1].text) == key):
            continue
        path.append(Found(text=text, where=crumb.where, confidence=crumb.confidence))
    return tuple(path[:_DEEPEST])


def _without_lead(text: str, lead: str) -> str:
    match = _lead().match(text)
    if match:
        return text[match.end() :].strip()
    return text.removeprefix(lead).strip() if lead else text


def _split(text: str) -> list[str]:
    pieces = _separators().split(text) if _SIGN.search(text) else [text]
    return [piece.strip() for piece in pieces if piece and piece.strip()]


@functools.cache
def _lead() -> re.Pattern[str]:
    words = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(LEADS, key=len, reverse=True))
    return re.compile(rf"\s*[【\[（(]?(?P<lead>{words})[】\])）]?(?:\s?[:：>»]\s?|\s+|$)", re.IGNORECASE)


@functools.cache
def _separators() -> re.Pattern[str]:
    tight = [sign for sign in SEPARATORS if sign not in ("/", "-", "|", "·", "•")]
    tight_form = "|".join(re.escape(sign) for sign in sorted(tight, key=len, reverse=True))
    return re.compile(
        rf"\s*(?:{tight_form})\s*|\s+(?:[/|·•-]|–|—)\s+|(?<=[\u3040-\u9fff])\s*[/|-]+\s*(?=[\u3040-\u9fff])"
    )
