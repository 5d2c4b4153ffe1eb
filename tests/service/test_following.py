"""A running service takes up changed files, keeps the last good configuration, and says once what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from feedsvc.config import Watch, load
from feedsvc.service.following import Following


class Seconds:
    """A monotonic clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "sources" / "a.toml"
    path.parent.mkdir()
    path.write_text('url = "https://a.example/"')
    return path


@pytest.fixture
def following(tmp_path: Path, source: Path, seconds: Seconds) -> Following:
    return Following(Watch(load(tmp_path, {"HOME": "/h"}), {"HOME": "/h"}, {}), monotonic=seconds)


@pytest.fixture
def events() -> Iterator[list[dict[str, object]]]:
    with structlog.testing.capture_logs() as caught:
        yield caught  # type: ignore[misc]


def urls(following: Following) -> tuple[str, ...]:
    return following().sources[0].urls


def test_a_change_is_taken_up_at_the_next_look(following: Following, source: Path, seconds: Seconds) -> None:
    source.write_text('url = "https://changed.example/"')
    assert urls(following) == ("https://a.example/",)
    seconds.now = 1.0
    assert urls(following) == ("https://changed.example/",)


def test_a_broken_file_leaves_all_as_it_was_and_is_said_once(
    following: Following, source: Path, seconds: Seconds, events: list[dict[str, object]]
) -> None:
    source.write_text('url = "https://a.example/"\nevry = "1h"')
    for moment in (1.0, 2.0, 3.0):
        seconds.now = moment
        assert urls(following) == ("https://a.example/",)
    (event,) = events
    assert event["event"] == "configuration not taken up"
    assert str(event["fault"]).endswith("a.toml:2: evry: unknown key (did you mean every?)")


def test_what_waits_for_a_restart_is_said(
    following: Following, tmp_path: Path, seconds: Seconds, events: list[dict[str, object]]
) -> None:
    (tmp_path / "feedsvc.toml").write_text("[server]\nport = 9000\n")
    seconds.now = 1.0
    following()
    assert [event.get("key") for event in events] == ["server.port", None]
