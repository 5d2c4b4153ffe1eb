"""The tables of push and delivery facts: WebSub subscriptions, what is owed to whom, and what readers asked for."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from feedsvc.store.columns import Json, Moment, RowNumber
from feedsvc.store.schema import metadata

#: Verified subscriptions; (topic, callback) is one subscription.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    #: A document's name: its address below the base URL.
    Column("topic", Text, nullable=False),
    Column("callback", Text, nullable=False),
    #: host:port of the callback.
    Column("host", Text, nullable=False),
    #: "" for deliveries without a signature.
    Column("secret", Text, nullable=False),
    Column("since_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    #: Tag of the bytes that the subscriber has.
    Column("delivered", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", Moment),
    Column("failing_since", Moment),
    UniqueConstraint("topic", "callback"),
    sqlite_autoincrement=True,
)
Index("ix_subscriptions_host", subscriptions.c.host)
Index("ix_subscriptions_expires_at", subscriptions.c.expires_at)

#: Requests whose intent is still to be verified, and for a minute those that failed.
subscription_requests = Table(
    "subscription_requests",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("mode", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("callback", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("lease_seconds", Integer, nullable=False),
    #: A digest of the asking address; gone with the row.
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    #: Tag of the topic when it was asked for: what changes from then on is delivered.
    Column("tag", Text, nullable=False),
    Column("refused_at", Moment),
    sqlite_autoincrement=True,
)
Index("ix_subscription_requests_asked_by_asked_at", subscription_requests.c.asked_by, subscription_requests.c.asked_at)

#: What was told to whom that the configuration names: webhooks and external hubs.
notices = Table(
    "notices",
    metadata,
    #: "webhook" | "hub"
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    #: What the receiver knows.
    Column("known", Json, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", Moment),
    Column("failing_since", Moment),
)

#: Delivery facts: answers by day, feed, format, status and software. No addresses of people.
deliveries = Table(
    "deliveries",
    metadata,
    #: As 2026-03-04, UTC.
    Column("day", Text, primary_key=True),
    #: ``FeedRef.path``.
    Column("feed", Text, primary_key=True),
    Column("format", Text, primary_key=True),
    Column("status", Integer, primary_key=True, autoincrement=False),
    Column("agent", Text, primary_key=True),
    Column("requests", RowNumber, nullable=False),
    #: The greatest 'N subscribers' that this software named.
    Column("subscribers", Integer, nullable=False),
)
