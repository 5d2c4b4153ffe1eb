"""The table of what earlier renderings held."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text

from feedsvc.store.columns import Json, Moment
from feedsvc.store.schema import metadata

#: Entries of renderings of documents that answer with deltas, bounded for each document.
held_entries = Table(
    "held_entries",
    metadata,
    #: The document's name: its address below the base URL.
    Column("name", Text, primary_key=True),
    #: Tag of its identity bytes.
    Column("etag", Text, primary_key=True),
    Column("rendered_at", Moment, nullable=False),
    #: Bare UUID -> digest.
    Column("entries", Json, nullable=False),
)
Index("ix_held_entries_rendered_at", held_entries.c.rendered_at)
