"""One source as the store knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Row

from feedsvc.model import Source
from feedsvc.model.codec import decode


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """One source with everything that the store knows of it."""

    #: As in force: declared, with the overrides applied.
    source: Source
    #: As the configuration has it; None for one that it does not hold.
    declared: Source | None
    #: The part that an admin changed: names of Source's fields and their values as JSON.
    overrides: Mapping[str, Any] = field(default_factory=dict)
    #: Whether the clock scrapes it: as in force, and false once the configuration dropped it.
    is_enabled: bool = True
    #: "new" | "well" | "failing" | "suspect" | "broken"
    state: str = "new"
    #: Why, in one sentence for an admin.
    reason: str = ""
    #: Failed scrapes in a row.
    failures: int = 0
    added_at: datetime
    scraped_at: datetime | None = None
    succeeded_at: datetime | None = None
    #: When the first scrape had followed everything; None while it still goes on.
    settled_at: datetime | None = None
    due_at: datetime | None = None
    due_why: str = ""
    #: The site asked not to be visited before (Retry-After, freshness).
    not_before: datetime | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    #: What scrapes remember for the next one.
    memory: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The source's key."""
        return self.source.key


def state_of(row: Row[Any]) -> SourceState:
    """The source of a row."""
    return SourceState(
        source=decode(Source, row.in_force),
        declared=decode(Source, row.declared) if row.declared is not None else None,
        overrides=row.overrides,
        is_enabled=row.is_enabled,
        state=row.state,
        reason=row.reason,
        failures=row.failures,
        added_at=row.added_at,
        scraped_at=row.scraped_at,
        succeeded_at=row.succeeded_at,
        settled_at=row.settled_at,
        due_at=row.due_at,
        due_why=row.due_why,
        not_before=row.not_before,
        claimed_by=row.claimed_by,
        claimed_until=row.claimed_until,
        memory=row.memory,
    )
