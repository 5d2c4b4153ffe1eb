"""What would be found at an address: the list, and one release as printed (Draft) and as published (Entry)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from feedsvc.errors import ScrapeError
from feedsvc.model import Draft, Entry, Listing, ListingItem, NotModified, Page, Source
from feedsvc.protocols import Fetcher
from feedsvc.scrape import ReadListing


class PageReading(Protocol):
    """What a preview reads pages with."""

    def listing(self, page: Page, source: Source) -> ReadListing: ...

    def draft(self, page: Page, item: ListingItem | None, source: Source) -> Draft: ...

    def release(self, page: Page, item: ListingItem | None, source: Source, *, now: datetime) -> Entry: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a scrape would find, without any of its traces."""

    source: Source
    listing: Listing
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


def preview(source: Source, fetcher: Fetcher, reading: PageReading, *, now: datetime) -> Preview:
    """Read the source's first listing page and its first readable release. Raises ScrapeError where no page came."""
    page = _page(fetcher, source.urls[0])
    read = reading.listing(page, source)
    look = str(read.look.value) if read.look is not None else ""
    if not read.listing.items:
        return _release(page, None, source, reading, listing=read.listing, look=look, now=now)
    tried = None
    for item in read.listing.items[:3]:
        try:
            release = _page(fetcher, item.url)
        except ScrapeError as error:
            tried = tried or Preview(source=source, listing=read.listing, look=look, item=item, problem=str(error))
            continue
        found = _release(release, item, source, reading, listing=read.listing, look=look, now=now)
        if found.entry is not None:
            return found
        tried = tried or found
    assert tried is not None
    return tried


def _release(
    page: Page,
    item: ListingItem | None,
    source: Source,
    reading: PageReading,
    *,
    listing: Listing,
    look: str,
    now: datetime,
) -> Preview:
    draft = reading.draft(page, item, source)
    entry, problem = None, ""
    try:
        entry = reading.release(page, item, source, now=now)
    except ScrapeError as error:
        problem = str(error)
    return Preview(source=source, listing=listing, look=look, item=item, draft=draft, entry=entry, problem=problem)


def _page(fetcher: Fetcher, url: str) -> Page:
    page = fetcher.fetch(url)
    assert not isinstance(page, NotModified)
    return page
