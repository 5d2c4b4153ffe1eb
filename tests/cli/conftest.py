"""Runs the command line in this process, as a shell would."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from feedsvc.cli import main


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def feedsvc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Ran]]:
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
