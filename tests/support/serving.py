"""A feed service over a real store, with a configuration of a few lines, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from feedsvc.config import Config, Settings
from feedsvc.model import Category, Entry, Source
from feedsvc.service.desk import Desk
from feedsvc.service.feeds import FeedService
from feedsvc.service.hub import Hub
from feedsvc.service.readership import Readership
from feedsvc.store import Store
from tests.support.stores import ACME, NOON, record, release

CATEGORIES = (
    Category(path="company", title="Company"),
    Category(path="company/releases", title="Releases", description="What the company releases", language="en"),
    Category(path="company/empty", title="Nothing yet"),
    Category(path="进博", title="进博"),
)


@dataclass
class Serving:
    """What the web side needs, and the strings to pull in tests."""

    store: Store
    config: Config
    now: datetime

    def __post_init__(self) -> None:
        self.feeds = FeedService(self.store, lambda: self.config, clock=lambda: self.now)
        self.desk = Desk(self.store, lambda: self.config, clock=lambda: self.now)
        self.readership = Readership(self.store, clock=lambda: self.now)
        self.hub = Hub(self.store, self.feeds, lambda: self.config, clock=lambda: self.now)

    def configure(self, **settings: Mapping[str, Any]) -> None:
        """Change tables of feedsvc.toml: ``configure(server={"base_url": ...})``."""
        self.config = replace(self.config, settings=Settings.model_validate(settings))

    def publish(self, *entries: Entry, after: timedelta = timedelta(hours=1)) -> list[str]:
        """A scrape that found these, ``after`` the last; the ids."""
        self.now += after
        found = [record(self.store, entry, now=self.now, position=at).uuid for at, entry in enumerate(entries)]
        self.store.feeds.close_archives()
        self.feeds.poll()
        return found


def serving(
    folder: Path, *, sources: tuple[Source, ...] = (ACME,), entries: int = 3, database: str | None = None
) -> Serving:
    """A service over a new store in ``folder``, or in an empty ``database``, with a few releases of one source."""
    store = Store.open(database or f"sqlite:///{folder / 'test.sqlite3'}", clock=lambda: NOON)
    config = Config(
        directory=folder,
        data=folder,
        settings=Settings.model_validate(
            {"server": {"base_url": "https://feeds.example"}, "feeds": {"title": "Example feeds"}}
        ),
        categories=CATEGORIES,
        sources=sources,
    )
    store.categories_kept.declare(CATEGORIES)
    store.sources.sync(sources, now=NOON)
    service = Serving(store=store, config=config, now=NOON.astimezone(UTC))
    service.publish(*[release(number) for number in range(1, entries + 1)])
    return service
