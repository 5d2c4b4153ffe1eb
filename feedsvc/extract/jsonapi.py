"""Releases in JSON of unknown make: an array of records that have a title and an address, wherever it hangs.

Sites hand such arrays to their own scripts. Names of keys differ, but they come from a small stock of words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urljoin

from feedsvc.extract.stamps import has_year
from feedsvc.model import Found, FoundMedia, Listing, ListingItem, Page

#: Names of keys by what they hold, the likeliest first; compared in lower case without "_" and "-".
TITLES: Final = ("headline", "title", "subject", "name", "newstitle", "articletitle", "posttitle")
LINKS: Final = (
    "url",
    "link",
    "permalink",
    "href",
    "canonicalurl",
    "fullurl",
    "weburl",
    "path",
    "uri",
    "relativeurl",
    "detailurl",
    "slug",
)
DATES: Final = (
    "datepublished",
    "publishedat",
    "publisheddate",
    "publishdate",
    "pubdate",
    "published",
    "publicationdate",
    "publishtime",
    "pubtime",
    "releasedate",
    "firstpublishedat",
    "postdate",
    "newsdate",
    "displaydate",
    "date",
    "createdat",
    "created",
    "datecreated",
    "time",
    "timestamp",
)
SUMMARIES: Final = (
    "description",
    "summary",
    "excerpt",
    "abstract",
    "intro",
    "lead",
    "teaser",
    "standfirst",
    "subtitle",
    "dek",
)
BODIES: Final = ("articlebody", "contenthtml", "content", "body", "html")
IMAGES: Final = (
    "image",
    "imageurl",
    "thumbnail",
    "thumbnailurl",
    "cover",
    "coverimage",
    "featuredimage",
    "picture",
    "img",
    "heroimage",
)
AUTHORS: Final = ("author", "authors", "creator", "byline", "writer")
TAGS: Final = ("articlesection", "category", "categories", "section", "tags", "keywords")
#: Depth of nesting and number of values that are looked at; records fewer than this are no list, more are not read.
DEPTH_MAX, VALUES_MAX, RECORDS_MIN, RECORDS_MAX = 24, 200_000, 2, 20_000
_TAG = re.compile(r"<[^<>]+>")


def load_json(text: str) -> object:
    """The value of a JSON text, or None for what is none; never raises."""
    try:
        value: object = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return value


def as_mapping(value: object) -> Mapping[str, object]:
    """``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_text(value: object) -> str:
    """A string, or what an object wraps as its text ("rendered", "@value", "text", "name", "url"), else ""."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and value:
        return as_text(value[0])
    if isinstance(value, dict):
        for name in ("rendered", "@value", "text", "name", "url", "src", "iso", "date"):
            if isinstance(value.get(name), str):
                return str(value[name]).strip()
    return ""


def records(value: object) -> list[Mapping[str, object]]:
    """The objects of an array; an empty list for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def read_json(page: Page) -> Listing:
    """The releases of a JSON document: its best array of records. Never raises."""
    items = best_items(load_json(page.text), lambda text: _join(page.url, text), where="json")
    reason = "" if items else "nothing here, because no array in the JSON has records with a title and an address"
    return Listing(url=page.url, items=items, plan="json", reason=reason)


def best_items(value: object, absolute: Callable[[str], str | None], *, where: str) -> tuple[ListingItem, ...]:
    """The items of the array in ``value`` that most looks like a list of releases; () where none does."""
    best: tuple[ListingItem, ...] = ()
    best_worth = 0.0
    for array in arrays(value):
        items = tuple(
            item
            for number, record in enumerate(array)
            if (item := to_item(record, absolute, where=where, position=number))
        )
        if len(items) < max(RECORDS_MIN, 0.6 * len(array)) or len({item.url for item in items}) < len(items) * 0.8:
            continue
        dated = sum(bool(item.published) for item in items) / len(items)
        worth = min(len(items), 20) * (0.2 + dated)
        if worth > best_worth:
            best, best_worth = items, worth
    return best


def arrays(value: object) -> Iterator[list[Mapping[str, object]]]:
    """Every array of objects in a JSON value; arrays of edges and wrappers are unwrapped."""
    stack: list[tuple[object, int]] = [(value, 0)]
    seen = 0
    while stack and seen < VALUES_MAX:
        one, depth = stack.pop()
        seen += 1
        if depth > DEPTH_MAX:
            continue
        if isinstance(one, list):
            found = [_unwrapped(record) for record in records(one)[:RECORDS_MAX]]
            if len(found) >= RECORDS_MIN:
                yield found
            stack.extend((part, depth + 1) for part in one if isinstance(part, (dict, list)))
        elif isinstance(one, dict):
            stack.extend((part, depth + 1) for part in one.values() if isinstance(part, (dict, list)))


def _unwrapped(record: Mapping[str, object]) -> Mapping[str, object]:
    """The record in a GraphQL edge, a schema.org ListItem or a CMS wrapper."""
    for name in ("node", "item", "attributes", "data", "fields"):
        inner = record.get(name)
        if isinstance(inner, dict) and len(inner) > 1:
            outer = {key: one for key, one in record.items() if key != name}
            return {**outer, **inner}
    return record


def to_item(
    record: Mapping[str, object], absolute: Callable[[str], str | None], *, where: str, position: int
) -> ListingItem | None:
    """The item that a record describes, or None where it has no title or no address."""
    named = {key.lower().replace("_", "").replace("-", "").lstrip("@"): value for key, value in record.items()}
    title, title_key = _first(named, TITLES)
    url = next((found for name in LINKS if (text := as_text(named.get(name))) and (found := absolute(text))), None)
    if not title or not url or title.startswith(("http://", "https://", "/")):
        return None
    summary, summary_key = _first(named, SUMMARIES)
    body, body_key = _first(named, BODIES)
    image, image_key = _first(named, IMAGES)
    picture = absolute(image) if image else None
    return ListingItem(
        url=url,
        title=Found(text=_TAG.sub("", title), where=f"{where}:{title_key}"),
        published=tuple(_dates(named, where)),
        summary=Found(text=summary, where=f"{where}:{summary_key}") if summary else None,
        image=FoundMedia(url=picture, where=f"{where}:{image_key}") if picture else None,
        authors=tuple(Found(text=name, where=f"{where}:author") for name in _names(named, AUTHORS)),
        body=Found(text=body, where=f"{where}:{body_key}") if len(body) > 200 else None,
        categories=tuple(_names(named, TAGS)),
        position=position,
    )


def _first(named: Mapping[str, object], names: Sequence[str]) -> tuple[str, str]:
    return next(((text, name) for name in names if (text := as_text(named.get(name)))), ("", ""))


def _dates(named: Mapping[str, object], where: str) -> Iterator[Found]:
    for rank, name in enumerate(DATES):
        value = named.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 631_152_000:
            yield Found(text=str(int(value)), where=f"{where}:{name}", confidence=max(0.8 - rank * 0.02, 0.3))
        elif (text := as_text(value)) and len(text) <= 60 and has_year(text):
            yield Found(text=text, where=f"{where}:{name}", confidence=max(1.0 - rank * 0.02, 0.5))


def _names(named: Mapping[str, object], keys: Sequence[str]) -> Iterator[str]:
    for key in keys:
        value = named.get(key)
        for one in value if isinstance(value, list) else [value]:
            if (text := as_text(one)) and len(text) <= 200:
                yield text


def _join(base: str, text: str) -> str | None:
    if " " in text.strip() or not text.startswith(("http://", "https://", "/")):
        return None
    try:
        return urljoin(base, text)
    except ValueError:
        return None
