"""One page looked over once: its outline, its links, its roles, and what of them is the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from feedsvc.extract.candidates import Link, Role, find_links, sort_roles
from feedsvc.extract.document import Document
from feedsvc.extract.items import Reader
from feedsvc.extract.lists import Candidate, Judge, is_junk_url
from feedsvc.extract.outline import Outline
from feedsvc.extract.regions import Region
from feedsvc.extract.stamps import Stamps
from feedsvc.model import Listing, ListingItem


@dataclass(eq=False)
class Survey:
    """Everything that finding and reading lists needs to know of one page, computed when first asked for."""

    document: Document
    outline: Outline
    stamps: Stamps
    links: Sequence[Link]

    @classmethod
    def of(cls, document: Document) -> Survey:
        """The survey of a page."""
        outline = Outline.of(document)
        return cls(document, outline, Stamps(outline), find_links(document, outline))

    @cached_property
    def judge(self) -> Judge:
        """The judge of this page's roles."""
        return Judge(self.outline, self.stamps, self.document.url)

    @cached_property
    def reader(self) -> Reader:
        """The reader of this page's items."""
        return Reader(self.outline, self.stamps, self.links, self.document.absolute)

    @cached_property
    def roles(self) -> list[Role]:
        """Every role of the page's links."""
        page_url = self.document.url
        return sort_roles(self.outline, self.links, is_junk=lambda url: is_junk_url(url, page_url))

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Every list of the page, the likeliest first."""
        return self.judge.weigh(self.roles)

    def listing(self) -> Listing:
        """The page's own list, found without rules."""
        if not self.candidates:
            return Listing(url=self.document.url, items=(), reason="nothing here, because no list")
        best = self.candidates[0]
        regions = sorted([*best.regions, *self._kin(best)], key=lambda one: one.link.number)
        return Listing(url=self.document.url, items=tuple(self.read(regions)))

    def read(self, regions: Sequence[Region]) -> list[ListingItem]:
        """The items of regions."""
        return self.reader.read(regions)

    def _kin(self, best: Candidate) -> list[Region]:
        """Items of further roles that are cut from the same cloth: the lead story, a second column of cards."""
        taken = {region.link.key for region in best.regions}
        found: list[Region] = []
        for other in self.judge.weigh(self.roles, smallest=1):
            fresh = [region for region in other.regions if region.link.key not in taken]
            if other.role is best.role or not fresh or not self.judge.are_kin(best, other):
                continue
            if any(self._is_inside(region, best.regions) for region in fresh):
                continue
            found.extend(fresh)
            taken.update(region.link.key for region in fresh)
        return found

    def _is_inside(self, region: Region, regions: Sequence[Region]) -> bool:
        return any(one.start <= region.link.number < one.stop for one in regions)
