"""``import``: what another tool watches becomes source files that `feedsvc check` accepts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedsvc.config import load
from tests.importers.test_reading import CHANGEDETECTION, OPML, written


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "acme.toml").write_text('url = "https://acme.example/feed.xml"\n', encoding="utf-8")
    return folder


def test_feeds_of_a_reader_become_sources(feedsvc: Callable[..., Any], config: Path, tmp_path: Path) -> None:
    path = written(tmp_path, OPML)
    tried = feedsvc("import", str(path), "--dry-run")
    assert tried.code == 0
    assert "2 of 3 would be written" in tried.err
    assert [one.name for one in (config / "sources").iterdir()] == ["acme.toml"]
    done = feedsvc("import", str(path))
    assert done.code == 0, done.err
    assert "is watched already: it is the source acme" in done.out
    found = {source.key: source for source in load(config, {}).sources}
    assert found["loose-example-atom"].kind == "feed"
    assert found["loose-example-atom"].category == "press/daily"
    assert found["page-example-news"].title == "A page"
    again = feedsvc("import", str(path))
    assert again.code == 1
    assert "0 of 3" in again.err


def test_watches_keep_their_interval(feedsvc: Callable[..., Any], config: Path, tmp_path: Path) -> None:
    assert feedsvc("import", str(written(tmp_path, CHANGEDETECTION))).code == 0
    text = (config / "sources" / "one-example.toml").read_text(encoding="utf-8")
    assert 'every = "2h30m"' in text
    assert 'category = "press-offices"' in text
    assert "enabled = false" in (config / "sources" / "two-example.toml").read_text(encoding="utf-8")
    assert feedsvc("check").code == 0


def test_what_cannot_be_watched_is_left_out_with_the_reason(
    feedsvc: Callable[..., Any], config: Path, tmp_path: Path
) -> None:
    text = "https://user:secret@a.example/\nhttps://b.example/\nhttps://b.example\n"
    done = feedsvc("import", str(written(tmp_path, text)))
    assert done.code == 0
    assert "holds a user name or a password" in done.out
    assert "it is the source b-example" in done.out
    assert "1 of 3" in done.err


def test_a_file_of_nobody_is_one_clear_line(feedsvc: Callable[..., Any], config: Path, tmp_path: Path) -> None:
    done = feedsvc("import", str(written(tmp_path, "{}")))
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "JSON of a tool that is not known" in done.err
