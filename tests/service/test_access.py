"""Signing in: what lets an admin in, what keeps others out, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from feedsvc.errors import ServiceError
from feedsvc.service.access import ABSOLUTE, IDLE, LONGEST_FOR_ADDRESS, LONGEST_FOR_NAME, Access, SignInRefused
from feedsvc.store import Store

PASSWORD = "correct horse battery"


class Clock:
    """Stands still until told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with_tables = Store.open(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    yield with_tables
    with_tables.close()


@pytest.fixture
def access(store: Store, clock: Clock) -> Access:
    made = Access(store, clock=clock, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made.create("ada", PASSWORD)
    return made


def fail(access: Access, times: int, *, name: str = "ada", address: str = "192.0.2.1") -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            access.sign_in(name, "wrong password", address=address)


def test_nobody_is_an_admin_at_first(store: Store, clock: Clock) -> None:
    access = Access(store, clock=clock)
    assert not access.is_open


def test_passwords_are_kept_as_argon2id_with_the_usual_cost(store: Store, clock: Clock) -> None:
    Access(store, clock=clock).create("ada", PASSWORD)
    kept = store.access.admin("ada")
    assert kept is not None
    assert kept.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    ("name", "password"), [("ada", "x" * 12), ("", "x" * 12), ("a b", "x" * 12), ("eve", "short"), ("eve", "x" * 1025)]
)
def test_names_and_passwords_that_will_not_do_are_refused(access: Access, name: str, password: str) -> None:
    with pytest.raises(ServiceError):
        access.create(name, password)


def test_an_admin_is_known_by_the_secret_and_not_by_what_is_kept(access: Access, store: Store) -> None:
    secret = access.sign_in("ada", PASSWORD, address="192.0.2.1")
    visitor = access.visitor(secret)
    assert visitor is not None
    assert visitor.name == "ada"
    assert access.visitor(visitor.digest) is None
    assert access.visitor("") is None


def test_a_session_ends_when_it_is_not_used(access: Access, clock: Clock) -> None:
    secret = access.sign_in("ada", PASSWORD, address="192.0.2.1")
    clock.now += IDLE - timedelta(minutes=1)
    assert access.visitor(secret)
    clock.now += IDLE - timedelta(minutes=1)
    assert access.visitor(secret)
    clock.now += IDLE + timedelta(minutes=1)
    assert access.visitor(secret) is None


def test_a_session_ends_after_a_week_however_much_it_is_used(access: Access, clock: Clock) -> None:
    secret = access.sign_in("ada", PASSWORD, address="192.0.2.1")
    begun = clock.now
    while clock.now - begun < ABSOLUTE - timedelta(hours=6):
        clock.now += timedelta(hours=6)
        assert access.visitor(secret)
    clock.now = begun + ABSOLUTE + timedelta(seconds=1)
    assert access.visitor(secret) is None


def test_signing_out_and_a_new_password_end_sessions_on_the_server(access: Access) -> None:
    first, second = (access.sign_in("ada", PASSWORD, address="192.0.2.1") for _ in range(2))
    visitor = access.visitor(first)
    assert visitor
    access.sign_out(visitor)
    assert access.visitor(first) is None
    assert access.visitor(second)
    access.set_password("ada", "another good password")
    assert access.visitor(second) is None


def test_failures_make_wait_longer_and_longer_but_not_for_ever(access: Access, clock: Clock) -> None:
    fail(access, 5)
    waits = []
    for _ in range(12):
        with pytest.raises(SignInRefused) as refused:
            access.sign_in("ada", PASSWORD, address="192.0.2.1")
        waits.append(refused.value.wait)
        clock.now += refused.value.wait + timedelta(seconds=1)
        fail(access, 1)
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=2)
    assert waits[-1] == LONGEST_FOR_ADDRESS
    clock.now += LONGEST_FOR_ADDRESS
    assert access.sign_in("ada", PASSWORD, address="192.0.2.1")
    fail(access, 1)
    assert access.sign_in("ada", PASSWORD, address="192.0.2.1"), "a success starts the count anew"


def test_a_stranger_who_fails_elsewhere_costs_the_owner_half_a_minute_at_most(access: Access, clock: Clock) -> None:
    for number in range(40):
        clock.now += LONGEST_FOR_NAME
        fail(access, 1, address=f"198.51.100.{number}")
    clock.now += LONGEST_FOR_NAME
    assert access.sign_in("ada", PASSWORD, address="192.0.2.1")


def test_an_unknown_name_is_answered_like_a_wrong_password(access: Access) -> None:
    said = []
    for name in ("ada", "nobody", "x" * 5000):
        with pytest.raises(SignInRefused) as refused:
            access.sign_in(name, "wrong password", address="192.0.2.9")
        said.append(str(refused.value))
    assert len(set(said)) == 1
