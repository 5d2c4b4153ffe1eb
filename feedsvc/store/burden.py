"""What every enabled source asks of its hosts, read without the rest of it: cheap for thousands of sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedsvc.model import Cadence
from feedsvc.model.codec import decode
from feedsvc.store.schema import sources
from feedsvc.store.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """One enabled source: where it is read, how often, and how that goes."""

    key: str
    urls: tuple[str, ...]
    cadence: Cadence
    time_zone: str
    failures: int
    scraped_at: datetime | None
    due_at: datetime | None
    not_before: datetime | None


class BurdenTable(Table):
    """Reads burdens."""

    def all(self) -> tuple[Burden, ...]:
        """Those of every enabled source, by key."""
        columns = (sources.c[name] for name in ("key", "in_force", "failures", "scraped_at", "due_at", "not_before"))
        query = sa.select(*columns).where(sources.c.is_enabled).order_by(sources.c.key)
        cadences = _Cadences()
        with self._database.read() as connection:
            return tuple(
                Burden(
                    key=row.key,
                    urls=tuple(row.in_force["urls"]),
                    cadence=cadences.of(row.in_force.get("cadence") or {}),
                    time_zone=row.in_force.get("time_zone", "UTC"),
                    failures=row.failures,
                    scraped_at=row.scraped_at,
                    due_at=row.due_at,
                    not_before=row.not_before,
                )
                for row in connection.execute(query)
            )


class _Cadences:
    """Cadences as read: the same few serve most sources."""

    def __init__(self) -> None:
        self._known: dict[str, Cadence] = {}

    def of(self, kept: Mapping[str, Any]) -> Cadence:
        """The cadence of a source's JSON."""
        text = json.dumps(kept)
        if text not in self._known:
            self._known[text] = decode(Cadence, kept)
        return self._known[text]
