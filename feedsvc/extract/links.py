"""The links of a page that lead to other pages, in reading order."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urljoin

from feedsvc.extract.addresses import is_junk_url, is_month, page_key
from feedsvc.extract.document import Document
from feedsvc.extract.outline import Outline

#: Pages with more links than this are read up to here: a list's newest items stand first.
LINKS_MAX: Final = 20_000
#: Elements that sites make clickable as a whole, and how their scripts name the address.
_CLICKABLE: Final = frozenset({"div", "li", "tr", "td", "article", "section", "h2", "h3", "h4", "p", "span"})
_CLICK: Final = re.compile(r"(?:location(?:\.href)?\s*=|location\.assign\(|window\.open\()\s*['\"]([^'\"]+)['\"]")


@dataclass(frozen=True, slots=True)
class Link:
    """One ``<a href>``, or another element that a click turns into one, that leads to another page."""

    #: Number of the element in the outline.
    number: int
    #: Absolute, as printed.
    url: str
    #: What is equal for links to the same page: host in lower case, no fragment, no trailing slash.
    key: str
    text: str
    #: Whether the address alone says that this is no release: a tag, a category, a month, a further page.
    is_overview: bool = False

    @property
    def host(self) -> str:
        """The host of the address, without ``www.``."""
        return self.key.partition("/")[0].partition("?")[0]


def find_links(document: Document, outline: Outline) -> tuple[Link, ...]:
    """Every link of the page to another page, in reading order; links into the page itself are left out."""
    here = {page_key(document.url), page_key(document.base_url)}
    found: list[Link] = []
    for number, tag in enumerate(outline.tags):
        href = _address(outline.elements[number], tag)
        if not href or href[0] == "#":
            continue
        try:
            url = urljoin(document.base_url, href)
        except ValueError:
            continue
        key = page_key(url)
        if key and key not in here:
            found.append(Link(number, url, key, outline.text(number), is_junk_url(url, document.url)))
        if len(found) >= LINKS_MAX:
            break
    return _with_numbers(found)


def _address(element: Any, tag: str) -> str:
    """Where an element leads: a link's address, or the one that a clickable row or card names for its script."""
    if tag == "a":
        return (element.get("href") or "").strip()
    if tag not in _CLICKABLE:
        return ""
    if href := element.get("data-href"):
        return str(href).strip()
    match = _CLICK.search(element.get("onclick") or "")
    return match[1].strip() if match else ""


def _with_numbers(links: list[Link]) -> tuple[Link, ...]:
    """The links; those to story 2015 are no archives of a year where the folder holds other numbers as well."""
    folders = {folder for link in links for folder, _, name in [link.key.rpartition("/")] if _is_number(name)}
    return tuple(
        replace(link, is_overview=False) if link.is_overview and _is_story(link, folders) else link for link in links
    )


def _is_number(name: str) -> bool:
    return name.isdecimal() and not 1900 <= int(name) <= 2100


def _is_story(link: Link, folders: Container[str]) -> bool:
    folder, _, name = link.key.rpartition("/")
    return name.isdecimal() and len(name) == 4 and folder in folders and is_month(link.url)
