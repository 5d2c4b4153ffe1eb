"""Which of a page's roles is its list of releases, and which is navigation, tags or a sidebar."""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from feedsvc.extract.addresses import folder_of, is_below, page_host
from feedsvc.extract.candidates import Role
from feedsvc.extract.links import Link
from feedsvc.extract.outline import HEADINGS, Outline
from feedsvc.extract.regions import Region, find_regions
from feedsvc.extract.stamps import Stamps, in_url

_Member = TypeVar("_Member")

#: Words in classes, ids and roles that tell what a part of a page is for.
NAVIGATION_WORDS: Final = frozenset(
    {"nav", "navbar", "navigation", "menu", "topbar", "dropdown", "breadcrumb", "breadcrumbs", "toolbar", "submenu"}
)
SIDE_WORDS: Final = frozenset({"sidebar", "aside", "widget", "widgets", "complementary", "rail"})
FOOT_WORDS: Final = frozenset({"footer", "contentinfo", "copyright", "colophon"})
PAGER_WORDS: Final = frozenset({"pagination", "pager", "paginator", "paging", "pages"})
TAG_WORDS: Final = frozenset(
    {"tag", "tags", "tagcloud", "category", "categories", "cats", "topics", "label", "labels", "badge"}
)


#: What the share of items with a sign weighs: dates and headings speak for releases, and a list's items make up most of
#: its page; overviews and other sites' pages speak against. Tuned on pages of many generators, none of them by name.
WEIGHTS: Final = {
    "dated": 3.0,
    "headed": 1.8,
    "covers": 4.0,
    "text": 1.0,
    "below": 1.0,
    "junk": -4.0,
    "foreign": -3.0,
}
#: Characters from which an item tells more than its title.
_TELLING_SIZE = 100
#: So many items, evenly spread, show what share of a long list has a sign as well as all of ten thousand do.
_SAMPLE_SIZE = 400
#: Characters from which an item says something beside its link.
_BESIDE_LINK = 8


@dataclass(slots=True)
class Candidate:
    """A role with its items' regions and what speaks for and against it."""

    role: Role
    regions: list[Region]
    score: float
    #: What the score is the sum of, by name.
    evidence: dict[str, float]


@dataclass(slots=True)
class Judge:
    """Weighs the roles of one page against each other."""

    outline: Outline
    stamps: Stamps
    links: Sequence[Link]
    #: The elements of ``links``, ascending.
    numbers: Sequence[int]
    page_url: str

    def weigh(self, roles: Sequence[Role]) -> list[Candidate]:
        """A candidate for each role, the best first."""
        candidates = [self._weigh_one(role) for role in roles]
        candidates.sort(key=lambda one: -one.score)
        return candidates

    def _weigh_one(self, role: Role) -> Candidate:
        regions = find_regions(self.outline, role, self.stamps)
        texts = self._wordings(regions)
        median = statistics.median(text_length(text) for text in texts)
        evidence = {name: WEIGHTS[name] * share for name, share in self._shares(role, regions).items()}
        evidence["count"] = min(math.log2(len(role)), 5.0) * 0.6
        evidence["wordy"] = max(-1.0, min((median - 8) / 12, 1.5))
        evidence["zone"] = statistics.fmean(self._zone_of(region) for region in regions[:5])
        evidence["crowded"] = self._crowding(regions)
        evidence["repeat"] = -2.0 * (1 - len(set(texts)) / len(role)) if median else 0.0
        return Candidate(role, regions, sum(evidence.values()), evidence)

    def _shares(self, role: Role, regions: Sequence[Region]) -> dict[str, float]:
        """How many of the items show each sign of a release (or of none), from 0 to 1."""
        host = page_host(self.page_url)
        sample, links = _spread(regions), _spread(role.links)
        signs = {
            "dated": sum(self._is_dated(region) for region in sample),
            "headed": sum(self._has_heading(region) for region in sample),
            "text": sum(self._size(region) >= _TELLING_SIZE for region in sample),
            "junk": sum(link.is_overview for link in links),
            "foreign": sum(link.host != host for link in links),
            "below": sum(is_below(link.url, self.page_url) for link in links),
        }
        shares = {name: number / len(sample) for name, number in signs.items()}
        covered = sum(self._size(region) for region in regions)
        shares["covers"] = min(covered / max(self.outline.sizes[-1], 1), 1.0)
        return shares

    def _wordings(self, regions: Sequence[Region]) -> list[str]:
        """What each item says: its link, or where most links say the same ("Read more"), what stands around them."""
        texts = [region.link.text for region in regions]
        if 2 * len(set(texts)) > len(texts) or not all(texts):
            return texts
        around = [self.outline.text_between(one.first_run, min(one.first_run + 4, one.last_run)) for one in regions]
        return around if len(set(around)) == len(around) else texts

    def _zone_of(self, region: Region) -> float:
        """The zone of an item: names on what holds just this item, and more than its link, are no zone's."""
        holds_more = self._size(region) > len(region.link.text) + _BESIDE_LINK and region.start != region.link.number
        return self.zone(self.outline.parents[region.start] if holds_more else region.link.number)

    def _size(self, region: Region) -> int:
        return max(self.outline.sizes[region.last_run] - self.outline.sizes[region.first_run], 0)

    def _is_dated(self, region: Region) -> bool:
        span = (region.start, region.stop, region.first_run, region.last_run)
        return self.stamps.has_date(*span) or in_url(region.link.url) is not None

    def are_kin(self, best: Candidate, other: Candidate) -> bool:
        """Whether another role's items are of one kind with the best one's: the lead story, a second column of cards.

        Either they are made alike (classes or headings, and the same parts), or they are dated like the others and
        their addresses stand in the same folder.
        """
        one, two = best.evidence, other.evidence
        if two["zone"] < -0.5 or two["junk"] < -1.0 or two["foreign"] < one["foreign"] - 0.5:
            return False
        if len(other.role) > 3 * len(best.role) or abs(one["dated"] - two["dated"]) >= 1.0:
            return False
        if one["dated"] > 2.0 and self._share_folder(best, other):
            return True
        looks = [self.outline.classes(candidate.role.links[0].number) for candidate in (best, other)]
        headings = [self._heading_tag(candidate.regions[0]) for candidate in (best, other)]
        is_alike = (looks[0] == looks[1] != ()) or (headings[0] == headings[1] != "")
        limits = {"headed": 0.6, "text": 0.7, "below": 0.6}
        return is_alike and all(abs(one[name] - two[name]) < limit for name, limit in limits.items())

    def _share_folder(self, best: Candidate, other: Candidate) -> bool:
        """Whether all addresses of a role stand in the folder of most addresses of the best one (never the root)."""
        folders = Counter(folder_of(link.url) for link in best.role.links)
        folder, count = folders.most_common(1)[0]
        return (
            "/" in folder
            and 2 * count > len(best.role)
            and all(folder_of(link.url) == folder for link in other.role.links)
        )

    def _heading_tag(self, region: Region) -> str:
        outline = self.outline
        for number in (*range(region.start, region.stop), *outline.ancestors(region.link.number)):
            if outline.tags[number] in HEADINGS and number >= region.start:
                return str(outline.tags[number])
        return ""

    def _crowding(self, regions: Sequence[Region]) -> float:
        """Evidence against regions that usually link to several other pages: sections do, releases seldom.

        Two or three sections side by side look much like two or three releases, so that it counts most for those.
        """
        counts: list[int] = []
        for region in regions[:20]:
            first, last = bisect_left(self.numbers, region.start), bisect_left(self.numbers, region.stop)
            keys = {link.key for link in self.links[first:last] if not link.is_overview}
            counts.append(len(keys - {region.link.key}))
        crowd = min(statistics.median(counts), 5)
        if crowd < 2:
            return 0.0
        return -1.8 * crowd if len(regions) <= 3 else -0.7 * (crowd - 1)

    def _has_heading(self, region: Region) -> bool:
        outline = self.outline
        link = region.link.number
        if any(outline.tags[number] in HEADINGS for number in range(region.start, region.stop)):
            return True
        return any(outline.tags[up] in HEADINGS for up in outline.ancestors(link) if up >= region.start)

    def zone(self, number: int) -> float:
        """Evidence from where an element stands: negative in navigation, sidebars and footers."""
        outline = self.outline
        value = 0.0
        total = outline.size(0)
        inside_article = False
        for up in (number, *outline.ancestors(number)):
            tag = outline.tags[up]
            if up == 0:
                break
            if outline.size(up) * 2 > total:
                if tag == "main":
                    value += 1.0
                continue
            words = outline.words(up)
            if tag == "article":
                inside_article = True
            if tag in ("nav", "menu") or words & (NAVIGATION_WORDS | PAGER_WORDS):
                value = min(value, -4.0)
            elif (tag == "footer" and not inside_article) or words & FOOT_WORDS:
                value = min(value, -3.0)
            elif tag == "aside" or words & SIDE_WORDS:
                value = min(value, -2.5)
            elif tag == "header" and not inside_article and up != number:
                value = min(value, -1.0)
            elif words & TAG_WORDS:
                value = min(value, -2.0)
            elif tag == "main":
                value += 1.0
        return value


def _spread(members: Sequence[_Member]) -> Sequence[_Member]:
    """Members evenly spread over a long list; a short one as it is."""
    return members[:: math.ceil(len(members) / _SAMPLE_SIZE)] if len(members) > _SAMPLE_SIZE else members


def text_length(text: str) -> int:
    """Length of a text in letters of an alphabet: one sign of Chinese, Japanese or Korean says as much as two."""
    if text.isascii():
        return len(text)
    return len(text) + sum("\u3040" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7af" for sign in text)
