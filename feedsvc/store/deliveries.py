"""Delivery facts by day: how often each feed was asked for, by what software, and how often nothing was new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from feedsvc.store.database import Database
from feedsvc.store.push_schema import deliveries

#: Different software kept for one feed, format, status and day; further requests count as OTHER.
AGENTS_MAX, OTHER = 500, "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfDelivery:
    """Answers of one kind on one day. No addresses of people are ever kept."""

    day: date
    #: ``FeedRef.path``.
    feed: str
    #: "rss" | "atom" | "json"
    format: str
    status: int
    #: The software as it named itself, without its subscribers.
    agent: str
    requests: int
    #: The most subscribers that an aggregator named on that day, 0 where it named none.
    subscribers: int = 0


class DeliveryTable:
    """Adds up and gives delivery facts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, facts: Iterable[DayOfDelivery]) -> None:
        """Add to what is known of the same day, feed, format, status and software."""
        with self._database.write() as connection:
            for fact in facts:
                this = deliveries.c
                key = {"day": fact.day.isoformat(), "feed": fact.feed, "format": fact.format, "status": fact.status}
                same = [this[name] == value for name, value in key.items()]
                kept = connection.execute(sa.select(this.agent).where(*same)).scalars().all()
                agent = fact.agent if fact.agent in kept or len(kept) < AGENTS_MAX else OTHER
                most = sa.case((this.subscribers < fact.subscribers, fact.subscribers), else_=this.subscribers)
                grown = sa.update(deliveries).where(*same, this.agent == agent)
                if not connection.execute(
                    grown.values(requests=this.requests + fact.requests, subscribers=most)
                ).rowcount:
                    values = {**key, "agent": agent, "requests": fact.requests, "subscribers": fact.subscribers}
                    connection.execute(sa.insert(deliveries).values(**values))

    def of(self, *, since: date, until: date | None = None, feed: str | None = None) -> tuple[DayOfDelivery, ...]:
        """The facts of some days (both ends included), of one feed or all, the newest day and most requests first."""
        query = sa.select(deliveries).where(deliveries.c.day >= since.isoformat())
        if until is not None:
            query = query.where(deliveries.c.day <= until.isoformat())
        if feed is not None:
            query = query.where(deliveries.c.feed == feed)
        query = query.order_by(deliveries.c.day.desc(), deliveries.c.requests.desc(), deliveries.c.feed)
        with self._database.read() as connection:
            return tuple(
                DayOfDelivery(**row._asdict() | {"day": date.fromisoformat(row.day)})
                for row in connection.execute(query)
            )

    def forget(self, *, before: date) -> None:
        """Forget older days."""
        with self._database.write() as connection:
            connection.execute(sa.delete(deliveries).where(deliveries.c.day < before.isoformat()))
