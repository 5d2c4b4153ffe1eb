"""Pages to values: the doors of extraction and normalization, as a scrape uses them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from feedsvc.extract.listing import ReadListing
from feedsvc.model import Entry, ListingItem, Page, Plan, Source


class Reading(Protocol):
    """Reads pages. Raises ScrapeError for what a page can cause, and nothing else."""

    def listing(self, page: Page, source: Source) -> ReadListing:
        """The items of a listing page."""
        ...

    def listing_like(self, page: Page, source: Source, like: Page) -> ReadListing:
        """A further page, read as another page of its list is: of one item alone nothing else tells that it is one."""
        ...

    def plans(self, page: Page, fetch: Callable[[str], Page]) -> tuple[Plan, ...]:
        """The ways in that a listing page declares, tried with ``fetch``."""
        ...

    def release(
        self,
        page: Page,
        item: ListingItem | None,
        source: Source,
        *,
        now: datetime,
        further: Callable[[str], Page] | None = None,
    ) -> Entry:
        """The entry of a release page, joined with its further pages where ``further`` brings them.

        Raises NothingFound for a page that stands in for it (login wall, error), and what ``further`` raises.
        """
        ...

    def item(self, item: ListingItem, source: Source, *, now: datetime) -> Entry:
        """The entry of an item whose listing says all there is."""
        ...
