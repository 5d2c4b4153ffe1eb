"""Pages as they came, compressed and bounded per page and in all: for replay, repair and looking into faults."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from feedsvc.model import Page
from feedsvc.store.database import Database
from feedsvc.store.schema import counters, snapshots


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One kept page; ``fetch.decoding.page_from_bytes`` makes a Page of it again."""

    id: int
    source: str
    #: "listing" | "release" | "further" (the second and later pages of a release)
    kind: str
    url: str
    requested_url: str
    fetched_at: datetime
    #: As declared, with its charset parameter.
    content_type: str
    content_language: str | None
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """A snapshot as lists show it, without its bytes."""

    id: int
    kind: str
    url: str
    fetched_at: datetime
    #: Bytes on disk, about.
    size: int


# Asked for each release: SQLAlchemy puts a statement together in as long as SQLite takes to run it.
_INSERT = sa.insert(snapshots)
#: What is kept of one page, the latest first.
_OF_PAGE = (
    sa.select(snapshots.c.id, snapshots.c.size, snapshots.c.digest)
    .where(snapshots.c.source == sa.bindparam("source"), snapshots.c.url == sa.bindparam("url"))
    .order_by(snapshots.c.id.desc())
)


_GROW = (
    sa.update(counters)
    .where(counters.c.name == "snapshots")
    .values(value=counters.c.value + sa.bindparam("by"))
    .returning(counters.c.value)
)


class SnapshotTable:
    """Keeps and finds snapshots."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, source: str, kind: str, page: Page, *, per_page: int, total: int) -> bool:
        """Keep a page unless its latest snapshot is the same; then forget the oldest beyond the limits.

        ``per_page``: snapshots of one address; ``total``: bytes of all snapshots, compressed, about.
        """
        if per_page <= 0 or total <= 0:
            return False
        digest = hashlib.sha256(page.body).hexdigest()
        charset = f"; charset={page.declared_charset}" if page.declared_charset else ""
        with self._database.write() as connection:
            before = connection.execute(_OF_PAGE, {"source": source, "url": page.url}).all()
            if before and before[0].digest == digest:
                return False
            size = len(page.body) // 4 + 200
            made = {
                "source": source,
                "kind": kind,
                "url": page.url,
                "requested_url": page.requested_url,
                "fetched_at": page.fetched_at,
                "content_type": f"{page.media_type}{charset}",
                "content_language": page.content_language,
                "digest": digest,
                "size": size,
                "body": page.body,
            }
            connection.execute(_INSERT, made)
            grown = _grow(connection, size - _forget(connection, before[per_page - 1 :]))
            while grown > total:
                oldest = connection.execute(
                    sa.select(snapshots.c.id, snapshots.c.size).order_by(snapshots.c.id).limit(50)
                ).all()
                if not oldest:
                    break
                grown = _grow(connection, -_forget(connection, oldest))
            return True

    def of_source(self, source: str, *, kind: str | None = None, limit: int = 200) -> tuple[Snapshot, ...]:
        """A source's snapshots, the latest first."""
        query = sa.select(snapshots).where(snapshots.c.source == source)
        if kind is not None:
            query = query.where(snapshots.c.kind == kind)
        with self._database.read() as connection:
            return tuple(
                _snapshot(row) for row in connection.execute(query.order_by(snapshots.c.id.desc()).limit(limit))
            )

    def listed(self, source: str, *, limit: int) -> tuple[KeptPage, ...]:
        """What is kept of a source, the latest first."""
        columns = (snapshots.c.id, snapshots.c.kind, snapshots.c.url, snapshots.c.fetched_at, snapshots.c.size)
        query = sa.select(*columns).where(snapshots.c.source == source).order_by(snapshots.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return tuple(KeptPage(**row._asdict()) for row in connection.execute(query))

    def get(self, source: str, number: int) -> Snapshot | None:
        """One snapshot of a source by its number."""
        query = sa.select(snapshots).where(snapshots.c.source == source, snapshots.c.id == number)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return _snapshot(row) if row is not None else None

    def latest(self, source: str, url: str) -> Snapshot | None:
        """The latest snapshot of one address (before or after redirects)."""
        query = (
            sa.select(snapshots)
            .where(snapshots.c.source == source, sa.or_(snapshots.c.url == url, snapshots.c.requested_url == url))
            .order_by(snapshots.c.id.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return _snapshot(row) if row is not None else None


def _forget(connection: Connection, rows: Any) -> int:
    """Delete these snapshots; the bytes that they took."""
    if rows:
        connection.execute(sa.delete(snapshots).where(snapshots.c.id.in_([row.id for row in rows])))
    return sum(row.size for row in rows)


def _grow(connection: Connection, by: int) -> int:
    """The total size after ``by`` more bytes."""
    value = connection.execute(_GROW, {"by": by}).scalar()
    if value is None:
        connection.execute(sa.insert(counters).values(name="snapshots", value=by))
        return by
    return int(value)


def _snapshot(row: Row[Any]) -> Snapshot:
    return Snapshot(
        id=row.id,
        source=row.source,
        kind=row.kind,
        url=row.url,
        requested_url=row.requested_url,
        fetched_at=row.fetched_at,
        content_type=row.content_type,
        content_language=row.content_language,
        body=row.body,
    )
