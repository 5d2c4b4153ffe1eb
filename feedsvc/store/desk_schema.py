"""The tables of the admin's desk: what was decided about categories and saved feeds, tokens; and figures."""

from __future__ import annotations

from sqlalchemy import Column, Float, Table, Text, UniqueConstraint

from feedsvc.store.columns import Json, Moment
from feedsvc.store.schema import metadata

#: What an admin decided about a category, over what the configuration says of it.
category_overrides = Table(
    "category_overrides",
    metadata,
    Column("path", Text, primary_key=True),
    #: Names of Category's fields and their values.
    Column("part", Json, nullable=False),
    #: Where this path, and all below it, went: a path; "" for nowhere; NULL while it is where it was.
    Column("moved_to", Text),
)

#: Saved feeds that an admin made, or changed over what the configuration declares.
saved_feeds = Table(
    "saved_feeds", metadata, Column("name", Text, primary_key=True), Column("document", Json, nullable=False)
)

#: Tokens of programs that use the API; the secret itself is theirs alone.
tokens = Table(
    "tokens",
    metadata,
    Column("name", Text, primary_key=True),
    #: SHA-256 of the secret.
    Column("digest", Text, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("used_at", Moment),
    UniqueConstraint("digest"),
)

#: Sums that only grow, of all processes together: what Prometheus collects.
figures = Table(
    "figures",
    metadata,
    Column("name", Text, primary_key=True),
    #: Label -> value.
    Column("labels", Json, primary_key=True),
    Column("value", Float, nullable=False),
)
