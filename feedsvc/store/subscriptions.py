"""WebSub subscriptions: requests waiting to be verified, verified ones, and what each subscriber already has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from feedsvc.store.database import Database
from feedsvc.store.push_schema import subscription_requests, subscriptions

#: How long a request counts against those who asked for it.
_COUNTED_FOR = timedelta(minutes=1)
#: A request that nobody verified in this time (no clock was running) is forgotten.
_PENDING_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request to subscribe or unsubscribe, whose intent is to be verified."""

    #: "subscribe" | "unsubscribe"
    mode: str
    #: A document's name: its address below the base URL, with the query that makes it a variant.
    topic: str
    callback: str
    #: host:port of the callback.
    host: str
    secret: str
    lease: timedelta
    #: A digest of the asking address.
    asked_by: str
    #: Tag of the topic's bytes at that moment.
    tag: str
    #: The store's number for it; 0 before it is kept.
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A verified subscription."""

    number: int
    topic: str
    callback: str
    host: str
    secret: str
    expires_at: datetime
    #: Failed deliveries in a row, and since when.
    attempts: int = 0
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionLimits:
    """How many there may be (specs/reliability.md 7)."""

    pending: int = 5
    per_topic: int = 1000
    per_host: int = 20


class Crowded(StrEnum):
    """Which limit a request met."""

    PENDING = "too many unverified requests"
    TOPIC = "this topic has as many subscriptions as it may have"
    HOST = "this callback's host has as many subscriptions as it may have"


class SubscriptionTable:
    """Keeps subscriptions over restarts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, wanted: Wanted, *, limits: SubscriptionLimits, now: datetime) -> Crowded | None:
        """Keep a request for verification, or say which limit it met. What renews or ends is met by the first alone."""
        with self._database.write() as connection:
            met = _met(connection, wanted, limits, now)
            if met is None:
                connection.execute(
                    sa.insert(subscription_requests).values(
                        mode=wanted.mode,
                        topic=wanted.topic,
                        callback=wanted.callback,
                        host=wanted.host,
                        secret=wanted.secret,
                        lease_seconds=int(wanted.lease.total_seconds()),
                        asked_by=wanted.asked_by,
                        asked_at=now,
                        tag=wanted.tag,
                    )
                )
            return met

    def pending(self, *, limit: int = 200) -> tuple[Wanted, ...]:
        """Requests to verify, the oldest first."""
        table = subscription_requests
        query = sa.select(table).where(table.c.refused_at.is_(None)).order_by(table.c.id).limit(limit)
        with self._database.read() as connection:
            return tuple(_wanted(row) for row in connection.execute(query))

    def confirm(self, wanted: Wanted, *, now: datetime) -> None:
        """The subscriber meant it: subscribe or renew, or unsubscribe. A renewal keeps what was delivered."""
        with self._database.write() as connection:
            connection.execute(sa.delete(subscription_requests).where(subscription_requests.c.id == wanted.number))
            this = _same(wanted)
            if wanted.mode == "unsubscribe":
                connection.execute(sa.delete(subscriptions).where(*this))
                return
            terms = {"secret": wanted.secret, "expires_at": now + wanted.lease, "host": wanted.host}
            renewed = connection.execute(sa.update(subscriptions).where(*this).values(**terms)).rowcount
            if not renewed:
                connection.execute(
                    sa.insert(subscriptions).values(
                        topic=wanted.topic,
                        callback=wanted.callback,
                        since_at=now,
                        delivered=wanted.tag,
                        attempts=0,
                        **terms,
                    )
                )

    def refuse(self, wanted: Wanted, *, now: datetime) -> None:
        """The subscriber did not confirm: nothing changes, and the request counts for a minute."""
        with self._database.write() as connection:
            table = subscription_requests
            connection.execute(sa.update(table).where(table.c.id == wanted.number).values(refused_at=now))

    def topics(self, *, now: datetime, retries_only: bool = False) -> tuple[str, ...]:
        """Topics with living subscriptions; ``retries_only``: with a retry that is due."""
        query = sa.select(subscriptions.c.topic).where(subscriptions.c.expires_at > now).distinct()
        if retries_only:
            query = query.where(subscriptions.c.retry_at <= now)
        with self._database.read() as connection:
            return tuple(connection.execute(query.order_by(subscriptions.c.topic)).scalars())

    def owed(self, topic: str, tag: str, *, now: datetime, limit: int = 1000) -> tuple[Subscription, ...]:
        """Living subscriptions to a topic that have other bytes than these, and whose retry, if any, is due."""
        table = subscriptions
        query = (
            sa.select(table)
            .where(table.c.topic == topic, table.c.delivered != tag, table.c.expires_at > now)
            .where(sa.or_(table.c.retry_at.is_(None), table.c.retry_at <= now))
            .order_by(table.c.attempts, table.c.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(_subscription(row) for row in connection.execute(query))

    def delivered(self, number: int, tag: str) -> None:
        """The subscriber has these bytes now."""
        self._set(number, delivered=tag, attempts=0, retry_at=None, failing_since=None)

    def failed(self, number: int, *, attempts: int, retry_at: datetime, failing_since: datetime) -> None:
        """A delivery failed for the ``attempts``-th time in a row."""
        self._set(number, attempts=attempts, retry_at=retry_at, failing_since=failing_since)

    def drop(self, number: int) -> None:
        """End a subscription."""
        with self._database.write() as connection:
            connection.execute(sa.delete(subscriptions).where(subscriptions.c.id == number))

    def all(self) -> tuple[Subscription, ...]:
        """Every subscription, ended leases included."""
        with self._database.read() as connection:
            return tuple(
                _subscription(row) for row in connection.execute(sa.select(subscriptions).order_by(subscriptions.c.id))
            )

    def forget(self, *, now: datetime) -> None:
        """Forget leases that ended, and requests that are settled or that nobody verified."""
        table = subscription_requests
        with self._database.write() as connection:
            connection.execute(sa.delete(subscriptions).where(subscriptions.c.expires_at <= now))
            old = sa.or_(table.c.refused_at < now - _COUNTED_FOR, table.c.asked_at < now - _PENDING_FOR)
            connection.execute(sa.delete(table).where(old))

    def _set(self, number: int, **values: Any) -> None:
        with self._database.write() as connection:
            connection.execute(sa.update(subscriptions).where(subscriptions.c.id == number).values(**values))


def _met(connection: Connection, wanted: Wanted, limits: SubscriptionLimits, now: datetime) -> Crowded | None:
    asked = subscription_requests.c
    lately = _count(connection, asked.id, asked.asked_by == wanted.asked_by, asked.asked_at > now - _COUNTED_FOR)
    if lately >= limits.pending:
        return Crowded.PENDING
    if wanted.mode == "unsubscribe" or _count(connection, subscriptions.c.id, *_same(wanted)):
        return None
    kept, waiting = subscriptions.c, (asked.mode == "subscribe", asked.refused_at.is_(None))
    for limit, word, kept_is, asked_is in (
        (limits.per_topic, Crowded.TOPIC, kept.topic == wanted.topic, asked.topic == wanted.topic),
        (limits.per_host, Crowded.HOST, kept.host == wanted.host, asked.host == wanted.host),
    ):
        living = _count(connection, kept.id, kept_is, kept.expires_at > now)
        if living + _count(connection, asked.id, asked_is, *waiting) >= limit:
            return word
    return None


def _count(connection: Connection, column: sa.Column[Any], *conditions: sa.ColumnElement[bool]) -> int:
    return int(connection.execute(sa.select(sa.func.count(column)).where(*conditions)).scalar_one())


def _same(wanted: Wanted) -> tuple[sa.ColumnElement[bool], ...]:
    return subscriptions.c.topic == wanted.topic, subscriptions.c.callback == wanted.callback


def _wanted(row: Row[Any]) -> Wanted:
    return Wanted(
        number=row.id,
        mode=row.mode,
        topic=row.topic,
        callback=row.callback,
        host=row.host,
        secret=row.secret,
        lease=timedelta(seconds=row.lease_seconds),
        asked_by=row.asked_by,
        tag=row.tag,
    )


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        number=row.id,
        topic=row.topic,
        callback=row.callback,
        host=row.host,
        secret=row.secret,
        expires_at=row.expires_at,
        attempts=row.attempts,
        failing_since=row.failing_since,
    )
