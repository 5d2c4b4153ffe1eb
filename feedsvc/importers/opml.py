"""OPML 2.0 as feed readers export it; FreshRSS writes pages that it scrapes into it, too (type "HTML+XPath")."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc.errors import ConfigError
from feedsvc.importers.wish import Wish

#: Folders within folders; more is no list of a person's.
_DEPTH_MAX = 20


def read_opml(data: bytes, *, name: str) -> Iterator[Wish]:
    """The feeds of an OPML file, folders as they are nested. Raises ConfigError where it is none."""
    # entities and external files are never read: the file may be anybody's
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ConfigError(
            f"is not OPML: {error.msg}", subject=name, remedy="export the list of feeds from your reader again"
        ) from error
    body = root.find("body") if root.tag == "opml" else None
    if body is None:
        raise ConfigError("is XML, but not OPML", subject=name, remedy="export the list of feeds as OPML")
    return _outlines(body, ())


def _outlines(parent: etree._Element, folders: tuple[str, ...]) -> Iterator[Wish]:
    for outline in parent.iterchildren("outline"):
        named = {key.lower(): value.strip() for key, value in outline.attrib.items() if isinstance(key, str)}
        title = named.get("title") or named.get("text") or ""
        if url := named.get("xmlurl"):
            is_page = "xpath" in named.get("type", "").lower()
            yield Wish(
                url=url,
                title=title,
                kind="auto" if is_page else "feed",
                folders=folders or _listed(named.get("category", "")),
                remark="its XPath rules are not taken over: the list is found by itself" if is_page else "",
            )
        elif len(folders) < _DEPTH_MAX:
            yield from _outlines(outline, (*folders, title) if title else folders)


def _listed(category: str) -> tuple[str, ...]:
    """The first of the categories that an outline names: "/Company/Releases,/Press"."""
    return tuple(part for part in category.partition(",")[0].split("/") if part.strip())
