"""``replay``, ``test``, ``repair`` and ``resanitize`` from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedsvc.model import Source
from feedsvc.store import Store
from tests.support.centre import SiteInMemory, scrape


@pytest.fixture
def scraped(tmp_path: Path) -> SiteInMemory:
    sources = tmp_path / "config" / "sources"
    sources.mkdir(parents=True)
    (sources / "acme.toml").write_text('url = "https://news.example/releases/"\n[rules]\nitem = "li.release"\n')
    (tmp_path / "data").mkdir()
    site = SiteInMemory()
    site.publish(*range(1, 9))
    store = Store.open(f"sqlite:///{tmp_path / 'data' / 'feedsvc.sqlite3'}")
    scrape(store, site, source=Source(key="acme", urls=("https://news.example/releases/",), title="Acme"))
    store.close()
    return site


@pytest.mark.usefixtures("scraped")
def test_replay_shows_what_rules_in_a_file_would_change(feedsvc: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "try.toml").write_text('item = "li.release:nth-child(-n+3)"\n[release]\ntitle = ".date"\n')
    ran = feedsvc("replay", "acme", "--rules", "try.toml")
    assert ran.code == 0
    assert ran.out.count("https://news.example/releases/") == 1 + 5 + 8, "five items of eight are lost"
    assert "title:" in ran.out
    assert "0 of 8 release pages give the entries that are stored" in ran.out
    assert "8 of 8 release pages" in feedsvc("replay", "acme").out


@pytest.mark.usefixtures("scraped")
def test_a_file_without_valid_rules_is_named(feedsvc: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "try.toml").write_text('itm = "li"\n')
    ran = feedsvc("replay", "acme", "--rules", "try.toml")
    assert ran.code == 1
    assert ran.err.startswith("feedsvc: try.toml: holds no valid rules")
    assert "try.toml:1: itm: unknown key (did you mean item?)" in ran.err
    (tmp_path / "try.toml").write_text(
        'url = "https://x.example/"\n[rules]\nitem = "li"\n[rules.release]\nbody = "[["\n'
    )
    err = feedsvc("replay", "acme", "--rules", "try.toml").err
    assert "try.toml:5: rules.release.body" in err
    (tmp_path / "try.toml").write_text("item = li")
    assert "text needs quotes" in feedsvc("replay", "acme", "--rules", "try.toml").err


@pytest.mark.usefixtures("scraped")
def test_rules_that_no_longer_fit_fail_the_test_command(feedsvc: Callable[..., Any], tmp_path: Path) -> None:
    assert "acme: ok (9 pages)" in feedsvc("test").out
    source = tmp_path / "config" / "sources" / "acme.toml"
    source.write_text('url = "https://news.example/releases/"\n[rules]\nitem = "li.news"\n')
    ran = feedsvc("test", "--json")
    assert ran.code == 1
    assert "no element matches the rule 'li.news'" in json.loads(ran.out)[0]["faults"][0]


@pytest.mark.usefixtures("scraped")
def test_resanitize_counts(feedsvc: Callable[..., Any]) -> None:
    assert feedsvc("resanitize").out == "8 entries sanitized again, 0 of them changed\n"
