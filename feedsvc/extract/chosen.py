"""The element that a rule selects within one item.

A selector that names one element (tag, classes, id) means the same wherever it is tried: it is tried once, on the
page's tree. All others are tried by BeautifulSoup on the markup of the item alone: its selectors know more (``:has()``,
``:-soup-contains()``), and what they say of places ("first of its kind") they say of the item.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from bs4 import BeautifulSoup, Tag
from lxml import etree
from soupsieve import SelectorSyntaxError

from feedsvc.extract.survey import Survey

_PLAIN: Final = re.compile(r"(?:[a-z][a-z0-9]*)?(?:[.#][A-Za-z_][\w-]*)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What rules ask of a selected element."""

    attributes: Mapping[str, Any]
    #: All text in it, white space collapsed.
    text: str
    #: Its own address, or that of the first link in it.
    href: str | None
    #: The attributes of the image that it is, or of the first in it.
    image: Mapping[str, Any] | None


class Within:
    """One item: the stretch of the outline from ``start`` to ``stop``."""

    def __init__(self, survey: Survey, start: int, stop: int) -> None:
        self._survey = survey
        self._start = start
        self._stop = stop

    def select(self, selector: str | None) -> Chosen | None:
        """The first element that a rule selects; None without a rule, and for a wrong one."""
        if not selector:
            return None
        if _PLAIN.fullmatch(selector):
            number = self._survey.first_match(selector, self._start, self._stop)
            return self._on_page(number) if number is not None else None
        try:
            tag = self._soup.select_one(selector)
        except (SelectorSyntaxError, NotImplementedError, ValueError):
            return None
        return _in_soup(tag) if tag is not None else None

    @cached_property
    def _soup(self) -> BeautifulSoup:
        """The item's markup as a soup of its own."""
        outline = self._survey.outline
        parts: list[str] = []
        number = self._start
        while number < self._stop:
            parts.append(etree.tostring(outline.elements[number], encoding="unicode", method="html"))
            number = outline.ends[number]
        return BeautifulSoup("".join(parts), "lxml")

    def _on_page(self, number: int) -> Chosen:
        outline = self._survey.outline
        element = outline.elements[number]
        runs = outline.runs[outline.first_run[number] : outline.last_run[number]]
        anchor = next((one for one in element.iter("a") if one.get("href") is not None), None)
        image = next(element.iter("img"), None)
        return Chosen(
            attributes=element.attrib,
            text=" ".join(" ".join(run.text for run in runs).split()),
            href=element.get("href") or (anchor.get("href") if anchor is not None else None),
            image=image.attrib if image is not None else None,
        )


def _in_soup(tag: Tag) -> Chosen:
    anchor = tag.find("a", href=True)
    image = tag if tag.name == "img" else tag.find("img")
    href = tag.get("href") or (anchor.get("href") if isinstance(anchor, Tag) else None)
    return Chosen(
        attributes=tag.attrs,
        text=" ".join(tag.get_text(" ").split()),
        href=str(href) if href is not None else None,
        image=image.attrs if isinstance(image, Tag) else None,
    )
