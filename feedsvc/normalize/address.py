"""Under which addresses a release page's story is known, and which of them readers open (rule R2).

A page's rel=canonical (RFC 6596) is believed only where it can name the same story: sites point it at their home page,
at a listing, or at one and the same story from every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from feedsvc.normalize.urls import absolute, canonicalize, is_safe_link

#: Last segments that show the same story in another dress.
VARIANTS = frozenset({"amp", "print", "full", "single", "all", "mobile", "html", "index"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A story's link and the normal forms under which it is known."""

    link: str
    canonical_url: str
    aliases: tuple[str, ...]
    #: Why the page's rel=canonical was not believed; "".
    refusal: str = ""


def address_of(
    url: str, *, canonical: str | None, requested: str | None, listing_urls: Iterable[str]
) -> Address | None:
    """The address of the story at ``url`` (after redirects); None where that is no link to publish.

    ``canonical`` is what the page's rel=canonical says, ``requested`` what the listing linked.
    """
    link = absolute(url, base_url=url)
    if link is None or not is_safe_link(link):
        return None
    own, refusal = canonicalize(link), ""
    named = absolute(canonical, base_url=link) if canonical and canonical.strip() else None
    if named:
        refusal = _refusal(canonicalize(named), own, listings={canonicalize(one) for one in listing_urls})
        if not is_safe_link(named):
            refusal = refusal or "it is no link to publish"
    chosen = canonicalize(named) if named and not refusal else own
    others = (own, canonicalize(requested) if requested else own)
    return Address(
        link=named if named and chosen != own else link,
        canonical_url=chosen,
        aliases=tuple(dict.fromkeys(one for one in others if one != chosen)),
        refusal=refusal,
    )


def is_front_page(url: str) -> bool:
    """Whether an address is a site's home page: nothing, or a language, in its path."""
    parts = urlsplit(canonicalize(url))
    return not parts.query and bool(re.fullmatch(r"/(?:[a-z]{2}(?:[-_][a-zA-Z]{2})?)?", parts.path))


def _refusal(named: str, own: str, *, listings: set[str]) -> str:
    if named == own:
        return ""
    if is_front_page(named):
        return "it names the site's home page"
    if named in listings:
        return "it names a listing page"
    above, below = _segments(named), _segments(own)
    if len(above) < len(below) and below[: len(above)] == above:
        return "it names a folder above the page"
    if _story_names(named) & _names(own) or _story_names(own) & _names(named):
        return ""
    return "it names another page"


def _names(url: str) -> set[str]:
    """Every part of an address that could name a story."""
    parts = urlsplit(url)
    values = [value for _, value in parse_qsl(parts.query)]
    return {_stem(one) for one in (*parts.path.split("/"), *values) if one}


def _story_names(url: str) -> set[str]:
    """The parts that do name it: the last segment and values of the query, if they are telling."""
    values = (_stem(value) for _, value in parse_qsl(urlsplit(url).query))
    return {stem for stem in (*_segments(url)[-1:], *values) if re.search(r"\d{3}", stem) or len(stem) >= 12}


def _segments(url: str) -> list[str]:
    """The path without what only chooses a dress or a part of the story."""
    segments = [stem for stem in map(_stem, urlsplit(url).path.split("/")) if stem and stem not in VARIANTS]
    while len(segments) > 1 and re.fullmatch(r"page|\d{1,2}", segments[-1]):
        segments.pop()
    return segments


def _stem(segment: str) -> str:
    return re.sub(r"(?:\.amp)?\.(?:s?html?|php|aspx?|jsp)\Z|[_-](?:amp|print)\Z", "", unquote(segment).casefold())
