"""A site's own feed as a listing: RSS 0.9 to 2.0, RDF, Atom (RFC 4287) and JSON Feed 1.0 and 1.1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from feedsvc.extract.jsonapi import as_mapping, as_text, load_json, records
from feedsvc.extract.xmlsource import children, first_text, local_name, parse_xml, resolve, text_of
from feedsvc.model import Found, FoundMedia, Listing, ListingItem, Page

#: Items of a feed that are read; longer ones are archives.
ITEMS_MAX: Final = 1000
_DATES: Final = (
    ("published", 1.0),
    ("pubdate", 1.0),
    ("issued", 0.9),
    ("date", 0.9),
    ("created", 0.7),
    ("updated", 0.5),
    ("modified", 0.4),
)


def read_feed(page: Page) -> Listing:
    """The entries of a feed of any kind; empty with a reason for what is none. Never raises."""
    if page.text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _read_json_feed(page)
    root = parse_xml(page.text)
    if root is None or local_name(root) not in ("rss", "feed", "rdf", "channel"):
        return Listing(
            url=page.url, items=(), plan="feed", reason="nothing here, because it is no feed that can be read"
        )
    entries = [one for one in root.iter() if local_name(one) in ("item", "entry")][:ITEMS_MAX]
    items = [item for number, entry in enumerate(entries) if (item := _item(entry, page.url, number))]
    reason = "" if items else "nothing here, because the feed has no entries"
    return Listing(url=page.url, items=tuple(items), next_urls=_older(root, page.url), plan="feed", reason=reason)


def _item(entry: Any, page_url: str, position: int) -> ListingItem | None:
    url = _link(entry, page_url)
    if not url:
        return None
    title = first_text(entry, "title")
    body, summary = _body(entry), first_text(entry, "summary", "description")
    if summary and not body and "<" in summary and len(summary) > 1000:
        body = summary
    return ListingItem(
        url=url,
        title=_found(title, "feed:title"),
        published=tuple(_dates(entry)),
        summary=_found(summary, "feed:summary") if summary != body else None,
        image=_image(entry, page_url),
        authors=tuple(Found(text=name, where="feed:author") for name in _authors(entry)),
        body=_found(body, "feed:content"),
        categories=tuple(dict.fromkeys(_categories(entry))),
        position=position,
    )


def _found(text: str, where: str) -> Found | None:
    return Found(text=text, where=where) if text else None


def _link(entry: Any, page_url: str) -> str:
    """The entry's page: Atom's alternate link, RSS's link, or a guid that is a permalink."""
    for link in children(entry, "link"):
        href = link.get("href") or text_of(link)
        if href and (link.get("rel") or "alternate") == "alternate" and (url := resolve(link, href, page_url)):
            return url
    for guid in children(entry, "guid", "id"):
        text = text_of(guid)
        if guid.get("isPermaLink") != "false" and text.startswith(("http://", "https://")):
            return text
    return ""


def _dates(entry: Any) -> Iterator[Found]:
    for name, confidence in _DATES:
        for child in children(entry, name):
            if text := text_of(child):
                yield Found(text=text, where=f"feed:{name}", confidence=confidence)


def _body(entry: Any) -> str:
    for child in children(entry, "encoded", "content"):
        if child.get("src") or child.get("url"):
            continue
        if child.get("type") == "xhtml" and len(child):
            return "".join(etree.tostring(part, encoding="unicode", with_tail=False) for part in child)
        if text := text_of(child):
            return text
    return ""


def _authors(entry: Any) -> Iterator[str]:
    for child in children(entry, "author", "creator"):
        if name := first_text(child, "name") or ("" if len(child) else text_of(child)):
            yield name


def _categories(entry: Any) -> Iterator[str]:
    for child in children(entry, "category", "subject"):
        if name := child.get("label") or child.get("term") or text_of(child):
            yield str(name)


def _image(entry: Any, page_url: str) -> FoundMedia | None:
    for child in entry.iter():
        name = local_name(child)
        href = child.get("url") or child.get("href") or ""
        kind = child.get("type") or ("image/" if child.get("medium") == "image" or name == "thumbnail" else "")
        is_media = name in ("thumbnail", "enclosure", "content") or (name == "link" and child.get("rel") == "enclosure")
        if is_media and href and kind.startswith("image/") and (url := resolve(child, href, page_url)):
            return FoundMedia(url=url, where=f"feed:{name}", type=kind.rstrip("/") if kind != "image/" else "")
    return None


def _older(root: Any, page_url: str) -> tuple[str, ...]:
    """The documents with older entries (RFC 5005)."""
    found = [
        resolve(link, link.get("href") or "", page_url)
        for owner in (root, *children(root, "channel"))
        for link in children(owner, "link")
        if link.get("rel") in ("next", "prev-archive")
    ]
    return tuple(dict.fromkeys(url for url in found if url and url != page_url))


def _read_json_feed(page: Page) -> Listing:
    data = as_mapping(load_json(page.text))
    if "jsonfeed.org" not in as_text(data.get("version")):
        return Listing(
            url=page.url, items=(), plan="feed", reason="nothing here, because it is no feed that can be read"
        )
    entries = records(data.get("items"))[:ITEMS_MAX]
    items = tuple(item for number, record in enumerate(entries) if (item := _json_item(record, page, number)))
    older = as_text(data.get("next_url"))
    reason = "" if items else "nothing here, because the feed has no entries"
    return Listing(url=page.url, items=items, next_urls=(older,) if older else (), plan="feed", reason=reason)


def _json_item(record: Any, page: Page, position: int) -> ListingItem | None:
    url = as_text(record.get("url")) or as_text(record.get("external_url")) or as_text(record.get("id"))
    if not url.startswith(("http://", "https://")):
        return None
    people = records(record.get("authors")) or records([record.get("author")])
    image = as_text(record.get("image")) or as_text(record.get("banner_image"))
    tags = record.get("tags")
    return ListingItem(
        url=url,
        title=_found(as_text(record.get("title")), "feed:title"),
        published=tuple(
            Found(text=text, where=f"feed:{name}", confidence=sure)
            for name, sure in (("date_published", 1.0), ("date_modified", 0.4))
            if (text := as_text(record.get(name)))
        ),
        summary=_found(as_text(record.get("summary")), "feed:summary"),
        image=FoundMedia(url=image, where="feed:image") if image.startswith(("http://", "https://")) else None,
        authors=tuple(
            Found(text=name, where="feed:author") for person in people if (name := as_text(person.get("name")))
        ),
        body=_found(as_text(record.get("content_html")) or as_text(record.get("content_text")), "feed:content"),
        categories=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        position=position,
    )
