"""The title of a release page: the heading that the page's own ``title`` or og:title repeats, before every claim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from feedsvc.extract.document import Document
from feedsvc.extract.labels import before_labels
from feedsvc.extract.lines import Lines, bare, squash, text_of
from feedsvc.extract.metadata import Metadata
from feedsvc.model import Found

#: Between a title and the name of the site or section: spaced signs, and those that need no space.
_SEPARATOR = re.compile(r"\s+[|ㅣ–—·»«•:/\\~>›-]+\s+|\s*[|｜_丨ㅣ]+\s*|\s+[-–—]{1,2}(?=\S)|\s[»«]\s*")
#: A heading must make up this share of the ``title`` that holds it.
_COVERAGE = 0.3
_BARS = frozenset("|｜ㅣ丨")
_SHORTEST = 2
#: A title outside any heading has at least so many letters, a title of any kind at most so many characters.
_PRINTED_SHORTEST, _LONGEST = 8, 400
#: A heading that stands on its own word has more characters.
_HEADING_SHORTEST = 12


def find_title(document: Document, lines: Lines, metadata: Metadata) -> Found | None:
    """The title without the site's name, or None where a page has no words for it."""
    return _best(document, lines, metadata)


def page_title(document: Document) -> str:
    """The text of the ``title`` element ("" where there is none)."""
    for element in document.root.iter("title"):
        parent = element.getparent()
        if parent is None or parent.tag in ("head", "html", "body", "div"):
            return squash(text_of(element))
    return ""


def site_names(document: Document, metadata: Metadata) -> tuple[str, ...]:
    """What the page calls its site, and the host's own word for itself, reduced to letters and digits."""
    names = [bare(found.text) for found in metadata.all("site")]
    host = (urlsplit(document.url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    names += [bare(host), bare(max(labels[:-1] or labels, key=len))] if host else []
    return tuple(name for name in dict.fromkeys(names) if len(name) > 1)


def without_site(text: str, sites: Sequence[str]) -> str:
    """A ``title`` text without the names of site and sections after (or before) its separators."""
    pieces = _pieces(text)
    if len(pieces) < 2:
        return text
    first, last = bare(pieces[0][1]), bare(pieces[-1][1])
    if _names_site(last, sites):
        return without_site(text[: pieces[-1][0]].strip(), sites) if len(pieces) > 1 else text
    if _names_site(first, sites):
        return text[_start(pieces, 1, text) :].strip()
    # Titles hold dashes and colons; a bar hardly ever stands inside one.
    is_barred = text[pieces[-1][0] :].lstrip()[:1] in _BARS and pieces[-1][0] >= _HEADING_SHORTEST
    if is_barred:
        return without_site(text[: pieces[-1][0]].strip(), sites)
    longest = max(pieces, key=lambda piece: len(bare(piece[1])))
    is_tail = len(last) * 2 <= len(bare(longest[1])) and len(pieces[-1][1].split()) <= 4
    return without_site(text[: pieces[-1][0]].strip(), sites) if is_tail and longest is not pieces[-1] else text


def _best(document: Document, lines: Lines, metadata: Metadata) -> Found | None:
    sites = site_names(document, metadata)
    whole = page_title(document)
    claims = [found for found in metadata.all("title") if bare(found.text) not in sites]
    shared = [bare(whole)] + [bare(found.text) for found in claims]
    best: tuple[float, Found] | None = None
    for level, text, is_aside in _headings(lines):
        key = bare(text)
        if len(key) < _SHORTEST or (key in sites and key != shared[0]):
            continue
        holders = [holder for holder in shared if key in holder and len(key) >= _COVERAGE * len(holder)]
        if not holders:
            continue
        score = max(len(key) / len(holder) for holder in holders) + 0.1 * len(holders)
        score += (0.3 if level == "h1" else 0.1 if level == "h2" else 0.0) - (0.4 if is_aside else 0.0)
        if best is None or score > best[0] + 1e-9:
            best = (score, Found(text=text, where=f"heading:{level}", confidence=0.95))
    if best:
        return best[1]
    return (
        _sole_heading(lines, shared)
        or _printed(lines, shared)
        or _claimed(claims, whole, sites)
        or _sole_heading(lines, ())
        or _untitled(whole, sites)
    )


def _headings(lines: Lines) -> Iterator[tuple[str, str, bool]]:
    for heading in lines.headings[:60]:
        text = before_labels(text_of(heading.element))
        if text and len(text) < _LONGEST:
            yield str(heading.element.tag), text, heading.is_aside


def _printed(lines: Lines, shared: Sequence[str]) -> Found | None:
    """A line outside any heading that the ``title`` begins with: pages without headings print their title so."""
    best: Found | None = None
    for line in lines.lines:
        if line.is_aside or line.is_link or len(line.text) > _LONGEST:
            continue
        text = before_labels(line.text)
        key = bare(text)
        if len(key) < _PRINTED_SHORTEST or (best and len(key) <= len(bare(best.text))):
            continue
        if any(holder.startswith(key) and len(key) * 2 >= len(holder) for holder in shared):
            best = Found(text=text, where="line", confidence=0.85)
    return best


def _claimed(claims: Sequence[Found], whole: str, sites: Sequence[str]) -> Found | None:
    """A claim in structured data or Open Graph, without the site's name."""
    for found in sorted(claims, key=lambda claim: -claim.confidence):
        text = without_site(found.text, sites)
        if len(bare(text)) >= _SHORTEST:
            return Found(text=text, where=found.where, confidence=0.8 if bare(text) in bare(whole) else 0.6)
    return None


def _sole_heading(lines: Lines, shared: Sequence[str]) -> Found | None:
    """The only h1 outside of asides, where a word of it stands in the ``title`` too (given by ``shared``)."""
    tops = [text for level, text, is_aside in _headings(lines) if level == "h1" and not is_aside]
    if len(tops) != 1 or len(tops[0]) <= _HEADING_SHORTEST or len(tops[0].split()) < 2:
        return None
    words = [bare(word) for word in tops[0].split() if len(word) > 4]
    if shared and not any(word in holder for word in words for holder in shared):
        return None
    text = without_site(tops[0], ()) if _BARS.intersection(tops[0]) else tops[0]
    return Found(text=text, where="heading:h1", confidence=0.7 if shared else 0.5)


def _untitled(whole: str, sites: Sequence[str]) -> Found | None:
    """The ``title`` element: nearly all end in a site's name, known or not."""
    text = before_labels(without_site(whole, sites))
    pieces = _pieces(text)
    while len(pieces) > 1 and len(pieces[-1][1]) * 1.6 <= pieces[-1][0]:
        text = text[: pieces.pop()[0]].strip()
    return Found(text=text, where="title", confidence=0.4) if text else None


def _pieces(text: str) -> list[tuple[int, str]]:
    """Start of the separator before each piece (0 for the first), and the piece."""
    pieces, start, cut = [], 0, 0
    for match in _SEPARATOR.finditer(text):
        pieces.append((cut, text[start : match.start()]))
        cut, start = match.start(), match.end()
    pieces.append((cut, text[start:]))
    return [piece for piece in pieces if piece[1].strip()]


def _start(pieces: Sequence[tuple[int, str]], number: int, text: str) -> int:
    return text.index(pieces[number][1], pieces[number][0])


def _names_site(piece: str, sites: Sequence[str]) -> bool:
    """Whether a piece is hardly more, or less, than a name of the site."""
    return bool(piece) and any(
        piece == site
        or (len(site) > 3 and site in piece and len(piece) <= 2 * len(site))
        or (len(piece) > 3 and piece in site)
        for site in sites
    )
