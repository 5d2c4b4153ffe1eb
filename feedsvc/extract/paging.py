"""Further pages of the same article: numbered links beside it whose addresses continue its own."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from feedsvc.extract.document import Document
from feedsvc.lexicon.parameters import names_the_page

#: An article on more pages is a gallery or a listing.
PAGES_MAX = 20
#: Characters of a link that is a number, brackets and a word for "page" around it.
_WORDS_MAX = 12
_NUMBER_ALONE = re.compile(r"[\[(（【]?\s*(?:page|seite|第)?\s*(\d{1,2})\s*(?:页|頁)?\s*[\])）】]?", re.IGNORECASE)
#: How a link's own words begin where they may become a number alone; that of most links is told from that.
_OPENING = re.compile(r"\s*(?:[\[(（【第ps\d]|$)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SUFFIX = re.compile(r"(?:[_-]|/|/page/|[?&](?:p|page|pg|seite|pagina)=)(\d{1,2})/?$", re.IGNORECASE)


def find_pages(document: Document) -> tuple[str, ...]:
    """The further pages of this article, in order; none where the page is itself a later one or a listing.

    A link counts if its words are a number n >= 2 and its address is this page's own with that number added, as
    ``story_2.html``, ``story/2``, ``story?page=2``: other numbers are dates, comments and listings.
    """
    own = _stem(document.url)
    pages: dict[int, str] = {}
    for link in document.root.iter("a"):
        if not _OPENING.match(link.text or "") or not _DIGIT.search(link.get("href") or ""):
            continue
        words = " ".join("".join(link.itertext()).split())
        if not words or len(words) > _WORDS_MAX or not (match := _NUMBER_ALONE.fullmatch(words)):
            continue
        number, url = int(match[1]), document.absolute(link.get("href"))
        if url and 2 <= number <= PAGES_MAX and _continues(own, url, number):
            pages.setdefault(number, url)
    numbers = sorted(pages)
    if numbers != list(range(2, len(numbers) + 2)):
        return ()
    return tuple(pages[number] for number in numbers)


def _stem(url: str) -> str:
    """Host, path and query without the file's ending, sessions or tracking: what later pages' addresses begin with."""
    parts = urlsplit(url)
    path = re.sub(r"\.(?:s?html?|php|aspx?|jsp)$", "", parts.path, flags=re.IGNORECASE).rstrip("/")
    query = "&".join(filter(names_the_page, parts.query.split("&"))) if parts.query else ""
    return f"{parts.netloc.lower()}{path}" + (f"?{query}" if query else "")


def _continues(own: str, url: str, number: int) -> bool:
    stem = _stem(url)
    if stem == own or not (match := _SUFFIX.search(stem)):
        return False
    bare = stem[: match.start()]
    first = re.sub(r"[_-]1$|/1$", "", own)
    # "…/story_2" beside "…/story_1" or "…/story"; a bare host is a listing.
    return int(match[1]) in (number, number - 1) and bare in (own, first) and "/" in bare
