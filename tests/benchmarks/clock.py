"""What the clock costs at 100,000 sources: CPU and memory over an idle process, and how late it is by its own fault.

``python tests/benchmarks/clock.py [SOURCES] [SECONDS]`` prints one line of JSON. Sources are due evenly over a day; a
scrape is replaced by nothing, so that only the clock's own work is measured: ticks, lease, due times, next plans.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import tempfile
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from feedsvc import log
from feedsvc.model import Cadence, Source
from feedsvc.schedule import Planner, Scheduler
from feedsvc.schedule.rhythms import Rhythms
from feedsvc.scrape import Progress, Result, ScrapeOutcome, Scraper, ScrapeSettings
from feedsvc.store import Store
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


def main(count: int, seconds: float) -> None:
    log.configure(level="error")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
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
        late = sorted(scraper.late)
        print(
            json.dumps(
                {
                    "sources": count,
                    "seconds": round(took, 1),
                    "turns": scraper.turns,
                    "cpu_percent_over_idle": round(100 * (used / took - idle), 2),
                    "cpu_ms_per_turn": round(1000 * used / max(scraper.turns, 1), 2),
                    "memory_mib_over_idle": round(rss() - before, 1),
                    "memory_mib": round(rss(), 1),
                    "late_seconds_worst": round(late[-1], 2) if late else None,
                }
            )
        )
        store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, float(sys.argv[2]) if len(sys.argv) > 2 else 60)
