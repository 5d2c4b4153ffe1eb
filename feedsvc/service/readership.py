"""Who reads, in numbers: delivery facts by day, without any address of anybody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from feedsvc.protocols import Clock
from feedsvc.store import Store
from feedsvc.store.deliveries import DayOfDelivery

#: Longest name of software that is kept.
AGENT_MAX = 120
#: As aggregators write it: "Feedly/1.0 (+http://...; 1,204 subscribers; like FeedFetcher-Google)".
_SUBSCRIBERS = re.compile(r"\b(\d{1,3}(?:,\d{3})+|\d{1,9})\s+(?:subscribers?|readers?)\b", re.IGNORECASE)
#: What differs for each feed or each installation of one program.
_PARTICULARS = re.compile(r"\bfeed[-_ ]?id\s*[:=]\s*[\w-]+|\b[0-9a-f]{8}-[0-9a-f-]{27}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How many requests of one kind there were."""

    path: str
    format: str
    status: int
    #: The User-Agent as sent.
    agent: str
    requests: int


class Readership:
    """Keeps what was delivered, and gives it by day."""

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def keep(self, delivered: Iterable[Delivered]) -> None:
        """Add to today's facts. Raises StoreError."""
        today = self._clock().date()
        facts = [
            DayOfDelivery(
                day=today,
                feed=one.path,
                format=one.format,
                status=one.status,
                agent=software(one.agent),
                requests=one.requests,
                subscribers=subscribers(one.agent),
            )
            for one in delivered
        ]
        if facts:
            self._store.deliveries.add(facts)

    def of_day(self, day: date | None = None, *, feed: str | None = None) -> tuple[DayOfDelivery, ...]:
        """The facts of one day, by default of today. Raises StoreError."""
        day = day or self._clock().date()
        return self._store.deliveries.of(since=day, until=day, feed=feed)

    def of_last(self, days: int, *, feed: str | None = None) -> tuple[DayOfDelivery, ...]:
        """The facts of so many days up to today. Raises StoreError."""
        today = self._clock().date()
        return self._store.deliveries.of(since=today - timedelta(days=days - 1), until=today, feed=feed)

    def subscriptions(self) -> int:
        """How many WebSub subscriptions there are."""
        return len(self._store.subscriptions.all())


def subscribers(agent: str) -> int:
    """How many people an aggregator says it reads for, 0 where it says nothing."""
    found = _SUBSCRIBERS.search(agent)
    return min(int(found[1].replace(",", "")), 2**31 - 1) if found else 0


def software(agent: str) -> str:
    """The program in a User-Agent, the same for every feed and every installation; "unknown" where it sent none."""
    name = _PARTICULARS.sub("", _SUBSCRIBERS.sub("", agent))
    name = re.sub(r"[\s;,-]*(?=\))|(?<=\()[\s;,-]+|;\s*(?=;)", "", name)
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    return name.replace("()", "").strip(" ;,-")[:AGENT_MAX] or "unknown"
