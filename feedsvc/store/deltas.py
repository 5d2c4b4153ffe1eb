"""What earlier renderings of a feed held, for readers that ask only for what is new since (RFC 3229)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from feedsvc.store.rendering_schema import held_entries
from feedsvc.store.table import Table

#: Renderings remembered of one document, and for how long.
REMEMBERED_MAX, REMEMBERED_FOR = 50, timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one rendering held."""

    etag: str
    #: Bare UUID -> digest of what was said of the entry.
    entries: Mapping[str, str]


class DeltaTable(Table):
    """Remembers what renderings held, by the name of the document and their tag."""

    def keep(self, name: str, held: Held, *, now: datetime) -> None:
        """Remember what a rendering of the document ``name`` holds; those of long ago make room."""
        mine = held_entries.c.name == name
        with self._database.write() as connection:
            connection.execute(sa.delete(held_entries).where(mine, held_entries.c.etag == held.etag))
            connection.execute(
                sa.insert(held_entries).values(name=name, etag=held.etag, rendered_at=now, entries=dict(held.entries))
            )
            beyond = (
                sa.select(held_entries.c.etag)
                .where(mine)
                .order_by(held_entries.c.rendered_at.desc(), held_entries.c.etag)
                .offset(REMEMBERED_MAX)
            )
            old = connection.execute(beyond).scalars().all()
            if old:
                connection.execute(sa.delete(held_entries).where(mine, held_entries.c.etag.in_(old)))

    def latest(self, name: str, etags: Iterable[str]) -> Held | None:
        """What the last rendered of these held, or None where none of them is remembered."""
        query = (
            sa.select(held_entries)
            .where(held_entries.c.name == name, held_entries.c.etag.in_(tuple(etags)))
            .order_by(held_entries.c.rendered_at.desc(), held_entries.c.etag)
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return Held(etag=row.etag, entries=row.entries) if row is not None else None

    def prune(self, *, now: datetime) -> int:
        """Forget renderings of more than 30 days ago; the number forgotten."""
        with self._database.write() as connection:
            old = sa.delete(held_entries).where(held_entries.c.rendered_at < now - REMEMBERED_FOR)
            return int(connection.execute(old).rowcount)
