"""A schedule tells when a source will be read, why then, what another budget would change, and what hosts bear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.config import Config, load
from feedsvc.model import Cadence
from feedsvc.schedule.rhythms import Rhythms
from feedsvc.service.planning import Schedule, schedule_of
from feedsvc.store import ScrapeRecord, Store
from tests.support.stores import NOON, record, release, when

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEEK = 7 * 86_400


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


def with_cadence(store: Store, config: Config, cadence: Cadence, key: str = "log") -> Schedule:
    state = store.sources.get(key)
    assert state is not None
    trial = replace(state, source=replace(state.source, cadence=cadence))
    return schedule_of(trial, store, Rhythms(store), config, now=NOON)


@pytest.mark.parametrize(
    ("cadence", "a_week", "wait"),
    [
        (Cadence(every=2 * HOUR), 84, HOUR),
        (Cadence(cron="0 9 * * 1-5"), 5, timedelta(hours=(4 * 24**2 + 72**2) / 2 / 168)),
        (Cadence(cron="0 8,9 * * *"), 14, timedelta(hours=(1 + 23**2) / 2 / 24)),
        (Cadence(cron="0 0 1 1 *"), 7 / 365, timedelta(days=365 / 2)),
        (Cadence(every=2 * HOUR, active="08:00-18:00"), 35, timedelta(hours=(4 * 2**2 + 16**2) / 2 / 24)),
        (Cadence(every=10 * HOUR, active="mon 09:00-10:00"), 1, timedelta(days=3.5)),
        (Cadence(every=HOUR / 60, active="mon-fri 00:00-24:00"), 7200, timedelta(seconds=(2880 * 60) ** 2 / WEEK / 2)),
        (Cadence(cron="* * * * mon-fri"), 7200, timedelta(seconds=(2880 * 60) ** 2 / WEEK / 2)),
    ],
)
def test_the_expected_wait_is_that_of_the_scrapes_that_come(
    store: Store, config: Config, cadence: Cadence, a_week: float, wait: timedelta
) -> None:
    plan = with_cadence(store, config, cadence)
    same = plan.lags[1]
    assert plan.scrapes_a_week == pytest.approx(a_week, rel=0.01)
    assert same.placed is not None
    assert same.placed / wait == pytest.approx(1, rel=0.01)
    assert plan.hosts[0].scrapes_a_day == pytest.approx(a_week / 7 + 8, rel=0.01)


def test_what_comes_outside_active_hours_waits_for_them(store: Store, config: Config) -> None:
    free = with_cadence(store, config, Cadence(budget=(8, DAY)), "acme").lags[1]
    night = with_cadence(store, config, Cadence(budget=(8, DAY), active="20:00-22:00"), "acme").lags[1]
    assert free.placed is not None
    assert night.placed is not None
    assert free.placed < timedelta(hours=1.5)
    assert timedelta(hours=7) < night.placed < timedelta(hours=13), "what comes at ten waits until eight in the evening"
    assert timedelta(hours=9) < night.evenly < timedelta(hours=12)


def test_no_more_scrapes_are_promised_than_active_hours_have_room_for(store: Store, config: Config) -> None:
    plan = with_cadence(store, config, Cadence(budget=(48, DAY), active="mon 09:00-10:00"))
    assert plan.scrapes_a_week == 12


def test_a_trial_shows_the_load_of_the_trial(store: Store, config: Config) -> None:
    assert round(with_cadence(store, config, Cadence(every=timedelta(minutes=30))).hosts[0].scrapes_a_day) == 48 + 8


def test_the_most_that_a_host_bears_is_its_budget_where_there_is_one(store: Store, config: Config) -> None:
    fetch = config.settings.fetch.model_copy(update={"daily_requests": 500, "daily_host_requests": 90})
    tight = replace(config, settings=config.settings.model_copy(update={"fetch": fetch}))
    assert {host.most_a_day for host in shown(store, tight).hosts} == {90}


def test_the_load_is_that_of_usual_scrapes_not_of_the_first_that_read_everything(store: Store) -> None:
    for requests in (120, 2, 1, 3):
        store.scrapes.add(
            ScrapeRecord(source="acme", started_at=NOON, finished_at=NOON, result="well", requests=requests)
        )
    store.scrapes.add(ScrapeRecord(source="log", started_at=NOON, finished_at=NOON, result="well", requests=9))
    assert store.scrapes.mean_requests() == {"acme": 2.0, "log": 9.0}
