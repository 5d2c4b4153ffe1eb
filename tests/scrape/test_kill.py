"""kill -9 at any moment of a scrape: no entry lost, doubled or with another id (rule D1).

A real website on loopback is scraped by a process of its own, which dies at a statement to the database, or by the
website's hand while it waits for an answer.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from feedsvc.model import FeedRef
from feedsvc.normalize.identity import mint
from feedsvc.store import Store
from tests.support.centre import NOON, SiteInMemory
from tests.support.sites import Reply, Site, Visit

ROOT = Path(__file__).parents[2]
RELEASES = 40
#: Scrapes a site and kills itself at the given statement that it sends to SQLite (0: never).
CHILD = """
import os, signal, sys
from dataclasses import replace
from sqlalchemy import event
from feedsvc.fetch import Client, FetchSettings
from feedsvc.scrape import Progress, Scraper
from feedsvc.service.reading import PageReader
from feedsvc.store import Store
from tests.support.centre import NOON, SOURCE
url, pair, left = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = Store.open(url, clock=lambda: NOON)
store.sources.sync([replace(SOURCE, urls=(f"http://{pair}/releases/",), kind="html")], now=NOON)
store.sources.release_all("test:1:a")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(store.database.engine, "before_cursor_execute", count)
client = Client(FetchSettings(host_interval=0, allow_targets=(pair,)))
scraper = Scraper(store, client, PageReader(), clock=lambda: NOON)
outcome = scraper.scrape(SOURCE.key, owner="test:1:a", progress=Progress(cut_after=None))
print(outcome.result.value, outcome.waiting)
"""


class Killer:
    """A website that kills who asks it, at a request of our choice."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.pages = SiteInMemory()
        self.pages.publish(*range(1, RELEASES + 1))
        self.victim = 0
        self.left = 0
        site["/releases/"] = lambda visit: self._reply(visit, self.pages.listing())
        for number in range(1, RELEASES + 1):
            path = f"/releases/{number}.html"
            site[path] = lambda visit: self._reply(visit, self.pages.release_page(visit.path))

    def _reply(self, visit: Visit, body: str) -> Reply:
        self.left -= 1
        if self.left == 0:
            os.kill(self.victim, signal.SIGKILL)
        return Reply(body.encode(), headers=(("Content-Type", "text/html"), ("ETag", f'"{len(body)}{visit.path}"')))

    def scrape(self, url: str, *, at_statement: int = 0, at_request: int = 0) -> tuple[int, str]:
        """Exit code and output of one scrape."""
        command = [sys.executable, "-c", CHILD, url, self.site.pair, str(at_statement)]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as child:
            self.victim, self.left = child.pid, at_request
            said, _ = child.communicate(timeout=120)
        return child.returncode, said


@pytest.mark.parametrize("kills", [20, pytest.param(40, marks=pytest.mark.slow)])
def test_no_kill_loses_doubles_or_renames_an_entry(tmp_path: Path, kills: int) -> None:
    dice = random.Random(kills)
    path = tmp_path / "feedsvc.sqlite3"
    url = f"sqlite:///{path}"
    with Site() as site:
        killer = Killer(site)
        died = 0
        for number in range(kills):
            how = {"at_request": dice.randint(1, 3)} if number % 3 == 0 else {"at_statement": dice.randint(5, 120)}
            died += killer.scrape(url, **how)[0] == -signal.SIGKILL
        assert died >= kills // 2
        code, said = killer.scrape(url)
        links = [f"{site.url}/releases/{number}.html" for number in range(1, RELEASES + 1)]
    assert (code, said.split()[-2:]) in ((0, ["well", "0"]), (0, ["unchanged", "0"]))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    store = Store.open(url, clock=lambda: NOON)
    stored = store.entries.newest(FeedRef(kind="all"), limit=500)
    store.close()
    assert sorted(one.entry.link for one in stored) == sorted(links)
    assert {one.uuid for one in stored} == {mint(one.entry.canonical_url) for one in stored}
