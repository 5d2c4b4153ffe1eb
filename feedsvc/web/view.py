"""What templates print: entries, feeds and topics with their words and addresses ready."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from feedsvc.model import FeedRef, Format, Media, Precision, StoredEntry
from feedsvc.publish.address import MEDIA_TYPES, entry_page_url, feed_url, page_url
from feedsvc.publish.credit import credited, headline
from feedsvc.publish.text import gist
from feedsvc.service.facts import Catalogue

#: Where common readers take a feed's address; the address follows, percent-encoded.
READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F"),
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
    ("Feedbin", "https://feedbin.com/?subscribe="),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A link to a feed's page, with those below it."""

    title: str
    href: str
    below: list[Topic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A feed's address in one format."""

    name: str
    type: str
    href: str

    @property
    def parts(self) -> list[str]:
        """The address cut where a line may break: after each slash."""
        return [part for part in re.split(r"(?<=/)(?=[^/])", self.href) if part]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLinks:
    """Everything that a person can do with a feed."""

    title: str
    page: str
    addresses: tuple[Address, ...]
    #: Opens the reader that the person's system knows.
    one_click: str
    #: (name, address) of readers on the web.
    readers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, base_url: str, ref: FeedRef, title: str) -> FeedLinks:
        """The links of one feed."""
        named = ((Format.ATOM, "Atom"), (Format.RSS, "RSS"), (Format.JSON, "JSON"))
        addresses = tuple(
            Address(name=name, type=MEDIA_TYPES[format], href=feed_url(base_url, ref, format)) for format, name in named
        )
        first = addresses[0].href
        return cls(
            title=title,
            page=page_url(base_url, ref),
            addresses=addresses,
            one_click=f"feed:{first}" if first.startswith("https:") else f"feed://{first.partition('://')[2]}",
            readers=tuple((name, address + quote(first, safe="")) for name, address in READERS),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An entry as pages show it."""

    uuid: str
    title: str
    href: str
    original: str
    #: Host of the original, as people know it.
    site: str
    language: str | None
    #: Machine-readable date and the words for it; a printed day stays a day.
    date: str
    date_words: str
    day: str
    authors: tuple[str, ...]
    publisher: str
    source: Topic | None
    topics: tuple[Topic, ...]
    summary: str
    #: Sanitized when it was stored (rule C1).
    content: Markup
    image: Media | None
    enclosures: tuple[Media, ...]
    was_changed: str

    @classmethod
    def of(cls, stored: StoredEntry, known: Catalogue) -> EntryView:
        """The entry with the names that the catalogue gives."""
        entry, base = stored.entry, known.settings.server.base_url.rstrip("/")
        is_day = stored.published_precision is Precision.DAY and bool(stored.published_day)
        day = datetime.fromisoformat(stored.published_day) if is_day else stored.published
        source = known.sources.get(stored.source)
        return cls(
            uuid=stored.uuid,
            title=headline(entry),
            href=entry_page_url(base, stored.uuid),
            original=entry.link,
            site=(urlsplit(entry.link).hostname or "").removeprefix("www."),
            language=entry.language,
            date=stored.published_day if is_day else stored.published.strftime("%Y-%m-%dT%H:%M:%SZ"),
            date_words=_day_words(day) if is_day else f"{_day_words(day)}, {day:%H:%M} UTC",
            day=_day_words(day),
            authors=credited(entry) if entry.authors else (),
            publisher=entry.publisher or "",
            source=Topic(
                title=source.title or stored.source,
                href=page_url(base, FeedRef(kind="source", key=stored.source)),
            )
            if source
            else None,
            topics=tuple(
                Topic(title=known.categories[path].title, href=page_url(base, FeedRef(kind="category", key=path)))
                for path in stored.categories
                if path in known.categories
            ),
            summary=entry.summary or gist(entry.content),
            content=Markup(entry.content),  # noqa: S704 - sanitized by normalize.sanitize before it was stored
            image=entry.image if entry.image and entry.image.url not in entry.content else None,
            enclosures=entry.enclosures,
            was_changed=_day_words(stored.updated) if stored.updated.date() > stored.published.date() else "",
        )


def days(views: Iterable[EntryView]) -> list[tuple[str, list[EntryView]]]:
    """Entries in their order, grouped by day."""
    return [(day, list(group)) for day, group in groupby(views, key=lambda view: view.day)]


def topics(known: Catalogue, *, below: str = "") -> list[Topic]:
    """The tree of categories, or the part of it below one."""
    base = known.settings.server.base_url.rstrip("/")
    saved = [FeedRef(kind="filter", key=name) for name in known.filters] if not below else []
    children = [path for path in known.categories if path.rpartition("/")[0] == below]
    return [
        Topic(
            title=known.categories[path].title,
            href=page_url(base, FeedRef(kind="category", key=path)),
            below=topics(known, below=path),
        )
        for path in children
    ] + [Topic(title=known.title(ref), href=page_url(base, ref)) for ref in saved]


def moment_words(moment: datetime | None) -> str:
    """A moment to the minute, "" for none."""
    return f"{_day_words(moment)}, {moment:%H:%M} UTC" if moment is not None else ""


def _day_words(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


#: Not strftime: its month names follow the process's locale.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
