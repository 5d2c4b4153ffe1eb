"""What commands give: feeds as served, everything in a file and back, plain lines in a pipe, JSON where asked for."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from feedsvc.demo import SiteServer
from tests.cli.conftest import Feedsvc
from tests.support.running import free_port, served
from tests.support.service import ROOT, answer, until

ENDINGS = ("rss", "atom", "json")
FEEDS = ("all", "observatory", "observatory/zhongwen", "source:research")


@pytest.fixture
def scraped(feedsvc: Feedsvc, site: SiteServer, watched: Path, monkeypatch: pytest.MonkeyPatch) -> Feedsvc:
    """The command line after a scrape of every source."""
    monkeypatch.setenv("FEEDSVC_CONFIG", str(watched))
    ran = feedsvc("scrape", "--all")
    assert (ran.code, ran.err) == (0, "")
    assert sorted(line.partition(": ")[0] for line in ran.out.splitlines()) == [
        "instruments",
        "island",
        "research",
        "visitors",
        "zhongwen",
    ]
    return feedsvc


def address(feed: str) -> str:
    return f"sources/{feed.partition(':')[2]}" if feed.startswith("source:") else f"feeds/{feed}"


def test_export_prints_the_bytes_that_any_wsgi_server_serves(scraped: Feedsvc) -> None:
    application = runpy.run_path(str(ROOT / "wsgi.py"))["application"]
    with served(application) as url:
        for feed in FEEDS:
            for ending in ENDINGS:
                with urllib.request.urlopen(f"{url}/{address(feed)}.{ending}") as got:
                    assert got.read().decode() == scraped("export", feed, "--format", ending).out


def test_the_web_side_alone_starts_no_scheduler(scraped: Feedsvc) -> None:
    code = "import sys, threading, wsgi; print('apscheduler' in sys.modules, threading.active_count())"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "False 1\n"


def test_the_web_side_runs_under_granian(scraped: Feedsvc) -> None:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "wsgi:application"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}/feeds/all.atom"
        assert until(lambda: answer(url)[0] == 200)
        assert answer(url)[1].decode() == scraped("export", "all").out
    finally:
        server.terminate()
        server.wait(60)


def test_publish_writes_every_feed_as_served_and_again_only_what_changed(scraped: Feedsvc, tmp_path: Path) -> None:
    first = scraped("publish", "out")
    assert first.code == 0
    for feed in FEEDS:
        path = tmp_path / "out" / f"{address(feed)}.atom"
        assert path.read_text() == scraped("export", feed).out
        assert {f"{path.name}.gz", f"{path.name}.br"} <= {one.name for one in path.parent.iterdir()}
    assert ": 0 written, " in scraped("publish", "out").out


def test_publish_goes_on_and_writes_what_changes(scraped: Feedsvc, watched: Path, tmp_path: Path) -> None:
    words = ("--config", str(watched), "--data", str(tmp_path / "data"), "publish", str(tmp_path / "out"), "--watch")
    process = subprocess.Popen([sys.executable, "-m", "feedsvc", *words], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        page = tmp_path / "out" / "sources" / "research.json"
        assert until(page.exists)
        file = watched / "sources" / "research.toml"
        file.write_text(file.read_text().replace("Research at Tern Island", "Findings"))
        settings = watched / "feedsvc.toml"
        settings.write_text(settings.read_text().replace('"feedsvc demo"', '"All findings"'))
        assert until(lambda: '"All findings"' in (tmp_path / "out" / "feeds" / "all.json").read_text())
        assert until(lambda: '"Findings"' in page.read_text())
    finally:
        process.terminate()
        assert process.wait(60) in (0, -15)


def test_a_restored_backup_serves_the_same_bytes(scraped: Feedsvc, tmp_path: Path) -> None:
    before = {(feed, ending): scraped("export", feed, "--format", ending).out for feed in FEEDS for ending in ENDINGS}
    made = scraped("backup", "all.backup")
    assert made.code == 0
    assert made.out.startswith("all.backup: ")
    restored = scraped("restore", "all.backup", "--data", str(tmp_path / "elsewhere"))
    assert (restored.code, restored.err) == (0, "")
    count = len(json.loads(scraped("entries", "--json").out))
    assert restored.out == f"{count} entries restored\n"
    for (feed, ending), text in before.items():
        again = scraped("export", feed, "--format", ending, "--data", str(tmp_path / "elsewhere"))
        assert again.out == text


@pytest.mark.parametrize(
    ("words", "headings"),
    [
        (("sources",), "key\tstate\tcategory\tscraped\tdue\ttitle"),
        (("entries",), "id\tpublished\tsource\ttitle"),
        (("history",), "started\tsource\tresult\tnew\tchanged\trequests\treason"),
    ],
)
def test_a_pipe_gets_lines_of_cells_and_a_program_json(scraped: Feedsvc, words: tuple[str, ...], headings: str) -> None:
    plain = scraped(*words)
    lines = plain.out.splitlines()
    assert (plain.code, lines[0]) == (0, headings)
    assert {line.count("\t") for line in lines} == {headings.count("\t")}
    assert "\x1b" not in plain.out
    as_json = json.loads(scraped(*words, "--json").out)
    assert len(as_json) == len(lines) - 1


def test_entries_are_found_by_source_category_and_words(scraped: Feedsvc) -> None:
    def titles(*words: str) -> list[str]:
        return [entry["title"] for entry in json.loads(scraped("entries", "--json", *words).out)]

    assert len(titles("--source", "zhongwen")) == len(titles("--category", "observatory/zhongwen")) > 3
    assert titles("--words", "herring scratch") == ["New mirror arrives by herring boat, without a scratch"]
    assert len(titles("--limit", "2")) == 2


def test_authors_are_names_and_titles_are_no_dates(scraped: Feedsvc) -> None:
    entries = json.loads(scraped("entries", "--json", "--limit", "1000").out)
    assert not [entry for entry in entries if any(name.startswith(("By ", "作者")) for name in entry["authors"])]
    for entry in entries:
        assert "flags" in entry
        assert entry["published"].startswith("2026-"), entry["title"]


def test_a_second_scrape_finds_nothing_new_and_history_tells_both(scraped: Feedsvc) -> None:
    again = json.loads(scraped("scrape", "research", "--json").out)
    assert (again[0]["result"], again[0]["new"]) == ("unchanged", [])
    results = [one["result"] for one in json.loads(scraped("history", "research", "--json").out)]
    assert results == ["unchanged", "well"]


def test_a_scrape_that_may_ask_for_nothing_says_why_and_what_to_do(
    scraped: Feedsvc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDSVC_FETCH_DAILY_REQUESTS", "1")
    assert scraped("scrape", "island").code == 0
    ran = scraped("scrape", "island")
    assert ran.code == 1
    assert "put off: the budget of 1 requests a day for all hosts is used up (wait, or raise fetch.daily_req" in ran.out
