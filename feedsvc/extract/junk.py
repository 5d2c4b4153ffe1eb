"""Named reasons: why a set of links is not the list, and why a page holds no list at all."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from feedsvc.extract.addresses import is_for_machines, is_further_page, is_month, page_host, taxonomy_of
from feedsvc.extract.document import Document
from feedsvc.extract.lists import FOOT_WORDS, NAVIGATION_WORDS, PAGER_WORDS, SIDE_WORDS, Candidate
from feedsvc.extract.outline import Outline
from feedsvc.lexicon.pagelooks import Look, look_of
from feedsvc.model import Refusal

#: Words of classes and ids, with the reason that they give.
_ROLE_WORDS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (frozenset({"breadcrumb", "breadcrumbs", "crumbs"}), "breadcrumb"),
    (PAGER_WORDS, "pager"),
    (frozenset({"tagcloud", "tags", "tag", "labels"}), "tag cloud"),
    (frozenset({"ad", "ads", "advert", "advertisement", "sponsor", "sponsored", "banner", "promo"}), "advertisement"),
    (frozenset({"share", "sharing", "social", "follow"}), "share links"),
    (frozenset({"lang", "language", "languages", "locale", "translations"}), "language switch"),
    (frozenset({"popular", "trending", "hottest", "mostread", "ranking", "recommended"}), "popular posts"),
    (frozenset({"related"}), "related posts"),
    (frozenset({"recent", "latest"}), "recent posts beside the list"),
    (frozenset({"comments", "comment", "recentcomments"}), "comments"),
    (frozenset({"toc"}), "table of contents"),
    (NAVIGATION_WORDS, "navigation"),
    (SIDE_WORDS, "sidebar"),
    (FOOT_WORDS, "footer"),
)  # fmt: skip
_SOCIAL_HOSTS: Final = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|linkedin|instagram|youtube|github|pinterest|reddit|weibo|t|tiktok|vk|telegram|mastodon"
    r"|whatsapp)\.(?:com|me|org|co|social|net)$"
)
_PLAIN_TAGS: Final = {"nav": "navigation", "menu": "navigation", "aside": "sidebar", "footer": "footer"}

#: A page with fewer visible characters has nothing to say by itself.
_BARE_PAGE = 250
#: A page that asks for a password among more text than this is about something else.
_LOGIN_MAX = 3000
#: Links of a role that are looked at to name it.
_LOOKED_AT = 40
#: A text run from this length on is running text; a story has at least so many characters of it.
_PROSE_LINE, _STORY_MIN = 80, 1000
_ARTICLE_TYPE = re.compile(r'"@type"\s*:\s*"(?:\w*Article|BlogPosting|Report)"')
#: What the looks of pages (lexicon.pagelooks) are called in a sentence.
_LOOKS: Final = {
    Look.CHALLENGE: "the page asks whether a human is reading",
    Look.LOGIN: "it is a login page",
    Look.CONSENT: "it asks for consent before it shows anything",
    Look.PAYWALL: "it is shown to subscribers only",
    Look.BLOCKED: "access is refused",
    Look.MAINTENANCE: "the site is under maintenance",
    Look.NOT_FOUND: "it is an error page: not found",
    Look.ERROR: "it is an error page",
    Look.PARKED: "the domain is parked",
}


def why_not(outline: Outline, candidate: Candidate, page_url: str) -> str:
    """The name of what a candidate is, where it is not the list of releases: "navigation", "tag cloud", ..."""
    links = candidate.role.links[:_LOOKED_AT]
    half = len(links) / 2
    kinds = [taxonomy_of(link.url, page_url) for link in links]
    for kind in ("tag cloud", "category links", "author links"):
        if kinds.count(kind) > half:
            return kind
    if sum(is_month(link.url) for link in links) > half:
        return "month archive"
    if sum(is_for_machines(link.url) for link in links) > half:
        return "feeds and files"
    if sum(is_further_page(link.url) for link in links) > half:
        return "pager"
    if sum(bool(_SOCIAL_HOSTS.search(link.host)) for link in links) > half:
        return "share links"
    if named := _named_by_place(outline, links[0].number):
        return named
    if sum(link.host != page_host(page_url) for link in links) > half:
        return "links to other sites"
    return ""


def _named_by_place(outline: Outline, number: int) -> str:
    total = outline.size(0)
    for up in (number, *outline.ancestors(number)):
        if outline.size(up) * 2 > total:
            break
        words = outline.words(up)
        for names, reason in _ROLE_WORDS:
            if words & names:
                return reason
        if reason := _PLAIN_TAGS.get(outline.tags[up], ""):
            return reason
    return ""


def refusals(
    outline: Outline, candidates: Sequence[Candidate], chosen: Candidate | None, page_url: str
) -> tuple[Refusal, ...]:
    """What was weighed and refused, with its first words and its reason; parts of the chosen items stay silent."""
    stretches = [(one.start, one.stop) for one in chosen.regions] if chosen else []
    refused: list[Refusal] = []
    for candidate in candidates:
        if candidate is chosen:
            continue
        first = candidate.role.links[0]
        if any(start <= first.number < stop for start, stop in stretches):
            continue
        names = [link.text or urlsplit(link.url).path for link in candidate.role.links[:4]]
        what = f"{len(candidate.role)} links: {', '.join(name[:40] for name in names)}"
        refused.append(Refusal(what=what, reason=why_not(outline, candidate, page_url) or "weaker than the list"))
    return tuple(refused)


def is_overview(candidate: Candidate) -> bool:
    """Whether most addresses of a candidate name tags, categories, authors, months or further pages."""
    links = candidate.role.links
    return sum(link.is_overview for link in links) * 2 > len(links)


def why_nothing(
    document: Document, outline: Outline, candidates: Sequence[Candidate], refused: Sequence[Refusal]
) -> str:
    """One clause: because of what a page holds no list."""
    if document.page.status >= 400:
        return f"the server answered with status {document.page.status}"
    text = outline.text(0)
    title = " ".join((document.root.findtext(".//title") or "").split())
    look = look_of(f"{title} {' '.join(_headings(outline))}"[:400], text)
    inputs = [str(element.get("type") or "").lower() for element in document.root.iter("input")]
    if look in _LOOKS and not (look is Look.LOGIN and "password" not in inputs):
        return _LOOKS[look]
    if "password" in inputs and len(text) < _LOGIN_MAX:
        return _LOOKS[Look.LOGIN]
    if len(text) >= _BARE_PAGE and is_release(document, outline, candidates[0] if candidates else None):
        return "it is a single release, not a list of them"
    if text and ("search" in inputs or document.root.find(".//form[@role='search']") is not None):
        return "it offers a search but lists no results"
    if len(text) < _BARE_PAGE:
        return _why_bare(document, text)
    if refused:
        counts = ", ".join(sorted({one.reason for one in refused if one.reason != "weaker than the list"})[:4])
        return (
            f"its links are no releases ({counts})" if counts else "no set of its links looks like a list of releases"
        )
    return "it links to no other page"


def _headings(outline: Outline) -> list[str]:
    return [outline.text(number) for number, tag in enumerate(outline.tags) if tag in ("h1", "h2")][:3]


def _why_bare(document: Document, text: str) -> str:
    has_script = any(True for _ in document.root.iter("script"))
    if has_script:
        return "it is an empty app shell that scripts fill in the reader's browser"
    if any(True for _ in document.root.iter("object", "embed", "iframe")):
        return "it only embeds another document"
    return "it is a page of a few words" if text else "it is empty"


def is_release(document: Document, outline: Outline, candidate: Candidate | None) -> bool:
    """Whether the page tells one story: most running text stands in one piece between the links of its best list.

    A list with whole stories in it tells each of them under a linked heading of its own; that piece does not count.
    """
    prose = [(number, len(run.text)) for number, run in enumerate(outline.runs) if len(run.text) >= _PROSE_LINE]
    total = sum(length for _, length in prose)
    if total < _STORY_MIN:
        return False
    cuts = [outline.first_run[link.number] for link in candidate.role.links] if candidate else []
    pieces: dict[int, int] = {}
    for number, length in prose:
        place = bisect_right(cuts, number)
        pieces[place] = pieces.get(place, 0) + length
    place, longest = max(pieces.items(), key=lambda piece: piece[1])
    if longest < max(_STORY_MIN, 0.6 * total):
        return False
    if candidate and place and candidate.evidence["headed"] > 1 and _is_in_region(outline, candidate, place - 1):
        return False
    if _calls_itself_article(document):
        return True
    is_home = urlsplit(document.url).path in ("", "/") and not urlsplit(document.url).query
    return not is_home and longest > 3 * _STORY_MIN and longest > 0.8 * total


def _is_in_region(outline: Outline, candidate: Candidate, place: int) -> bool:
    """Whether an item's region holds running text behind its link."""
    region = candidate.regions[place]
    behind = range(outline.last_run[region.link.number], region.last_run)
    return sum(len(outline.runs[run].text) for run in behind if len(outline.runs[run].text) >= _PROSE_LINE) > _STORY_MIN


def _calls_itself_article(document: Document) -> bool:
    """Whether the page's metadata speak of exactly one article."""
    for meta in document.root.iter("meta"):
        if meta.get("property") == "og:type" and str(meta.get("content") or "").lower() == "article":
            return True
    if len(document.root.xpath("//*[@itemprop='articleBody']")) == 1:
        return True
    scripts = document.root.xpath("//script[@type='application/ld+json']")
    return sum(len(_ARTICLE_TYPE.findall(script.text or "")) for script in scripts) == 1
