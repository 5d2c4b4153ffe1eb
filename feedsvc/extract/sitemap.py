"""Sitemaps as a way in (sitemaps.org; Google's news sitemaps, which name titles and dates)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from feedsvc.extract.addresses import is_junk_url
from feedsvc.extract.document import Document
from feedsvc.extract.xmlsource import children, first_text, local_name, parse_xml, resolve
from feedsvc.model import Found, FoundMedia, Listing, ListingItem, Page

#: Addresses of one sitemap that are read, the newest first where it says which those are.
ITEMS_MAX: Final = 1000
_TELLING: Final = re.compile(r"news|post|article|press|release|blog", re.IGNORECASE)


def read_sitemap(page: Page) -> Listing:
    """The pages of a sitemap, news first; for an index of sitemaps, those as ways on. Never raises."""
    root = parse_xml(page.text)
    name = local_name(root) if root is not None else ""
    if name == "sitemapindex":
        return Listing(
            url=page.url, items=(), next_urls=tuple(_parts(root, page.url)), plan="sitemap",
            reason="nothing here, because it lists further sitemaps",
        )  # fmt: skip
    if name != "urlset":
        return Listing(url=page.url, items=(), plan="sitemap", reason="nothing here, because it is no sitemap")
    entries = sorted(children(root, "url"), key=_moment, reverse=True)[:ITEMS_MAX]
    items = [item for number, entry in enumerate(entries) if (item := _item(entry, page.url, number))]
    reason = "" if items else "nothing here, because the sitemap names no pages"
    return Listing(url=page.url, items=tuple(items), plan="sitemap", reason=reason)


def _parts(root: Any, url: str) -> list[str]:
    """The sitemaps of an index: those that name news first, then those that changed last."""
    entries = sorted(children(root, "sitemap"), key=lambda one: first_text(one, "lastmod"), reverse=True)
    parts = [part for one in entries if (part := resolve(one, first_text(one, "loc"), url))]
    return sorted(parts, key=lambda part: not _TELLING.search(urlsplit(part).path))


def _moment(entry: Any) -> str:
    news = next(children(entry, "news"), None)
    return (first_text(news, "publication_date") if news is not None else "") or first_text(entry, "lastmod")


def _item(entry: Any, page_url: str, position: int) -> ListingItem | None:
    url = resolve(entry, first_text(entry, "loc"), page_url)
    if not url or is_junk_url(url, page_url):
        return None
    news = next(children(entry, "news"), None)
    title = first_text(news, "title") if news is not None else ""
    return ListingItem(
        url=url,
        title=Found(text=title, where="sitemap:news:title") if title else None,
        published=tuple(_dates(entry, news)),
        image=_image(entry, page_url),
        position=position,
    )


def _dates(entry: Any, news: Any) -> Iterator[Found]:
    if news is not None and (text := first_text(news, "publication_date")):
        yield Found(text=text, where="sitemap:news:publication_date")
    if text := first_text(entry, "lastmod"):
        yield Found(text=text, where="sitemap:lastmod", confidence=0.3)


def _image(entry: Any, page_url: str) -> FoundMedia | None:
    for image in children(entry, "image"):
        if url := resolve(image, first_text(image, "loc"), page_url):
            return FoundMedia(url=url, where="sitemap:image")
    return None


def sitemap_urls(document: Document) -> tuple[str, ...]:
    """Where a site's sitemap may be: as the page links it, then by custom."""
    linked = [
        url
        for link in document.root.iter("link", "a")
        if "sitemap" in (link.get("rel") or "").lower() or (link.get("href") or "").lower().endswith("sitemap.xml")
        if (url := document.absolute(link.get("href")))
    ]
    return tuple(dict.fromkeys([*linked, urljoin(document.url, "/sitemap.xml")]))
