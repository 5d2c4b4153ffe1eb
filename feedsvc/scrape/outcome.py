"""What came of one scrape: a value, also where it failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Result(StrEnum):
    """How a scrape ended."""

    #: The listing was read and found sound.
    WELL = "well"
    #: The site says that nothing has changed (304).
    UNCHANGED = "unchanged"
    #: Time was up: what is stored stays, the rest is taken up at the next turn. No failure.
    CUT = "cut"
    #: No listing page could be read.
    FAILED = "failed"
    #: The listing looked wrong: nothing was changed.
    QUARANTINED = "quarantined"
    #: Another process scrapes this source.
    BUSY = "busy"

    @property
    def is_good(self) -> bool:
        """Whether the source works."""
        return self in (Result.WELL, Result.UNCHANGED, Result.CUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFailure:
    """One release page that could not be read."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapeOutcome:
    """One scrape of one source from end to end."""

    source: str
    result: Result
    started_at: datetime
    finished_at: datetime
    #: One sentence for people; "" where all went well.
    reason: str = ""
    #: Ids of entries that are new, and of those that a subscriber will see as updated.
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    failures: tuple[PageFailure, ...] = ()
    requests: int = 0
    #: Items that wait for the next turn.
    waiting: int = 0
    #: The site asked not to be visited before.
    not_before: datetime | None = None
    #: Until when HTTP freshness makes asking for the listing again pointless.
    fresh_until: datetime | None = None
    #: Where the listing has moved for good; an admin decides.
    moved_to: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    #: It failed for want of the store: no fault of the source, whose next turn comes soon.
    is_store_failing: bool = False

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTurn:
    """When a source is due again, as a planner says after a scrape."""

    due_at: datetime
    #: Why then, in words for admins.
    why: str
    #: What the planner wants to find in the source's memory next time, by name.
    memory: Mapping[str, Any] = field(default_factory=dict)
