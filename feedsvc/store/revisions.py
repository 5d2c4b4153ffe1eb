"""What entries were before each of their changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from feedsvc.store.schema import entries, revisions
from feedsvc.store.table import Table

#: Revisions kept of one entry.
REVISIONS_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What an entry was until it was replaced."""

    number: int
    replaced_at: datetime
    changed: tuple[str, ...]
    title: str
    link: str
    content: str
    updated: datetime


class Revisions(Table):
    """Reads revisions."""

    def revisions(self, uuid: str) -> tuple[Revision, ...]:
        """What an entry was before each of its changes, the first one first."""
        with self._database.read() as connection:
            query = (
                sa.select(revisions)
                .join(entries, entries.c.id == revisions.c.entry_id)
                .where(entries.c.uuid == uuid)
                .order_by(revisions.c.number)
            )
            return tuple(_revision(row) for row in connection.execute(query))


def keep_revision(connection: Connection, row: Row[Any], changed: Sequence[str], *, now: datetime) -> None:
    """Keep what the entry is at this moment, as it is about to change; the oldest beyond REVISIONS_MAX go."""
    last = connection.execute(sa.select(sa.func.max(revisions.c.number)).where(revisions.c.entry_id == row.id)).scalar()
    number = (last or 0) + 1
    document = {"title": row.title, "link": row.link, "content": row.content, "updated": row.updated.isoformat()}
    connection.execute(
        sa.insert(revisions).values(
            entry_id=row.id,
            number=number,
            replaced_at=now,
            changed=list(changed),
            document=json.dumps(document, ensure_ascii=False).encode(),
        )
    )
    connection.execute(
        sa.delete(revisions).where(revisions.c.entry_id == row.id, revisions.c.number <= number - REVISIONS_MAX)
    )


def _revision(row: Row[Any]) -> Revision:
    document = json.loads(row.document)
    return Revision(
        number=row.number,
        replaced_at=row.replaced_at,
        changed=tuple(row.changed),
        title=document["title"],
        link=document["link"],
        content=document["content"],
        updated=datetime.fromisoformat(document["updated"]),
    )
