"""Entries and feeds for tests, whole and plausible, with any field replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from feedsvc.model import Entry, Feed, FeedRef, Media, Precision, StoredEntry
from feedsvc.protocols import FeedIdentity
from feedsvc.publish.assemble import FeedFacts, assemble

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
BASE_URL = "https://feeds.example"


def entry(number: int = 1, **changes: Any) -> Entry:
    """A release about nothing in particular; ``number`` tells it from others."""
    link = f"https://news.example/releases/{number}.html"
    plain = Entry(
        link=link,
        canonical_url=link,
        title=f"Release number {number}",
        authors=("Ada Writer",),
        publisher="Example Bureau",
        summary=f"What release {number} is about.",
        content=f"<p>The text of release {number}.</p>",
        language="en",
    )
    return replace(plain, **changes)


def stored(
    number: int = 1, *, at: datetime | None = None, entry_changes: dict[str, Any] | None = None, **changes: Any
) -> StoredEntry:
    """The entry as the store keeps it: number 1 is the oldest, one an hour."""
    moment = at or NOON + timedelta(hours=number)
    kept = StoredEntry(
        uuid=str(uuid5(NAMESPACE_URL, f"test:{number}")),
        entry=entry(number, **(entry_changes or {})),
        published=moment,
        published_precision=Precision.MINUTE,
        published_day="",
        updated=moment,
        first_seen_at=moment + timedelta(minutes=5),
        sequence=number,
        source="acme",
        sources=("acme",),
        categories=("company/releases",),
    )
    return replace(kept, **changes)


def facts(**changes: Any) -> FeedFacts:
    """What a feed of one category says of itself."""
    plain = FeedFacts(
        ref=FeedRef(kind="category", key="company/releases"),
        identity=FeedIdentity(uuid="0b5c7f0e-6f0f-4d53-9c3c-0a1b2c3d4e5f", created_at=NOON),
        title="Releases",
        description="What the company releases",
        base_url=BASE_URL,
        language="en",
        author="Example feeds",
        sources={"acme": ("Acme newsroom", "https://news.example/releases/")},
        categories={"company/releases": "Releases", "company": "Company"},
    )
    return replace(plain, **changes)


def feed(
    entries: Iterable[StoredEntry] | None = None, *, fact_changes: dict[str, Any] | None = None, **options: Any
) -> Feed:
    """A feed of three releases, or of those given."""
    shown = [stored(n) for n in (1, 2, 3)] if entries is None else entries
    return assemble(facts(**(fact_changes or {})), shown, **options)


def rich_entry(number: int = 9) -> StoredEntry:
    """An entry that uses everything an entry can have."""
    return stored(
        number,
        updated=NOON + timedelta(days=1),
        entry_changes={
            "authors": ("Ada Writer", "Bo Editor"),
            "tags": ("Trade", "Expo"),
            "content": '<p>Tom &amp; Jerry &lt;3</p><p><img src="https://news.example/a.jpg" alt="A"></p>',
            "image": Media(url="https://news.example/lead.jpg", type="image/jpeg", width=640, height=480, title="Lead"),
            "enclosures": (
                Media(url="https://news.example/report.pdf", type="application/pdf", length=2048),
                Media(url="https://news.example/talk.mp3", length=None),
            ),
        },
    )
