"""Schedules as documents: when a source is scraped next and why, and what it costs its hosts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from feedsvc.web.api.models.common import Line
from feedsvc.web.api.operation import Document

if TYPE_CHECKING:
    from feedsvc.service.planning import Schedule


class Ahead(Document):
    """How far ahead."""

    hours: int = Field(default=24, ge=1, le=168, description="So many hours are shown")


class Trial(Document):
    """A cadence to be looked at: one of every, cron and budget, and what narrows it."""

    every: Line | None = None
    cron: Line | None = None
    budget: Line | None = None
    active: Line | None = None
    jitter: Line | None = None


class DueDocument(BaseModel):
    """One scrape that is planned."""

    model_config = ConfigDict(extra="forbid")

    at: datetime
    why: str


class LagDocument(BaseModel):
    """How long a release is expected to wait for its scrape."""

    model_config = ConfigDict(extra="forbid")

    budget: str = Field(description='"half", "same" or "double" what is planned')
    scrapes_a_week: float
    placed_seconds: float | None = Field(description="On average; null where no rhythm is known")
    evenly_seconds: float = Field(description="The same number of scrapes at a fixed interval")


class LoadDocument(BaseModel):
    """What all sources together ask of a host."""

    model_config = ConfigDict(extra="forbid")

    host: str
    sources: int
    scrapes_a_day: float
    requests_a_day: float
    most_a_day: float


class ScheduleDocument(BaseModel):
    """The plan of a source."""

    model_config = ConfigDict(extra="forbid")

    key: str
    cadence: str = Field(description='"every", "cron" or "budget"')
    cadence_from: str = Field(description='Who chose it, as "category company/releases"; empty: the source itself')
    time_zone: str
    enabled: bool
    due_at: datetime | None
    due_why: str
    scrapes: list[DueDocument] = Field(description="If nothing new is found meanwhile")
    is_cut: bool = Field(description="There are more than are shown")
    scrapes_a_week: float
    learned_from: int | None = Field(description="Releases from which the rhythm is known; null without a budget")
    lags: list[LagDocument]
    hosts: list[LoadDocument]

    @classmethod
    def of(cls, found: Schedule) -> ScheduleDocument:
        """A schedule as it was worked out."""
        return cls(
            key=found.key,
            cadence=found.cadence,
            cadence_from=found.cadence_from,
            time_zone=found.zone,
            enabled=found.is_enabled,
            due_at=found.due_at,
            due_why=found.due_why,
            scrapes=[DueDocument(at=due.at, why=due.why) for due in found.scrapes],
            is_cut=found.is_cut,
            scrapes_a_week=found.scrapes_a_week,
            learned_from=found.learned_from,
            lags=[
                LagDocument(
                    budget=lag.budget,
                    scrapes_a_week=lag.scrapes_a_week,
                    placed_seconds=lag.placed.total_seconds() if lag.placed is not None else None,
                    evenly_seconds=lag.evenly.total_seconds(),
                )
                for lag in found.lags
            ],
            hosts=[
                LoadDocument(**{name: getattr(one, name) for name in LoadDocument.model_fields}) for one in found.hosts
            ],
        )
