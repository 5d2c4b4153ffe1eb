"""Runs the command line in this process, as a shell would, against a news centre on loopback."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from feedsvc.cli import main
from feedsvc.demo import Site, SiteServer, write_configuration

OPENED = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


Feedsvc = Callable[..., Ran]


@pytest.fixture
def feedsvc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Feedsvc]:
    """``feedsvc("check", "--json")`` in an empty working directory with a data folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FEEDSVC_DATA", str(tmp_path / "data"))
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def run(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["feedsvc", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Ran(int(ended.value.code or 0), out, err)

    yield run
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def site() -> Iterator[SiteServer]:
    """The demo's news centre, five minutes old and standing still."""
    with SiteServer(Site(opened=OPENED, every=timedelta(minutes=1)), clock=lambda: OPENED + timedelta(minutes=5)) as it:
        yield it


@pytest.fixture
def watched(site: SiteServer, tmp_path: Path) -> Path:
    """A configuration in ``config`` that watches the news centre."""
    write_configuration(tmp_path / "config", site_url=site.url, base_url="https://feeds.example/news")
    return tmp_path / "config"
