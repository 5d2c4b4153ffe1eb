"""What webhooks and external hubs were told, and when a failed notice is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedsvc.store.database import Database
from feedsvc.store.push_schema import notices


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Where one receiver stands. ``name`` tells it from others of its kind ("webhook", "hub")."""

    kind: str
    name: str
    #: What the receiver knows: a JSON value; None for one that was never told anything.
    known: Any = None
    #: Failures in a row, since when, and when to try again.
    attempts: int = 0
    retry_at: datetime | None = None
    failing_since: datetime | None = None


class NoticeTable:
    """Keeps what receivers know over restarts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, kind: str, name: str) -> Notice:
        """Where a receiver stands; one never told anything for an unknown one."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(notices).where(notices.c.kind == kind, notices.c.name == name)).first()
        return Notice(**row._asdict()) if row is not None else Notice(kind=kind, name=name)

    def put(self, notice: Notice) -> None:
        """Keep where a receiver stands now."""
        with self._database.write() as connection:
            connection.execute(sa.delete(notices).where(notices.c.kind == notice.kind, notices.c.name == notice.name))
            connection.execute(
                sa.insert(notices).values(
                    kind=notice.kind,
                    name=notice.name,
                    known=notice.known,
                    attempts=notice.attempts,
                    retry_at=notice.retry_at,
                    failing_since=notice.failing_since,
                )
            )

    def retries(self, kind: str, *, now: datetime) -> tuple[Notice, ...]:
        """Those of a kind whose retry is due."""
        query = sa.select(notices).where(notices.c.kind == kind, notices.c.retry_at <= now)
        with self._database.read() as connection:
            return tuple(Notice(**row._asdict()) for row in connection.execute(query))
