"""The history of scrapes, and quarantines: what looked wrong, with the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from feedsvc.store.database import Database
from feedsvc.store.schema import quarantines, scrapes


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapeRecord:
    """One scrape of one source, as history keeps it."""

    source: str
    started_at: datetime
    finished_at: datetime
    #: "well" | "unchanged" | "cut" | "failed" | "quarantined" | "abandoned"
    result: str
    #: One sentence; "" where all went well.
    reason: str = ""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    #: Release pages that could not be read.
    failed: int = 0
    requests: int = 0
    #: What quarantine compares later scrapes with.
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """Scrapes in a row that looked wrong in the same way."""

    id: int
    source: str
    opened_at: datetime
    last_seen_at: datetime
    times: int
    reason: str
    evidence: Mapping[str, Any]
    closed_at: datetime | None = None
    resolution: str | None = None

    @property
    def may_be_accepted(self) -> bool:
        """Whether an admin may take the page as it is: some are wrong beyond doubt."""
        return bool(self.evidence.get("may_be_accepted", True))


class ScrapeTable:
    """Keeps and reads the history."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, record: ScrapeRecord, *, keep: int = 5000) -> None:
        """Append to the source's history, of which at most the last ``keep`` scrapes stay."""
        with self._database.write() as connection:
            added = sa.insert(scrapes).values(
                source=record.source,
                started_at=record.started_at,
                finished_at=record.finished_at,
                result=record.result,
                reason=record.reason,
                new=record.new,
                changed=record.changed,
                unchanged=record.unchanged,
                failed=record.failed,
                requests=record.requests,
                facts=dict(record.facts),
            )
            number = connection.execute(added.returning(scrapes.c.id)).scalar_one()
            if number % 20:
                return
            last = (
                sa.select(scrapes.c.id)
                .where(scrapes.c.source == record.source)
                .order_by(scrapes.c.id.desc())
                .offset(keep)
                .limit(1)
            )
            oldest = connection.execute(last).scalar()
            if oldest is not None:
                connection.execute(sa.delete(scrapes).where(scrapes.c.source == record.source, scrapes.c.id <= oldest))

    def forget(self, *, before: datetime) -> int:
        """Forget scrapes that ended before then, but for the last of each source; the number forgotten."""
        last = sa.select(sa.func.max(scrapes.c.id)).group_by(scrapes.c.source)
        with self._database.write() as connection:
            old = sa.delete(scrapes).where(scrapes.c.finished_at < before, scrapes.c.id.not_in(last))
            return connection.execute(old).rowcount

    def history(self, source: str | None = None, *, limit: int = 50) -> tuple[ScrapeRecord, ...]:
        """The latest scrapes, of one source or of all, the latest first."""
        query = sa.select(scrapes).order_by(scrapes.c.id.desc()).limit(limit)
        if source is not None:
            query = query.where(scrapes.c.source == source)
        with self._database.read() as connection:
            return tuple(_record(row) for row in connection.execute(query))

    def unwell(self, *, limit: int = 100) -> tuple[ScrapeRecord, ...]:
        """The latest scrapes, of all sources, that failed or looked wrong, the latest first."""
        query = (
            sa.select(scrapes)
            .where(scrapes.c.result.in_(("failed", "quarantined", "abandoned")))
            .order_by(scrapes.c.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(_record(row) for row in connection.execute(query))

    def mean_requests(self, *, last: int = 100_000) -> Mapping[str, float]:
        """Key -> how many requests a scrape took on average, among so many latest scrapes of all sources.

        The first scrape of a source, which reads everything, counts only where there was no other.
        """
        newest = sa.select(sa.func.max(scrapes.c.id)).scalar_subquery()
        count, first = sa.func.count().label("count"), sa.func.min(scrapes.c.id).label("first")
        sums = (
            sa.select(count, first, sa.func.sum(scrapes.c.requests).label("requests"))
            .where(scrapes.c.id > newest - last)
            .group_by(scrapes.c.source)
            .subquery()
        )
        query = sa.select(scrapes.c.source, scrapes.c.requests, sums.c.count, sums.c.requests.label("all")).join(
            sums, sums.c.first == scrapes.c.id
        )
        with self._database.read() as connection:
            return {
                source: float(every if count == 1 else (every - first) / (count - 1))
                for source, first, count, every in connection.execute(query)
            }

    def page(self, source: str, *, limit: int, before: int | None = None) -> tuple[tuple[int, ScrapeRecord], ...]:
        """A source's scrapes with their numbers, the latest first; only those before number ``before``."""
        query = sa.select(scrapes).where(scrapes.c.source == source).order_by(scrapes.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(scrapes.c.id < before)
        with self._database.read() as connection:
            return tuple((row.id, _record(row)) for row in connection.execute(query))

    def good(self, source: str, *, limit: int = 5) -> tuple[ScrapeRecord, ...]:
        """The latest scrapes of a source that read its listing and found it sound, the latest first."""
        query = (
            sa.select(scrapes)
            .where(scrapes.c.source == source, scrapes.c.result.in_(("well", "cut")))
            .order_by(scrapes.c.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(_record(row) for row in connection.execute(query))

    def quarantine(self, source: str, *, reason: str, evidence: Mapping[str, Any], now: datetime) -> Quarantine:
        """Note that a scrape looked wrong: the open quarantine of the source goes on, or one begins."""
        with self._database.write() as connection:
            row = connection.execute(
                sa.select(quarantines).where(quarantines.c.source == source, quarantines.c.closed_at.is_(None))
            ).first()
            if row is None:
                made = sa.insert(quarantines).values(
                    source=source, opened_at=now, last_seen_at=now, times=1, reason=reason, evidence=dict(evidence)
                )
                row = connection.execute(made.returning(quarantines)).one()
            else:
                renewed = sa.update(quarantines).where(quarantines.c.id == row.id)
                renewed = renewed.values(last_seen_at=now, times=row.times + 1, reason=reason, evidence=dict(evidence))
                row = connection.execute(renewed.returning(quarantines)).one()
            return _quarantine(row)

    def close_quarantine(self, source: str, *, resolution: str, now: datetime) -> bool:
        """End the open quarantine of a source: "recovered", "accepted" or "dismissed"; False where there is none."""
        with self._database.write() as connection:
            closed = (
                sa.update(quarantines)
                .where(quarantines.c.source == source, quarantines.c.closed_at.is_(None))
                .values(closed_at=now, resolution=resolution)
            )
            return connection.execute(closed).rowcount > 0

    def open_quarantine(self, source: str) -> Quarantine | None:
        """The quarantine that a source is in, or None."""
        query = sa.select(quarantines).where(quarantines.c.source == source, quarantines.c.closed_at.is_(None))
        return self._one(query)

    def last_dismissed(self, source: str) -> Quarantine | None:
        """The quarantine that an admin last called right, or None."""
        query = sa.select(quarantines).where(quarantines.c.source == source, quarantines.c.resolution == "dismissed")
        return self._one(query.order_by(quarantines.c.closed_at.desc(), quarantines.c.id.desc()).limit(1))

    def _one(self, query: sa.Select[Any]) -> Quarantine | None:
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return _quarantine(row) if row is not None else None


def _record(row: Row[Any]) -> ScrapeRecord:
    return ScrapeRecord(
        source=row.source,
        started_at=row.started_at,
        finished_at=row.finished_at,
        result=row.result,
        reason=row.reason,
        new=row.new,
        changed=row.changed,
        unchanged=row.unchanged,
        failed=row.failed,
        requests=row.requests,
        facts=row.facts,
    )


def _quarantine(row: Row[Any]) -> Quarantine:
    return Quarantine(
        id=row.id,
        source=row.source,
        opened_at=row.opened_at,
        last_seen_at=row.last_seen_at,
        times=row.times,
        reason=row.reason,
        evidence=row.evidence,
        closed_at=row.closed_at,
        resolution=row.resolution,
    )
