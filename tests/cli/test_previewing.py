"""``preview`` shows what a scrape would find, and writes it down as a file that finds the same."""

from __future__ import annotations

import json
import logging
import tomllib
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from feedsvc.demo import SiteServer
from tests.cli.conftest import Feedsvc

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Acme</title><link>{url}</link>
<description>News</description>{items}</channel></rss>"""
FEED_ITEM = (
    "<item><title>Release {n} of the engine works</title><link>{url}/releases/{n}.html</link>"
    "<pubDate>Mon, 0{n} Mar 2026 10:00:00 GMT</pubDate><description>&lt;p&gt;Text {n}&lt;/p&gt;</description></item>"
)
PAGE = """<html lang="en"><head><title>Releases - Acme</title>{feed}</head><body><h1>Releases</h1><ul class="list">
{items}</ul></body></html>"""
PAGE_ITEM = (
    '<li><a href="/releases/{n}.html">Release {n} of the engine works</a> <span class="day">2026-03-0{n}</span></li>'
)
RELEASE = """<html><head><title>Release {n} of the engine works</title></head><body><article>
<h1>Release {n} of the engine works</h1><p>Release date: 2026-03-0{n}</p><p>The works have built engine number {n}, and
it runs as smoothly as all of those before it, said the works.</p></article></body></html>"""
NUMBERS = range(6, 0, -1)


@pytest.fixture
def acme(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A page with a list, six releases and a feed; the listing's address."""
    monkeypatch.setenv("FEEDSVC_ALLOW_TARGETS", f"{httpserver.host}:{httpserver.port}")
    monkeypatch.setenv("FEEDSVC_HOST_INTERVAL", "0")
    monkeypatch.setattr(logging.getLogger("werkzeug"), "disabled", True)
    url = httpserver.url_for("").rstrip("/")
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    page = PAGE.format(feed=link, items="".join(PAGE_ITEM.format(n=n) for n in NUMBERS))
    httpserver.expect_request("/releases/").respond_with_data(page, content_type="text/html")
    items = "".join(FEED_ITEM.format(n=n, url=url) for n in NUMBERS)
    httpserver.expect_request("/feed.xml").respond_with_data(
        FEED.format(url=url, items=items), content_type="application/rss+xml"
    )
    for n in NUMBERS:
        httpserver.expect_request(f"/releases/{n}.html").respond_with_data(
            RELEASE.format(n=n), content_type="text/html"
        )
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /private/\n")
    return f"{url}/releases/"


def test_every_way_in_is_shown_with_samples_costs_and_what_robots_txt_says(feedsvc: Feedsvc, acme: str) -> None:
    ran = feedsvc("preview", acme, "--json")
    assert (ran.code, ran.err) == (0, "")
    feed, page = json.loads(ran.out)["plans"]
    assert (feed["kind"], feed["is_chosen"], page["kind"], page["is_chosen"]) == ("feed", True, "html", False)
    for plan in (feed, page):
        assert plan["items"] == 6
        assert plan["robots"] == "allowed"
        assert plan["samples"][0]["title"] == "Release 6 of the engine works"
        assert plan["fill"]["published"] == 1.0
    assert page["requests"] == 7


def test_a_draft_and_its_entry_stand_side_by_side_with_where_each_field_stood(feedsvc: Feedsvc, acme: str) -> None:
    ran = feedsvc("preview", acme, "--plan", "2")
    rows = [line.split("\t") for line in ran.out.splitlines()]
    assert ["field", "printed", "where", "published as"] in rows
    assert ["published", "2026-03-06", "label:Release date", "2026-03-06"] in rows
    assert next(row for row in rows if row[0] == "title")[2:] == ["heading:h1", "Release 6 of the engine works"]


@pytest.mark.parametrize("plan", ["1", "2"])
def test_what_was_written_is_valid_and_finds_the_same_items(
    feedsvc: Feedsvc, acme: str, tmp_path: Path, plan: str
) -> None:
    seen = json.loads(feedsvc("preview", acme, "--plan", plan, "--json", "--write", "acme").out)
    written = tomllib.loads((tmp_path / "config" / "sources" / "acme.toml").read_text())
    assert written.get("kind", "html") == seen["plans"][int(plan) - 1]["kind"]
    assert written["title"] == "Releases - Acme"
    checked = feedsvc("check")
    assert (checked.code, checked.err) == (0, "")
    again = json.loads(feedsvc("preview", "acme", "--json").out)
    assert again["plans"] == []
    assert [item["url"] for item in again["items"]] == [item["url"] for item in seen["items"]]
    assert again["entry"] == seen["entry"] or again["entry"]["title"] == seen["entry"]["title"]


def test_rules_are_written_as_an_admin_would_write_them(feedsvc: Feedsvc, acme: str, tmp_path: Path) -> None:
    feedsvc("preview", acme, "--plan", "2", "--write", "acme")
    rules = tomllib.loads((tmp_path / "config" / "sources" / "acme.toml").read_text())["rules"]
    assert rules["item"] in {"ul.list > li", ".list > li", ".list li", "ul.list li"}
    assert rules["published"] in {"span.day", ".day"}


@pytest.mark.parametrize("section", ["research", "zhongwen"])
def test_the_demos_lists_are_written_with_rules(
    feedsvc: Feedsvc, site: SiteServer, watched: Path, section: str
) -> None:
    refused = feedsvc("preview", f"{site.url}news/{section}/", "--write", "mine")
    assert f"is watched already (see config/sources/{section}.toml" in refused.err.replace(f"{watched.parent}/", "")
    (watched / "sources" / f"{section}.toml").unlink()
    seen = json.loads(feedsvc("preview", f"{site.url}news/{section}/", "--write", "mine", "--json").out)
    assert len(seen["items"]) >= 4
    assert tomllib.loads((watched / "sources" / "mine.toml").read_text())["rules"]
    ran = feedsvc("preview", "mine", "--json")
    assert ran.err == ""
    again = json.loads(ran.out)
    assert [item["url"] for item in again["items"]] == [item["url"] for item in seen["items"]]


def test_a_file_that_is_there_is_never_written_over_and_nothing_is_fetched(
    feedsvc: Feedsvc, httpserver: HTTPServer, acme: str, tmp_path: Path
) -> None:
    feedsvc("preview", acme, "--write", "acme")
    asked = len(httpserver.log)
    ran = feedsvc("preview", acme, "--write", "acme")
    assert ran.code == 1
    assert ran.err.endswith("config/sources/acme.toml: is there already (choose another key, or remove the file)\n")
    assert ran.err.count("\n") == 1
    assert len(httpserver.log) == asked


def test_a_key_that_is_none_and_a_plan_that_is_not_there_are_refused(feedsvc: Feedsvc, acme: str) -> None:
    assert "Acme!: is not a source key (use lower-case" in feedsvc("preview", acme, "--write", "Acme!").err
    ran = feedsvc("preview", acme, "--plan", "9")
    assert (ran.code, ran.out) == (1, "")
    assert "--plan 9: there is no such way in (choose 1 to 2)" in ran.err


def test_a_page_without_a_list_says_so_and_writes_nothing(
    feedsvc: Feedsvc, httpserver: HTTPServer, acme: str, tmp_path: Path
) -> None:
    httpserver.expect_request("/empty").respond_with_data("<html><body></body></html>", content_type="text/html")
    ran = feedsvc("preview", httpserver.url_for("/empty"), "--write", "empty")
    assert ran.code == 1
    assert "nothing here, because" in ran.out
    assert ran.err.count("\n") == 1
    assert "so no file was written (name the page that lists the releases)" in ran.err
    assert not (tmp_path / "config").exists()
