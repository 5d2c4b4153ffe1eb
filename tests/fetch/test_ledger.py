"""What was promised to a host outlives the process, and holds for all processes of a service (rule F13)."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import BadStatus, FetchError, NoTurn
from feedsvc.fetch import Client, FetchSettings
from feedsvc.fetch.budget import RequestBudget
from feedsvc.fetch.ledger import Ledger
from feedsvc.fetch.politeness import Turns
from tests.support.sites import Reply, Site

Clients = Callable[..., Client]
HOUR = 3600.0
NOW = 500_000 * HOUR


class Wall:
    """Seconds since 1970, moved by sleeping and by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def turns(file: Path, wall: Wall, *, interval: float = 60.0) -> Turns:
    """Those of a process that has just begun."""
    return Turns(interval=interval, concurrency=2, ledger=Ledger(file), clock=wall, sleep=wall.sleep)


def start(these: Turns, wall: Wall, host: str = "a:80") -> float:
    """When a request may begin, in seconds from now."""
    began = wall.now
    with these.turn(host, longest_wait=HOUR):
        return wall.now - began


def test_the_interval_holds_across_restarts_and_processes(tmp_path: Path) -> None:
    wall, file = Wall(), tmp_path / "data" / "hosts.db"
    one, other = turns(file, wall), turns(file, wall)
    assert [start(one, wall), start(other, wall), start(one, wall), start(turns(file, wall), wall)] == [0, 60, 60, 60]
    assert start(turns(file, wall), wall, "b:80") == 0


def test_a_host_that_asked_to_be_left_alone_is_left_alone_after_a_restart(tmp_path: Path) -> None:
    wall, file = Wall(), tmp_path / "hosts.db"
    turns(file, wall).defer("a:80", status=429, retry_after=timedelta(hours=2), jitter=0)
    wall.now += HOUR
    again = turns(file, wall)
    with pytest.raises(NoTurn, match="answered 429") as caught, again.turn("a:80", longest_wait=10):
        pass
    assert caught.value.wait == timedelta(hours=1)
    wall.now += HOUR
    assert start(again, wall) == 0


def test_backing_off_goes_on_after_a_restart_until_the_host_answers(tmp_path: Path) -> None:
    wall, file = Wall(), tmp_path / "hosts.db"
    first = turns(file, wall).defer("a:80", status=503, retry_after=None, jitter=0)
    assert turns(file, wall).defer("a:80", status=503, retry_after=None, jitter=0) == 2 * first
    turns(file, wall).forgive("a:80")
    assert turns(file, wall).defer("a:80", status=503, retry_after=None, jitter=0) == first


def test_a_clock_that_goes_back_keeps_the_wait_and_does_not_lengthen_it(tmp_path: Path) -> None:
    wall, file = Wall(), tmp_path / "hosts.db"
    start(turns(file, wall), wall)
    turns(file, wall).defer("b:80", status=503, retry_after=timedelta(hours=2), jitter=0)
    wall.now -= 72 * HOUR
    again = turns(file, wall)
    assert start(again, wall) == 60
    with pytest.raises(NoTurn) as caught, again.turn("b:80", longest_wait=10):
        pass
    assert caught.value.wait is not None
    assert timedelta(hours=1.9) < caught.value.wait <= timedelta(hours=2)


def spend(budget: RequestBudget, host: str) -> timedelta | None:
    """One request; how long to wait where the budget allows none."""
    try:
        budget.spend(host)
    except NoTurn as busy:
        return busy.wait
    return None


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.floats(0, 9 * HOUR), st.booleans()), max_size=60))
def test_no_day_has_more_requests_than_its_budget_however_often_we_restart(
    steps: list[tuple[str, float, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wall, sent = Wall(), []
        ledger = Ledger(Path(folder) / "hosts.db")
        for host, pause, is_restart in steps:
            wall.now += pause
            if is_restart:
                ledger.close()
                ledger = Ledger(Path(folder) / "hosts.db")
            budget = RequestBudget(daily=7, daily_host=3, ledger=ledger, clock=wall)
            wait = spend(budget, host)
            assert wait is None or timedelta(0) < wait <= timedelta(hours=24)
            if wait is None:
                sent.append((wall.now, host))
        ledger.close()
        for now, here in sent:
            day = [host for at, host in sent if now - 24 * HOUR < at <= now]
            assert len(day) <= 7
            assert day.count(here) <= 3


def test_the_budget_is_not_begun_anew_by_a_clock_that_goes_back(tmp_path: Path) -> None:
    wall = Wall()

    def is_sent() -> bool:
        budget = RequestBudget(daily_host=2, ledger=Ledger(tmp_path / "hosts.db"), clock=wall)
        return spend(budget, "a:80") is None

    assert [is_sent(), is_sent()] == [True, True]
    wall.now -= 100 * HOUR
    assert not is_sent()
    wall.now += 25 * HOUR
    assert is_sent()


def test_many_threads_of_two_processes_spend_one_budget(tmp_path: Path) -> None:
    budgets = [RequestBudget(daily=40, ledger=Ledger(tmp_path / "hosts.db")) for _ in range(2)]
    sent: list[int] = []

    def ask(budget: RequestBudget) -> None:
        sent.extend(number for number in range(20) if spend(budget, "a:80") is None)

    threads = [threading.Thread(target=ask, args=(budgets[number % 2],)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == 40


def test_a_file_that_is_no_database_is_made_anew(tmp_path: Path) -> None:
    wall, file = Wall(), tmp_path / "hosts.db"
    file.write_bytes(b"no database at all\n" * 100)
    assert [start(turns(file, wall), wall), start(turns(file, wall), wall)] == [0, 60]


def test_without_a_file_that_can_be_used_memory_takes_its_place(tmp_path: Path) -> None:
    wall = Wall()
    (tmp_path / "taken").write_text("a file where a folder should be")
    these = turns(tmp_path / "taken" / "hosts.db", wall)
    assert [start(these, wall), start(these, wall)] == [0, 60]


def test_a_file_that_fails_on_the_way_costs_nothing_of_what_was_known(tmp_path: Path) -> None:
    wall, ledger = Wall(), Ledger(tmp_path / "hosts.db")
    budget = RequestBudget(daily_host=3, ledger=ledger, clock=wall)
    budget.spend("a:80")
    ledger._do(lambda connection: connection.execute("PRAGMA query_only = ON"), is_reading=True)  # as on a full disk
    budget.spend("a:80")
    budget.spend("a:80")
    with pytest.raises(NoTurn):
        budget.spend("a:80")


def test_a_client_begins_where_the_last_one_ended(site: Site, client_for: Clients, tmp_path: Path) -> None:
    site["/"], site["/busy"] = Reply(), Reply(status=503, headers=(("Retry-After", "600"),))
    kept = {"robots_folder": str(tmp_path / "robots"), "ledger_file": str(tmp_path / "hosts.db")}
    options: dict[str, object] = {**kept, "daily_host_requests": 3}
    with client_for(site, **options) as client:
        client.fetch(site.url)
    client = client_for(site, **options)
    client.fetch(site.url)
    with pytest.raises(NoTurn, match="budget of 3 requests"):
        client.fetch(site.url)
    assert [visit.path for visit in site.visits] == ["/robots.txt", "/", "/"]
    options = {**kept, "ledger_file": str(tmp_path / "other.db")}
    with client_for(site, **options) as client, pytest.raises(BadStatus):
        client.fetch(f"{site.url}/busy")
    count = len(site.visits)
    with client_for(site, **options) as client, pytest.raises(FetchError, match="left alone"):
        client.fetch(site.url)
    assert len(site.visits) == count


def test_messages_to_those_who_asked_for_them_take_nothing_of_the_budget(
    site: Site, client_for: Clients, tmp_path: Path
) -> None:
    site["/hook"] = Reply()
    with client_for(site, daily_requests=1) as client:
        assert [client.request("POST", f"{site.url}/hook", body=b"x").status for _ in range(3)] == [200] * 3


def test_a_damaged_file_costs_one_memory_and_is_made_anew(tmp_path: Path) -> None:
    file, wall = tmp_path / "hosts.db", Wall()
    ledger = Ledger(file)
    RequestBudget(daily=50, ledger=ledger, clock=wall).spend("a:80")
    ledger.close()
    raw = file.read_bytes()
    file.write_bytes(raw[:4096] + b"Z" * (len(raw) - 4096))
    budget = RequestBudget(daily=2, ledger=Ledger(file), clock=wall)
    assert [spend(budget, "a:80") is None for _ in range(3)] == [True, True, False]
    assert start(turns(file, wall), wall) == 0
    assert start(turns(file, wall), wall) == 60


def test_no_day_has_twice_its_budget_at_its_two_ends(tmp_path: Path) -> None:
    wall = Wall()
    wall.now += 59 * 60
    budget = RequestBudget(daily=10, ledger=Ledger(tmp_path / "hosts.db"), clock=wall)
    assert [spend(budget, "a:80") for _ in range(10)] == [None] * 10
    wall.now += 23 * HOUR + 61
    wait = spend(budget, "a:80")
    assert wait is not None
    wall.now += wait.total_seconds()
    assert spend(budget, "a:80") is None


def test_a_file_that_is_deleted_while_processes_run_is_made_anew_for_all_of_them(tmp_path: Path) -> None:
    wall, file = Wall(), tmp_path / "hosts.db"
    one, other = turns(file, wall), turns(file, wall)
    start(one, wall)
    start(other, wall)
    for part in tmp_path.iterdir():
        part.unlink()
    assert [start(one, wall), start(other, wall), start(turns(file, wall), wall)] == [0, 60, 60]


def test_a_file_that_is_locked_for_long_is_used_again_and_told_what_was_done_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.fetch.ledger_file._PATIENCE", 0.05)
    wall, file = Wall(), tmp_path / "hosts.db"
    ledger = Ledger(file, clock=wall, monotonic=wall)
    budget = RequestBudget(daily=3, ledger=ledger)
    budget.spend("a:80")
    lock = sqlite3.connect(file, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    budget.spend("a:80")
    Turns(interval=1.0, concurrency=1, ledger=ledger).defer(
        "b:80", status=503, retry_after=timedelta(hours=1), jitter=0
    )
    lock.execute("ROLLBACK")
    lock.close()
    beside = Ledger(file, clock=wall, monotonic=wall)
    RequestBudget(daily=3, ledger=beside).spend("a:80")
    wall.now += 60
    assert spend(budget, "a:80") is not None
    assert spend(RequestBudget(daily=3, ledger=beside), "a:80") is not None
    assert beside.of("b:80", now=wall.now).not_before == pytest.approx(wall.now - 60 + HOUR, abs=1)


def test_processes_count_the_same_seconds_whatever_happened_to_the_wall_clock(tmp_path: Path) -> None:
    file, wall, since_boot = tmp_path / "hosts.db", Wall(), Wall()
    first = Ledger(file, clock=wall, monotonic=since_boot, boot="one")
    began = first.now()
    wall.now += 5 * HOUR  # set by hand
    since_boot.now += 60
    second = Ledger(file, clock=wall, monotonic=since_boot, boot="one")
    assert first.now() == second.now() == began + 60
    after_restart = Ledger(file, clock=wall, monotonic=lambda: 3.0, boot="two")
    assert after_restart.now() == wall.now


def test_a_file_of_another_make_is_made_anew(tmp_path: Path) -> None:
    file, wall = tmp_path / "hosts.db", Wall()
    with contextlib.closing(sqlite3.connect(file)) as old:
        old.executescript("CREATE TABLE hosts (host TEXT, seen REAL); CREATE TABLE spent (day INTEGER);")
    assert [start(turns(file, wall), wall), start(turns(file, wall), wall)] == [0, 60]
    assert spend(RequestBudget(daily=1, ledger=Ledger(file), clock=wall), "a:80") is None


def test_memory_in_place_of_a_file_is_kept_over_a_reload(tmp_path: Path) -> None:
    wall = Wall()
    (tmp_path / "taken").write_text("a file where a folder should be")
    ledger = Ledger(tmp_path / "taken" / "hosts.db", clock=wall, monotonic=wall)
    kept = FetchSettings(daily_requests=1)
    first, second = Client(kept, ledger=ledger), Client(kept, ledger=ledger)
    assert spend(first._budget, "a:80") is None
    first.close()
    assert spend(second._budget, "a:80") is not None


def test_a_file_that_is_damaged_while_memory_takes_its_place_is_made_anew(tmp_path: Path) -> None:
    file, wall = tmp_path / "hosts.db", Wall()
    ledger = Ledger(file, clock=wall, monotonic=wall, boot="one")
    budget = RequestBudget(daily=500, ledger=ledger)
    for number in range(200):
        budget.spend(f"host-{number}.example:443")
    ledger.close()
    budget.spend("a:80")
    ledger._leave(file, sqlite3.OperationalError("disk I/O error"))
    for part in ("-wal", "-shm"):
        (tmp_path / f"hosts.db{part}").unlink(missing_ok=True)
    raw = file.read_bytes()
    file.write_bytes(raw[:4096] + b"Z" * (len(raw) - 4096))
    for _ in range(3):
        wall.now += 31
        budget.spend("a:80")
    beside = RequestBudget(daily_host=5, ledger=Ledger(file, clock=wall, monotonic=wall, boot="one"))
    assert [spend(beside, "a:80") is None for _ in range(3)] == [True, True, False], "it is told of what memory counted"
