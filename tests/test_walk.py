"""The main job on real input: real listing and release pages, served as websites on loopback, become feeds in readers.

The pages lie beside the checkout and belong to their publishers; where they are absent, these tests skip.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest

from tests.support.program import Program

CASES = Path(__file__).parents[2] / "shared" / "cases"

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside this checkout")

#: Release pages that each source may read.
DETAILS = 3


@dataclass
class Website:
    """One listing page under its own path, and release pages wherever its links lead."""

    key: str
    listing: bytes
    path: str
    releases: list[bytes]
    server: ThreadingHTTPServer | None = None
    #: Each request's path, and whether it was answered "not modified".
    visits: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def url(self) -> str:
        assert self.server is not None
        host, port = self.server.server_address[:2]
        return f"http://{host!s}:{port}{self.path}"


def website(folder: Path, releases: list[bytes], address: str) -> Website:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    parts = urlsplit(expected["url"])
    site = Website(folder.name, b"", parts.path or "/", releases)
    given: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == site.path:
                self.answer(200, site.listing)
            elif self.path == "/robots.txt" or (self.path not in given and not site.releases):
                self.answer(404, b"")
            else:
                if self.path not in given:
                    given[self.path] = site.releases.pop()
                self.answer(200, given[self.path])

        def answer(self, status: int, body: bytes) -> None:
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            is_asked_again = self.headers["If-None-Match"] == etag
            site.visits.append((self.path, is_asked_again))
            if is_asked_again:
                status, body = 304, b""
            self.send_response(status)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", "text/html")
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    site.server = ThreadingHTTPServer((address, 0), Handler)
    own = f"http://{address}:{site.server.server_address[1]}".encode()
    page = (folder / "page.html").read_bytes()
    for scheme in (b"https://", b"http://"):
        page = page.replace(scheme + parts.netloc.encode(), own)
    site.listing = page
    threading.Thread(target=site.server.serve_forever, daemon=True).start()
    return site


def release_pages() -> Iterator[bytes]:
    for collection in ("fundus", "scrapinghub"):
        for line in (CASES / "articles" / collection / "cases.jsonl").read_text(encoding="utf-8").splitlines():
            path = CASES / "articles" / collection / json.loads(line)["html"]
            body = path.read_bytes()
            yield gzip.decompress(body) if path.suffix == ".gz" else body


@pytest.fixture(scope="module")
def websites() -> Iterator[list[Website]]:
    pages = release_pages()
    folders = sorted(path for path in (CASES / "listings").iterdir() if (path / "page.html").exists())
    sites = [
        website(folder, [next(pages) for _ in range(DETAILS)], f"127.0.1.{number}")
        for number, folder in enumerate(folders, start=1)
    ]
    yield sites
    for site in sites:
        assert site.server is not None
        site.server.shutdown()
        site.server.server_close()


@pytest.fixture(scope="module")
def scraped(websites: list[Website], tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Every website scraped once by ``feedsvc scrape --all``."""
    program = Program(
        tmp_path_factory.mktemp("walk"),
        targets=tuple(urlsplit(site.url).netloc for site in websites),
        settings={"FEEDSVC_SCRAPE_MAX_PAGES": "1", "FEEDSVC_SCRAPE_MAX_DETAILS": str(DETAILS)},
    )
    for number, site in enumerate(websites):
        program.source(site.key, f'url = "{site.url}"\ncategory = "sites/{"abc"[number % 3]}"\n')
    ran = program.run("scrape", "--all")
    assert ran.returncode in (0, 1), ran.stderr
    assert "Traceback" not in ran.stderr
    return program


@pytest.fixture(scope="module")
def served(scraped: Program) -> Iterator[Program]:
    """The web side of what was scraped."""
    with scraped.served():
        yield scraped


def test_nearly_every_website_gives_entries(scraped: Program, websites: list[Website]) -> None:
    sources = scraped.json("sources")
    assert {source["key"] for source in sources} == {site.key for site in websites}
    filled = {entry["sources"][0] for entry in scraped.json("entries", "--limit", "10000")}
    assert len(filled) >= 0.9 * len(websites), f"nothing from {sorted({site.key for site in websites} - filled)}"


def test_entries_are_dated_identified_and_have_text(scraped: Program) -> None:
    entries = scraped.json("entries", "--limit", "10000")
    assert len({entry["id"] for entry in entries}) == len({entry["link"] for entry in entries}) == len(entries)
    assert all(entry["title"] for entry in entries)
    feed = feedparser.parse(scraped.run("export", "all", "--format", "atom").stdout)
    with_text = [entry for entry in feed.entries if entry.get("content") and len(entry.content[0].value) > 500]
    assert len(with_text) >= 0.8 * len(feed.entries)


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_feedparser_reads_every_feed_whole(served: Program, ending: str) -> None:
    outlines = urllib.request.urlopen(f"{served.url}/opml").read().decode()
    keys = [source["key"] for source in served.json("sources")]
    for path in ["feeds/all", "feeds/sites", "feeds/sites/a", *(f"sources/{key}" for key in keys)]:
        assert path in outlines
        body = urllib.request.urlopen(f"{served.url}/{path}.{ending}").read()
        feed = feedparser.parse(body)
        assert not feed.bozo, (path, feed.get("bozo_exception"))
        assert len({entry.id for entry in feed.entries}) == len(feed.entries)


@pytest.mark.system("newsboat")
@pytest.mark.skipif(shutil.which("newsboat") is None, reason="newsboat is not installed")
@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_newsboat_subscribes_and_sees_every_entry_once(served: Program, tmp_path: Path, ending: str) -> None:
    url = f"{served.url}/feeds/all.{ending}"
    (tmp_path / "urls").write_text(url + "\n")
    (tmp_path / "config").write_text("")
    command = ["newsboat", "-q", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"]
    for _ in range(2):
        subprocess.run(command, cwd=tmp_path, check=True, timeout=60, env={**os.environ, "HOME": str(tmp_path)})
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        titles = cache.execute("SELECT count(*), count(DISTINCT guid) FROM rss_item").fetchone()
    cache.close()
    entries = feedparser.parse(urllib.request.urlopen(url).read()).entries
    assert titles == (len(entries), len(entries))


@pytest.mark.system("sfeed")
@pytest.mark.skipif(shutil.which("sfeed") is None, reason="sfeed is not installed")
@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_sfeed_reads_every_entry_with_date_title_and_link(served: Program, ending: str) -> None:
    body = urllib.request.urlopen(f"{served.url}/feeds/all.{ending}").read()
    lines = (
        subprocess.run(["sfeed"], input=body, capture_output=True, check=True, timeout=60).stdout.decode().splitlines()
    )
    assert len(lines) == len(feedparser.parse(body).entries)
    for line in lines:
        moment, title, link, *_ = line.split("\t")
        assert moment.isdecimal()
        assert title
        assert link.startswith("http://127.0.1.")


def test_a_second_scrape_doubles_nothing_and_an_unchanged_site_costs_one_conditional_request(
    scraped: Program, websites: list[Website]
) -> None:
    before = {entry["id"] for entry in scraped.json("entries", "--limit", "10000")}
    for site in websites:
        site.visits.clear()
    scraped.run("scrape", "--all")
    after = [entry["id"] for entry in scraped.json("entries", "--limit", "10000")]
    assert before <= set(after)
    assert len(after) == len(set(after))
    unchanged = [
        site
        for site in websites
        if [visit for visit in site.visits if visit[0] == site.path][:1] == [(site.path, True)]
    ]
    assert len(unchanged) >= 0.8 * len(websites)
    for site in unchanged:
        # what the first scrape left for later is followed now; what it read is left alone
        assert [path for path, is_asked_again in site.visits if is_asked_again] == [site.path]
