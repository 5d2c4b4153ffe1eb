"""Sources and entries to be recorded, plausible, with any field replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from feedsvc.model import Entry, Precision, Source, When
from feedsvc.normalize import identity
from feedsvc.store import Recorded, Store

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ACME = Source(key="acme", urls=("https://news.example/",), title="Acme", category="company/releases")


def when(at: datetime) -> When:
    """A release date printed to the minute."""
    return When(at=at, precision=Precision.MINUTE, day=at.date().isoformat())


def release(number: int, **changes: Any) -> Entry:
    """Release ``number``, published that many hours after NOON two weeks ago."""
    link = f"https://news.example/releases/{number}.html"
    plain = Entry(
        link=link,
        canonical_url=link,
        title=f"Release number {number} of the Acme company",
        published=when(NOON - timedelta(days=14) + timedelta(hours=number)),
        summary=f"What release {number} is about.",
        content=f"<p>The text of release {number}.</p>",
        raw_content=f"<p onclick=x>The text of release {number}.</p>",
    )
    return replace(plain, **changes)


def record(store: Store, entry: Entry, *, source: Source = ACME, now: datetime = NOON, **options: Any) -> Recorded:
    """Record one entry."""
    return store.entries.record(entry, source=source, identity=identity, now=now, **options)


def record_all(store: Store, entries: Sequence[Entry], *, now: datetime = NOON, **options: Any) -> list[str]:
    """Record entries a minute apart; their ids."""
    return [
        record(store, entry, now=now + timedelta(minutes=at), position=at, **options).uuid
        for at, entry in enumerate(entries)
    ]
