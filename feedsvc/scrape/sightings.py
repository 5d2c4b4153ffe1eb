"""What a listing shows, as decisions see it: each item with its normal address, title and printed day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from feedsvc.model import Listing, ListingItem, When
from feedsvc.normalize.dates import choose, day_order, is_full
from feedsvc.normalize.identity import title_key
from feedsvc.normalize.urls import canonicalize

#: Two ways to print one moment may lie so far apart.
_SAME_DATE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One item of a listing page."""

    item: ListingItem
    #: Normal form of its link.
    url: str
    #: Its title as compared with others; "" where it says too little.
    title: str = ""
    #: When it was released, as the listing prints it.
    published: When | None = None

    @property
    def day(self) -> str:
        """The printed day, YYYY-MM-DD, or ""."""
        return self.published.day if self.published else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A story of the source that the store holds."""

    uuid: str
    title: str
    #: The printed day, else that of publication in the source's zone, YYYY-MM-DD; "" where the page printed no date.
    day: str = ""
    #: The normal forms of every link under which it is known.
    urls: tuple[str, ...] = ()
    #: Those of them at which this source's listings showed it, where the story is its own.
    listed_urls: frozenset[str] = frozenset()
    #: The one of these that is its own, "" where that is not known; and where its link leads.
    canonical_url: str = ""
    link: str = ""
    #: The title that this source's listing gave it first; its page may bear another.
    listed_title: str = ""
    first_seen_at: datetime | None = None
    #: It waits for its release page, and may turn out to be none.
    is_pending: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Its titles, as compared; those that say too little are none."""
        given = {self.title, self.listed_title}
        return frozenset(filter(None, map(title_key, given)))

    @property
    def led_to(self) -> str:
        """The normal form of its link."""
        return canonicalize(self.link) if self.link else ""


def sightings(
    listings: Iterable[Listing], *, now: datetime, time_zone: str, languages: Sequence[str] = ()
) -> tuple[Sighting, ...]:
    """The items of one scrape's listing pages in order, each address once."""
    seen: dict[str, Sighting] = {}
    for listing in listings:
        telling = _telling([found.text for item in listing.items for found in item.published[:1]])
        for item in listing.items:
            sighting = _sighting(item, now=now, time_zone=time_zone, languages=languages, other_dates=telling)
            seen.setdefault(sighting.url, sighting)
    return tuple(seen.values())


def _telling(printed: Sequence[str]) -> tuple[str, ...]:
    """One of a listing's dates that tells the order of day and month for all of them, if they agree on one."""
    order = day_order(printed)
    return tuple(one for one in printed if order is not None and day_order([one]) is order)[:1]


def _sighting(
    item: ListingItem, *, now: datetime, time_zone: str, languages: Sequence[str], other_dates: Sequence[str]
) -> Sighting:
    # what counts from now must mean the same when the item is read again, hours or days later
    dates = tuple(one if is_full(one.text) else replace(one, read_at=now) for one in item.published)
    chosen = choose(dates, now=now, time_zone=time_zone, languages=languages, other_dates=other_dates)
    return Sighting(
        item=replace(item, published=dates),
        url=canonicalize(item.url),
        title=title_key(item.title.text) if item.title else "",
        published=chosen[0] if chosen else None,
    )


def is_retitled(sighting: Sighting, story: Known) -> bool:
    """Whether a listing's title is none of a story's; one may be a part of the other (cut, or with the site's name)."""
    title, names = sighting.title, story.names
    return bool(title and names) and all(title not in name and name not in title for name in names)


def days_apart(when: When, day: str) -> timedelta:
    """How far the day that a listing prints lies from one that is known (YYYY-MM-DD)."""
    return abs(date.fromisoformat(when.day) - date.fromisoformat(day))


def is_redated(when: When, day: str) -> bool:
    """Whether a listing prints another day than is known, give or take what its words and time zones leave open."""
    return days_apart(when, day) > max(_SAME_DATE, when.give_or_take)


def link_shape(url: str) -> str:
    """An address with what varies from item to item left open: "news.example/releases/#/*"."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    shaped = ["#" if segment.isdigit() else segment for segment in segments[:-1]]
    return "/".join([parts.hostname or "", *shaped, "*"]) + ("?" if parts.query else "")
