"""WordPress's own interface as a way in (developer.wordpress.org/rest-api, "Posts"): full texts in one request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from feedsvc.extract.document import Document
from feedsvc.extract.feeds import ITEMS_MAX
from feedsvc.extract.jsonapi import as_mapping, as_text, load_json, records
from feedsvc.model import Found, FoundMedia, Listing, ListingItem, Page

#: The relation by which a WordPress page names its interface.
_RELATION: Final = "https://api.w.org/"
_QUERY: Final = "per_page=20&_embed=author,wp:featuredmedia,wp:term"


def posts_url(document: Document) -> str | None:
    """The address of the posts behind a WordPress page, those of its category alone on a category page; else None."""
    for link in document.root.iter("link"):
        if _RELATION in (link.get("rel") or "").split() and (base := document.absolute(link.get("href"))):
            glue = "&" if urlsplit(base).query else "?"
            category = _category(document)
            only = f"&categories={category}" if category else ""
            return f"{base.rstrip('/')}/wp/v2/posts{glue}{_QUERY}{only}"
    return None


def _category(document: Document) -> str:
    """The number of the category that a page shows, as its body's classes name it."""
    for body in document.root.iter("body"):
        names = (body.get("class") or "").split()
        if "category" in names:
            return next((name[9:] for name in names if name.startswith("category-") and name[9:].isdigit()), "")
    return ""


def is_posts(value: object) -> bool:
    """Whether a JSON value is an answer of that interface."""
    found = records(value)
    return bool(found) and all("link" in one and isinstance(one.get("title"), dict) for one in found)


def read_posts(page: Page) -> Listing:
    """The posts of an answer; empty with a reason for anything else. Never raises."""
    value = load_json(page.text)
    if not is_posts(value):
        return Listing(url=page.url, items=(), plan="wordpress", reason="nothing here, because it is no list of posts")
    posts = records(value)[:ITEMS_MAX]
    items = tuple(item for number, post in enumerate(posts) if (item := _item(post, number)))
    return Listing(url=page.url, items=items, plan="wordpress")


def _item(post: Mapping[str, object], position: int) -> ListingItem | None:
    url = as_text(post.get("link"))
    if not url.startswith(("http://", "https://")):
        return None
    embedded = as_mapping(post.get("_embedded"))
    title, summary, body = (as_text(post.get(name)) for name in ("title", "excerpt", "content"))
    return ListingItem(
        url=url,
        title=Found(text=title, where="wordpress:title") if title else None,
        published=tuple(_dates(post)),
        summary=Found(text=summary, where="wordpress:excerpt") if summary else None,
        image=_image(embedded),
        authors=tuple(
            Found(text=name, where="wordpress:author")
            for person in records(embedded.get("author"))
            if (name := as_text(person.get("name")))
        ),
        body=Found(text=body, where="wordpress:content") if body else None,
        categories=tuple(_terms(embedded)),
        position=position,
    )


def _dates(post: Mapping[str, object]) -> Iterator[Found]:
    """The date in UTC, which the interface prints without a zone, before the one in the site's own zone."""
    if universal := as_text(post.get("date_gmt")):
        yield Found(text=f"{universal.rstrip('Z')}Z", where="wordpress:date_gmt")
    if local := as_text(post.get("date")):
        yield Found(text=local, where="wordpress:date", confidence=0.9)


def _image(embedded: Mapping[str, object]) -> FoundMedia | None:
    for media in records(embedded.get("wp:featuredmedia")):
        url = as_text(media.get("source_url"))
        if url.startswith(("http://", "https://")):
            return FoundMedia(url=url, where="wordpress:featuredmedia", type=as_text(media.get("mime_type")))
    return None


def _terms(embedded: Mapping[str, object]) -> Iterator[str]:
    groups = embedded.get("wp:term")
    for group in groups if isinstance(groups, list) else []:
        for term in records(group):
            if term.get("taxonomy") == "category" and (name := as_text(term.get("name"))):
                yield name
