"""One page looked over once: its outline, its links, its roles, and what of them is the list."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from feedsvc.extract.addresses import page_host
from feedsvc.extract.candidates import Role, sort_roles
from feedsvc.extract.document import Document
from feedsvc.extract.items import Reader
from feedsvc.extract.junk import is_overview, is_release, refusals, why_nothing
from feedsvc.extract.links import Link, find_links
from feedsvc.extract.lists import Candidate, Judge
from feedsvc.extract.outline import Outline
from feedsvc.extract.pagination import find_next
from feedsvc.extract.regions import Region
from feedsvc.extract.stamps import Stamps
from feedsvc.model import Listing, ListingItem

#: A list that weighs less is none: its links stand in navigation, or say nothing.
SCORE_MIN: Final = 2.0
#: Two links of a kind may stand anywhere; to be a list they need dates, headings or text.
PAIR_SCORE_MIN: Final = 5.0


@dataclass(eq=False)
class Survey:
    """Everything that finding and reading lists needs to know of one page, computed when first asked for."""

    document: Document
    outline: Outline
    stamps: Stamps
    links: tuple[Link, ...]
    _matches: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document) -> Survey:
        """The survey of a page."""
        outline = Outline.of(document)
        return cls(document, outline, Stamps(outline), find_links(document, outline))

    @cached_property
    def numbers(self) -> list[int]:
        """The elements of the links, ascending."""
        return [link.number for link in self.links]

    @cached_property
    def number_of(self) -> dict[int, int]:
        """The numbers of the outline's elements, by their ids."""
        return {id(element): number for number, element in enumerate(self.outline.elements)}

    def first_match(self, selector: str, start: int, stop: int) -> int | None:
        """The first of the elements ``start .. stop`` that a CSS selector matches; raises ValueError for a bad one."""
        if selector not in self._matches:
            numbers = (self.number_of.get(id(element)) for element in self.document.select(selector))
            self._matches[selector] = sorted(number for number in numbers if number is not None)
        matches = self._matches[selector]
        place = bisect_left(matches, start)
        return matches[place] if place < len(matches) and matches[place] < stop else None

    @cached_property
    def judge(self) -> Judge:
        """The judge of this page's roles."""
        return Judge(self.outline, self.stamps, self.links, self.numbers, self.document.url)

    @cached_property
    def reader(self) -> Reader:
        """The reader of this page's items."""
        return Reader(self.outline, self.stamps, self.links, self.numbers, self.document.absolute)

    @cached_property
    def roles(self) -> list[Role]:
        """Every role of the page's links."""
        return sort_roles(self.outline, self.links)

    @cached_property
    def weighed(self) -> list[Candidate]:
        """Every role of the page, lone links too, the likeliest first."""
        return self.judge.weigh(self.roles)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Every list of the page, the likeliest first."""
        return [candidate for candidate in self.weighed if len(candidate.role) > 1]

    def next_urls(self, items: Sequence[ListingItem]) -> tuple[str, ...]:
        """The ways on to items older than ``items``."""
        return find_next(self.document, self.outline, self.links, items={item.url for item in items})

    @cached_property
    def chosen(self) -> Candidate | None:
        """The list of releases; None where nothing on the page deserves the name."""
        for candidate in self.candidates:
            if candidate.score < SCORE_MIN:
                break
            if is_overview(candidate) or (len(candidate.role) < 3 and candidate.score < PAIR_SCORE_MIN):
                continue
            return None if is_release(self.document, self.outline, candidate) else candidate
        return None

    @cached_property
    def found(self) -> list[tuple[Region, ListingItem]]:
        """The items of the list with their regions, kin included, in reading order.

        Each role is read by itself: where its titles stand is its own affair. Icons that link to other sites, without a
        word, may stand where items do; they are none.
        """
        chosen = self.chosen
        groups = [chosen.regions, *self._kin(chosen)] if chosen else []
        pairs = [pair for regions in groups for pair in zip(regions, self.read(regions), strict=True)]
        host = page_host(self.document.url)
        pairs = [(region, item) for region, item in pairs if item.title or region.link.host == host]
        pairs.sort(key=lambda pair: pair[0].link.number)
        return [(region, replace(item, position=place)) for place, (region, item) in enumerate(pairs)]

    @property
    def regions(self) -> list[Region]:
        """The regions of all items of the list, in reading order."""
        return [region for region, _ in self.found]

    def listing(self) -> Listing:
        """The page's own list, found without rules for items; where there is none, the reason."""
        url, chosen = self.document.url, self.chosen
        refused = refusals(self.outline, self.candidates, chosen, url)
        if chosen is None:
            because = why_nothing(self.document, self.outline, self.candidates, refused)
            return Listing(url=url, items=(), refused=refused, reason=f"nothing here, because {because}")
        items = tuple(item for _, item in self.found)
        return Listing(url=url, items=items, next_urls=self.next_urls(items), refused=refused)

    def read(self, regions: Sequence[Region]) -> list[ListingItem]:
        """The items of regions."""
        return self.reader.read(regions)

    def _kin(self, best: Candidate) -> list[list[Region]]:
        """Items of further roles cut from the same cloth, a list for each: the lead story, a second column of cards."""
        taken = {region.link.key for region in best.regions}
        found: list[list[Region]] = []
        for other in self.weighed:
            fresh = [region for region in other.regions if region.link.key not in taken]
            if other.role is best.role or not fresh or not self.judge.are_kin(best, other):
                continue
            if any(self._is_inside(region, best.regions) for region in fresh):
                continue
            found.append(fresh)
            taken.update(region.link.key for region in fresh)
        return found

    def _is_inside(self, region: Region, regions: Sequence[Region]) -> bool:
        """Whether a region is part of one of ``regions`` (in reading order), or holds any of them."""
        place = bisect_right(regions, region.link.number, key=lambda one: one.start)
        near = regions[max(place - 1, 0) : place + 1]
        is_part = any(one.start <= region.link.number < one.stop for one in near)
        first = bisect_left(regions, region.start, key=lambda one: one.link.number)
        return is_part or (first < len(regions) and regions[first].link.number < region.stop)
