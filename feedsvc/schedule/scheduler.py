"""The clock: APScheduler (3.x, memory job store) ticks once a second over the due sources in our store.

Of several processes one holds the lease and scrapes. Intervals are measured by the monotonic clock: when the wall clock
jumps, every plan moves with it. Rules D3, D4 and D7 of specs/reliability.md.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from feedsvc.errors import StoreError
from feedsvc.log import get_logger
from feedsvc.protocols import Clock
from feedsvc.schedule.planner import Planner
from feedsvc.scrape import NextTurn, Progress, ScrapeOutcome, Scraper
from feedsvc.scrape.progress import Monotonic
from feedsvc.store import SourceState, Store
from feedsvc.store.owner import in_words, is_dead, new_owner

_log = get_logger(__name__)

#: The lease of the one process that scrapes by the clock.
LEASE = "clock"
#: Seconds: between two ticks (waking up costs more than what is then done), between two looks while more is due than
#: may be scraped at once, between two renewals of the lease, without progress until a scrape is abandoned, and the
#: difference between the two clocks that is a jump.
TICK, BUSY_TICK, RENEW, ABANDON, JUMP = 2.0, 1.0, 10.0, 60.0, 30.0
#: How long a source is left alone after a fault of our own.
FAULT_WAIT = timedelta(hours=1)
_FAULT = "a fault of feedsvc's own: see its log"
#: Sources planned in one tick.
_PLANS = 500
#: No schedule looks further ahead than this, but for pauses and rare crontab lines.
_HORIZON = timedelta(days=8)


@dataclass(slots=True)
class _Running:
    """One scrape on its way."""

    thread: threading.Thread
    progress: Progress


class Scheduler:
    """Runs due sources in threads, at most ``parallel`` at a time and never one source twice."""

    def __init__(
        self,
        store: Store,
        scraper: Scraper,
        planner: Planner,
        *,
        clock: Clock,
        parallel: int = 8,
        monotonic: Monotonic = time.monotonic,
        owner: str | None = None,
        on_outcome: Callable[[ScrapeOutcome], None] = lambda _outcome: None,
        on_lead: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._scraper = scraper
        self._planner = planner
        self._clock = clock
        self._monotonic = monotonic
        self._parallel = parallel
        self._on_outcome = on_outcome
        self._on_lead = on_lead
        self.owner = owner or new_owner()
        #: Who holds the clock, in words; "" while nobody is known to.
        self.holder = ""
        self.is_leader = False
        self._running: dict[str, _Running] = {}
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._renewed = self._ticked = -float("inf")
        self._pair: tuple[datetime, float] | None = None
        self._trouble = ""
        self._apscheduler: BackgroundScheduler | None = None

    # Running

    def start(self) -> None:
        """Begin to tick, in a thread of its own."""
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._apscheduler = BackgroundScheduler(timezone=UTC)
        self._apscheduler.add_job(
            self.tick,
            IntervalTrigger(seconds=TICK, timezone=UTC),
            id="tick",
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._apscheduler.start()
        threading.Thread(target=self._watch, name="feedsvc-clockwatch", daemon=True).start()

    def use(self, scraper: Scraper) -> None:
        """Scrape with these settings from the next scrape on."""
        self._scraper = scraper

    def run(self, stop: threading.Event) -> None:
        """Tick until ``stop`` is set, then end everything."""
        self.start()
        try:
            stop.wait()
        finally:
            self.stop()

    def stop(self, *, within: float = 6.0) -> None:
        """End within seconds: scrapes stop at their next step, lease and claims are given back."""
        self._stopping.set()
        if self._apscheduler is not None:
            self._apscheduler.shutdown(wait=False)
        deadline = self._monotonic() + within
        for one in self._all_running().values():
            one.thread.join(timeout=max(0.0, deadline - self._monotonic()))
        try:
            self._store.sources.release_all(self.owner)
            self._store.leases.give_back(LEASE, self.owner)
        except StoreError as error:
            _log.warning("lease not given back", reason=str(error))
        self.is_leader = False

    def _watch(self) -> None:
        """APScheduler waits by the wall clock: when that goes back a day, wake it."""
        while not self._stopping.wait(5 * TICK):
            scheduler = self._apscheduler
            if scheduler is not None and self._monotonic() - self._ticked > 5 * TICK:
                job = scheduler.get_job("tick")
                if job is not None:
                    job.modify(next_run_time=datetime.now(UTC))

    # One tick

    def tick(self) -> None:
        """Look once: lease, clock, hanging scrapes, sources without a plan, due sources. Never raises."""
        self._ticked = self._monotonic()
        try:
            self._tick()
            self._trouble = ""
        except StoreError as error:
            if str(error) != self._trouble:
                _log.error("clock cannot use the store", reason=str(error))
            self._trouble = str(error)
        except Exception:  # noqa: BLE001 - our own fault must not stop the clock
            _log.critical("tick broke", exc_info=True)

    def _tick(self) -> None:
        if self._stopping.is_set():
            return
        self._follow_the_wall_clock()
        if self._monotonic() - self._renewed >= RENEW:
            self._renew()
        if not self.is_leader:
            return
        self._plan()
        if self._run_due() and not self._stopping.wait(BUSY_TICK):
            self._run_due()

    def _follow_the_wall_clock(self) -> None:
        """Move every plan with a wall clock that jumped."""
        now, ticks = self._clock(), self._monotonic()
        before, self._pair = self._pair, (now, ticks)
        if before is None:
            return
        jump = (now - before[0]) - timedelta(seconds=ticks - before[1])
        if abs(jump) < timedelta(seconds=JUMP):
            return
        _log.warning("the wall clock jumped", seconds=round(jump.total_seconds()))
        if self.is_leader:
            self._store.sources.shift(jump)

    def _renew(self) -> None:
        """Take or renew the lease; abandon scrapes that show no signs of life."""
        lease = self._store.leases.take(LEASE, self.owner)
        if lease.owner != self.owner and is_dead(lease.owner):
            self._store.leases.give_back(LEASE, lease.owner)
            self._store.sources.release_all(lease.owner)
            lease = self._store.leases.take(LEASE, self.owner)
        self._renewed = self._monotonic()
        self._lead(lease.owner)
        for key, one in self._all_running().items():
            if one.progress.idle_for() >= ABANDON:
                self._abandon(key, one)

    def _lead(self, holder: str) -> None:
        was_leader, self.is_leader = self.is_leader, holder == self.owner
        words = in_words(holder)
        if self.is_leader and not was_leader:
            forgotten = self._store.sources.forget_impossible_plans(now=self._clock(), longest=_HORIZON)
            _log.info("this process holds the clock", sources_planned_anew=forgotten)
            self._on_lead()
        elif not self.is_leader and words != self.holder:
            _log.info("another process holds the clock: this one serves and does not scrape", holder=words)
        self.holder = words

    def _abandon(self, key: str, one: _Running) -> None:
        """A scrape hangs: nobody waits for it any more, and its source is backed off."""
        one.progress.abandon()
        with self._guard:
            self._running.pop(key, None)
        _log.error("scrape abandoned", source=key, seconds_without_progress=round(one.progress.idle_for()))
        reason = "abandoned: the scrape made no progress for a minute"
        self._scraper.abandon(key, reason, owner=self.owner, planner=self._planner.after)

    def _plan(self) -> None:
        unplanned = self._store.sources.unplanned(limit=_PLANS)
        if unplanned:
            self._store.sources.plan({state.key: self._first_turn(state) for state in unplanned})

    def _first_turn(self, state: SourceState) -> tuple[datetime, str]:
        """When a source without a plan is due; one that cannot be planned does not keep the others waiting."""
        try:
            return self._planner.now(state)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - our own fault must not take the other sources with it
            _log.critical("source not planned", source=state.key, exc_info=True)
            turn = self._after_fault()
            return turn.due_at, turn.why

    def _after_fault(self) -> NextTurn:
        return NextTurn(due_at=self._clock() + FAULT_WAIT, why=f"later, after {_FAULT}")

    def _run_due(self) -> bool:
        """Scrape what is due; whether all that may be scraped at once is on its way."""
        running = self._all_running()
        free = self._parallel - len(running)
        if free <= 0:
            return True
        due = self._store.sources.due(now=self._clock(), limit=free + len(running), owner=self.owner)
        chosen = [key for key in due if key not in running][:free]
        for key in chosen:
            progress = Progress(
                cut_after=self._scraper.settings.cut_after, monotonic=self._monotonic, stopping=self._stopping
            )
            thread = threading.Thread(
                target=self._scrape, args=(key, progress), name=f"feedsvc-scrape-{key}", daemon=True
            )
            # as one: whoever sees a thread here may join it
            with self._guard:
                self._running[key] = _Running(thread, progress)
                thread.start()
        return len(chosen) == free

    def _scrape(self, key: str, progress: Progress) -> None:
        try:
            outcome = self._scraper.scrape(key, owner=self.owner, progress=progress, planner=self._planner.after)
            self._on_outcome(outcome)
        except StoreError as error:
            _log.error("source not scraped", source=key, reason=str(error))
        except Exception:  # noqa: BLE001 - our own fault must not take the other sources with it
            _log.critical("scrape thread broke", source=key, exc_info=True)
            self._put_off(key)
        finally:
            with self._guard:
                if key in self._running and self._running[key].progress is progress:
                    del self._running[key]

    def _put_off(self, key: str) -> None:
        """A scrape whose end we could not plan is not begun again at the next tick: the fault is not its site's."""
        try:
            self._scraper.abandon(key, _FAULT, owner=self.owner, planner=lambda _state, _outcome: self._after_fault())
        except StoreError as error:
            _log.error("source not put off", source=key, reason=str(error))

    def _all_running(self) -> dict[str, _Running]:
        with self._guard:
            return dict(self._running)

    def wait_until_idle(self, *, within: float) -> bool:
        """Wait for the scrapes on their way; for tests and for commands. False where some still run."""
        deadline = self._monotonic() + within
        for one in self._all_running().values():
            one.thread.join(timeout=max(0.0, deadline - self._monotonic()))
        return not self._all_running()
