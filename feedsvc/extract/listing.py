"""The door from a page to its items, whatever kind of source the page belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from feedsvc.extract.document import Document
from feedsvc.extract.feeds import ITEMS_MAX as ENTRIES_MAX
from feedsvc.extract.feeds import read_feed
from feedsvc.extract.jsonapi import as_mapping, as_text, load_json, read_json
from feedsvc.extract.rules import apply_rules
from feedsvc.extract.sitemap import read_sitemap
from feedsvc.extract.state import read_state
from feedsvc.extract.survey import Survey
from feedsvc.extract.wordpress import is_posts, read_posts
from feedsvc.extract.xmlsource import root_name
from feedsvc.lexicon.pagelooks import Look
from feedsvc.model import Listing, Page, Rules

#: Characters within which a document says what it is.
_HEAD: Final = 2000
#: What ends an entry of a feed, and an address of a sitemap (sitemaps.org allows so many of them in a file).
_ENTRY_END: Final = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ADDRESS_END: Final = re.compile(r"</(?:[\w.-]+:)?(?:url|sitemap)\s*>", re.IGNORECASE)
ADDRESSES_MAX: Final = 50_000
_FEED_ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel"})
_SITEMAP_ROOTS: Final = frozenset({"urlset", "sitemapindex"})
_READERS: Final[Mapping[str, Callable[[Page], Listing]]] = {
    "feed": read_feed,
    "sitemap": read_sitemap,
    "wordpress": read_posts,
    "json": read_json,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadListing:
    """A listing page, and what it looks like where it looks like something else."""

    listing: Listing
    look: Look | None = None


def read_listing(document: Document, rules: Rules) -> Listing:
    """What a listing page holds; where ``rules`` are silent, everything is found automatically. Never raises."""
    return apply_rules(Survey.of(document), rules)


def read_page(page: Page, kind: str, rules: Rules) -> Listing:
    """The listing of a page of any kind of source (``Source.kind``); "auto" and unknown kinds go by the page itself.

    A source of JSON may be a JSON document or an HTML page that carries JSON for its scripts. Never raises.
    """
    told = kind_of(page)
    if kind == "json" and told == "html":
        return read_state(Document.parse(page))
    if kind == "html" or told == "html":
        return read_listing(Document.parse(page), rules)
    return _READERS[kind if kind in _READERS else told](page)


def as_far_as_read(page: Page) -> Page:
    """A feed or sitemap up to the last entry that is read of it; any other page as it is.

    What comes behind in an archive of a hundred thousand entries need not even be parsed.
    """
    name = root_name(page.text[:_HEAD])
    ends, most = (_ENTRY_END, ENTRIES_MAX) if name in _FEED_ROOTS else (_ADDRESS_END, ADDRESSES_MAX)
    if name not in _FEED_ROOTS | _SITEMAP_ROOTS:
        return page
    last = next(islice(ends.finditer(page.text), most - 1, None), None)
    return page if last is None else replace(page, text=page.text[: last.end()])


def kind_of(page: Page) -> str:
    """What a page is by what stands in it: "feed", "sitemap", "wordpress", "json" or "html"."""
    head = page.text[:_HEAD].lstrip("\ufeff \t\r\n")
    if head.startswith(("{", "[")):
        value = load_json(page.text)
        if "jsonfeed.org" in as_text(as_mapping(value).get("version")):
            return "feed"
        if is_posts(value):
            return "wordpress"
        return "html" if value is None and "html" in page.media_type else "json"
    if (name := root_name(head)) in _FEED_ROOTS:
        return "feed"
    return "sitemap" if name in _SITEMAP_ROOTS else "html"
