"""The service: every room wired by one configuration; what web and commands call."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from feedsvc.config import Config
from feedsvc.config.fault import nearest
from feedsvc.errors import ServiceError, StoreError
from feedsvc.fetch import Client, FetchSettings
from feedsvc.fetch.ledger import Ledger
from feedsvc.log import get_logger
from feedsvc.model import Rules
from feedsvc.protocols import Clock
from feedsvc.schedule import Planner, Scheduler
from feedsvc.schedule.rhythms import Rhythms
from feedsvc.scrape import ScrapeOutcome, Scraper, ScrapeSettings
from feedsvc.scrape.decide import Limits
from feedsvc.scrape.repair import Repair
from feedsvc.service.alerting import Alerting
from feedsvc.service.feeds import FeedService
from feedsvc.service.memory import return_large_blocks
from feedsvc.service.mending import Mending
from feedsvc.service.observing import Observing
from feedsvc.service.planning import Schedule, schedule_of
from feedsvc.service.pushing import LOOK_EVERY, Pusher
from feedsvc.service.reading import PageReader
from feedsvc.service.repairing import adopt, propose
from feedsvc.service.replaying import CHECKED_MOST, Checked, Replay, Replaying, check_rules
from feedsvc.service.resanitizing import Resanitized, resanitize
from feedsvc.service.scraping import Foreground
from feedsvc.service.taking_up import TakenUp, file_again, take_up
from feedsvc.store import SourceState, Store
from feedsvc.store.owner import in_words

_log = get_logger(__name__)

#: A fetch of ours waits for its host's turn no longer than this, in seconds: a waiting scrape must not look hanging.
LONGEST_WAIT = 20.0
#: Between two rounds of housekeeping, and between two of what alerts are owed.
_HOUSEKEEPING, _ALERTS = timedelta(hours=6), timedelta(minutes=10)
#: Given-up items are remembered for this long.
_GIVEN_UP = timedelta(days=60)


def utc_now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


class Service:
    """One process' view of everything. Rooms are opened when they are first needed."""

    def __init__(self, config: Config, store: Store, *, clock: Clock = utc_now) -> None:
        self.config = config
        self.store = store
        self.clock = clock
        self._scheduler: Scheduler | None = None

    @classmethod
    def open(cls, config: Config, *, clock: Clock = utc_now) -> Self:
        """Open the store and take up the configuration. Raises StoreError, StoreBusy.

        A store that can be read and not written (a full disk) is opened all the same: feeds are served as they are.
        """
        service = cls(config, Store.open(config.database_url, clock=clock), clock=clock)
        try:
            service.apply(config)
        except StoreError as error:
            _log.error("configuration not taken up", reason=str(error))
        return service

    def close(self) -> None:
        """End threads and give back connections."""
        if "feeds" in self.__dict__:
            self.feeds.close()
        if "client" in self.__dict__:
            self.client.close()
        if "ledger" in self.__dict__:
            self.ledger.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Rooms

    @cached_property
    def feeds(self) -> FeedService:
        """Feeds as finished bytes."""
        return FeedService(self.store, lambda: self.config, clock=self.clock)

    @cached_property
    def client(self) -> Client:
        """The one door for HTTP."""
        return_large_blocks()
        return Client(
            fetch_settings(self.config), clock=self.clock, on_answer=self.observing.fetched, ledger=self.ledger
        )

    @cached_property
    def ledger(self) -> Ledger:
        """What is known of hosts, whatever the settings of the client become."""
        return Ledger(ledger_file(self.config), clock=lambda: self.clock().timestamp())

    @cached_property
    def reader(self) -> PageReader:
        """What pages are read with."""
        return PageReader()

    @cached_property
    def planner(self) -> Planner:
        """When sources are due."""
        return Planner(clock=self.clock, rhythms=self.rhythms)

    @cached_property
    def rhythms(self) -> Rhythms:
        """When sources release."""
        return Rhythms(self.store)

    @cached_property
    def alerting(self) -> Alerting:
        """Who tells admins."""
        return Alerting(self.store, lambda: self.config, lambda: self.client)

    @cached_property
    def observing(self) -> Observing:
        """What scrapes come to, in figures."""
        return Observing(self.store)

    @cached_property
    def mending(self) -> Mending:
        """Who repairs sources by itself, where the settings allow that."""
        return Mending(self.store, lambda: self.config, lambda: self.client, clock=self.clock)

    def scraper(self) -> Scraper:
        """The walk, by the settings in force."""
        return Scraper(self.store, self.client, self.reader, clock=self.clock, settings=scrape_settings(self.config))

    # Configuration

    def apply(self, config: Config) -> TakenUp:
        """Take up a configuration whole: sources and categories into the store. Raises StoreError."""
        taken = take_up(self.store, config, now=self.clock())
        self.config = config
        return taken

    def reconfigure(self, config: Config) -> None:
        """Take up a changed configuration while running; what cannot be written is tried again with the next change."""
        old, self.config = self.config, config
        is_fetching_otherwise = fetch_settings(old) != fetch_settings(config)
        if is_fetching_otherwise:
            self.__dict__.pop("client", None)
        if self._scheduler is not None:
            self._scheduler.use(self.scraper())
        try:
            taken = self.apply(config)
            if is_fetching_otherwise:
                self._plan_put_off()
        except StoreError as error:
            _log.error("configuration not taken up", reason=str(error))
            return
        _log.info(
            "configuration taken up",
            added=len(taken.sources.added),
            changed=len(taken.sources.changed),
            removed=len(taken.sources.removed),
        )

    # Scrapes

    def keys(self, keys: Sequence[str] = (), *, every: bool = False) -> tuple[str, ...]:
        """The keys that a command means: those given, or every enabled source. Raises ServiceError for unknown ones."""
        known = self.store.sources.keys()
        unknown = [key for key in keys if key not in set(known)]
        if unknown:
            meant = [close for key in unknown if (close := nearest(key, known))]
            remedy = f"did you mean {', '.join(meant)}?" if meant else "see `feedsvc sources`"
            raise ServiceError("there is no such source", subject=", ".join(unknown), remedy=remedy)
        return tuple(dict.fromkeys(keys)) if not every else self.store.sources.keys(enabled_only=True)

    def scrape(
        self,
        keys: Sequence[str],
        *,
        recheck: bool = False,
        on_outcome: Callable[[ScrapeOutcome], None] = lambda _outcome: None,
    ) -> tuple[ScrapeOutcome, ...]:
        """Scrape sources once, now, in this process; one outcome each. Raises StoreError."""
        foreground = Foreground(self.store, self.scraper(), self.planner, clock=self.clock)
        parallel = self.config.settings.scrape.parallel
        return foreground.scrape(keys, recheck=recheck, parallel=parallel, on_outcome=on_outcome)

    def run_now(self, keys: Sequence[str]) -> int:
        """Ask whichever process holds the clock to scrape these sources now; how many it will."""
        return self.store.sources.ask_to_run(keys, now=self.clock())

    def schedule(self, key: str) -> Schedule:
        """When a source will be scraped and why then. Raises ServiceError for an unknown one."""
        return schedule_of(self.state(key), self.store, self.rhythms, self.config, now=self.clock())

    def state(self, key: str) -> SourceState:
        """One source as the store has it. Raises ServiceError for an unknown one."""
        self.keys([key])
        state = self.store.sources.get(key)
        assert state is not None
        return state

    # Extraction looked at again

    def replay(self, key: str, rules: Rules | None = None) -> Replay:
        """Extraction over a source's kept pages, by ``rules`` or those in force. Raises ServiceError."""
        return Replaying(self.store, self.reader, self.state(key).source).replay(rules)

    def check_rules(self, keys: Sequence[str] = ()) -> tuple[Checked, ...]:
        """The rules of these sources, or of every enabled one, checked on kept pages. Raises ServiceError."""
        found = []
        for key in self.keys(keys, every=not keys):
            snapshots = self.store.snapshots.of_source(key, limit=CHECKED_MOST)
            found.append(
                check_rules(Replaying(self.store, self.reader, self.state(key).source), snapshots, self.reader)
            )
        return tuple(found)

    def repair(self, key: str) -> Repair:
        """New rules for a source whose page has changed, proposed. Raises ServiceError, ScrapeError."""
        return propose(self.state(key), self.store, self.client)

    def adopt(self, found: Repair) -> bool:
        """Put proposed rules in force; False where there are none."""
        return adopt(found, self.store, now=self.clock())

    def resanitize(self, step: Callable[[int], None] = lambda _done: None) -> Resanitized:
        """Sanitize every kept original again. Raises StoreError."""
        return resanitize(self.store, step=step)

    def clock_holder(self) -> str:
        """Which process scrapes by the clock, in words; "" for none."""
        lease = self.store.leases.holder("clock")
        return in_words(lease.owner) if lease is not None else ""

    def run_clock(self, stop: threading.Event) -> None:
        """Scrape what is due until ``stop`` is set; where another process holds the clock, wait until it is needed."""
        scheduler = Scheduler(
            self.store,
            self.scraper(),
            self.planner,
            clock=self.clock,
            parallel=self.config.settings.scrape.parallel,
            on_outcome=self._after,
            on_lead=self._plan_put_off,
        )
        self._scheduler = scheduler
        keeper = threading.Thread(
            target=self._keep_house, args=(stop, scheduler), name="feedsvc-housekeeping", daemon=True
        )
        keeper.start()
        pusher = Pusher(self.store, lambda: self.client, lambda: self.config, clock=self.clock)
        push = threading.Thread(target=pusher.run, args=(stop,), name="feedsvc-push", daemon=True)
        push.start()
        scheduler.run(stop)
        push.join(timeout=LOOK_EVERY)
        self._keep_figures()

    def _plan_put_off(self) -> None:
        """Sources that a turn or a budget put off are planned by the settings of now."""
        with suppress(StoreError):  # a full disk: they wait as long as they were told to
            if count := self.store.sources.plan_put_off(now=self.clock()):
                _log.info("sources that were put off are planned anew", sources=count)

    def _after(self, outcome: ScrapeOutcome) -> None:
        """What follows from a scrape by the clock."""
        self.observing.after(outcome)
        self.mending.after(outcome)
        self.alerting.after(outcome)

    def _keep_figures(self) -> None:
        try:
            self.observing.keep()
        except StoreError as error:
            _log.error("figures not kept", reason=str(error))

    def _keep_house(self, stop: threading.Event, scheduler: Scheduler) -> None:
        for number in itertools.count():
            if number % (_HOUSEKEEPING // _ALERTS) == 0:
                self.keep_house()
            if scheduler.is_leader:
                self.alerting.settle(now=self.clock())
                self._file_again()
            if stop.wait(_ALERTS.total_seconds()):
                return

    def _file_again(self) -> None:
        """Go on with what a process that died, or a scrape that went on, left where it was."""
        try:
            file_again(self.store, now=self.clock())
        except StoreError as error:
            _log.error("entries not moved to their category", reason=str(error))

    def keep_house(self) -> None:
        """Forget what is older than the settings keep."""
        now, keep = self.clock(), self.config.settings.keep
        try:
            self.store.scrapes.forget(before=now - keep.history)
            self.store.visits.forget_given_up(before=now - _GIVEN_UP)
            self.store.renderings.prune(now=now)
            self.store.deltas.prune(now=now)
        except StoreError as error:
            _log.error("housekeeping failed", reason=str(error))


def fetch_settings(config: Config) -> FetchSettings:
    """How the client fetches."""
    fetch = config.settings.fetch
    return FetchSettings(
        user_agent=fetch.user_agent,
        contact=fetch.contact,
        host_interval=fetch.host_interval.total_seconds(),
        host_concurrency=fetch.host_concurrency,
        allow_targets=fetch.allow_targets,
        timeout=fetch.timeout.total_seconds(),
        max_body=fetch.max_body,
        daily_requests=fetch.daily_requests or None,
        daily_host_requests=fetch.daily_host_requests or None,
        longest_wait=LONGEST_WAIT,
        robots_folder=str(config.data / "robots"),
        ledger_file=str(ledger_file(config)),
    )


def ledger_file(config: Config) -> Path:
    """Where it is kept what was promised to hosts."""
    return config.data / "hosts.db"


def scrape_settings(config: Config) -> ScrapeSettings:
    """How far a scrape goes."""
    scrape, keep = config.settings.scrape, config.settings.keep
    return ScrapeSettings(
        limits=Limits(pages=scrape.max_pages, details=scrape.max_details, flood=scrape.flood, since=scrape.since),
        rechecks=scrape.recheck,
        snapshots_per_page=keep.snapshots_per_page,
        snapshots_total=keep.snapshots_total,
    )
