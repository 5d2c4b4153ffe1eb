"""What the clock costs at 100,000 sources: CPU and memory over an idle process, and how late it is by its own fault.

``python tests/benchmarks/clock.py [SOURCES] [SECONDS]`` prints three lines of JSON. Sources are due evenly over
twelve hours. First a scrape is replaced by nothing, so that only the clock's own work is measured: ticks, lease, due
times, next plans. Then ``feedsvc clock`` itself runs as a process on the same store, and scrapes: a site on loopback
answers that nothing has changed. Its memory is compared with that of the same command without any source. Last the
same with a webhook: while somebody is to be told of changes, the process knows all feeds.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import sqlalchemy as sa

from feedsvc import log
from feedsvc.model import Cadence, Source
from feedsvc.schedule import Planner, Scheduler
from feedsvc.schedule.rhythms import Rhythms
from feedsvc.scrape import Progress, Result, ScrapeOutcome, Scraper, ScrapeSettings
from feedsvc.store import Store
from feedsvc.store.schema import feeds, listing_pages
from feedsvc.store.schema import sources as table

#: The cadence of the benchmark: two budgeted scrapes a day each, as many sources have.
SOURCE = Source(key="s", urls=("https://s.example/",), title="s", cadence=Cadence(budget=(2, timedelta(days=1))))


#: How long filling the store may take.
_FILLING = timedelta(seconds=30)


class Nothing(Scraper):
    """Concludes at once, as a scrape that found nothing would."""

    def __init__(self, store: Store) -> None:
        self._kept = store
        self.settings = ScrapeSettings()
        #: Seconds by which turns were late that came due while the clock ran.
        self.late: list[float] = []
        self.turns = 0
        self.begun_at = datetime.now(UTC)

    def scrape(  # type: ignore[no-untyped-def]
        self, key: str, *, owner: str, progress: Progress, planner=None, recheck: bool = False
    ) -> ScrapeOutcome:
        now = datetime.now(UTC)
        state = self._kept.sources.claim(key, owner)
        assert state is not None
        assert state.due_at is not None
        if state.due_at > self.begun_at:
            self.late.append((now - state.due_at).total_seconds())
        self.turns += 1
        outcome = ScrapeOutcome(source=key, result=Result.UNCHANGED, started_at=now, finished_at=now)
        turn = planner(state, outcome)
        memory = {**state.memory, **turn.memory}
        self._kept.sources.conclude(key, owner, scraped_at=now, due_at=turn.due_at, due_why=turn.why, memory=memory)
        return outcome


def fill(store: Store, count: int) -> None:
    """Sources due evenly over twelve hours, from when all of them are in; each with a kept rhythm."""
    now = datetime.now(UTC)
    store.sources.sync([replace(SOURCE, key="s0")], now=now)
    rhythms = Rhythms(store)
    state = store.sources.get("s0")
    assert state is not None
    turn = Planner(clock=lambda: now, rhythms=rhythms).after(
        state, ScrapeOutcome(source="s0", result=Result.WELL, started_at=now, finished_at=now)
    )
    with store.database.write() as connection:
        row = dict(connection.execute(sa.select(table)).mappings().one())
        row |= {"memory": dict(turn.memory), "state": "well", "scraped_at": now, "succeeded_at": now}
        connection.execute(sa.delete(table))
        spread = timedelta(hours=12) / count
        for begin in range(0, count, 5000):
            rows = [
                {
                    **row,
                    "key": f"s{number}",
                    "in_force": {**row["in_force"], "key": f"s{number}"},
                    "due_at": now + _FILLING + spread * number,
                    "due_why": "planned",
                }
                for number in range(begin, min(begin + 5000, count))
            ]
            connection.execute(sa.insert(table), rows)


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def rss() -> float:
    """Resident MiB now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


class Unchanged(BaseHTTPRequestHandler):
    """A site on which nothing ever changes, and without robots.txt."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/robots.txt" else 304)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def unchanged_site() -> Iterator[int]:
    """Its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Unchanged) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def at_site(store: Store, port: int) -> None:
    """Let every source have a feed, and be one listing page of the site, read before."""
    now = datetime.now(UTC)
    with store.database.write() as connection:
        keys = connection.execute(sa.select(table.c.key)).scalars().all()
        (in_force,) = connection.execute(sa.select(table.c.in_force).limit(1)).scalars()
        for begin in range(0, len(keys), 5000):
            some = keys[begin : begin + 5000]
            urls = {key: f"http://127.0.0.1:{port}/{key}/" for key in some}
            connection.execute(
                sa.update(table).where(table.c.key == sa.bindparam("of")),
                [
                    {"of": key, "declared": None, "in_force": {**in_force, "key": key, "urls": [urls[key]]}}
                    for key in some
                ],
            )
            connection.execute(
                sa.insert(listing_pages),
                [{"source": key, "url": urls[key], "etag": '"1"', "visited_at": now} for key in some],
            )
            connection.execute(
                sa.insert(feeds),
                [
                    {"kind": "source", "key": key, "uuid": key, "created_at": now, "version": 1, "archives": 0}
                    for key in some
                ],
            )


def running(folder: Path, port: int, seconds: float) -> tuple[float, float, int]:
    """Of ``feedsvc clock`` on the folder's store for so long: resident MiB at most, CPU seconds, scrapes."""
    environ = {
        **os.environ,
        "FEEDSVC_HOST_INTERVAL": "0",
        "FEEDSVC_ALLOW_TARGETS": f"127.0.0.1:{port}",
        "FEEDSVC_FETCH_DAILY_REQUESTS": "0",
        "FEEDSVC_FETCH_DAILY_HOST_REQUESTS": "0",
        "FEEDSVC_FETCH_HOST_CONCURRENCY": "8",
    }
    command = [sys.executable, "-m", "feedsvc", "--config", str(folder / "config"), "--data", str(folder), "clock"]
    with (folder / "log").open("w+", encoding="utf-8") as log_file:
        process = subprocess.Popen(command, env=environ, stdout=log_file, stderr=log_file)
        threading.Event().wait(seconds)
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        ticks = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        process.terminate()
        process.wait(timeout=30)
        log_file.seek(0)
        scrapes = sum("result=unchanged" in line for line in log_file)
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    return peak / 1024, sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), scrapes


def real_clock(folder: Path, count: int, seconds: float, webhooks: str = "") -> dict[str, float]:
    """The command itself, with the sources and without."""
    for config in (folder / "config", folder / "empty" / "config"):
        config.mkdir(parents=True)
        (config / "feedsvc.toml").write_text("", encoding="utf-8")
        (config / "webhooks.toml").write_text(webhooks, encoding="utf-8")
    with unchanged_site() as port:
        store = Store.open(f"sqlite:///{folder}/feedsvc.sqlite3")
        fill(store, count)
        at_site(store, port)
        store.close()
        memory, used, scrapes = running(folder, port, seconds)
        idle_memory, idle_used, _ = running(folder / "empty", port, seconds)
    return {
        "sources": count,
        "scrapes": scrapes,
        "memory_mib": round(memory, 1),
        "memory_mib_idle": round(idle_memory, 1),
        "memory_mib_over_idle": round(memory - idle_memory, 1),
        "cpu_ms_per_scrape_over_idle": round(1000 * (used - idle_used) / max(scrapes, 1), 1),
    }


def telling_clock(folder: Path, count: int, seconds: float) -> dict[str, float]:
    """The command, with somebody to be told of all changes."""
    return real_clock(folder, count, seconds, '[nobody]\nurl = "http://127.0.0.1:9/"\nfeed = "all"\n')


def clock_alone(folder: Path, count: int, seconds: float) -> dict[str, float | None]:
    """The clock's own work."""
    maker = Store.open(f"sqlite:///{folder}/bench.sqlite3")
    fill(maker, count)
    maker.close()
    begun, started = cpu(), time.monotonic()
    threading.Event().wait(2)
    idle = (cpu() - begun) / (time.monotonic() - started)
    before = rss()
    store = Store.open(f"sqlite:///{folder}/bench.sqlite3")
    scraper = Nothing(store)
    planner = Planner(clock=lambda: datetime.now(UTC), rhythms=Rhythms(store))
    clock = Scheduler(store, scraper, planner, clock=lambda: datetime.now(UTC))
    begun, started = cpu(), time.monotonic()
    clock.start()
    threading.Event().wait(seconds)
    used, took = cpu() - begun, time.monotonic() - started
    clock.stop()
    store.close()
    return {
        "sources": count,
        "seconds": round(took, 1),
        "turns": scraper.turns,
        "cpu_percent_over_idle": round(100 * (used / took - idle), 2),
        "cpu_ms_per_turn": round(1000 * used / max(scraper.turns, 1), 2),
        "memory_mib_over_idle": round(rss() - before, 1),
        "late_seconds_worst": round(max(scraper.late), 2) if scraper.late else None,
    }


def main(count: int, seconds: float) -> None:
    log.configure(level="error")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    for measure in (clock_alone, real_clock, telling_clock):
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps({"what": measure.__name__, **measure(Path(folder), count, seconds)}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, float(sys.argv[2]) if len(sys.argv) > 2 else 60)
