"""``token``: keys for programs are made on the machine itself, and shown once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_a_token_is_made_listed_and_revoked(feedsvc: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    made = feedsvc("token", "create", "backup", "--scope", "read", "--days", "30")
    assert (made.code, made.err) == (0, "")
    assert made.out.startswith("feedsvc_")
    listed = feedsvc("token", "list").out
    assert "backup\tread\t20" in listed
    assert made.out.strip() not in listed
    assert feedsvc("token", "revoke", "backup").out == "backup opens nothing any more.\n"
    again = feedsvc("token", "revoke", "backup")
    assert again.code == 1
    assert "there is no such token" in again.err


def test_what_will_not_do_is_refused_in_one_line(feedsvc: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    assert feedsvc("token", "create", "two words", "--scope", "read").err.startswith("feedsvc: name is not a name")
    assert feedsvc("token", "create", "one").code == 2
    assert feedsvc("token", "create", "one", "--scope", "root").code == 2
    assert feedsvc("token", "create", "one", "--scope", "read", "--days", "0").code == 2
    feedsvc("token", "create", "one", "--scope", "write")
    assert "is taken by another token" in feedsvc("token", "create", "one", "--scope", "read").err
