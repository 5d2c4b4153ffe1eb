"""``schedule`` shows what the clock will do, and why."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feedsvc.config import load
from feedsvc.service.tuning import Tuning
from feedsvc.store import Store


@pytest.fixture
def configured(tmp_path: Path) -> Path:
    sources = tmp_path / "config" / "sources"
    sources.mkdir(parents=True)
    (sources / "acme.toml").write_text('url = "https://acme.example/news/"\nbudget = "8/day"\n')
    (sources / "hourly.toml").write_text('url = "https://acme.example/log/"\nevery = "1h"\nactive = "08:00-18:00"\n')
    (sources / "off.toml").write_text('url = "https://acme.example/old/"\nenabled = false\n')
    return tmp_path


@pytest.mark.usefixtures("configured")
def test_the_next_day_of_a_budget_is_shown_with_reasons(feedsvc: Callable[..., Any]) -> None:
    plan = json.loads(feedsvc("schedule", "acme", "--json").out)
    assert plan["cadence"] == "budget"
    assert 4 <= len(plan["scrapes"]) <= 10
    assert plan["scrapes"][0]["why"] == "now, as it was never scraped"
    assert all("only 0 releases of this source are known yet" in due["why"] for due in plan["scrapes"][1:])
    assert [lag["scrapes_a_week"] for lag in plan["lags"]] == [28, 56, 112]


@pytest.mark.usefixtures("configured")
def test_the_load_on_a_host_is_that_of_all_its_sources(feedsvc: Callable[..., Any]) -> None:
    (host,) = json.loads(feedsvc("schedule", "hourly", "--json").out)["hosts"]
    assert (host["host"], host["sources"], round(host["scrapes_a_day"])) == ("acme.example", 2, 18), (
        "one an hour in ten hours, and eight"
    )


@pytest.mark.usefixtures("configured")
def test_people_get_tables_and_a_word_about_what_is_off(feedsvc: Callable[..., Any]) -> None:
    assert "every 1 hour" in feedsvc("schedule", "hourly").out
    assert "off is not enabled: nothing is planned" in feedsvc("schedule", "off").out


@pytest.mark.usefixtures("configured")
def test_an_unknown_source_is_said_so(feedsvc: Callable[..., Any]) -> None:
    ran = feedsvc("schedule", "acne")
    assert ran.code == 1
    assert "acne: there is no such source" in ran.err


def test_it_says_which_category_chose_the_cadence(feedsvc: Callable[..., Any], configured: Path) -> None:
    (configured / "config" / "categories.toml").write_text('[company.releases]\nevery = "2h"\n')
    source = 'url = "https://filed.example/"\ncategory = "company/releases"\n'
    (configured / "config" / "sources" / "filed.toml").write_text(source)
    assert "filed: by every (from category company/releases)" in feedsvc("schedule", "filed").out
    assert json.loads(feedsvc("schedule", "acme", "--json").out)["cadence_from"] == ""


@pytest.mark.usefixtures("configured")
def test_a_paused_source_says_when_it_goes_on(feedsvc: Callable[..., Any], tmp_path: Path) -> None:
    feedsvc("schedule", "hourly")
    with closing(sqlite3.connect(next((tmp_path / "data").glob("*.sqlite3")))) as database:
        later = int((datetime.now(UTC) + timedelta(days=9)).timestamp() * 1_000_000)
        database.execute("UPDATE sources SET due_at = ?, due_why = 'paused for long' WHERE key = 'hourly'", (later,))
        database.commit()
    out = feedsvc("schedule", "hourly").out
    assert "nothing in the next 24 hours; then" in out
    assert "paused for long" in out


def test_a_pause_is_told_and_is_no_decision_on_the_cadence(feedsvc: Callable[..., Any], configured: Path) -> None:
    (configured / "config" / "sources" / "p.toml").write_text('url = "https://p.example/"\nevery = "3h"\n')
    feedsvc("schedule", "p")
    until = datetime.now(UTC) + timedelta(days=2)
    config = load(configured / "config", os.environ)
    with closing(Store.open(config.database_url)) as store:
        assert Tuning(store, lambda: config, clock=lambda: datetime.now(UTC)).pause(["p"], until=until) == 1
    assert json.loads(feedsvc("schedule", "p", "--json").out)["cadence_from"] == ""
    assert f"paused until {until:%Y-%m-%d %H:%M} UTC" in feedsvc("sources").out


def test_scrapes_that_are_too_many_to_name_are_said_to_go_on(feedsvc: Callable[..., Any], configured: Path) -> None:
    (configured / "config" / "sources" / "often.toml").write_text('url = "https://o.example/"\nevery = "15s"\n')
    out = feedsvc("schedule", "often").out
    assert "and so on: about 5,760 scrapes a day" in out
    rows = [line.partition(" every")[0] for line in out.splitlines() if "every 15 seconds" in line]
    assert len(rows) == len(set(rows)) > 100
