"""What an element's class, id, itemprop, rel or label says that it holds; words as data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

#: Hint -> parts of attribute values. ``<`` and ``>`` at an end: no letter may stand there.
_WORDS = {
    "crumbs": (
        "breadcrumb", "bread-crumb", "bread_crumb", "crumbs>", "crumb>", "youarehere", "you-are-here", "dqwz", "weizhi",
        "dangqian", "<position>", "pathway", "location", "<wz>", "krumel", "kruimel", "filariane", "fil-ariane",
        "fildariane", "<mbx", "bread_nav", "curpos",
    ),
    "author": (
        "author", "byline", "by-line", "by_line", "autor>", "autorin", "auteur", "verfasser", "autore>", "writer",
        "<redakteur", "contributor", "journalist", "reporter", "författare", "forfatter", "skribent", "penulis",
        "creator", "<fn>", "username",
    ),
    "date": (
        "date>", "dates>", "<time>", "datum>", "datetime>", "timestamp>", "fecha>", "<zeit", "published>", "pubtime>",
        "posttime>", "publishtime>", "updated>", "dateline", "post-meta", "article-meta", "entry-meta", "meta-info",
    ),
    "aside": (
        "sidebar", "side-bar", "related", "recommend", "popular", "trending", "most-read", "mostread", "teaser",
        "widget",
        "footer", "comment", "disqus", "newsletter", "promo", "<ad>", "<ads>", "carousel", "more-news", "also-read",
        "read-more", "<rel>", "hot-news", "ranking", "cookie", "menu", "<nav",
    ),
}  # fmt: skip
#: Elements that attributes never make an aside: they hold too much, or too little.
_NEVER_ASIDE = frozenset({"main", "article", "a", "span", "h1", "b", "strong"})


def _form(word: str) -> str:
    before = "(?<![a-z])" if word.startswith("<") else ""
    after = "(?![a-z])" if word.endswith(">") else ""
    return before + re.escape(word.strip("<>")) + after


_HINTS = tuple((hint, re.compile("|".join(map(_form, words)), re.IGNORECASE)) for hint, words in _WORDS.items())
_ANY = re.compile("|".join(pattern.pattern for _, pattern in _HINTS), re.IGNORECASE)


#: Addresses of author pages.
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:es|en|in|e|i)?|auteurs?|bylines?|contributors?|journalists?|reporters?|writers?|staff"
    r"|redaktion|redakteure?|people|persons?|columnists?|by)/[^/?#]{3,}",
    re.IGNORECASE,
)


def hints_of(element: HtmlElement) -> Iterator[str]:
    """The hints that an element's attributes give: "crumbs", "author", "date", "aside"."""
    attributes = element.attrib
    words = " ".join(
        value
        for name in ("class", "id", "itemprop", "rel", "aria-label", "data-testid")
        if isinstance(value := attributes.get(name), str)
    )
    if element.tag == "a" and _AUTHOR_PAGE.search(attributes.get("href") or ""):
        words += " author"
    if not words or not _ANY.search(words) or element.tag in ("body", "html"):
        return
    for hint, pattern in _HINTS:
        if pattern.search(words) and not (hint == "aside" and element.tag in _NEVER_ASIDE):
            yield hint
