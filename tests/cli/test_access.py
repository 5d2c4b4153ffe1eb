"""``admin``: the first key to the desk is made on the machine itself."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedsvc.supervisor import noted


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_an_admin_is_made_listed_and_removed(
    feedsvc: Callable[..., Any], types: Callable[[str], None], tmp_path: Path
) -> None:
    (tmp_path / "config").mkdir()
    types("correct horse battery\n")
    made = feedsvc("admin", "create", "ada")
    assert (made.code, made.err) == (0, "")
    assert made.out == "ada can sign in at /admin/ below the address that `feedsvc up` prints\n"
    assert "ada\t20" in feedsvc("admin", "list").out
    types("another good one\n")
    assert feedsvc("admin", "password", "ada").code == 0
    assert feedsvc("admin", "remove", "ada").code == 0
    again = feedsvc("admin", "remove", "ada")
    assert again.code == 1
    assert "there is no such admin" in again.err


def test_the_address_to_sign_in_at_is_named_where_it_is_known(
    feedsvc: Callable[..., Any], types: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "data").mkdir()
    types("correct horse battery\n")
    with noted(tmp_path / "data", "http://127.0.0.1:4711"):
        assert feedsvc("admin", "create", "ada").out == "ada can sign in at http://127.0.0.1:4711/admin/\n"
    types("correct horse battery\n")
    monkeypatch.setenv("FEEDSVC_BASE_URL", "https://feeds.example/news/")
    assert feedsvc("admin", "create", "bea").out == "bea can sign in at https://feeds.example/news/admin/\n"


def test_a_short_password_and_a_name_that_is_taken_are_refused(
    feedsvc: Callable[..., Any], types: Callable[[str], None], tmp_path: Path
) -> None:
    (tmp_path / "config").mkdir()
    types("short\n")
    assert "a password has 10 to 1024 characters" in feedsvc("admin", "create", "ada").err
    types("correct horse battery\n")
    feedsvc("admin", "create", "ada")
    types("correct horse battery\n")
    assert "'feedsvc admin password ada' changes it" in feedsvc("admin", "create", "ada").err
