"""Run as a program by test_soak: scrapes a website of many sources again and again, prints what it holds meanwhile.

python soak_child.py DATABASE HOST:PORT SOURCES SCRAPES...    one line of JSON after so many scrapes each
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from feedsvc import log
from feedsvc.fetch import Client, FetchSettings
from feedsvc.model import Source
from feedsvc.schedule import Planner
from feedsvc.schedule.rhythms import Rhythms
from feedsvc.scrape import Progress, Scraper
from feedsvc.service.reading import PageReader
from feedsvc.store import Store
from tests.support.running import held_by

BEGIN = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def main(database: str, pair: str, sources: int, marks: list[int]) -> None:
    log.configure(level="error")
    now = BEGIN
    store = Store.open(database, clock=lambda: now)
    watched = [
        Source(key=f"s{n}", urls=(f"http://{pair}/s{n}/",), title=f"S{n}", category="towns", kind="html")
        for n in range(sources)
    ]
    store.sources.sync(watched, now=now)
    client = Client(FetchSettings(host_interval=0, allow_targets=(pair,)))
    scraper = Scraper(store, client, PageReader(), clock=lambda: now)
    planner = Planner(clock=lambda: now, dice=lambda: 0.5, rhythms=Rhythms(store))
    results: dict[str, int] = {}
    for number in range(1, max(marks) + 1):
        now += timedelta(seconds=90)
        outcome = scraper.scrape(
            f"s{number % sources}", owner="soak:1:a", progress=Progress(cut_after=None), planner=planner.after
        )
        results[outcome.result.value] = results.get(outcome.result.value, 0) + 1
        if number in marks:
            gc.collect()
            held = held_by(os.getpid())
            print(json.dumps({"threads": threading.active_count(), **held, "results": results}), flush=True)
    client.close()
    store.close()


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), [int(word) for word in sys.argv[4:]])
