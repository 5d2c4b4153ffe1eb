"""Tokens of programs: shown once, kept as a digest, scoped, and over when they end or are revoked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.service.refusal import Unfit
from feedsvc.service.tokens import PREFIX, SCOPES, Tokens, reaches
from feedsvc.store import Store
from tests.support.stores import NOON


class Time:
    """A clock that tests move."""

    now = NOON

    def __call__(self) -> object:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'feedsvc.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def tokens(store: Store, time: Time) -> Tokens:
    return Tokens(store, clock=time)  # type: ignore[arg-type]


def test_a_token_opens_what_it_is_for_and_is_not_kept_as_it_is(tokens: Tokens, store: Store, tmp_path: Path) -> None:
    token, secret = tokens.create("backup", ["write", "read", "write"])
    assert token.scopes == ("read", "write")
    assert secret.startswith(PREFIX)
    assert tokens.bearer(secret) is not None
    store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret.encode() not in kept
    assert secret.removeprefix(PREFIX).encode() not in kept


def test_its_last_use_is_noted_once_a_minute(tokens: Tokens, time: Time) -> None:
    _, secret = tokens.create("one", ["read"])
    tokens.bearer(secret)
    assert tokens.all()[0].used_at == NOON
    time.now = NOON + timedelta(seconds=30)
    tokens.bearer(secret)
    assert tokens.all()[0].used_at == NOON
    time.now = NOON + timedelta(minutes=2)
    tokens.bearer(secret)
    assert tokens.all()[0].used_at == time.now


def test_it_ends_when_it_was_to_end(tokens: Tokens, time: Time) -> None:
    _, secret = tokens.create("one", ["read"], expires_in=timedelta(days=30))
    time.now = NOON + timedelta(days=30) - timedelta(seconds=1)
    assert tokens.bearer(secret)
    time.now = NOON + timedelta(days=30)
    assert tokens.bearer(secret) is None


def test_it_ends_when_it_is_revoked(tokens: Tokens) -> None:
    _, secret = tokens.create("one", ["admin"])
    assert tokens.revoke("one")
    assert not tokens.revoke("one")
    assert tokens.bearer(secret) is None


@pytest.mark.parametrize("secret", ["", "feedsvc_", "x" * 10_000, f"{PREFIX}{'a' * 43}", "ünknown", "\x00"])
def test_what_is_no_token_opens_nothing(tokens: Tokens, secret: str) -> None:
    tokens.create("one", ["admin"])
    assert tokens.bearer(secret) is None


@pytest.mark.parametrize(
    ("name", "scopes", "days", "field"),
    [
        ("", ["read"], None, "name"),
        ("two words", ["read"], None, "name"),
        ("x" * 61, ["read"], None, "name"),
        ("taken", ["read"], None, "name"),
        ("one", [], None, "scopes"),
        ("one", ["root"], None, "scopes"),
        ("one", ["read"], 0, "expires_in"),
        ("one", ["read"], 5000, "expires_in"),
    ],
)
def test_what_will_not_do_is_said(tokens: Tokens, name: str, scopes: list[str], days: int | None, field: str) -> None:
    tokens.create("taken", ["read"])
    with pytest.raises(Unfit) as refused:
        tokens.create(name, scopes, expires_in=None if days is None else timedelta(days=days))
    assert list(refused.value.faults) == [field]


def test_each_scope_includes_those_before_it() -> None:
    reach = {scope: [wanted for wanted in SCOPES if reaches([scope], wanted)] for scope in SCOPES}
    assert reach == {"read": ["read"], "write": ["read", "write"], "admin": ["read", "write", "admin"]}
    assert not reaches([], "read")
