"""The name of the site in titles: what the page calls itself, and titles cut at the separator before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from feedsvc.extract.document import Document
from feedsvc.extract.lines import bare, squash, text_of
from feedsvc.extract.metadata import Metadata

#: Between a title and the name of the site or section: spaced signs, and those that need no space.
_SEPARATOR = re.compile(r"\s+[|ㅣ–—·»«•:/\\~>›-]+\s+|\s*[|｜_丨ㅣ]+\s*|\s+[-–—]{1,2}(?=\S)|\s[»«]\s*")
_BARS = frozenset("|｜ㅣ丨")
#: What stands before a bar is the title where it has more characters.
_BARRED_SHORTEST = 12
#: No ``title`` worth cutting is longer, in characters: only hostile pages have longer ones.
_LONGEST = 1_000


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
    if len(text) > _LONGEST:
        return text
    pieces = _pieces(text)
    if len(pieces) < 2:
        return text
    first, last = bare(pieces[0][1]), bare(pieces[-1][1])
    if _names_site(last, sites):
        return without_site(text[: pieces[-1][0]].strip(), sites) if len(pieces) > 1 else text
    if _names_site(first, sites):
        return text[_start(pieces, 1, text) :].strip()
    # Titles hold dashes and colons; a bar hardly ever stands inside one.
    is_barred = text[pieces[-1][0] :].lstrip()[:1] in _BARS and pieces[-1][0] >= _BARRED_SHORTEST
    if is_barred:
        return without_site(text[: pieces[-1][0]].strip(), sites)
    longest = max(pieces, key=lambda piece: len(bare(piece[1])))
    is_tail = len(last) * 2 <= len(bare(longest[1])) and len(pieces[-1][1].split()) <= 4
    return without_site(text[: pieces[-1][0]].strip(), sites) if is_tail and longest is not pieces[-1] else text


def without_sections(text: str) -> str:
    """A ``title`` text without the short pieces at its end, which name a site or its sections, known or not."""
    if len(text) > _LONGEST:
        return text
    pieces = _pieces(text)
    while len(pieces) > 1 and len(pieces[-1][1]) * 1.6 <= pieces[-1][0]:
        text = text[: pieces.pop()[0]].strip()
    return text


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
