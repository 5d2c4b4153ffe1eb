"""From regions to items: link, title, dates, summary, image and authors of each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from feedsvc.extract.candidates import Link
from feedsvc.extract.outline import Outline
from feedsvc.extract.regions import Region
from feedsvc.extract.stamps import Stamps, has_year, in_url, with_year
from feedsvc.extract.titles import read_titles
from feedsvc.model import Found, FoundMedia, ListingItem

#: Characters of a summary that are kept, and how many make text a summary at all.
SUMMARY_MAX, SUMMARY_MIN = 2000, 40
#: Elements in which running text stands.
_TEXT_TAGS: Final = frozenset({"p", "div", "dd", "td", "span", "blockquote", "section"})
#: Where the address of an image that loads late stands; ``src`` then holds a blank.
_IMAGE_ATTRIBUTES: Final = ("data-src", "data-original", "data-lazy-src", "data-lazy", "src")


@dataclass(slots=True)
class Reader:
    """Reads the items of one page's regions."""

    outline: Outline
    stamps: Stamps
    links: Sequence[Link]
    #: The elements of ``links``, ascending.
    numbers: Sequence[int]
    absolute: Callable[[str], str | None]

    def read(self, regions: Sequence[Region]) -> list[ListingItem]:
        """The items of one list, in reading order."""

        def links_in(region: Region) -> Sequence[Link]:
            return self.links[bisect_left(self.numbers, region.start) : bisect_left(self.numbers, region.stop)]

        titles = read_titles(self.outline, regions, links_in)
        return [
            ListingItem(
                url=region.link.url,
                title=title,
                published=self.dates(region),
                summary=self._summary(region, title.text if title else ""),
                image=self._image(region),
                authors=self._authors(region),
                position=place,
            )
            for place, (region, title) in enumerate(zip(regions, titles, strict=True))
        ]

    def dates(self, region: Region) -> tuple[Found, ...]:
        """The dates printed with an item, the likeliest first, completed by a year's heading where they name none."""
        found = self.stamps.find(region.start, region.stop, region.first_run, region.last_run)
        whole: list[Found] = []
        for one in found:
            if not has_year(one.text) and (year := self.stamps.year_before(region.link.number)):
                one = Found(
                    text=with_year(one.text, year), where=f"{one.where} under {year}", confidence=one.confidence
                )
            whole.append(one)
        if by_url := in_url(region.link.url):
            whole.append(by_url)
        return tuple(sorted(whole, key=lambda one: -one.confidence))

    def _summary(self, region: Region, title: str) -> Found | None:
        """The first text of an item that is long enough for sentences and is not its title."""
        outline = self.outline
        for number in range(region.start, region.stop):
            if outline.tags[number] not in _TEXT_TAGS:
                continue
            runs = outline.runs[outline.first_run[number] : outline.last_run[number]]
            if sum(len(run.text) for run in runs if run.owner == number) < SUMMARY_MIN * 3 // 4:
                continue
            text = outline.text(number)
            if len(text) >= SUMMARY_MIN and text != title:
                return Found(text=text[:SUMMARY_MAX], where=f"text of {outline.tags[number]}", confidence=0.6)
        return None

    def _image(self, region: Region) -> FoundMedia | None:
        for number in range(region.start, region.stop):
            if self.outline.tags[number] == "img":
                source = image_address(self.outline.elements[number].attrib)
                if source and (url := self.absolute(source)):
                    return FoundMedia(url=url, where="img", confidence=0.6)
        return None

    def _authors(self, region: Region) -> tuple[Found, ...]:
        """The bylines of an item: what markup calls its author."""
        outline = self.outline
        for number in range(region.start, region.stop):
            element = outline.elements[number]
            is_named = element.get("rel") == "author" or element.get("itemprop") == "author"
            if is_named or outline.words(number) & {"author", "byline"}:
                text = outline.text(number)
                if 0 < len(text) <= 120:
                    where = "rel=author" if is_named else f"{outline.tags[number]} named author"
                    return (Found(text=text, where=where, confidence=0.7 if is_named else 0.5),)
        return ()


def image_address(attributes: Any) -> str | None:
    """Where an image really comes from, given its attributes: late-loading ones before ``src``, else ``srcset``."""
    for name in _IMAGE_ATTRIBUTES:
        value = str(attributes.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return value
    candidates = str(attributes.get("data-srcset") or attributes.get("srcset") or "").split(",")
    return candidates[0].split()[0] if candidates[0].strip() else None
