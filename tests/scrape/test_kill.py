"""kill -9 at any moment of a scrape: no entry lost, doubled or with another id (rule D1)."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from feedsvc.model import FeedRef
from feedsvc.normalize.identity import mint
from feedsvc.store import Store
from tests.support.centre import NOON

RELEASES, KILLS = 40, 20
#: Scrapes a site in memory and kills itself at the given statement that it sends to SQLite.
CHILD = """
import os, signal, sys
from sqlalchemy import event
from feedsvc.store import Store
from tests.support.centre import NOON, SiteInMemory, scrape
store = Store.open(sys.argv[1], clock=lambda: NOON)
site = SiteInMemory()
site.publish(*range(1, int(sys.argv[2]) + 1))
left = int(sys.argv[3])
store.sources.release_all("test:1:a")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(store.database.engine, "before_cursor_execute", count)
outcome = scrape(store, site)
print(outcome.result.value, outcome.waiting)
"""


def run(url: str, kill_at: int) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-c", CHILD, url, str(RELEASES), str(kill_at)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_no_kill_loses_doubles_or_renames_an_entry(tmp_path: Path) -> None:
    dice = random.Random(9)
    path = tmp_path / "feedsvc.sqlite3"
    url = f"sqlite:///{path}"
    died = 0
    for _ in range(KILLS):
        died += run(url, dice.randint(5, 250)).returncode == -signal.SIGKILL
    assert died >= KILLS // 2
    ended = run(url, 0)
    assert ended.stdout.split()[-2:] in (["well", "0"], ["unchanged", "0"]), ended.stderr
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    store = Store.open(url, clock=lambda: NOON)
    stored = store.entries.newest(FeedRef(kind="all"), limit=500)
    store.close()
    links = [f"https://news.example/releases/{number}.html" for number in range(1, RELEASES + 1)]
    assert sorted(one.entry.link for one in stored) == sorted(links)
    assert {one.uuid for one in stored} == {mint(one.entry.canonical_url) for one in stored}
