"""The settings of ``config/feedsvc.toml``: one model a table, every key optional, every default here alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator

from feedsvc.config.cron import check_cron
from feedsvc.config.fault import wrong
from feedsvc.config.listening import default_base_url
from feedsvc.config.values import (
    Budget,
    Duration,
    Every,
    Size,
    check_base_url,
    check_language,
    check_target,
    check_web_url,
    check_zone,
    parse_duration,
    split_list,
)

Content = Literal["full", "summary", "link"]
Cron = Annotated[str, AfterValidator(check_cron)]
Zone = Annotated[str, AfterValidator(check_zone)]
Language = Annotated[str, AfterValidator(check_language)]
MailAddress = Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$", max_length=254)]
#: Characters of a key that stands in an address.
_KEY_LEAST = 16
WebUrl = Annotated[str, AfterValidator(check_web_url)]

_AGENT = "feedsvc"


class Table(BaseModel):
    """A TOML table: unknown keys are faults, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=2000)


class Server(Table):
    """Where the service listens, and under which address readers reach it."""

    host: str = Field(
        default="127.0.0.1", min_length=1, description="The address to listen on; 0.0.0.0 for every interface"
    )
    port: int = Field(default=8080, ge=0, le=65535, description="The port to listen on")
    base_url: Annotated[str, AfterValidator(check_base_url)] = Field(
        default_factory=default_base_url,
        description="The address in every feed; may have a path: https://example.org/news/; "
        "by default where the server listens",
    )
    workers: int = Field(default=1, ge=1, le=64, description="Processes that serve the web side")
    trusted_proxies: Annotated[tuple[str, ...], BeforeValidator(split_list)] = Field(
        default=(), description="Addresses of proxies whose X-Forwarded-For is believed"
    )


class Fetch(Table):
    """How pages are fetched: who we are, how politely, and within which limits."""

    user_agent: str = Field(
        default=_AGENT,
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e][\x20-\x7e]*$",
        description="The product name that websites see",
    )
    contact: str = Field(
        default="",
        max_length=200,
        pattern=r"^[\x20-\x7e]*$",
        description="URL or e-mail address of the person who runs this service; sent with the name",
    )
    host_interval: Duration = Field(default=timedelta(seconds=1), description="Between two requests to one host:port")
    host_concurrency: int = Field(default=2, ge=1, le=16, description="Connections to one host:port at a time")
    allow_targets: Annotated[tuple[Annotated[str, AfterValidator(check_target)], ...], BeforeValidator(split_list)] = (
        Field(default=(), description="Private host:port pairs that may be fetched, exactly those")
    )
    timeout: Duration = Field(default=timedelta(seconds=30), description="The whole of one fetch, redirects included")
    max_body: Size = Field(default=10 * 1024 * 1024, description="The largest page, after decompression")
    daily_requests: int = Field(
        default=0, ge=0, description="Requests in 24 hours that no schedule can exceed; 0 for no limit"
    )
    daily_host_requests: int = Field(default=0, ge=0, description="The same for each host:port")


class Scrape(Table):
    """How far one scrape goes."""

    max_pages: int = Field(default=20, ge=1, le=1000, description="Listing pages a scrape")
    max_details: int = Field(default=200, ge=0, le=10_000, description="Release pages a scrape")
    flood: int = Field(
        default=25, ge=1, le=100_000, description="New entries a scrape, after the first, that need no explanation"
    )
    since: date | None = Field(
        default=None, description="How far back: releases that print an earlier day than this are not taken"
    )
    recheck: tuple[Duration, ...] = Field(
        default=(timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=7)),
        description="When a release page is looked at again, counted from when it was first seen",
    )
    parallel: int = Field(default=8, ge=1, le=64, description="Sources scraped at the same time")
    adopt_repairs: bool = Field(
        default=False,
        description="Put proposed rules in force where they read what is known on present and kept pages",
    )

    @field_validator("recheck", mode="before")
    @classmethod
    def _ascending(cls, written: object) -> object:
        times = split_list(written)
        if isinstance(times, list):
            read = [parse_duration(time) for time in times]
            if read != sorted(set(read)):
                raise wrong("is not in ascending order", 'write ["1h", "6h", "24h", "7d"], or [] for never')
        return times


class Defaults(Table):
    """What holds for every source that says nothing else."""

    every: Every | None = Field(default=None, description="A fixed interval between two scrapes")
    cron: Cron | None = Field(default=None, description="A crontab line: minute hour day month weekday")
    budget: Budget | None = Field(
        default=None, description="So many scrapes a day or week, placed where they find most"
    )
    time_zone: Zone = Field(default="UTC", description="Where printed times without a zone belong")
    language: Language | None = Field(default=None, description="The language of pages that name none")
    content: Content = Field(default="full", description="How much of a release goes into feeds")


class Keep(Table):
    """How long things are kept."""

    entries: Literal["forever"] | Duration = Field(
        default="forever", description="Entries, from when they were published"
    )
    snapshots_per_page: int = Field(default=3, ge=0, le=100, description="Copies kept of each page")
    snapshots_total: Size = Field(default=500 * 1024 * 1024, description="All copies of pages together, compressed")
    history: Duration = Field(default=timedelta(days=90), description="The record of past scrapes")


class Feeds(Table):
    """What feeds say of themselves, and how many entries they hold."""

    title: str = Field(
        default="feedsvc",
        min_length=1,
        max_length=200,
        description="The service's title: that of the feed of everything, and the author of last resort",
    )
    window_min: int = Field(default=20, ge=1, le=1000, description="Entries that a feed holds at least")
    window_max: int = Field(default=100, ge=1, le=1000, description="Entries that a feed holds at most")
    window_days: int = Field(default=7, ge=0, le=3650, description="Between the two, entries as young as this stay")
    hub: Annotated[tuple[WebUrl, ...], BeforeValidator(split_list)] = Field(
        default=(), description="WebSub hubs elsewhere that feeds name in place of our own"
    )
    deltas: Annotated[tuple[str, ...], BeforeValidator(split_list)] = Field(
        default=(),
        description='Feeds that answer `A-IM: feed` with what is new alone: "all", a category\'s path, "source:KEY"',
    )
    author: str | None = Field(
        default=None, max_length=200, description="The author of feeds and of entries without one; default: the title"
    )
    rights: str | None = Field(default=None, max_length=2000, description="A line about copyright for every feed")
    image: WebUrl | None = Field(default=None, description="A picture for every feed")
    people_to_pages: bool = Field(
        default=True, description="Send a browser that opens a feed's address to the feed's page; ?raw=1 never does"
    )

    @field_validator("window_max")
    @classmethod
    def _holds_the_minimum(cls, most: int, info: object) -> int:
        least = getattr(info, "data", {}).get("window_min", 0)
        if most < least:
            raise wrong(f"is less than window_min ({least})", f"write at least {least}")
        return most


class Hub(Table):
    """Our own WebSub hub at /hub: tells subscribers at once what changed."""

    enabled: bool = Field(default=True, description="Feeds name our own hub, unless feeds.hub names others")
    per_topic: int = Field(default=1000, ge=1, le=1_000_000, description="Subscriptions to one feed in one format")
    per_host: int = Field(default=20, ge=1, le=1_000_000, description="Subscriptions with callbacks at one host:port")
    pending: int = Field(default=5, ge=1, le=10_000, description="Unverified requests a minute from one address")


class Alerts(Table):
    """Who is told when a source is suspect, broken, silent beyond its rhythm, or slow."""

    mail_to: Annotated[tuple[MailAddress, ...], BeforeValidator(split_list)] = Field(
        default=(), description="Addresses that get a mail when a trouble begins and when it ends"
    )
    mail_from: MailAddress | None = Field(default=None, description="The sender; default: the first of mail_to")
    smtp: str = Field(default="", pattern=r"^(\S+:\d{1,5})?$", description="The mail server, as mail.example.org:587")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="tls for port 465; none for a server on this machine"
    )
    smtp_user: str = Field(default="", description="Who signs in to the mail server; empty for nobody")
    smtp_password: SecretStr = Field(
        default=SecretStr(""), description="Better in the environment: FEEDSVC_ALERTS_SMTP_PASSWORD"
    )
    webhook: WebUrl | None = Field(default=None, description="An address that alerts are posted to as JSON")
    status_key: SecretStr = Field(
        default=SecretStr(""), description="Opens /feeds/_status.atom?key=...; empty: there is no such feed"
    )
    slow: Duration = Field(default=timedelta(minutes=2), description="A scrape that takes longer is slow")

    @field_validator("status_key")
    @classmethod
    def _is_long(cls, key: SecretStr) -> SecretStr:
        if 0 < len(key.get_secret_value()) < _KEY_LEAST:
            raise wrong("is too short for a key", f"write at least {_KEY_LEAST} characters that nobody can guess")
        return key


class Database(Table):
    """Where entries are kept."""

    url: str | None = Field(
        default=None,
        description="SQLAlchemy URL: postgresql+psycopg://user@host/name; default: SQLite in the data folder",
    )

    @field_validator("url")
    @classmethod
    def _known_kind(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise wrong(
                "is not a database URL", 'write "sqlite:////path/file.sqlite3" or "postgresql+psycopg://user@host/name"'
            )
        return url


class Settings(Table):
    """All of ``config/feedsvc.toml``."""

    server: Server = Server()
    fetch: Fetch = Fetch()
    scrape: Scrape = Scrape()
    defaults: Defaults = Defaults()
    keep: Keep = Keep()
    feeds: Feeds = Feeds()
    hub: Hub = Hub()
    alerts: Alerts = Alerts()
    database: Database = Database()
