"""The way in to a source of kind "auto": the page's own list, or the site's feed where that shows as much and more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from feedsvc.model import ListingItem, Plan, Source

#: Share of the list's first items that another way must show too: a feed of the whole site is not one of the section.
SAME_ENOUGH = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way in that was chosen at the first scrape; every later scrape keeps to it."""

    kind: str
    url: str

    def applied_to(self, source: Source) -> Source:
        """The source as it is scraped by this way."""
        return replace(source, kind=self.kind, urls=(self.url,))

    def as_json(self) -> dict[str, str]:
        """As kept in the source's memory."""
        return {"kind": self.kind, "url": self.url}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None, source: Source) -> Way | None:
        """The remembered way, unless the source's declaration has changed since and decides by itself."""
        if not kept or not is_open(source) or kept.get("of", source.urls[0]) != source.urls[0]:
            return None
        return cls(kind=str(kept["kind"]), url=str(kept["url"]))


def is_open(source: Source) -> bool:
    """Whether feedsvc is free to choose: one address, nothing pinned, no rules for the list."""
    return source.kind == "auto" and len(source.urls) == 1 and source.rules.item is None


def choose(plans: Sequence[Plan], own: Sequence[ListingItem]) -> Way | None:
    """The best way other than the list itself, or None where the list is as good.

    Another way is preferred only where it shows no fewer items than the list, and the same ones: what a feed leaves
    out would be lost. Where the page shows no list, any way that gives items is better than none.
    """
    for plan in sorted(plans, key=lambda one: -one.score):
        if not plan.listing.items:
            continue
        if plan.kind == "html":
            return None
        is_whole = len(plan.listing.items) >= len(own) and (plan.agreement or 0.0) >= SAME_ENOUGH
        if not own or is_whole:
            return Way(kind=plan.kind, url=plan.url)
    return None
