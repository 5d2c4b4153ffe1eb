"""What would be found at an address: ways in, the list, and one release as printed (Draft) and published (Entry)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from feedsvc.errors import NotAPage, ScrapeError
from feedsvc.extract.document import Document
from feedsvc.extract.induce import induce
from feedsvc.extract.listing import ReadListing
from feedsvc.model import Draft, Entry, Listing, ListingItem, NotModified, Page, Plan, Source
from feedsvc.protocols import Fetcher
from feedsvc.scrape.ways import Way, choose, is_open
from feedsvc.service.heavy import is_heavy
from feedsvc.service.reading import PageReader, draft_of

#: Items whose release pages are tried until one can be read.
_TRIES = 3
#: Longest title of a source.
TITLE_MAX = 200
#: Characters of a page within which its title stands.
_TOP = 200_000


class Asking(Protocol):
    """Says what robots.txt holds for an address, as ``fetch.Client`` does."""

    def robots_allows(self, url: str) -> Verdict: ...


class Verdict(Protocol):
    """Whether an address may be fetched."""

    @property
    def allowed(self) -> bool: ...


class PreviewClient(Fetcher, Asking, Protocol):
    """What a preview needs of the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a scrape would find, without any of its traces."""

    #: As it would be scraped: by the chosen way in.
    source: Source
    listing: Listing
    #: Every way in, the best first; empty where the source's file leaves no choice.
    plans: tuple[Plan, ...] = ()
    #: The one that is shown and would be scraped; None where none was looked for.
    chosen: Plan | None = None
    #: The listing page itself, as it came.
    page: Page
    #: What the page looks like where it looks like something else: "login", ...
    look: str = ""
    #: The item that was followed; None where the page itself is a release.
    item: ListingItem | None = None
    draft: Draft | None = None
    entry: Entry | None = None
    #: Why there is no entry, "" where there is one.
    problem: str = ""


def source_for(url: str) -> Source:
    """A source of which nothing is known but its address."""
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    return Source(key="preview", urls=(url,), title=host)


def title_of(found: Preview) -> str:
    """What the page calls itself, for a source that nobody has named yet; its host where it says nothing."""
    top = replace(found.page, text=found.page.text[:_TOP])
    words = " ".join((Document.parse(top).root.findtext(".//title") or "").split())
    return words[:TITLE_MAX].strip() or found.source.title


class Previewer:
    """Looks at sources as a scrape would, and stores nothing. Fetches raise ScrapeError."""

    def __init__(self, client: PreviewClient, reader: PageReader, *, now: datetime) -> None:
        self._client = client
        self._reader = reader
        self._now = now

    def preview(self, source: Source, *, number: int | None = None) -> Preview:
        """Read the source's first listing page and its first readable release.

        ``number``: the plan to show instead of the best one, from 1. Raises ScrapeError where no page came.
        """
        page = self._page(source.urls[0])
        read = self._reader.listing(page, source)
        plans = self._plans(page) if is_open(source) else ()
        chosen = plans[number - 1] if number is not None and number <= len(plans) else _best(plans)
        if chosen is not None and (chosen.kind, chosen.url) != ("html", page.url):
            source = Way(kind=chosen.kind, url=chosen.url).applied_to(source)
            read = ReadListing(listing=chosen.listing)
        look = str(read.look.value) if read.look is not None else ""
        found = Preview(source=source, listing=read.listing, plans=plans, chosen=chosen, page=page, look=look)
        return self._with_release(found)

    def _plans(self, page: Page) -> tuple[Plan, ...]:
        return tuple(replace(plan, robots=self._verdict(plan.url)) for plan in self._reader.ways(page, self._page))

    def _verdict(self, url: str) -> str:
        try:
            return "allowed" if self._client.robots_allows(url).allowed else "refused"
        except ScrapeError:
            return ""

    def _with_release(self, found: Preview) -> Preview:
        """The preview with its first release that can be read; else with why the first cannot."""
        if not found.listing.items:
            return self._read(found, found.page)
        tried = None
        for item in found.listing.items[:_TRIES]:
            now = replace(found, item=item)
            if item.body is not None:
                return self._told(now, item)
            try:
                page = self._page(item.url)
            except NotAPage as error:
                now = self._told(now, item) if item.title is not None else replace(now, problem=str(error))
            except ScrapeError as error:
                now = replace(now, problem=str(error))
            else:
                now = self._read(now, page)
            if now.entry is not None:
                return now
            tried = tried or now
        assert tried is not None
        return tried

    def _read(self, found: Preview, page: Page) -> Preview:
        """With the release that a page holds."""
        draft = self._reader.draft(page, found.item, found.source)
        try:
            entry = self._reader.release(page, found.item, found.source, now=self._now, further=self._page)
        except ScrapeError as error:
            return replace(found, draft=draft, problem=str(error))
        return replace(found, draft=draft, entry=entry)

    def _told(self, found: Preview, item: ListingItem) -> Preview:
        """With the release as the listing tells it: it carries the text, or leads to a file."""
        try:
            entry = self._reader.item(item, found.source, now=self._now)
        except ScrapeError as error:
            return replace(found, draft=draft_of(item), problem=str(error))
        return replace(found, draft=draft_of(item), entry=entry)

    def _page(self, url: str) -> Page:
        page = self._client.fetch(url)
        assert not isinstance(page, NotModified)
        return page


def pinned(found: Preview) -> Source:
    """The source with what was found written down: the way in, and the rules that give the same items.

    What an admin has declared already stays.
    """
    source = found.source
    if found.chosen is None:
        return source
    if found.chosen.kind != "html":
        return replace(source, kind=found.chosen.kind, urls=(found.chosen.url,))
    learnt = induce(Document.parse(found.page)) if not is_heavy(found.page) else None
    return source if learnt is None else replace(source, rules=replace(learnt, release=source.rules.release))


def _best(plans: tuple[Plan, ...]) -> Plan | None:
    """The plan that a scrape would choose, by the very same rule."""
    own = next((plan for plan in plans if plan.kind == "html"), None)
    way = choose(plans, own.listing.items if own is not None else ())
    if way is None:
        return own or next(iter(plans), None)
    return next(plan for plan in plans if (plan.kind, plan.url) == (way.kind, way.url))
