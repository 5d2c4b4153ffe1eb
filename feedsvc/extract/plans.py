"""Every way in to the releases that a page lists, ranked: feed, WordPress, JSON, the list itself, a sitemap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from feedsvc.errors import ScrapeError
from feedsvc.extract.addresses import page_host, page_key
from feedsvc.extract.document import Document
from feedsvc.extract.listing import kind_of, read_listing, read_page
from feedsvc.extract.sitemap import sitemap_urls
from feedsvc.extract.state import read_state
from feedsvc.extract.wordpress import posts_url
from feedsvc.model import Listing, ListingItem, Page, Plan, Rules

#: Feeds and parts of sitemaps that are tried at most.
FEEDS_MAX, SITEMAPS_MAX = 4, 3
#: How much each kind of way is worth where all carry the same: feeds are made to be followed, sitemaps tell least.
_WORTH: Final[Mapping[str, float]] = {"feed": 1.0, "wordpress": 0.95, "json": 0.8, "html": 0.75, "sitemap": 0.5}
_FIELDS: Final[Mapping[str, float]] = {"title": 0.35, "published": 0.3, "body": 0.15, "summary": 0.1, "image": 0.1}
_FEED_TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml"}
)
_FEED_ENDING: Final = re.compile(
    r"\.(?:rss|atom|rdf)$|(?:feed|rss|atom|index)[\w-]*\.(?:xml|json)$|/(?:feed|rss|atom)/?$", re.IGNORECASE
)
_COMMENTS: Final = re.compile(r"comment", re.IGNORECASE)


def find_plans(page: Page, fetch: Callable[[str], Page] | None, *, is_thorough: bool = True) -> tuple[Plan, ...]:
    """Every way in that a page shows, the best first; each was tried where ``fetch`` can bring it.

    ``fetch`` raises ScrapeError for what cannot be had; such a way is left out, or stands last with the reason.
    Unless ``is_thorough``, a page that shows a list is asked only for ways that it declares: no sitemap is guessed.
    A page that is a feed or a sitemap itself is its own only plan; an index of sitemaps leads to the likeliest of them.
    """
    kind = kind_of(page)
    if kind != "html":
        listing = read_page(page, kind, Rules())
        itself = _plan(kind, page.url, listing, own=(), note="the address itself")
        if kind == "sitemap" and not listing.items and fetch is not None:
            return tuple(_sitemaps(listing.next_urls, fetch, ())) or (itself,)
        return (itself,)
    document = Document.parse(page)
    listing = read_listing(document, Rules())
    own = listing.items
    plans = [_plan("html", page.url, listing, own=own, note=_list_note(listing))]
    in_page = read_state(document)
    if in_page.items:
        plans.append(_plan("json", page.url, in_page, own=own, note=f"JSON in the page ({in_page.plan})"))
    plans.extend(_fetched(document, fetch, own))
    if fetch is not None and (is_thorough or not own):
        plans.extend(_sitemaps(sitemap_urls(document), fetch, own))
    return tuple(sorted(plans, key=lambda plan: -plan.score))


def _fetched(document: Document, fetch: Callable[[str], Page] | None, own: tuple[ListingItem, ...]) -> Iterator[Plan]:
    """The ways that need requests of their own; one feed in several formats counts once."""
    seen: set[tuple[str, ...]] = set()
    for url in feed_urls(document)[:FEEDS_MAX]:
        plan = _tried("feed", url, fetch, own, "the site's own feed")
        shown = tuple(item.url for item in plan.listing.items)
        if not shown or shown not in seen:
            yield plan
        seen.add(shown)
    if posts := posts_url(document):
        yield _tried("wordpress", posts, fetch, own, "WordPress's interface")


def _tried(kind: str, url: str, fetch: Callable[[str], Page] | None, own: tuple[ListingItem, ...], note: str) -> Plan:
    """The plan for an address; one that could not be tried keeps the reason and no score."""
    if fetch is None:
        return Plan(kind=kind, url=url, listing=_unread(url, kind, "it was not fetched"), note=f"{note}, not tried")
    try:
        page = fetch(url)
    except ScrapeError as error:
        return Plan(kind=kind, url=url, listing=_unread(url, kind, str(error)), note=f"{note}, not to be had")
    listing = read_page(page, kind, Rules())
    if any(item.body for item in listing.items):
        note = f"{note}, full text"
    return _plan(kind, url, listing, own=own, note=note)


def _unread(url: str, kind: str, because: str) -> Listing:
    return Listing(url=url, items=(), plan=kind, reason=f"nothing here, because {because}")


def _sitemaps(urls: Sequence[str], fetch: Callable[[str], Page], own: tuple[ListingItem, ...]) -> Iterator[Plan]:
    """The first of these sitemaps that names pages; an index leads to its parts."""
    waiting = list(urls)
    for _ in range(SITEMAPS_MAX):
        if not waiting:
            return
        url = waiting.pop(0)
        try:
            listing = read_page(fetch(url), "sitemap", Rules())
        except ScrapeError:
            continue
        if listing.items:
            yield _plan("sitemap", url, listing, own=own, note="a sitemap")
            return
        waiting = [*listing.next_urls, *waiting]


def feed_urls(document: Document) -> tuple[str, ...]:
    """Feeds that a page declares (RSS autodiscovery), then those it links; feeds of comments come last."""
    found: dict[str, bool] = {}
    for link in document.root.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        is_json = kind == "application/json" and "feed" in (link.get("href") or "").lower()
        if "alternate" in rel and (kind in _FEED_TYPES or is_json) and (url := document.absolute(link.get("href"))):
            words = f"{link.get('title') or ''} {url}"
            found.setdefault(url, bool(_COMMENTS.search(words)))
    host = page_host(document.url)
    for anchor in document.root.iter("a"):
        href = anchor.get("href") or ""
        if _FEED_ENDING.search(_path_of(href)) and (url := document.absolute(href)) and page_host(url) == host:
            found.setdefault(url, bool(_COMMENTS.search(url)))
    return tuple(sorted(found, key=lambda url: found[url]))


def _path_of(href: str) -> str:
    """The path of a reference; "" for what cannot be read."""
    try:
        return urlsplit(urljoin("http://x/", href)).path
    except ValueError:
        return ""


def _plan(kind: str, url: str, listing: Listing, *, own: tuple[ListingItem, ...], note: str) -> Plan:
    items = listing.items
    fill = {name: _share(items, name) for name in _FIELDS}
    plan = Plan(
        kind=kind,
        url=url,
        listing=listing,
        fill=fill,
        requests=1 + sum(item.body is None for item in items),
        agreement=_agreement(items, own),
        note=note,
    )
    return replace(plan, score=_score(plan))


def _share(items: tuple[ListingItem, ...], name: str) -> float:
    return round(sum(bool(getattr(item, name)) for item in items) / len(items), 3) if items else 0.0


def _agreement(items: tuple[ListingItem, ...], own: tuple[ListingItem, ...]) -> float | None:
    """Share of the page's own first items that a way shows too: a feed of the whole site is not one of the section."""
    if not own:
        return None
    keys = {page_key(item.url) for item in items}
    newest = own[:10]
    return round(sum(page_key(item.url) in keys for item in newest) / len(newest), 3)


def _score(plan: Plan) -> float:
    """What a way is worth: its kind, what its items carry, and whether they are the page's own."""
    if not plan.listing.items:
        return 0.0
    filled = sum(weight * plan.fill[name] for name, weight in _FIELDS.items())
    same = 1.0 if plan.agreement is None else 0.3 + 0.7 * plan.agreement
    few = min(len(plan.listing.items), 3) / 3
    return round(_WORTH.get(plan.kind, 0.5) * (0.5 + 0.5 * filled) * same * few, 4)


def _list_note(listing: Listing) -> str:
    return listing.reason or f"the list on the page, {len(listing.items)} items"
