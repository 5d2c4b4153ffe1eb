"""The ways from a listing page on to older items, the surest first.

What the page declares (rel=next), what a link's words or class say, the number after the current page's, addresses that
scripts count up (``createPageHTML`` of a family of Chinese content systems), and at last the archives of months.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from feedsvc.extract.addresses import is_month, page_host, page_key
from feedsvc.extract.document import Document
from feedsvc.extract.links import Link
from feedsvc.extract.outline import Outline
from feedsvc.lexicon.pager import leads_on

#: Archives of months that are named at most.
ARCHIVES_MAX: Final = 36
_NUMBER: Final = re.compile(r"[\W_]*第?\s*(\d{1,4})\s*[页頁]?[\W_]*")
#: The number of a listing page in its address.
_PAGE_NUMBER: Final = re.compile(
    r"[?&](?:page|paged|p|pg|seite|pagina|pageno|pagenum|currentpage)=(\d+)|/(?:page|seite|pagina|p)[-_/]?(\d+)(?:/|\.|$)"
    r"|(?:index|list|default|page)[-_]?(\d+)\.[a-z]{3,5}$",
    re.IGNORECASE,
)
#: createPageHTML(50, 0, "index", "html"): pages, the current one, name and ending.
_COUNTED: Final = re.compile(r"createPageHTML\(\s*(\d+)\s*,\s*(\d+)\s*,\s*['\"](\w+)['\"]\s*,\s*['\"](\w+)['\"]", re.I)
_ONWARD_CLASSES: Final = frozenset({"next", "older", "loadmore", "nextpage"})
_LATE_ATTRIBUTES: Final = ("data-next-url", "data-next", "data-next-page-url", "data-href", "data-url")


def find_next(
    document: Document, outline: Outline, links: tuple[Link, ...], *, items: Collection[str] = ()
) -> tuple[str, ...]:
    """Absolute addresses of older listing pages on the same site; () where the page shows no way on.

    ``items`` are the addresses of the page's releases: "more" under each of them leads to no further list.
    """
    no_list = {page_key(document.url), *map(page_key, items)}
    host = page_host(document.url)
    found: dict[str, str] = {}
    for url in _candidates(document, outline, links):
        key = page_key(url)
        if key and key not in no_list and page_host(url) == host:
            found.setdefault(key, url)
    if not found:
        for link in links:
            is_own = page_host(link.url) == host and link.key not in no_list
            if is_own and is_month(link.url) and len(found) < ARCHIVES_MAX:
                found.setdefault(link.key, link.url)
    return tuple(found.values())


def _candidates(document: Document, outline: Outline, links: tuple[Link, ...]) -> Iterator[str]:
    yield from _declared(document)
    yield from _worded(outline, links)
    yield from _numbered(document, outline, links)
    yield from _counted(document)
    yield from _loaded(document, outline)


def _declared(document: Document) -> Iterator[str]:
    """rel=next of HTML (WHATWG HTML, "link types")."""
    for element in document.root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split() and (url := document.absolute(element.get("href"))):
            yield url


def _worded(outline: Outline, links: tuple[Link, ...]) -> Iterator[str]:
    """Links whose words, label or class lead on; a bare arrow only within a pager.

    Words that stand on links to several pages belong to items.
    """
    labels = {link.number: _label(outline, link) for link in links}
    targets: dict[str, set[str]] = {}
    for link in links:
        targets.setdefault(labels[link.number], set()).add(link.key)
    for link in links:
        label = labels[link.number]
        if len(targets[label]) > 2:
            continue
        if not leads_on(label):
            if not (_is_onward(outline, link.number) and len(label) < 30):
                continue
        elif not any(map(str.isalpha, label)) and not _is_in_pager(outline, link.number):
            continue
        yield link.url


def _label(outline: Outline, link: Link) -> str:
    element = outline.elements[link.number]
    return link.text or str(element.get("aria-label") or element.get("title") or "")


def _is_onward(outline: Outline, number: int) -> bool:
    """Whether a link or the element around it is classed as the way on, within a pager."""
    near = outline.words(number) | outline.words(outline.parents[number])
    return bool(near & _ONWARD_CLASSES) and "disabled" not in near and _is_in_pager(outline, number)


def _is_in_pager(outline: Outline, number: int) -> bool:
    """Whether an element stands among numbers, or in what is named a pager."""
    for step, up in enumerate((number, *outline.ancestors(number))):
        words = outline.words(up)
        if any(word.startswith(("pag", "pager")) for word in words) or "nav" in words or outline.tags[up] == "nav":
            return True
        if step == 4:
            break
    return False


def _numbered(document: Document, outline: Outline, links: tuple[Link, ...]) -> Iterator[str]:
    """The link to the page after the current one, among links that are nothing but numbers."""
    current = page_number(document.url) or 1
    numbered: dict[int, str] = {}
    for link in links:
        match = _NUMBER.fullmatch(link.text)
        if (
            match
            and int(match[1]) > current
            and (page_number(link.url) is not None or _is_in_pager(outline, link.number))
        ):
            numbered.setdefault(int(match[1]), link.url)
    if numbered and min(numbered) <= current + 2:
        yield numbered[min(numbered)]


def page_number(url: str) -> int | None:
    """The number of a listing page as its address gives it: ``/page/3/``, ``?page=3``, ``index_3.html``."""
    parts = urlsplit(url)
    match = _PAGE_NUMBER.search(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return int(next(group for group in match.groups() if group)) if match else None


def _counted(document: Document) -> Iterator[str]:
    """Addresses that a script counts up: pages count from 0, the first one without a number (on some sites from 1)."""
    for script in document.root.iter("script"):
        match = _COUNTED.search(script.text or "")
        if not match:
            continue
        total, current = int(match[1]), int(match[2])
        counts_from_one = current == 1 and page_number(document.url) is None
        if current + 1 < total + counts_from_one:
            yield urljoin(document.url, f"{match[3]}_{current + 1}.{match[4]}")


def _loaded(document: Document, outline: Outline) -> Iterator[str]:
    """Buttons that load more, where they name the address."""
    for number, tag in enumerate(outline.tags):
        if tag not in ("button", "a", "div", "span"):
            continue
        attributes = outline.elements[number].attrib
        for name in _LATE_ATTRIBUTES:
            if name in attributes and (leads_on(outline.text(number)) or name.startswith("data-next")):
                if url := document.absolute(attributes[name]):
                    yield url
                break
