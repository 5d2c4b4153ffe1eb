"""How the service stands, as documents: settings, hosts, health, alerts; tokens; who reads."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from feedsvc.service.standing import Health, HostStanding, Setting
from feedsvc.store import Condition, Token
from feedsvc.store.subscriptions import Subscription
from feedsvc.web.api.models.common import Line, Paged
from feedsvc.web.api.operation import Document


class SettingDocument(BaseModel):
    """A key of feedsvc.toml as it is in force."""

    model_config = ConfigDict(extra="forbid")

    key: str
    value: str = Field(description="As a file writes it; secrets are masked")
    default: str
    origin: str = Field(description='"default", "file", "environment" or "option"')
    where: str = Field(description='"feedsvc.toml, line 12", "FEEDSVC_PORT", "--port" or ""')
    description: str
    needs_restart: bool
    is_secret: bool

    @classmethod
    def of(cls, setting: Setting) -> SettingDocument:
        """The setting."""
        names = ("key", "value", "default", "description", "needs_restart", "is_secret")
        plain = {name: getattr(setting, name) for name in names}
        return cls(**plain, origin=setting.origin.kind, where=setting.origin.where)


class HostDocument(BaseModel):
    """What sources ask of a host."""

    model_config = ConfigDict(extra="forbid")

    host: str
    sources: list[str]
    scrapes_a_day: float
    requests_a_day: float
    most_a_day: float
    interval_seconds: float
    next_due_at: datetime | None
    last_scraped_at: datetime | None
    failing: int
    not_before: datetime | None = Field(description="The host asked to be left alone until then")

    @classmethod
    def of(cls, host: HostStanding) -> HostDocument:
        """The host."""
        plain = {name: getattr(host, name) for name in cls.model_fields if name not in ("sources", "interval_seconds")}
        return cls(**plain, sources=list(host.sources), interval_seconds=host.interval)


class HealthDocument(BaseModel):
    """The service at a glance."""

    model_config = ConfigDict(extra="forbid")

    status: str = Field(description='"ok" or "degraded"')
    reasons: list[str]
    version: str
    database: str
    database_schema: str
    database_size: int | None
    clock: str = Field(description='Which process scrapes by the clock; "" for none')
    conditions: dict[Condition, int]
    last_scrape_at: datetime | None
    entries: int
    feeds: int
    put_off: int = Field(description="Sources that wait, as their hosts or the budgets allow no request now")
    put_off_until: datetime | None

    @classmethod
    def of(cls, health: Health) -> HealthDocument:
        """The health."""
        return cls(
            status=health.status,
            reasons=list(health.reasons),
            version=health.version,
            database=health.database,
            database_schema=health.schema,
            database_size=health.size,
            clock=health.clock,
            conditions=dict(health.conditions),
            last_scrape_at=health.last_scrape_at,
            entries=health.entries,
            feeds=health.feeds,
            put_off=health.put_off,
            put_off_until=health.put_off_until,
        )


class AlertDocument(BaseModel):
    """A trouble of a source."""

    model_config = ConfigDict(extra="forbid")

    source: str
    trouble: str = Field(description='"suspect", "broken", "silent" or "slow"')
    since: datetime
    ended_at: datetime | None
    reason: str
    text: str = Field(description="The whole message, with the remedy")


class AtMost(Document):
    """How many."""

    limit: int = Field(default=100, ge=1, le=500)


class TokenDocument(BaseModel):
    """What is known of a token; its secret is not."""

    model_config = ConfigDict(extra="forbid")

    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None

    @classmethod
    def of(cls, token: Token) -> TokenDocument:
        """The token."""
        plain = {name: getattr(token, name) for name in cls.model_fields if name != "scopes"}
        return cls(**plain, scopes=list(token.scopes))


class NewToken(Document):
    """A token to be made."""

    name: Line = Field(min_length=1, max_length=60)
    scopes: list[Line] = Field(min_length=1, max_length=10, description="read, write, admin")
    days: int | None = Field(default=None, ge=1, le=3660, description="It ends after so many days; null: never")


class MadeToken(BaseModel):
    """A token with its secret, this once."""

    model_config = ConfigDict(extra="forbid")

    token: TokenDocument
    secret: str = Field(description="Nobody can be shown it again")


class SubscriptionQuery(Paged):
    """Which subscriptions."""

    feed: Line | None = Field(default=None, description="A feed's path; left out: every feed")


class SubscriptionDocument(BaseModel):
    """A subscription at our hub; its secret is not shown."""

    model_config = ConfigDict(extra="forbid")

    number: int
    topic: str = Field(description="Address of the document below the base URL")
    callback: str
    expires_at: datetime
    attempts: int = Field(description="Deliveries in a row that failed")
    failing_since: datetime | None

    @classmethod
    def of(cls, found: Subscription) -> SubscriptionDocument:
        """The subscription."""
        return cls(
            number=found.number,
            topic=found.topic,
            callback=found.callback,
            expires_at=found.expires_at,
            attempts=found.attempts,
            failing_since=found.failing_since,
        )


class FeedDocument(BaseModel):
    """One feed that is published."""

    model_config = ConfigDict(extra="forbid")

    path: str
    kind: str = Field(description='"all", "category", "filter" or "source"')
    title: str
    entries: int | None = Field(description="That it shows; null for saved feeds, which choose when they are asked for")
    atom: str
    rss: str
    json_feed: str
