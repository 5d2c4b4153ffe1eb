"""What an element's class, id, itemprop, rel or label says that it holds; words as data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from lxml.html import HtmlElement

from feedsvc.lexicon.gate import Gate, any_of

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
#: The same words, whatever stands around them.
_GATE = Gate(*(any_of(word.strip("<>") for word in words) for words in _WORDS.values()))


#: Addresses of author pages.
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:es|en|in|e|i)?|auteurs?|bylines?|contributors?|journalists?|reporters?|writers?|staff"
    r"|redaktion|redakteure?|people|persons?|columnists?|by)/[^/?#]{3,}",
    re.IGNORECASE,
)


#: Where an element says what it holds.
_ATTRIBUTES = frozenset(("class", "id", "itemprop", "rel", "aria-label", "data-testid"))
#: Longer values than this are no names, and are not kept.
_KEPT_LONGEST = 200


def hints_of(element: HtmlElement) -> Sequence[str]:
    """The hints that the attributes of an element give: "crumbs", "author", "date", "aside"."""
    tag = element.tag
    words = " ".join([value for name, value in element.items() if name in _ATTRIBUTES])
    if tag == "a" and _AUTHOR_PAGE.search(element.get("href") or ""):
        words += " author"
    if not words or tag in ("body", "html"):
        return ()
    hints = _kept_hints(words) if len(words) <= _KEPT_LONGEST else _hints_in(words)
    return [hint for hint in hints if hint != "aside"] if "aside" in hints and tag in _NEVER_ASIDE else hints


def _hints_in(words: str) -> tuple[str, ...]:
    return tuple(hint for hint, pattern in (_HINTS[at] for at in _GATE.found(words)) if pattern.search(words))


@lru_cache(maxsize=8192)
def _kept_hints(words: str) -> tuple[str, ...]:
    """Names come again and again: on one page, and on all pages of a site."""
    return _hints_in(words)
