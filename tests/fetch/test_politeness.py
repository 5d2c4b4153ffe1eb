"""Turns at a host: the interval, the order, the few at a time, and 'not now' (rule F13)."""

from __future__ import annotations

import os
import threading
from datetime import timedelta

import pytest

from feedsvc.errors import NoTurn, Refused
from feedsvc.fetch.budget import RequestBudget
from feedsvc.fetch.politeness import HostTurns, Turns


class FakeTime:
    """A monotonic clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.lock = threading.Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        with self.lock:
            self.now += seconds


def turns(time: FakeTime, *, interval: float = 1.0, concurrency: int = 2) -> Turns:
    return Turns(interval=interval, concurrency=concurrency, clock=time, sleep=time.sleep)


def starts(turns: Turns, time: FakeTime, *hosts: str) -> list[float]:
    """When each host's turn began, in seconds from now, asked one after the other."""
    began, moments = time.now, []
    for host in hosts:
        with turns.turn(host, longest_wait=100):
            moments.append(time.now - began)
    return moments


def test_requests_to_one_host_start_at_least_the_interval_apart() -> None:
    time = FakeTime()
    assert starts(turns(time), time, "a:80", "a:80", "b:80", "a:80", "a:443") == [0, 1, 1, 2, 2]


def test_an_interval_of_zero_never_waits() -> None:
    time = FakeTime()
    assert starts(turns(time, interval=0), time, "a:80", "a:80", "a:80") == [0, 0, 0]


def test_a_crawl_delay_lengthens_the_interval_from_the_last_request_on_and_never_shortens_it() -> None:
    time = FakeTime()
    polite = turns(time)
    starts(polite, time, "a:80")
    polite.lengthen("a:80", 5)
    assert starts(polite, time, "a:80", "a:80") == [5, 10]
    polite.lengthen("a:80", 0.1)
    assert starts(polite, time, "a:80") == [1]


def test_the_wait_is_told_so_that_it_does_not_count_against_the_fetch() -> None:
    time = FakeTime()
    polite = turns(time)
    with polite.turn("a:80", longest_wait=10) as first:
        pass
    with polite.turn("a:80", longest_wait=10) as second:
        pass
    assert (first, second) == (0, 1)


def test_nobody_waits_longer_than_allowed() -> None:
    time = FakeTime()
    polite = turns(time, interval=60)
    starts(polite, time, "a:80")
    with pytest.raises(Refused, match="a:80 is more than 60 s away"), polite.turn("a:80", longest_wait=59):
        pass
    assert time.now == 1000.0
    assert starts(polite, time, "a:80") == [60]


def test_at_most_two_requests_are_under_way_at_one_host() -> None:
    time = FakeTime()
    polite = turns(time, interval=0)
    with polite.turn("a:80", longest_wait=0), polite.turn("a:80", longest_wait=0):
        third, elsewhere = polite.turn("a:80", longest_wait=0), polite.turn("b:80", longest_wait=0)
        with elsewhere, pytest.raises(Refused):
            third.__enter__()
    with polite.turn("a:80", longest_wait=0):
        pass


def test_turns_are_given_in_the_order_of_asking() -> None:
    time = FakeTime()
    polite = turns(time, interval=0, concurrency=1)
    order: list[int] = []

    def ask(number: int) -> None:
        with polite.turn("a:80", longest_wait=10):
            order.append(number)

    threads = []
    with polite.turn("a:80", longest_wait=10):
        for number in range(5):
            thread = threading.Thread(target=ask, args=(number,))
            thread.start()
            threads.append(thread)
            while polite.hosts()[0].waiting <= number:
                os.sched_yield()
    for thread in threads:
        thread.join(10)
    assert order == [0, 1, 2, 3, 4]


def test_a_failed_request_gives_its_place_back() -> None:
    time = FakeTime()
    polite = turns(time, interval=0, concurrency=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), polite.turn("a:80", longest_wait=0):
            raise ZeroDivisionError
    assert polite.hosts()[0].active == 0


def test_a_host_that_said_not_now_is_left_alone_until_then() -> None:
    time = FakeTime()
    polite = turns(time)
    assert polite.defer("a:80", status=429, retry_after=timedelta(hours=1), jitter=0.9) == timedelta(hours=1)
    with pytest.raises(NoTurn, match="answered 429") as caught, polite.turn("a:80", longest_wait=120):
        pass
    assert caught.value.wait == timedelta(hours=1)
    assert starts(polite, time, "b:80") == [0]
    time.now += 3600
    assert starts(polite, time, "a:80") == [0]


def test_without_retry_after_the_pause_doubles_and_is_forgiven_at_the_first_answer() -> None:
    time = FakeTime()
    polite = turns(time)
    pauses = [polite.defer("a:80", status=503, retry_after=None, jitter=0).total_seconds() for _ in range(3)]
    assert pauses == [pauses[0], 2 * pauses[0], 4 * pauses[0]]
    for _ in range(30):
        longest = polite.defer("a:80", status=503, retry_after=None, jitter=1).total_seconds()
    assert longest == 3600 * 1.5
    polite.forgive("a:80")
    assert polite.defer("a:80", status=503, retry_after=None, jitter=0).total_seconds() == pauses[0]


def test_people_see_how_things_stand() -> None:
    time = FakeTime()
    polite = turns(time)
    with polite.turn("a:80", longest_wait=0):
        polite.defer("b:80", status=429, retry_after=timedelta(seconds=30), jitter=0)
        assert polite.hosts() == (
            HostTurns(host="a:80", interval=1, next_in=1, active=1, waiting=0, requests=1),
            HostTurns(host="b:80", interval=1, next_in=30, active=0, waiting=0, requests=0, deferred_by=429),
        )


def test_the_budget_holds_for_any_24_hours() -> None:
    time = FakeTime()
    budget = RequestBudget(daily=3, daily_host=2, clock=time)
    budget.spend("a:80")
    budget.spend("a:80")
    with pytest.raises(Refused, match="2 requests a day for a:80"):
        budget.spend("a:80")
    budget.spend("b:80")
    with pytest.raises(Refused, match="3 requests a day for all hosts"):
        budget.spend("c:80")
    time.now += 25 * 3600
    budget.spend("a:80")
