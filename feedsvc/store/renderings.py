"""Finished bytes of feeds, shared by all processes: kept with the revision they show, so that stale ones are known."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from feedsvc.model import FeedRef, Format, Rendering
from feedsvc.store.database import Database
from feedsvc.store.feeds import feed_id
from feedsvc.store.schema import archives, asked_renderings, counters, feeds, renderings

#: Renderings that nobody asked for in this time are forgotten, and variants beyond this number.
UNASKED_AFTER, VARIANTS_MAX = timedelta(days=30), 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRendering:
    """A rendering as the store keeps it."""

    rendering: Rendering
    #: The version of the feed (or archive) that these bytes show.
    version: int
    #: What else went into the bytes: settings, titles, the program's version, as the renderer worded it.
    recipe: str
    #: The feed has changed since.
    is_stale: bool


def archive_variant(number: int) -> str:
    """The variant under which archive ``number`` of a feed is kept; it goes stale with its own entries alone."""
    return f"archive={number}"


class RenderingTable:
    """Keeps and finds renderings.

    A feed's *version* is taken anew from one counter of the whole store at every change that concerns the feed, in the
    transaction of that change; a kept rendering of an earlier version is stale.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, ref: FeedRef, format: Format, variant: str = "") -> KeptRendering | None:
        """The bytes kept of a feed (or, with ``variant``, of one of its archives or variants), or None."""
        with self._database.read() as connection:
            query = (
                sa.select(renderings, feeds.c.version.label("feed_version"))
                .join(feeds, feeds.c.id == renderings.c.feed_id)
                .where(renderings.c.name == _name(ref, format, variant), _is_of(ref))
            )
            row = connection.execute(query).first()
            if row is None:
                return None
            current = _version(connection, row.feed_id, variant, row.feed_version)
        return KeptRendering(
            rendering=_rendering(row),
            version=row.version,
            recipe=row.recipe,
            is_stale=row.version < current,
        )

    def is_kept(self, ref: FeedRef, format: Format) -> bool:
        """Whether anybody asked for this feed in this format, ever or lately."""
        named = sa.select(renderings.c.version).join(feeds, feeds.c.id == renderings.c.feed_id)
        query = named.where(renderings.c.name == _name(ref, format, ""), _is_of(ref))
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    def version(self, ref: FeedRef, variant: str = "") -> int:
        """What ``keep`` is to be told: read it before the entries are read."""
        with self._database.read() as connection:
            query = sa.select(feeds.c.id, feeds.c.version).where(_is_of(ref))
            row = connection.execute(query).first()
            return _version(connection, row.id, variant, row.version) if row is not None else 0

    def keep(
        self,
        ref: FeedRef,
        format: Format,
        variant: str,
        rendering: Rendering,
        *,
        version: int,
        recipe: str,
        now: datetime,
    ) -> Rendering:
        """Keep a rendering in place of an older one, and give it with the Last-Modified in force.

        One made from a later version is never replaced. Last-Modified is when the bytes last changed: bytes equal to
        those kept before keep theirs.
        """
        name = _name(ref, format, variant)
        with self._database.write() as connection:
            feed = feed_id(connection, ref, now=now)
            kept = sa.select(renderings).where(renderings.c.name == name, renderings.c.feed_id == feed)
            old = connection.execute(kept).first()
            if old is not None and old.version > version:
                return _rendering(old)
            if old is not None and old.etag == rendering.etag:
                rendering = replace(rendering, last_modified=old.last_modified)
            connection.execute(sa.delete(renderings).where(renderings.c.name == name))
            connection.execute(
                sa.insert(renderings).values(
                    name=name,
                    feed_id=feed,
                    version=version,
                    recipe=recipe,
                    content_type=rendering.content_type,
                    gzip=rendering.gzip,
                    brotli=rendering.brotli,
                    etag=rendering.etag,
                    last_modified=rendering.last_modified,
                    max_age=rendering.max_age,
                    link=rendering.link,
                    kept_at=now,
                )
            )
            return rendering

    def note_asked(self, asked: Iterable[tuple[FeedRef, Format, str]], *, now: datetime) -> None:
        """Remember that these were asked for: such are rendered when they change, others when next asked for."""
        names = list(dict.fromkeys(_name(*one) for one in asked))
        if not names:
            return
        with self._database.write() as connection:
            connection.execute(sa.delete(asked_renderings).where(asked_renderings.c.name.in_(names)))
            connection.execute(sa.insert(asked_renderings), [{"name": name, "asked_at": now} for name in names])

    def stale(self, *, asked_since: datetime, limit: int = 1000) -> tuple[tuple[FeedRef, Format], ...]:
        """Feeds (no archives, no variants) asked for since then whose kept bytes are not the latest.

        Any change may concern a saved feed, which is a choice among the entries of others.
        """
        changes = sa.select(counters.c.value).where(counters.c.name == "changes").scalar_subquery()
        latest = sa.case((feeds.c.kind == "filter", changes), else_=feeds.c.version)
        query = (
            sa.select(feeds.c.kind, feeds.c.key, renderings.c.name)
            .join(feeds, feeds.c.id == renderings.c.feed_id)
            .join(asked_renderings, asked_renderings.c.name == renderings.c.name)
            .where(asked_renderings.c.asked_at >= asked_since, renderings.c.version < latest)
            .where(feeds.c.gone_at.is_(None), renderings.c.name.not_like("%?%"))
            .order_by(feeds.c.version.desc(), renderings.c.name)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(
                (FeedRef(kind=row.kind, key=row.key), Format(row.name.rpartition(".")[2]))
                for row in connection.execute(query)
            )

    def gone(self, path: str) -> str | None:
        """What became of a former ``FeedRef.path``: its new path, "" if removed for ever, None if never known."""
        room, _, key = path.partition("/")
        kinds = ("source",) if room == "sources" else ("category", "filter")
        query = sa.select(feeds.c.kind, feeds.c.moved_to).where(
            feeds.c.kind.in_(kinds), feeds.c.key == key, feeds.c.gone_at.is_not(None)
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return FeedRef(kind=row.kind, key=row.moved_to).path if row.moved_to else ""

    def prune(self, *, now: datetime) -> int:
        """Forget renderings nobody asked for in 30 days, and the least asked-for variants beyond 2000."""
        asked = sa.select(asked_renderings.c.name).where(asked_renderings.c.asked_at >= now - UNASKED_AFTER)
        variants = (
            sa.select(renderings.c.name)
            .outerjoin(asked_renderings, asked_renderings.c.name == renderings.c.name)
            .where(renderings.c.name.contains("?"))
            .order_by(sa.func.coalesce(asked_renderings.c.asked_at, renderings.c.kept_at).desc(), renderings.c.name)
            .offset(VARIANTS_MAX)
        )
        with self._database.write() as connection:
            unasked = sa.delete(renderings).where(
                renderings.c.kept_at < now - UNASKED_AFTER, renderings.c.name.not_in(asked)
            )
            count = connection.execute(unasked).rowcount
            beyond = connection.execute(variants).scalars().all()
            if beyond:
                count += connection.execute(sa.delete(renderings).where(renderings.c.name.in_(beyond))).rowcount
            connection.execute(sa.delete(asked_renderings).where(asked_renderings.c.asked_at < now - UNASKED_AFTER))
            return count


def _is_of(ref: FeedRef) -> sa.ColumnElement[bool]:
    """Of a saved feed that has ended, bytes may be kept under the path that a category has now."""
    return sa.and_(feeds.c.kind == ref.kind, feeds.c.key == ref.key)


def _rendering(row: Row[Any]) -> Rendering:
    return Rendering(
        content_type=row.content_type,
        identity=gzip.decompress(row.gzip),
        gzip=row.gzip,
        brotli=row.brotli,
        etag=row.etag,
        last_modified=row.last_modified,
        max_age=row.max_age,
        link=row.link,
    )


def _name(ref: FeedRef, form: Format, variant: str) -> str:
    return f"{ref.path}.{form.value}" + (f"?{variant}" if variant else "")


def _version(connection: Connection, feed: int, variant: str, feed_version: int) -> int:
    if not variant.startswith("archive="):
        return feed_version
    number = variant.removeprefix("archive=").partition("&")[0]
    query = sa.select(archives.c.version).where(archives.c.feed_id == feed, archives.c.number == int(number))
    return int(connection.execute(query).scalar() or feed_version)
