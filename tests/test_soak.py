"""Ten thousand scrapes, and ten thousand requests: memory, open files and threads stay what they were (rule D8)."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.benchmarks.serve import family
from tests.support.centre import SiteInMemory
from tests.support.running import held_by
from tests.support.serving import serving
from tests.support.sites import Reply, Site, Visit
from tests.support.stores import release
from tests.support.worker import ROOT, worker

pytestmark = pytest.mark.slow
#: What the first of them fill is what stays: caches, pools, compiled patterns.
WARM, ALL = 2_000, 12_000
SOURCES = 20
#: A pool may open a connection later: a database, its log, and what they share.
FILES = 4


class Newsroom:
    """Listings that bring a release at every twentieth look, and are unchanged at all others."""

    def __init__(self, site: Site) -> None:
        self.looks: Counter[int] = Counter()
        self.rooms = [SiteInMemory() for _ in range(SOURCES)]
        for number, room in enumerate(self.rooms):
            room.publish(*range(1, 9))
            site[f"/s{number}/"] = lambda visit, number=number: self._listing(visit, number)
            for page in range(1, 60):
                path = f"/s{number}/{page}.html"
                site[path] = lambda visit, number=number: self._page(visit, number)

    def _listing(self, visit: Visit, number: int) -> Reply:
        room = self.rooms[number]
        self.looks[number] += 1
        if self.looks[number] % 20 == 0:
            room.publish(max(room.releases) + 1)
        return _conditional(visit, room.listing().replace("/releases/", f"/s{number}/"))

    def _page(self, visit: Visit, number: int) -> Reply:
        room, path = self.rooms[number], visit.path.replace(f"/s{number}/", "/releases/")
        return _conditional(visit, room.release_page(path).replace("Release ", f"Room {number}: release "))


def _conditional(visit: Visit, body: str) -> Reply:
    etag = f'"{len(body)}"'
    if visit.headers.get("if-none-match") == etag:
        return Reply(status=304, headers=(("ETag", etag),))
    return Reply(body.encode(), headers=(("Content-Type", "text/html; charset=utf-8"), ("ETag", etag)))


def test_scrapes_leave_nothing_behind(tmp_path: Path) -> None:
    with Site() as site:
        Newsroom(site)
        child = [sys.executable, str(ROOT / "tests" / "soak_child.py"), f"sqlite:///{tmp_path / 'soak.sqlite3'}"]
        words = [*child, site.pair, str(SOURCES), str(WARM), str(ALL)]
        ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=3000, check=True)
    before, after = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    assert set(after["results"]) == {"well", "unchanged"}
    assert after["results"]["well"] > 400
    assert after["memory"] <= 1.1 * before["memory"], (before, after)
    assert after["files"] <= before["files"] + FILES, (before, after)
    assert after["threads"] == before["threads"]


#: Everything that the public asks for, and what nobody should.
PATHS = (
    "/feeds/all.atom",
    "/feeds/company/releases.rss",
    "/feeds/company.json",
    "/feeds/all.atom?limit={number}",
    "/feeds/company.rss?junk={number}",
    "/feeds/no{number}.atom",
    "/entries/{number}",
    "/",
    "/feeds/company/releases",
    "/opml",
    "/search?q=release+{number}",
    "/readyz",
)


def ask(port: int, numbers: range) -> Counter[int]:
    """As many requests, over connections of fifty each; how often each status was the answer."""
    statuses: Counter[int] = Counter()
    tags: dict[str, str] = {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for number in numbers:
        path = PATHS[number % len(PATHS)].format(number=number)
        headers = {"Accept-Encoding": ("gzip", "br", "identity")[number % 3], "User-Agent": f"Reader/{number}"}
        if number % 2 and path in tags:
            headers["If-None-Match"] = tags[path]
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        statuses[answer.status] += 1
        if answer.status == 200 and answer.headers["ETag"] and "{" not in PATHS[number % len(PATHS)]:
            tags[path] = answer.headers["ETag"]
        if number % 50 == 0:
            connection.close()
    connection.close()
    return statuses


def test_requests_leave_nothing_behind(tmp_path: Path) -> None:
    service = serving(tmp_path)
    service.publish(*[release(number) for number in range(10, 150)])
    service.feeds.close()
    service.store.close()
    with worker(tmp_path) as (port, process):
        server = family(process)[-1]
        ask(port, range(WARM))
        before = held_by(server)
        statuses = ask(port, range(WARM, ALL))
        after = held_by(server)
    assert not [status for status in statuses if status >= 500]
    assert statuses[200] > 2_500
    assert statuses[304] > 1000
    assert after["memory"] <= 1.1 * before["memory"], (before, after)
    assert after["files"] <= before["files"] + FILES, (before, after)
    assert after["tasks"] <= before["tasks"], (before, after)
