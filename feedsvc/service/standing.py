"""How the service stands: settings with their origin, hosts and their turns, health, the last failures."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from feedsvc import __version__
from feedsvc.config import Config, Settings
from feedsvc.config.environment import setting_keys
from feedsvc.config.origins import Origin
from feedsvc.config.values import write_budget, write_duration, write_size
from feedsvc.errors import StoreError
from feedsvc.store import Condition, Store
from feedsvc.store.burden import Burden
from feedsvc.store.migrate import HEAD
from feedsvc.store.owner import in_words

#: What stands in the place of a secret.
MASK = "********"
#: Keys that count bytes.
_SIZES = frozenset({"fetch.max_body", "keep.snapshots_total"})
#: Settled when the process starts.
_RESTART = frozenset({"server.host", "server.port", "server.workers", "database.url"})
#: Without any scrape for so long while sources are due, something is wrong.
_LATE = timedelta(minutes=30)
#: With fewer bytes free a database can hardly write; and faults of a configuration that are named at most.
_DISK_LEAST, _FAULTS_MOST = 8 * 2**20, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One key of feedsvc.toml as it is in force."""

    key: str
    #: As a file would write it; secrets are masked.
    value: str
    default: str
    origin: Origin
    description: str
    needs_restart: bool
    is_secret: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HostStanding:
    """What enabled sources ask of one host, and how it answers."""

    host: str
    sources: tuple[str, ...]
    scrapes_a_day: float
    requests_a_day: float
    #: The most that the interval between two requests lets through.
    most_a_day: float
    #: Seconds between two requests, by the settings; a site's own crawl-delay may lengthen it.
    interval: float
    next_due_at: datetime | None
    last_scraped_at: datetime | None
    #: Sources of it that fail.
    failing: int
    #: The host asked to be left alone until then.
    not_before: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The service at a glance."""

    #: "ok" | "degraded"
    status: str
    #: Why it is degraded, a sentence with a remedy each.
    reasons: tuple[str, ...]
    version: str
    #: The database, without its password, its schema, and its size in bytes where it is a file.
    database: str
    schema: str
    size: int | None
    #: Which process scrapes by the clock, in words; "" for none.
    clock: str
    conditions: Mapping[Condition, int]
    last_scrape_at: datetime | None
    entries: int
    feeds: int
    #: Sources that wait as their hosts, or the budgets of requests, allow no request now; until when the first does.
    put_off: int = 0
    put_off_until: datetime | None = None

    @property
    def unwell(self) -> int:
        """Sources that cannot be read, or whose pages look wrong."""
        return sum(self.conditions.get(one, 0) for one in (Condition.SUSPECT, Condition.FAILING, Condition.BROKEN))


def settings_of(config: Config) -> Iterator[Setting]:
    """Every setting, in the order of the file."""
    defaults = Settings()
    for table, name in setting_keys():
        key = f"{table}.{name}"
        model = type(getattr(config.settings, table))
        value = getattr(getattr(config.settings, table), name)
        yield Setting(
            key=key,
            value=_written(key, value),
            # What nobody set is its default, also where that follows from other keys.
            default=_written(key, getattr(getattr(defaults, table), name) if key in config.origins else value),
            origin=config.origins.get(key, Origin()),
            description=model.model_fields[name].description or "",
            needs_restart=key in _RESTART,
            is_secret=isinstance(value, SecretStr),
        )


def hosts_of(
    burdens: tuple[Burden, ...], loads: Mapping[str, tuple[float, float]], settings: Settings, *, now: datetime
) -> tuple[HostStanding, ...]:
    """Every host of enabled sources, the busiest first; ``loads``: key -> (scrapes a day, requests a day)."""
    interval = settings.fetch.host_interval.total_seconds()
    by_host: dict[str, list[Burden]] = defaultdict(list)
    for burden in burdens:
        for host in dict.fromkeys(urlsplit(url).netloc.casefold() for url in burden.urls):
            by_host[host].append(burden)
    found = [
        HostStanding(
            host=host,
            sources=tuple(one.key for one in here),
            scrapes_a_day=sum(loads[one.key][0] for one in here),
            requests_a_day=sum(loads[one.key][1] for one in here),
            most_a_day=most_a_day(settings),
            interval=interval,
            next_due_at=min((one.due_at for one in here if one.due_at), default=None),
            last_scraped_at=max((one.scraped_at for one in here if one.scraped_at), default=None),
            failing=sum(one.failures > 0 for one in here),
            not_before=max((one.not_before for one in here if one.not_before and one.not_before > now), default=None),
        )
        for host, here in by_host.items()
    ]
    return tuple(sorted(found, key=lambda standing: (-standing.requests_a_day, standing.host)))


def most_a_day(settings: Settings) -> float:
    """The most requests that one host may get in a day."""
    fetch = settings.fetch
    budgets = [float(budget) for budget in (fetch.daily_requests, fetch.daily_host_requests) if budget]
    return min([86_400 / max(fetch.host_interval.total_seconds(), 0.001), *budgets])


def health_of(store: Store, *, now: datetime, faults: Sequence[str] = ()) -> Health:
    """How things stand. A store that cannot be read gives a degraded health, and no error.

    ``faults`` are those of configuration files that so are not in force.
    """
    disk = disk_troubles(store)
    before = [*disk, *map(_not_in_force, faults[:_FAULTS_MOST])]
    try:
        conditions = store.overview.conditions(now=now)
        last = next(iter(store.scrapes.history(limit=1)), None)
        entries = store.entries.count()
        late = store.sources.due(now=now - _LATE, limit=1)
        lease = store.leases.holder("clock")
        feeds = sum(state.gone_at is None for state in store.feeds.states())
        put_off, put_off_until = store.sources.put_off(now=now)
    except StoreError as error:
        return _unreadable(store, error, before)
    clock = in_words(lease.owner) if lease is not None else ""
    reasons = before
    if not clock and not disk:  # on a full disk nobody can renew the lease
        reasons.append("nothing scrapes by the clock: start `feedsvc up` or `feedsvc clock`")
    elif late:
        reasons.append(f"{late[0]} is overdue by more than {write_duration(_LATE)}: see what keeps the clock busy")
    return Health(
        status="degraded" if reasons else "ok",
        reasons=tuple(reasons),
        version=__version__,
        database=store.database.name,
        schema=HEAD,
        size=_size(store),
        clock=clock,
        conditions=conditions,
        last_scrape_at=last.finished_at if last is not None else None,
        entries=entries,
        feeds=feeds,
        put_off=put_off,
        put_off_until=put_off_until,
    )


def _not_in_force(fault: str) -> str:
    return f"the configuration was changed and is not in force: {fault}"


def disk_troubles(store: Store) -> tuple[str, ...]:
    """Why nothing can be written into the database's file; nothing for a server."""
    path = store.database.path
    return tuple(_disk_troubles(path)) if path is not None and path.exists() else ()


def _disk_troubles(path: Path) -> Iterator[str]:
    free = shutil.disk_usage(path.parent).free
    if free < _DISK_LEAST:
        yield (
            f"the disk of {path} is full ({free // 1024} KiB are free): feeds are served as they are; free some space, "
            "and scraping goes on by itself"
        )
    elif not os.access(path, os.W_OK):
        yield f"{path} cannot be written: feeds are served as they are; let feedsvc write there, and scraping goes on"


def _unreadable(store: Store, error: StoreError, before: Sequence[str]) -> Health:
    return Health(
        status="degraded",
        reasons=(
            *before,
            f"the store cannot be read: {error.message}" + (f": {error.remedy}" if error.remedy else ""),
        ),
        version=__version__,
        database=store.database.name,
        schema=HEAD,
        size=_size(store),
        clock="",
        conditions={},
        last_scrape_at=None,
        entries=0,
        feeds=0,
    )


def _size(store: Store) -> int | None:
    path = store.database.path
    if path is None:
        return None
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def _written(key: str, value: Any) -> str:
    """A setting as a file would write it."""
    if isinstance(value, SecretStr):
        return MASK if value.get_secret_value() else ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        return write_duration(value)
    if key == "defaults.budget":
        return write_budget(value)
    if key in _SIZES:
        return write_size(value)
    if isinstance(value, tuple):
        return ", ".join(_written("", one) for one in value)
    return _unspoken(str(value))


def _unspoken(text: str) -> str:
    """An address without the password in it."""
    parts = urlsplit(text) if "://" in text else None
    if parts is None or parts.password is None:
        return text
    return text.replace(f":{parts.password}@", f":{MASK}@")
