"""Bylines: who a page says wrote it, as printed; and the recognition of byline lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from feedsvc.extract.labels import Labelled
from feedsvc.extract.lines import Hinted, Lines, bare, text_of
from feedsvc.extract.metadata import Metadata
from feedsvc.lexicon.dateshape import date_spans
from feedsvc.lexicon.names import (
    LONGEST,
    are_names,
    is_byline,
    is_name,
    is_role,
    korean_names,
    out_of_brackets,
    strip_by,
)
from feedsvc.model import Found

__all__ = ["find_authors", "is_byline"]

#: A picture's credit, not the story's.
_PICTURE = re.compile(
    r"\W*(?:foto|fotos|photo|photos|image|images|bild|bilder|picture|图片|摄影|写真|©)\b", re.IGNORECASE
)
#: The attribute of a whole name, not of its parts.
_WHOLE_NAME = re.compile(r"(?<!first)(?<!last)(?<!given)(?<!family)(?<![fl]_)name", re.IGNORECASE)
#: A link that looks the author up elsewhere.
_SEARCH = re.compile(r"https?://[^?]*\?")
_HANDLE = re.compile(r"[\w.-]{3,24}")
_NEVER = frozenset({"h1", "main", "article", "footer", "time", "img", "form"})
#: Marks of several authors stand no more lines apart.
_PEERS_APART = 3
#: Authors' marks, and claims of structured data, that are looked at: only hostile pages have more.
_MOST_MARKS = 60
#: A printed byline less sure than this is somebody else's.
_DOUBTFUL = 0.3


def find_authors(
    lines: Lines,
    labels: Sequence[Labelled],
    metadata: Metadata,
    *,
    title: str | None,
    title_at: int | None,
    sites: Sequence[str],
) -> tuple[Found, ...]:
    """The byline strings of the voice that is believed, words like 'By' still on them; empty where none is."""
    claims = [found for found in metadata.all("author")[:_MOST_MARKS] if _is_claimed_name(found.text, title)]
    printed = sorted(_printed(lines, labels, title_at), key=lambda found: -found.confidence)
    structured = [found for found in claims if found.where.startswith("jsonld:author")]
    structured = structured or [found for found in claims if found.where.startswith("jsonld:")]
    persons = [found for found in structured if bare(found.text) not in sites]
    if persons:
        return tuple(persons)
    if printed and printed[0].confidence >= 0.7:
        return (printed[0],)
    for found in claims:
        if not found.where.startswith("jsonld:") and bare(found.text) not in sites:
            return (found,)
    return (
        (printed[0],) if printed and printed[0].confidence >= _DOUBTFUL else tuple(structured[:1]) or tuple(claims[:1])
    )


def _is_claimed_name(text: str, title: str | None) -> bool:
    return (
        len(text) <= LONGEST and not re.match(r"https?://|www\.|/", text) and (not title or bare(text) != bare(title))
    )


def _printed(lines: Lines, labels: Sequence[Labelled], title_at: int | None) -> Iterator[Found]:
    """Byline candidates in the page's text, with how sure each is by its form and its distance from the title."""
    at = title_at if title_at is not None else 0
    for fact in labels:
        if fact.kind == "author" and are_names(fact.value) and not fact.is_aside:
            sure = (0.55 if fact.is_weak else 0.8) - _distance(fact.index, at)
            yield Found(text=fact.value, where=f"label:{fact.label}", confidence=sure)
    marks = lines.hinted.get("author", ())[:_MOST_MARKS]
    marked = [(hinted, found) for hinted in marks if (found := _hinted(hinted, at))]
    for place, (hinted, found) in enumerate(marked):
        yield _with_peers(hinted, found, marked[place + 1 :])
    last = len(lines.lines)
    for line in lines.lines:
        is_near = at - 3 <= line.index <= at + 14
        if (is_near or not line.is_aside) and len(line.text) <= LONGEST and is_byline(line.text):
            sure = 0.75 if is_near else 0.5 if line.index < last else 0.3
            yield Found(text=_names_part(out_of_brackets(line.text)), where="byline", confidence=sure)


def _hinted(hinted: Hinted, at: int) -> Found | None:
    """An element marked as the author's: its whole text, or of a longer one the names that are set apart in it."""
    element = hinted.element
    if element.tag in _NEVER or any(parent.tag in ("figure", "figcaption") for parent in element.iterancestors()):
        return None
    text = text_of(element)
    if not text or len(text) > 4 * LONGEST or _PICTURE.match(text):
        return None
    names = _set_apart(element)
    text = ", ".join(names) or _names_part(text)
    if len(text) > LONGEST or not (names or are_names(strip_by(text)) or _is_handle(element, text)):
        return None
    is_sure = element.get("rel") == "author" or "author" in (element.get("itemprop") or "")
    sure = (0.8 if is_sure else 0.7) + 0.02 * min(len(names), 3)
    sure -= _distance(hinted.index, at) + (0.35 if hinted.is_aside else 0.0)
    return Found(text=text, where=f"element:{element.tag!s}", confidence=round(sure, 3))


def _with_peers(hinted: Hinted, found: Found, later: Sequence[tuple[Hinted, Found]]) -> Found:
    """An author's mark with those that follow it closely and are marked alike: each holds one of several authors."""
    names = {bare(strip_by(found.text)): found.text}
    last = hinted
    for peer, other in later:
        if peer.index - last.index > _PEERS_APART or last.element in peer.element.iterancestors():
            continue
        if _mark(peer.element) == _mark(hinted.element) and are_names(strip_by(other.text)):
            names.setdefault(bare(strip_by(other.text)), other.text)
            last = peer
    if len(names) < 2 or not are_names(strip_by(found.text)):
        return found
    text = ", ".join(names.values())
    return (
        Found(text=text, where=found.where, confidence=round(found.confidence + 0.02, 3))
        if len(text) <= LONGEST
        else found
    )


def _mark(element: HtmlElement) -> tuple[str, str]:
    return str(element.tag), element.get("class") or element.get("rel") or ""


def _set_apart(element: HtmlElement) -> list[str]:
    """The names that links or marked parts of an author's element hold, each once."""
    names: dict[str, str] = {}
    for part in element.iter("a", "span", "b", "strong", "p", "div", "li", "h3", "h4", "h5"):
        if part is element or len(part) > 1:
            continue
        text = strip_by(text_of(part)).strip(" ,|&·•")
        if part.tag == "a" and _SEARCH.match(part.get("href") or ""):
            continue
        is_marked = part.tag == "a" or bool(_WHOLE_NAME.search(f"{part.get('class')} {part.get('itemprop')}"))
        if is_marked and len(text.split()) > 1 and is_name(text) and not is_role(text):
            names.setdefault(bare(text), text)
    return list(names.values())


def _is_handle(element: HtmlElement, text: str) -> bool:
    """One word in the very element of the author or user: forum and blog names need no capitals."""
    marks = f"{element.get('class')} {element.get('rel')} {element.get('itemprop')}".lower()
    return bool(_HANDLE.fullmatch(strip_by(text))) and ("author" in marks or "username" in marks)


def _names_part(text: str) -> str:
    """A byline up to its date, its bar or its first word that ends names."""
    if names := korean_names(text):
        return names
    for span in date_spans(text):
        if any(letter.isdigit() for letter in span.text):
            text = text[: span.start] if span.start > 3 else text[span.end :]
            break
    text = re.split(r"\s{2,}|\s[|•·–—]\s", text.strip())[0]
    half = len(text) // 2
    if text[:half] == text[half + 1 :]:
        text = text[:half]  # a name beside its picture's caption
    return text.strip(" ,|-–—·•/")


def _distance(index: int, at: int) -> float:
    """How much a line's distance from the title takes from its sureness."""
    gap = index - at if index >= at else (at - index) * 2
    return 0.0 if gap <= 12 else min(0.3, (gap - 12) * 0.005)
