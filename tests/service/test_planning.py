"""A schedule tells when a source will be read, why then, what another budget would change, and what hosts bear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.config import Config, load
from feedsvc.schedule.rhythms import Rhythms
from feedsvc.service.planning import Schedule, schedule_of
from feedsvc.store import Store
from tests.support.stores import NOON, record, release, when

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    sources = tmp_path / "config" / "sources"
    sources.mkdir(parents=True)
    (sources / "acme.toml").write_text(
        'url = ["https://news.example/", "https://blog.example/"]\nbudget = "8/day"\ntime_zone = "Asia/Shanghai"\n'
    )
    (sources / "log.toml").write_text('url = "https://news.example/log/"\nevery = "2h"\n')
    return load(tmp_path / "config", {"HOME": str(tmp_path)})


@pytest.fixture
def store(tmp_path: Path, config: Config) -> Iterator[Store]:
    """Acme publishes at ten in the morning in Shanghai, once a day for four months, and was read just now."""
    opened = Store.open(f"sqlite:///{tmp_path / 'feedsvc.sqlite3'}", clock=lambda: NOON)
    opened.sources.sync(config.sources, now=NOON)
    acme = config.source("acme")
    assert acme is not None
    for number in range(120):
        at = (NOON - (120 - number) * DAY).replace(hour=2, minute=number % 7)
        record(opened, release(number, published=when(at)), source=acme, now=at + HOUR)
    opened.sources.claim("acme", "test:1:a")
    opened.sources.conclude("acme", "test:1:a", scraped_at=NOON, due_at=NOON + HOUR, due_why="every 1 hour")
    yield opened
    opened.close()


def shown(store: Store, config: Config, key: str = "acme") -> Schedule:
    state = store.sources.get(key)
    assert state is not None
    return schedule_of(state, store, Rhythms(store), config, now=NOON)


def test_the_next_day_is_planned_around_the_hour_of_releases_in_words(store: Store, config: Config) -> None:
    plan = shown(store, config)
    assert plan.learned_from == 120
    assert all(NOON <= due.at <= NOON + DAY for due in plan.scrapes)
    assert [due.at for due in plan.scrapes] == sorted({due.at for due in plan.scrapes})
    reasons = [due.why for due in plan.scrapes[1:]]
    assert any(re.search(r"1\d:\d\d, as \d+ % of this site's releases come between 10 and 11", why) for why in reasons)


def test_half_the_budget_means_waiting_longer_and_twice_the_budget_less(store: Store, config: Config) -> None:
    half, same, double = shown(store, config).lags
    assert [lag.scrapes_a_week for lag in (half, same, double)] == [28, 56, 112]
    assert half.placed is not None
    assert same.placed is not None
    assert double.placed is not None
    assert half.placed > same.placed > double.placed
    assert all(lag.placed is not None and lag.placed < lag.evenly for lag in (half, same, double))


def test_each_host_of_a_source_is_shown_with_what_all_sources_ask_of_it(store: Store, config: Config) -> None:
    news, blog = shown(store, config).hosts
    assert (news.host, news.sources, round(news.scrapes_a_day)) == ("news.example", 2, 20)
    assert (blog.host, blog.sources, round(blog.scrapes_a_day)) == ("blog.example", 1, 8)
    assert news.most_a_day == 86_400


def test_what_an_admin_decided_is_said_to_be_the_admins(store: Store, config: Config) -> None:
    told = replace(config, cadence_origins={"acme": "category company"})
    assert shown(store, told).cadence_from == "category company"
    state = store.sources.get("acme")
    assert state is not None
    decided = replace(state, overrides=frozenset({"cadence"}))
    plan = schedule_of(decided, store, Rhythms(store), told, now=NOON)
    assert plan.cadence_from == "an admin's decision"
