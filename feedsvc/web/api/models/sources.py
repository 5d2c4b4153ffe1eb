"""Sources as documents: the keys of a source file, how a source stands, what its scrapes came to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from feedsvc.config.writing import rules_values, source_values
from feedsvc.model import Rules, Source
from feedsvc.service.source_document import differing
from feedsvc.store import Condition, Order, Quarantine, ScrapeRecord, SourceState
from feedsvc.web.api.models.common import Key, Line, Paged
from feedsvc.web.api.operation import Document


class ReleaseRulesDocument(Document):
    """CSS selectors for a release page; what is left out is found automatically."""

    title: Line | None = None
    subtitle: Line | None = None
    body: Line | None = None
    published: Line | None = None
    updated: Line | None = None
    author: Line | None = None
    publisher: Line | None = None
    category: Line | None = None
    image: Line | None = None
    remove: list[Line] | None = Field(default=None, max_length=100)


class RulesDocument(Document):
    """CSS selectors for a listing page; what is left out is found automatically."""

    item: Line | None = None
    link: Line | None = None
    title: Line | None = None
    published: Line | None = None
    summary: Line | None = None
    image: Line | None = None
    next: Line | None = None
    release: ReleaseRulesDocument | None = None


class ReleaseRulesValues(BaseModel):
    """CSS selectors for a release page, as they are kept."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = None
    subtitle: str | None = None
    body: str | None = None
    published: str | None = None
    updated: str | None = None
    author: str | None = None
    publisher: str | None = None
    category: str | None = None
    image: str | None = None
    remove: list[str] | None = None


class RulesValues(BaseModel):
    """CSS selectors for a listing page, as they are kept: a file may write them in several lines."""

    model_config = ConfigDict(extra="forbid")

    item: str | None = None
    link: str | None = None
    title: str | None = None
    published: str | None = None
    summary: str | None = None
    image: str | None = None
    next: str | None = None
    release: ReleaseRulesValues | None = None

    @classmethod
    def of(cls, rules: Rules) -> RulesValues:
        """Rules as they are in force."""
        return cls.model_validate(rules_values(rules))


class SourcePatch(Document):
    """A part of a source file; null takes a value back. One of every, cron and budget replaces the others."""

    url: Line | list[Line] | None = Field(default=None, description="The listing page, or a list of them")
    title: Line | None = None
    category: Line | None = Field(default=None, description="A path in the tree, as company/releases")
    language: Line | None = None
    time_zone: Line | None = Field(default=None, description="IANA name, as Asia/Shanghai")
    publisher: Line | None = None
    every: Line | None = Field(default=None, description='"30m"')
    cron: Line | None = Field(default=None, description='"*/20 8-18 * * mon-fri"')
    budget: Line | None = Field(default=None, description='"48/day"')
    active: Line | None = Field(default=None, description='"06:00-23:00"')
    jitter: Line | None = Field(default=None, description='"2m"')
    enabled: bool | None = None
    kind: Line | None = Field(default=None, description="auto, html, feed, sitemap, json or wordpress")
    content: Line | None = Field(default=None, description="full, summary or link")
    rules: RulesDocument | None = None

    def values(self) -> dict[str, Any]:
        """What was really written."""
        return self.model_dump(exclude_unset=True, exclude={"key"})


class NewSource(SourcePatch):
    """A source file with its name."""

    key: Annotated[Line, Field(description="What the source is called in addresses and commands")]
    url: Line | list[Line] = Field(description="The listing page, or a list of them")


class SourceValues(BaseModel):
    """The keys and values of a source file."""

    model_config = ConfigDict(extra="forbid")

    url: str | list[str]
    title: str
    category: str | None = None
    language: str | None = None
    time_zone: str
    publisher: str | None = None
    every: str | None = None
    cron: str | None = None
    budget: str | None = None
    active: str | None = None
    jitter: str | None = None
    enabled: bool
    kind: str = "auto"
    content: str = "full"
    rules: RulesValues = RulesValues()

    @classmethod
    def of(cls, source: Source) -> SourceValues:
        """A source as its file would write it."""
        return cls.model_validate(source_values(source))


class SourceDocument(BaseModel):
    """What is declared of a source, what was tuned, and what is in force."""

    model_config = ConfigDict(extra="forbid")

    key: str
    in_force: SourceValues
    declared: SourceValues | None = Field(description="null for a source that no file declares")
    overrides: list[str] = Field(description="Dotted keys whose values are others than declared")
    paused_until: datetime | None

    @classmethod
    def of(cls, state: SourceState) -> SourceDocument:
        """The source as the store has it."""
        return cls(
            key=state.key,
            in_force=SourceValues.of(state.source),
            declared=SourceValues.of(state.declared) if state.declared else None,
            overrides=list(differing(state.declared, state.source)) if state.declared else [],
            paused_until=state.source.cadence.paused_until,
        )


class SourceStanding(BaseModel):
    """How a source is, when it was scraped and when it will be."""

    model_config = ConfigDict(extra="forbid")

    key: str
    title: str
    category: str | None
    condition: Condition
    reason: str
    enabled: bool
    failures: int = Field(description="Failed scrapes in a row")
    added_at: datetime
    scraped_at: datetime | None
    succeeded_at: datetime | None
    due_at: datetime | None
    due_why: str
    not_before: datetime | None = Field(description="The site asked not to be visited before")
    is_running: bool
    is_overridden: bool

    @classmethod
    def of(cls, state: SourceState, condition: Condition, *, now: datetime) -> SourceStanding:
        """The source as it stands now."""
        return cls(
            key=state.key,
            title=state.source.title,
            category=state.source.category,
            condition=condition,
            reason=state.reason,
            enabled=state.is_enabled,
            failures=state.failures,
            added_at=state.added_at,
            scraped_at=state.scraped_at,
            succeeded_at=state.succeeded_at,
            due_at=state.due_at if state.is_enabled else None,
            due_why=state.due_why,
            not_before=state.not_before,
            is_running=state.claimed_until is not None and state.claimed_until > now,
            is_overridden=bool(state.overrides),
        )


class SourceQuery(Paged):
    """Which sources, and in which order."""

    condition: Condition | None = Field(default=None, description="Only sources in this condition")
    category: Line | None = Field(default=None, description="Only sources of this category and those below")
    words: Line | None = Field(default=None, description="All of them occur in key, title or address")
    sort: Order = Field(default=Order.ATTENTION, description="What comes first")


class Action(StrEnum):
    """What can be done to many sources at once."""

    RUN = "run"
    PAUSE = "pause"
    RESUME = "resume"
    CATEGORY = "category"
    SCHEDULE = "schedule"


class SourceAction(Document):
    """One action for many sources."""

    keys: Annotated[list[Key], Field(min_length=1, max_length=500)]
    action: Action
    until: AwareDatetime | None = Field(default=None, description="Of a pause: its end; null until resumed")
    category: Line | None = Field(default=None, description="Of category: the path; null for the page's breadcrumb")
    every: Line | None = Field(default=None, description="Of schedule: one of every, cron, budget")
    cron: Line | None = None
    budget: Line | None = None


class Pause(Document):
    """How long."""

    until: AwareDatetime | None = Field(default=None, description="null: until it is resumed")


class Reset(Document):
    """What goes back to what is declared."""

    names: list[Line] | None = Field(default=None, max_length=100, description="Keys of the file; null for all")


class ScrapeDocument(BaseModel):
    """What one scrape came to."""

    model_config = ConfigDict(extra="forbid")

    source: str
    started_at: datetime
    finished_at: datetime
    result: str = Field(description='"well", "unchanged", "cut", "failed", "quarantined" or "abandoned"')
    reason: str
    new: int
    changed: int
    unchanged: int
    failed: int
    requests: int

    @classmethod
    def of(cls, record: ScrapeRecord) -> ScrapeDocument:
        """The scrape as history keeps it."""
        return cls(**{name: getattr(record, name) for name in cls.model_fields})


class SnapshotDocument(BaseModel):
    """A kept page."""

    model_config = ConfigDict(extra="forbid")

    number: int
    kind: str = Field(description='"listing", "release" or "further"')
    url: str
    fetched_at: datetime
    size: int = Field(description="Bytes on disk, about")


class QuarantineDocument(BaseModel):
    """Scrapes in a row that looked wrong, with the evidence."""

    model_config = ConfigDict(extra="forbid")

    source: str
    opened_at: datetime
    last_seen_at: datetime
    times: int
    reason: str
    evidence: dict[str, Any]

    @classmethod
    def of(cls, found: Quarantine) -> QuarantineDocument:
        """As the store keeps it."""
        return cls(**{name: getattr(found, name) for name in cls.model_fields})
