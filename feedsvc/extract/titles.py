"""The titles of a list's items: the place that titles this list best, and each item's text there.

Every place where a title may stand (a linked heading, the link's own text, an element named "title", ...) is read for
all items at once. A place that says the same for most of them ("Read more", the name of the section) titles nothing;
that holds in every language and needs no list of such words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from feedsvc.extract.links import Link
from feedsvc.extract.outline import HEADINGS, Outline
from feedsvc.extract.regions import Region
from feedsvc.extract.stamps import spans_in
from feedsvc.model import Found

TITLE_MAX: Final = 512
#: A link with more characters on one line tells more than its title.
_TITLE_USUAL: Final = 120
#: A linked text of fewer characters is hardly the title itself.
_LABELLED_MIN: Final = 8
#: Words of classes that name an element a title.
TITLE_WORDS: Final = frozenset("title headline heading titel titulo titre titolo subject".split())
#: Where an item's title may stand, and how much each place is believed.
SLOTS: Final = {
    "linked heading": 1.0,
    "linked title": 0.95,
    "heading": 0.9,
    "title": 0.87,
    "link": 0.86,
    "emphasis": 0.75,
    "first line": 0.7,
    "line beside": 0.55,
    "title attribute": 0.5,
    "label attribute": 0.45,
    "image text": 0.4,
    "dated heading": 0.35,
    "dated link": 0.3,
}

#: A year above a group of items, with how many there are.
_GROUP = re.compile(r"(?:19|20)\d\d[\s年년]*\W*\d{0,4}\W*")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_EDGES = " \t\n\u200b-–—|:·•,.»›→>/\\)]"
_SEPARATORS = frozenset("-–—|:·•»›>→/([")


def read_titles(
    outline: Outline, regions: Sequence[Region], links_in: Callable[[Region], Sequence[Link]]
) -> list[Found | None]:
    """The title of each region; None where nothing printed could be one."""
    slots: dict[str, list[str]] = {name: [""] * len(regions) for name in SLOTS}
    for place, region in enumerate(regions):
        own = [link for link in links_in(region) if link.key == region.link.key]
        for name, text in _Place(outline, region, own).candidates():
            if not slots[name][place]:
                slots[name][place] = text[:TITLE_MAX]
    values = {name: _fitness(texts) * SLOTS[name] for name, texts in slots.items()}
    order = sorted((name for name in slots if values[name] > 0), key=lambda name: -values[name])
    slots["linked heading"] = _without_labels(slots["linked heading"], slots["link"])
    cleaned = {name: _without_dates(slots[name]) for name in order}
    titles: list[Found | None] = []
    for place in range(len(regions)):
        chosen = next((name for name in order if cleaned[name][place]), None)
        if chosen is None:
            titles.append(None)
            continue
        text = _completed(cleaned[chosen][place], slots["title attribute"][place])
        titles.append(Found(text=text, where=chosen, confidence=SLOTS[chosen]))
    return titles


def _without_labels(headings: list[str], links: list[str]) -> list[str]:
    """Headings without what stands in them beside the link, where the same few labels come again and again.

    "Talk - Our new harbour", with the link on the last three words; a heading that varies beside its link stays.
    """
    rests = [
        heading.replace(link, "", 1).strip(_EDGES) if len(link) >= _LABELLED_MIN and link in heading else ""
        for heading, link in zip(headings, links, strict=True)
    ]
    filled = [rest for rest in rests if rest]
    if len(filled) < 4 or 2 * len(filled) < len(headings) or 2 * len(set(filled)) > len(filled):
        return headings
    return [link if rest else heading for heading, link, rest in zip(headings, links, rests, strict=True)]


def _completed(text: str, attribute: str) -> str:
    """A title that is cut short to fit its line, as the link's title attribute has it in full."""
    begun = text.rstrip(".… ")
    is_cut = text.endswith(("…", "...", "..")) and len(begun) >= 4
    return attribute if is_cut and len(attribute) > len(begun) and attribute.startswith(begun) else text


class _Place:
    """One item, read for everything that may be its title."""

    def __init__(self, outline: Outline, region: Region, own: Sequence[Link]) -> None:
        self.outline = outline
        self.region = region
        #: The links in the region that lead to the item's page.
        self.own = own

    def candidates(self) -> Iterator[tuple[str, str]]:
        """(slot, text) pairs; the first text of a slot counts."""
        yield from self._named()
        yield from self._linked()
        yield from self._beside()
        yield from self._last_resort()

    def _named(self) -> Iterator[tuple[str, str]]:
        """Headings, and elements that a class calls a title."""
        outline = self.outline
        for number in range(self.region.start, self.region.stop):
            is_heading = outline.tags[number] in HEADINGS
            if not is_heading and not outline.words(number) & TITLE_WORDS:
                continue
            text = self._text(number)
            if not _LETTER_OR_DIGIT.search(text) or is_date(text):
                continue
            is_linked = any(
                outline.contains(number, link.number) or outline.contains(link.number, number) for link in self.own
            )
            if is_heading:
                if is_linked or not _GROUP.fullmatch(text):
                    yield ("linked heading" if is_linked else "heading"), text
            elif len(text) <= 300:
                yield (
                    ("linked title" if is_linked else "title"),
                    text if len(outline.lines(number)) == 1 else outline.lines(number)[0],
                )

    def _linked(self) -> Iterator[tuple[str, str]]:
        """The text of the item's links; of a link around a whole card, what is emphasized in it, and its first line."""
        outline = self.outline
        for link in self.own:
            if not link.text or is_date(link.text):
                continue
            lines = outline.lines(link.number)
            emphasis = self._emphasis(link.number)
            if len(lines) == 1 and (len(link.text) <= _TITLE_USUAL or not emphasis):
                yield "link", self._text(link.number)
                continue
            if emphasis:
                yield "emphasis", emphasis
            if line := next((line for line in lines if not is_date(line)), ""):
                yield "first line", line

    def _emphasis(self, number: int) -> str:
        """The first emphasized words within an element; "" where there are none, or where they are a date."""
        outline = self.outline
        for inner in range(number, outline.ends[number]):
            if outline.tags[inner] in ("strong", "b", "dt", "th") and (text := outline.text(inner)):
                return "" if is_date(text) else text
        return ""

    def _beside(self) -> Iterator[tuple[str, str]]:
        """A short line before the link, and what the link says of itself in attributes."""
        outline, region = self.outline, self.region
        known = {link.text for link in self.own}
        for run in range(region.first_run, min(region.last_run, region.first_run + 4)):
            line = outline.runs[run].text.strip()
            if 3 <= len(line) <= 200 and line not in known and not is_date(line):
                yield "line beside", line
                break
        for link in self.own:
            element = outline.elements[link.number]
            for name, slot in (("title", "title attribute"), ("aria-label", "label attribute")):
                if text := _collapse(element.get(name)):
                    yield slot, text

    def _last_resort(self) -> Iterator[tuple[str, str]]:
        """The alternative text of a linked image; and headings and links even if they seem to print but a date."""
        outline = self.outline
        for link in self.own:
            for number in range(link.number, outline.ends[link.number]):
                if outline.tags[number] == "img" and (text := _collapse(outline.elements[number].get("alt"))):
                    yield "image text", text
        for number in range(self.region.start, self.region.stop):
            if outline.tags[number] in HEADINGS and (text := outline.text(number)):
                yield "dated heading", text
        for link in self.own:
            if link.text:
                yield "dated link", link.text

    def _text(self, number: int) -> str:
        """The text of an element without a date that begins or ends it in an element of its own."""
        outline = self.outline
        first, last = outline.first_run[number], outline.last_run[number]
        while last - first > 1 and is_date(outline.runs[first].text):
            first += 1
        while last - first > 1 and is_date(outline.runs[last - 1].text):
            last -= 1
        return outline.text_between(first, last)


def _collapse(text: str | None) -> str:
    return " ".join((text or "").split())


def is_date(text: str) -> bool:
    """Whether a line is nothing but a date, with a time or a short label: "Posted 5 May 2023", not "3.6.17.Final"."""
    if len(text) > 60:
        return False
    rest = text
    for span in reversed(spans_in(text)):
        if text[span.end : span.end + 2].strip(".,")[:1].isalpha() and text[span.end : span.end + 1] != " ":
            return False
        rest = rest[: span.start] + rest[span.end :]
    return len(rest) < len(text) and len(rest.strip()) <= 12 and len(rest) * 2 <= len(text)


def _fitness(texts: Sequence[str]) -> float:
    """How good a place for titles is: filled for most items, and saying something else for each of them."""
    filled = [text for text in texts if text]
    if not filled:
        return 0.0
    distinct = len(set(filled)) / len(filled)
    common = Counter(filled).most_common(1)[0][1]
    if len(filled) > 2 and common * 2 >= len(filled):
        return 0.0
    return len(filled) / len(texts) * distinct


def _without_dates(texts: list[str]) -> list[str]:
    """The titles without the dates with which most of them begin or end, set apart by a dash or the like."""
    filled = [text for text in texts if text]
    if len(filled) < 2:
        return texts
    for strip in (_without_head, _without_tail):
        stripped = [strip(text) for text in texts]
        changed = sum(one != text for one, text in zip(stripped, texts, strict=True))
        if changed >= 0.6 * len(filled):
            return stripped
    return texts


def _without_head(text: str) -> str:
    span = next(iter(spans_in(text[:60])), None)
    if span is None or span.start > 2:
        return text
    rest = text[span.end :]
    kept = rest.lstrip(_EDGES)
    return kept if len(kept) >= 3 and set(rest[: len(rest) - len(kept)]) & _SEPARATORS else text


def _without_tail(text: str) -> str:
    offset = max(len(text) - 60, 0)
    span = next(reversed(spans_in(text[offset:])), None)
    if span is None or offset + span.end < len(text) - 2:
        return text
    rest = text[: offset + span.start]
    kept = rest.rstrip(_EDGES + "([")
    return kept if len(kept) >= 3 and set(rest[len(kept) :]) & _SEPARATORS else text
