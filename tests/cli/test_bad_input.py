"""What cannot be done is one clear line with its remedy, an exit code other than 0, and feeds as they were."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from feedsvc.demo import SiteServer
from tests.cli.conftest import Feedsvc, Ran
from tests.support.running import free_port


def only_line(ran: Ran, *, code: int = 1) -> str:
    """The one line that a refused command leaves on standard error."""
    assert ran.code == code, ran
    assert "Traceback" not in ran.err
    assert ran.err.count("\n") == 1, ran.err
    return ran.err.rstrip("\n")


@pytest.fixture
def target(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    """A website on loopback that may be fetched, without robots.txt."""
    monkeypatch.setenv("FEEDSVC_ALLOW_TARGETS", f"{httpserver.host}:{httpserver.port}")
    monkeypatch.setenv("FEEDSVC_HOST_INTERVAL", "0")
    monkeypatch.setattr(logging.getLogger("werkzeug"), "disabled", True)
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/missing").respond_with_data("gone fishing", status=404)
    httpserver.expect_request("/loop").respond_with_data("", status=302, headers={"Location": "/loop"})
    httpserver.expect_request("/paper.pdf").respond_with_data(b"%PDF-1.7\n%\xe2\xe3", content_type="application/pdf")
    httpserver.expect_request("/empty").respond_with_data("<html><body></body></html>", content_type="text/html")
    return httpserver


PAGES = {
    "/missing": "404",
    "/loop": "redirect",
    "/paper.pdf": "PDF",
}


@pytest.mark.parametrize("path", PAGES)
def test_an_address_that_gives_no_page_is_refused_by_preview(feedsvc: Feedsvc, target: HTTPServer, path: str) -> None:
    line = only_line(feedsvc("preview", target.url_for(path)))
    assert line.startswith(f"feedsvc: {target.url_for(path)}: ")
    assert PAGES[path].lower() in line.lower()
    assert line.endswith(")"), f"no remedy: {line}"


@pytest.mark.parametrize("path", [*PAGES, "/empty"])
def test_a_source_that_fails_says_why_and_its_feed_stays(
    feedsvc: Feedsvc, target: HTTPServer, tmp_path: Path, path: str
) -> None:
    (tmp_path / "config" / "sources").mkdir(parents=True)
    (tmp_path / "config" / "sources" / "bad.toml").write_text(f'url = "{target.url_for(path)}"\n')
    before = feedsvc("export", "source:bad").out
    ran = feedsvc("scrape", "bad")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith(("bad: failed: ", "bad: quarantined: "))
    assert len(ran.out.splitlines()) == 1
    assert feedsvc("export", "source:bad").out == before


def test_an_unreachable_host_is_said_with_its_address(feedsvc: Feedsvc, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("FEEDSVC_ALLOW_TARGETS", f"127.0.0.1:{port}")
    line = only_line(feedsvc("preview", f"http://127.0.0.1:{port}/news/"))
    assert f"no connection to 127.0.0.1 port {port}" in line
    assert "(check the address" in line


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://0x7f000001/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "http://user:secret@example.org/",
        "http:///nowhere",
        "https://exa mple.org/",
        "http://example.org:99999/",
    ],
)
def test_an_address_that_may_not_be_fetched_is_refused_in_one_line(feedsvc: Feedsvc, url: str) -> None:
    line = only_line(feedsvc("preview", url))
    assert line.startswith("feedsvc: ")
    assert "bug" not in line
    assert "secret" not in line
    assert line.endswith(")"), f"no remedy: {line}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sources", "--jsn"), "feedsvc sources: no such option '--jsn' (did you mean '--json'?)"),
        (("entries", "--since", "x"), "feedsvc entries: no such option '--since' (did you mean one of: "),
        (("up", "--port", "x"), "feedsvc up: invalid value for '--port': 'x' (write a whole number from 0 to 65535)"),
        (
            ("preview", "a", "--plan", "0"),
            "feedsvc preview: invalid value for '--plan': 0 (write a whole number from 1 on)",
        ),
        (
            ("export", "all", "--format", "pdf"),
            "'pdf' is not one of 'rss', 'atom', 'json' (see `feedsvc export --help`)",
        ),
        (("token", "create", "x"), "feedsvc token create: missing option '--scope' (choose from: read, write, admin)"),
        (("backup",), "feedsvc backup: missing argument 'FILE' (usage: feedsvc backup [OPTIONS] FILE)"),
        (("scrape",), "feedsvc scrape: name one or more sources, or --all (usage: feedsvc scrape [OPTIONS] [KEY...])"),
        (("scrape", "--all", "research"), "feedsvc scrape: name one or more sources, or --all (usage: "),
        (("admin", "crate"), "feedsvc admin: no such command 'crate' (did you mean 'create'?)"),
    ],
)
def test_a_mistyped_command_line_is_answered_in_one_line(feedsvc: Feedsvc, words: tuple[str, ...], said: str) -> None:
    assert said in only_line(feedsvc(*words), code=2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "observatry"), "observatry: there is no such feed (did you mean observatory?)"),
        (("export", "nothing/at/all"), "nothing/at/all: there is no such feed (there are: all, observatory, "),
        (("export", "source:reserch"), "(did you mean source:research?)"),
        (("scrape", "reserch"), "reserch: there is no such source (did you mean research?)"),
        (("history", "reserch"), "reserch: there is no such source (did you mean research?)"),
        (("entries", "--source", "reserch"), "reserch: there is no such source (did you mean research?)"),
        (("entries", "--category", "observatry"), "observatry: there is no such category (did you mean observatory?)"),
        (("preview", "reserch"), "reserch: is neither a URL nor the key of a source (did you mean research?)"),
        (("restore", "nothing.zip"), "nothing.zip: no such file (name a file written by `feedsvc backup`)"),
        (("restore", "config/feedsvc.toml"), "not a backup of feedsvc"),
        (("publish", "config/feedsvc.toml"), "config/feedsvc.toml"),
    ],
)
def test_what_does_not_exist_is_said_with_what_was_probably_meant(
    feedsvc: Feedsvc, watched: Path, words: tuple[str, ...], said: str
) -> None:
    ran = feedsvc(*words)
    assert ran.out == ""
    if ran.code == 2:
        assert said in ran.err
    else:
        assert said in only_line(ran)


@pytest.mark.parametrize(
    "words", [("export", "all"), ("sources",), ("entries",), ("history",), ("scrape", "--all"), ("up",), ("web",)]
)
def test_a_typo_in_the_configuration_is_named_by_every_command(
    feedsvc: Feedsvc, watched: Path, words: tuple[str, ...]
) -> None:
    (watched / "sources" / "research.toml").write_text('url = "https://a.example/"\nevry = "30m"\n')
    line = only_line(feedsvc(*words))
    assert line == "config/sources/research.toml:2: evry: unknown key (did you mean every?)"


def test_a_data_folder_that_is_a_file_is_one_line(feedsvc: Feedsvc, watched: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("chapter one")
    for words in (("export", "all"), ("scrape", "--all"), ("up", "--port", "0"), ("entries",), ("backup", "b.zip")):
        line = only_line(feedsvc(*words, "--data", "thesis.txt"))
        assert "thesis.txt" in line
        assert "--data" in line, line


def test_a_database_that_is_none_is_one_line_and_stays_as_it_is(
    feedsvc: Feedsvc, watched: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "feedsvc.sqlite3"
    path.write_bytes(b"chapter one " * 1000)
    for words in (("export", "all"), ("scrape", "--all"), ("up", "--port", "0")):
        assert str(path) in only_line(feedsvc(*words))
    assert path.read_bytes() == b"chapter one " * 1000


def test_a_database_held_by_another_process_is_one_line(
    feedsvc: Feedsvc, site: SiteServer, watched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert feedsvc("scrape", "research").code == 0
    served = feedsvc("export", "all").out
    monkeypatch.setattr("feedsvc.store.database.BUSY_TIMEOUT", 0.2, raising=False)
    with sqlite3.connect(tmp_path / "data" / "feedsvc.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert feedsvc("export", "all").out == served
        other.execute("ROLLBACK")
    other.close()


def test_a_data_folder_that_cannot_be_made_is_one_line(feedsvc: Feedsvc, watched: Path) -> None:
    for words in (("scrape", "--all"), ("up", "--port", "0"), ("sources",)):
        line = only_line(feedsvc(*words, "--data", "/proc/feedsvc"))
        assert line.startswith("feedsvc: /proc/feedsvc: the data folder cannot be made: ")
        assert line.endswith("(name another with --data)")


def test_a_claimed_source_says_who_scrapes_it(feedsvc: Feedsvc, site: SiteServer, watched: Path) -> None:
    from feedsvc.config import load
    from feedsvc.service.lookup import Lookup

    assert feedsvc("scrape", "research").code == 0
    with Lookup.open(load(watched, os.environ, {})) as service:
        service.store.sources.claim("research", "elsewhere:77:b")
    ran = feedsvc("scrape", "research", "--json")
    assert ran.code == 1
    assert json.loads(ran.out)[0]["reason"].startswith("process 77 on elsewhere scrapes it now")
