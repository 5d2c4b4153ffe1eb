"""Turns at each host: an interval between requests, few at a time, and a long memory for 'not now' (rule F13).

A host is host:port. Turns are given in the order of asking within a process; between processes it is the ledger that
keeps the interval and the 'not now'.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from feedsvc.errors import NoTurn
from feedsvc.fetch.deadline import Monotonic
from feedsvc.fetch.ledger import Ledger, Remembered

#: Hosts that a process shows and queues at; beyond it the one longest unused is left to the ledger.
HOSTS_MAX = 20_000
#: Backing off after 429 or 503 without Retry-After: doubling from five seconds to an hour, spread by jitter.
BACKOFF_FIRST, BACKOFF_LONGEST = 5.0, 3600.0
#: A host that said 'not now' for longer than this is not waited for: the fetch fails, and comes back another time.
WORTH_WAITING = 10.0
#: Crawl-delay beyond an hour is taken for a mistake, and for an hour.
CRAWL_DELAY_MAX = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTurns:
    """How things stand with one host, for people."""

    host: str
    #: Seconds between two requests: the setting, or the site's crawl-delay where that is longer.
    interval: float
    #: Seconds until the next request may start; 0 where one may start at once.
    next_in: float
    active: int
    waiting: int
    requests: int
    #: The status with which the host asked to be left alone (429, 503), while that lasts.
    deferred_by: int | None = None


@dataclass(slots=True)
class _Host:
    interval: float
    active: int = 0
    requests: int = 0
    queue: deque[object] = field(default_factory=deque)


class Turns:
    """Gives out turns; thread-safe and shared by everything that fetches."""

    def __init__(
        self,
        *,
        interval: float,
        concurrency: int,
        ledger: Ledger | None = None,
        clock: Monotonic | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``clock`` gives the ledger's seconds, where it is not its own."""
        self._ledger = ledger or Ledger()
        self._interval = interval
        self._concurrency = concurrency
        self._clock = clock or self._ledger.now
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, host: str, *, longest_wait: float, url: str = "") -> Iterator[float]:
        """Wait for the host's turn and hold it; gives the seconds waited.

        Raises NoTurn where the turn would not come within ``longest_wait`` seconds, or the host has asked to be left
        alone for longer than is worth waiting.
        """
        asked_at = self._clock()
        state = self._enter(host, longest_wait, url)
        try:
            self._wait_for_start(state, host, asked_at + longest_wait, url)
            yield self._clock() - asked_at
        finally:
            with self._changed:
                state.active -= 1
                self._changed.notify_all()

    def lengthen(self, host: str, delay: float) -> None:
        """The site asks for ``delay`` seconds between requests (robots.txt crawl-delay); never shortens ours."""
        with self._changed:
            self._host(host).interval = max(self._interval, min(delay, CRAWL_DELAY_MAX))

    def defer(self, host: str, *, status: int, retry_after: timedelta | None, jitter: float) -> timedelta:
        """The host answered 429 or 503: leave it alone for as long as it asks, or for a growing while; gives how long.

        ``jitter`` (0 to 1) spreads a wait of our own by up to half of it.
        """

        def wait(refusals: int) -> float:
            own = min(BACKOFF_FIRST * 2.0 ** min(refusals - 1, 10), BACKOFF_LONGEST) * (1 + jitter / 2)
            return own if retry_after is None else retry_after.total_seconds()

        with self._changed:
            self._host(host)
        return timedelta(seconds=self._ledger.defer(host, wait, status=status, now=self._clock()))

    def forgive(self, host: str) -> None:
        """The host answers again."""
        self._ledger.forgive(host, now=self._clock())

    def hosts(self) -> tuple[HostTurns, ...]:
        """Every remembered host by name."""
        with self._changed:
            now = self._clock()
            return tuple(
                _shown(name, state, self._ledger.of(name, now=now), now) for name, state in sorted(self._hosts.items())
            )

    def _enter(self, host: str, longest_wait: float, url: str) -> _Host:
        """Take one of the host's few places, in the order of asking."""
        ticket = object()
        with self._changed:
            state = self._host(host)
            self._refuse_if_deferred(host, self._clock() + longest_wait, url)
            state.queue.append(ticket)
            try:
                came = self._changed.wait_for(
                    lambda: state.queue[0] is ticket and state.active < self._concurrency, timeout=longest_wait
                )
                if not came:
                    raise _no_turn(host, longest_wait, url)
                state.active += 1
            finally:
                state.queue.remove(ticket)
                self._changed.notify_all()
            return state

    def _wait_for_start(self, state: _Host, host: str, latest: float, url: str) -> None:
        """Sleep until the interval since the last start has passed; a 'not now' that came meanwhile counts as well."""
        reserved: float | None = None
        while True:
            with self._changed:
                not_before = self._refuse_if_deferred(host, latest, url)
                now = self._clock()
                if reserved is None or reserved < not_before:
                    reserved = self._ledger.reserve(host, state.interval, now=now, latest=latest)
                    if reserved > latest:
                        raise _no_turn(host, reserved - now, url)
                pause = reserved - now
                if pause > max(latest - now, 0) + 1:  # its moments are of another file
                    reserved = None
                    continue
                if pause <= 0:
                    state.requests += 1
                    return
            self._sleep(pause)

    def _refuse_if_deferred(self, host: str, latest: float, url: str) -> float:
        """When the host may be asked again, if it asked to be left alone; raises NoTurn where that is too late."""
        now = self._clock()
        known = self._ledger.of(host, now=now)
        left = known.not_before - now
        if left > WORTH_WAITING or (left > 0 and known.not_before > latest):
            raise NoTurn(
                f"{host} answered {known.deferred_by or 503} and is left alone for another {left:.0f} s",
                wait=timedelta(seconds=math.ceil(left)),
                subject=url or host,
                remedy="nothing to do: it is asked again after that time",
            )
        return known.not_before

    def _host(self, name: str) -> _Host:
        state = self._hosts.pop(name, None) or _Host(interval=self._interval)
        self._hosts[name] = state
        if len(self._hosts) > HOSTS_MAX:
            self._forget_one()
        return state

    def _forget_one(self) -> None:
        for name, state in self._hosts.items():
            if not state.active and not state.queue:
                del self._hosts[name]
                return


def _shown(name: str, state: _Host, known: Remembered, now: float) -> HostTurns:
    return HostTurns(
        host=name,
        interval=state.interval,
        next_in=max(0.0, known.last_start + state.interval - now, known.not_before - now),
        active=state.active,
        waiting=len(state.queue),
        requests=state.requests,
        deferred_by=known.deferred_by if known.not_before > now else None,
    )


def _no_turn(host: str, seconds: float, url: str) -> NoTurn:
    return NoTurn(
        f"the next free turn at {host} is more than {seconds:.0f} s away",
        wait=timedelta(seconds=math.ceil(seconds)),
        subject=url or host,
        remedy="try again later; the site's crawl-delay and fetch.host_interval set the pace",
    )
