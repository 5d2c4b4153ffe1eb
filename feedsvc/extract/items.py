"""From regions to items: link, title, dates, summary, image and authors of each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from feedsvc.extract.links import Link
from feedsvc.extract.outline import Outline
from feedsvc.extract.regions import Region
from feedsvc.extract.stamps import Stamps, has_year, in_url, with_year
from feedsvc.extract.titles import read_titles
from feedsvc.model import Found, FoundMedia, ListingItem

#: Characters of a summary that are kept, and how many make text a summary at all.
SUMMARY_MAX, SUMMARY_MIN = 2000, 40
#: Elements in which running text stands.
_TEXT_TAGS: Final = frozenset({"p", "div", "dd", "td", "span", "blockquote", "section"})
_NO_PICTURE: Final = frozenset({"avatar", "icon", "logo", "emoji", "gravatar", "pixel", "tracking"})
_BACKGROUND: Final = re.compile(r"background(?:-image)?\s*+:[^;]{0,1000}url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
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
        dates = self._with_date_lines(regions, [self.dates(region) for region in regions])
        return [
            ListingItem(
                url=region.link.url,
                title=title,
                published=published,
                summary=self._summary(region, title.text if title else ""),
                image=self._image(region),
                authors=self._authors(region),
                position=place,
            )
            for place, (region, title, published) in enumerate(zip(regions, titles, dates, strict=True))
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

    def _with_date_lines(self, regions: Sequence[Region], dates: list[tuple[Found, ...]]) -> list[tuple[Found, ...]]:
        """Dates for items that print none, from the day's heading above them, where most of the items print none."""
        undated = [place for place, found in enumerate(dates) if not any(one.where != "url" for one in found)]
        lines = self.stamps.date_lines() if len(undated) * 2 > len(dates) else []
        lines = [line for line in lines if not any(one.start <= line[0] < one.stop for one in regions)]
        numbers = [number for number, _ in lines]
        heads = {place: bisect_left(numbers, regions[place].start) - 1 for place in undated}
        if not lines or any(line < 0 for line in heads.values()):
            return dates
        for place, line in heads.items():
            under = Found(text=lines[line][1], where="heading above", confidence=0.5)
            dates[place] = (under, *dates[place])
        return dates

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
        """The first image that is neither a portrait of the author, nor an icon, nor a counting pixel."""
        outline = self.outline
        for number in range(region.start, region.stop):
            attributes = outline.elements[number].attrib
            if outline.tags[number] == "img":
                if outline.words(number) & _NO_PICTURE or attributes.get("width") in ("0", "1"):
                    continue
                source, where = image_address(attributes), "img"
            else:
                match = _BACKGROUND.search(attributes.get("style") or "")
                source, where = (match[1], "background") if match else (None, "")
            if source and (url := self.absolute(source)):
                return FoundMedia(url=url, where=where, confidence=0.6)
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
