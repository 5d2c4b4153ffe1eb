"""The tables. What changes here needs a migration beside it in ``migrations/versions``."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

from feedsvc.store.columns import Json, Moment, RowNumber, Squeezed

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _entry_key(name: str = "entry_id", *, primary_key: bool = False) -> Column[int]:
    return Column(
        name, RowNumber, sa.ForeignKey("entries.id", ondelete="CASCADE"), primary_key=primary_key, nullable=False
    )


#: Sources as declared in config, an admin's overrides beside it, and where their scrapes stand.
sources = Table(
    "sources",
    metadata,
    Column("key", Text, primary_key=True),
    #: The Source of the configuration, or NULL for one that the configuration no longer (or never) held.
    Column("declared", Json),
    #: What an admin set at run time: a part of the same shape.
    Column("overrides", Json, nullable=False),
    #: declared and overrides as one: what is in force.
    Column("in_force", Json, nullable=False),
    Column("is_enabled", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("scraped_at", Moment),
    Column("succeeded_at", Moment),
    #: When the first scrape had followed everything it found; NULL while that still goes on.
    Column("settled_at", Moment),
    Column("due_at", Moment),
    Column("due_why", Text, nullable=False),
    Column("not_before", Moment),
    Column("run_asked_at", Moment),
    Column("claimed_by", Text),
    Column("claimed_until", Moment),
    #: What scrapes remember for the next one (quarantine, pinned plan).
    Column("memory", Json, nullable=False),
    #: Its category is another one now, and its entries are still to be moved there; NULL is no.
    Column("is_misfiled", Boolean),
)
#: The clock's one question: which enabled sources are due?
Index("ix_sources_due_at", sources.c.due_at, sqlite_where=sources.c.is_enabled, postgresql_where=sources.c.is_enabled)

#: Listing pages and the validators to ask 'changed since?' with.
listing_pages = Table(
    "listing_pages",
    metadata,
    Column("source", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("fresh_until", Moment),
    Column("visited_at", Moment, nullable=False),
    #: The sitemap to which this one, an index of sitemaps, led.
    Column("led_to", Text),
)

#: Items that a listing showed and whose release page is still to be read (cut scrapes, failed pages).
pending_items = Table(
    "pending_items",
    metadata,
    Column("source", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("item", Json, nullable=False),
    Column("position", Integer, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    #: NULL once given up: remembered so that it is not tried at every scrape.
    Column("retry_at", Moment),
    Column("reason", Text, nullable=False),
)
Index("ix_pending_items_source_retry_at", pending_items.c.source, pending_items.c.retry_at)

entries = Table(
    "entries",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("uuid", Text, nullable=False),
    Column("canonical_url", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("title", Text, nullable=False),
    #: The title as compared with others.
    Column("title_key", Text, nullable=False),
    #: Recognizes the text, where there is enough of it; "" otherwise.
    Column("fingerprint", Text, nullable=False),
    Column("published", Moment, nullable=False),
    Column("published_precision", Text, nullable=False),
    Column("published_day", Text, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    Column("position", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("sources", Json, nullable=False),
    Column("categories", Json, nullable=False),
    #: The rest of the Entry.
    Column("fields", Json, nullable=False),
    Column("content", Text, nullable=False),
    Column("withdrawn_at", Moment),
    #: An admin keeps it out of every feed, quietly.
    Column("hidden_at", Moment),
    #: The uuid of the entry that an admin says is the same story.
    Column("merged_into", Text),
    #: The one category where an admin filed it, whatever its sources say.
    Column("filed_under", Text),
    UniqueConstraint("uuid"),
    UniqueConstraint("canonical_url"),
    sqlite_autoincrement=True,
)
Index("ix_entries_title_key", entries.c.title_key)
#: Whether a moment of change is taken (``moments``).
Index("ix_entries_updated", entries.c.updated)
#: What came in lately, source by source.
Index("ix_entries_source_first_seen_at", entries.c.source, entries.c.first_seen_at)

#: Every normal form of a URL under which an entry is known, its canonical one included.
aliases = Table(
    "aliases",
    metadata,
    Column("url", Text, primary_key=True),
    _entry_key(),
    #: Whether a listing of its source showed it there; NULL where nobody noted it.
    Column("is_listed", Boolean),
)
Index("ix_aliases_entry_id", aliases.c.entry_id)

#: The body before sanitizing.
originals = Table("originals", metadata, _entry_key(primary_key=True), Column("raw_content", Squeezed, nullable=False))

#: What an entry was before each change.
revisions = Table(
    "revisions",
    metadata,
    _entry_key(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("replaced_at", Moment, nullable=False),
    Column("changed", Json, nullable=False),
    Column("document", Squeezed, nullable=False),
)

#: Release pages: when to look again, and with which validators.
release_pages = Table(
    "release_pages",
    metadata,
    _entry_key(primary_key=True),
    Column("source", Text, nullable=False),
    Column("url", Text, nullable=False),
    #: The listing item that led there: a page is always read together with it.
    Column("item", Json),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("checked_at", Moment, nullable=False),
    Column("checks", Integer, nullable=False),
    #: NULL when nothing is due any more.
    Column("check_at", Moment),
)
Index("ix_release_pages_source_check_at", release_pages.c.source, release_pages.c.check_at)

categories = Table(
    "categories",
    metadata,
    Column("path", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("language", Text),
    Column("image", Text),
    Column("rights", Text),
    Column("author", Text),
    Column("content", Text),
    Column("is_declared", Boolean, nullable=False),
    #: The source whose breadcrumb made it.
    Column("made_by", Text),
    #: Order of declaration.
    Column("position", Integer, nullable=False),
)

#: What was minted when a feed was first published, and where it stands.
feeds = Table(
    "feeds",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("uuid", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    #: The change (counter) that last touched its current document.
    Column("version", RowNumber, nullable=False),
    #: The greatest ``updated`` that a document of it ever showed.
    Column("updated", Moment),
    #: Number of archives.
    Column("archives", Integer, nullable=False),
    Column("gone_at", Moment),
    #: The key that it was renamed to.
    Column("moved_to", Text),
    UniqueConstraint("kind", "key"),
    UniqueConstraint("uuid"),
    sqlite_autoincrement=True,
)
Index("ix_feeds_version", feeds.c.version)


def _feed_key() -> Column[int]:
    return Column("feed_id", RowNumber, sa.ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True, nullable=False)


#: Which feeds show an entry, roll-up included, and in which archive of each it stands for ever.
memberships = Table(
    "memberships",
    metadata,
    _feed_key(),
    _entry_key(primary_key=True),
    #: What the window goes by (specs/feeds.md 8.3).
    Column("window_at", Moment, nullable=False),
    #: NULL while it is in no archive and therefore must be in the window.
    Column("archive", Integer),
    #: Withdrawn or hidden: it keeps its place, and is not shown.
    Column("is_withdrawn", Boolean, nullable=False),
)
Index(
    "ix_memberships_window",
    memberships.c.feed_id,
    memberships.c.window_at.desc(),
    memberships.c.entry_id.desc(),
    sqlite_where=memberships.c.is_withdrawn.is_(False),
    postgresql_where=memberships.c.is_withdrawn.is_(False),
)
Index(
    "ix_memberships_waiting",
    memberships.c.feed_id,
    memberships.c.window_at,
    memberships.c.entry_id,
    sqlite_where=memberships.c.archive.is_(None),
    postgresql_where=memberships.c.archive.is_(None),
)
Index("ix_memberships_archive", memberships.c.feed_id, memberships.c.archive)
Index("ix_memberships_entry_id", memberships.c.entry_id)

#: The change (counter) that last touched each archive.
archives = Table(
    "archives",
    metadata,
    _feed_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", RowNumber, nullable=False),
)

#: Finished bytes; the identity coding is the gzip one unpacked.
renderings = Table(
    "renderings",
    metadata,
    #: The address below the base URL: "feeds/news.atom?limit=20".
    Column("name", Text, primary_key=True),
    Column("feed_id", RowNumber, sa.ForeignKey("feeds.id", ondelete="CASCADE"), nullable=False),
    #: The version of the feed (or archive) that these bytes show.
    Column("version", RowNumber, nullable=False),
    #: What else went into the bytes.
    Column("recipe", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("gzip", LargeBinary, nullable=False),
    Column("brotli", LargeBinary, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Moment, nullable=False),
    Column("max_age", Integer, nullable=False),
    Column("link", Text, nullable=False),
    Column("kept_at", Moment, nullable=False),
)
Index("ix_renderings_feed_id", renderings.c.feed_id)

#: When somebody last asked for a rendering, about.
asked_renderings = Table(
    "asked_renderings", metadata, Column("name", Text, primary_key=True), Column("asked_at", Moment, nullable=False)
)
Index("ix_asked_renderings_asked_at", asked_renderings.c.asked_at)

#: One row an outcome of a scrape.
scrapes = Table(
    "scrapes",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment, nullable=False),
    Column("result", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
    #: What quarantine compares later scrapes with.
    Column("facts", Json, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_scrapes_source_id", scrapes.c.source, scrapes.c.id)

#: Scrapes that looked wrong and changed nothing, with the evidence.
quarantines = Table(
    "quarantines",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("times", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("closed_at", Moment),
    #: "recovered" | "accepted" | "dismissed"
    Column("resolution", Text),
    sqlite_autoincrement=True,
)
Index("ix_quarantines_source_closed_at", quarantines.c.source, quarantines.c.closed_at)

#: Pages as they came, for replay and for looking into what went wrong.
snapshots = Table(
    "snapshots",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    #: "listing" | "release"
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("requested_url", Text, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("content_language", Text),
    Column("digest", Text, nullable=False),
    #: Bytes on disk, about.
    Column("size", Integer, nullable=False),
    Column("body", Squeezed, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_snapshots_source_url", snapshots.c.source, snapshots.c.url)

#: Named leases: who holds what until when, by the database's clock.
leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

#: Numbers that only grow ("changes") and snapshots' total size.
counters = Table(
    "counters", metadata, Column("name", Text, primary_key=True), Column("value", RowNumber, nullable=False)
)

#: People who may tune the service.
admins = Table(
    "admins",
    metadata,
    Column("name", Text, primary_key=True),
    #: argon2id, with its parameters and salt.
    Column("password_hash", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

#: Admins who are signed in; the secret itself is in their browser alone.
sessions = Table(
    "sessions",
    metadata,
    #: SHA-256 of the cookie's value.
    Column("digest", Text, primary_key=True),
    Column("admin", Text, sa.ForeignKey("admins.name", ondelete="CASCADE"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)
Index("ix_sessions_admin", sessions.c.admin)

#: Failed attempts to sign in, in a row, for each name and each address tried.
sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    #: "name:ada" | "address:192.0.2.1"
    Column("subject", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
)
