"""``init`` and ``check``: a configuration in one command, every fault in another."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from feedsvc import config
from feedsvc.cli.main import COMMANDS, Commands

ROOT = Path(__file__).parents[2]


def test_a_starter_configuration_is_valid_as_it_is(feedsvc: Callable[..., Any], tmp_path: Path) -> None:
    made = feedsvc("init", "mine")
    assert made.code == 0
    assert "feedsvc --config mine up" in made.out
    checked = feedsvc("check", "--config", "mine")
    assert (checked.code, checked.err) == (0, "")
    assert "no faults; 2 of 2 sources enabled, 2 categories" in checked.out
    assert (tmp_path / "mine" / "sources" / "example.toml.txt").exists(), "how to add one's own is shown"
    assert (tmp_path / "mine" / "schema" / "source.schema.json").exists()


def test_init_never_writes_over_what_is_there(feedsvc: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("chapter one")
    made = feedsvc("init", "mine")
    assert made.code == 1
    assert made.err == "feedsvc: mine: is there already and not empty (choose a new directory)\n"


def test_check_names_every_fault_and_fails(feedsvc: Callable[..., Any], tmp_path: Path) -> None:
    sources = tmp_path / "config" / "sources"
    sources.mkdir(parents=True)
    (sources / "a.toml").write_text('url = "https://a.example/"\nevry = "30m"\n')
    (sources / "b.toml").write_text("url = 3\n")
    checked = feedsvc("check")
    assert checked.code == 1
    assert checked.out == ""
    assert checked.err.splitlines() == [
        "config/sources/a.toml:2: evry: unknown key (did you mean every?)",
        'config/sources/b.toml:1: url = 3: is not a list (write a list, as ["one", "two"])',
    ]
    as_json = feedsvc("check", "--json")
    assert as_json.code == 1
    assert [fault["key"] for fault in json.loads(as_json.out)["faults"]] == ["evry", "url"]


def test_a_missing_configuration_says_how_to_get_one(feedsvc: Callable[..., Any]) -> None:
    checked = feedsvc("check")
    assert checked.code == 1
    assert "config: no such directory (run `feedsvc init config`, or name another with --config)" in checked.err


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    group = Commands("feedsvc")
    for name, (_, summary) in COMMANDS.items():
        command = group.get_command(click.Context(group), name)
        assert command is not None
        assert (command.help or "").startswith(summary)


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("sorces",)])
def test_asking_for_help_loads_no_part_of_the_service(words: tuple[str, ...]) -> None:
    code = f"""
import sys
from feedsvc.cli import main
sys.argv = ["feedsvc", *{words!r}]
try:
    main()
except SystemExit:
    pass
print(sorted(name for name in sys.modules if name.startswith("feedsvc.") and not name.startswith("feedsvc.cli")))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.splitlines()[-1] == "['feedsvc.errors']"


def test_a_mistyped_command_is_answered_with_the_right_one(feedsvc: Callable[..., Any]) -> None:
    ran = feedsvc("chek")
    assert ran.code == 2
    assert ran.err == "feedsvc: no such command 'chek' (did you mean check?)\n"


def test_a_failure_that_nobody_foresaw_is_one_line_and_a_file(
    feedsvc: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> config.Config:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("feedsvc.config.load", broken)
    ran = feedsvc("check")
    assert ran.code == 70
    assert ran.err.count("\n") == 1
    assert "this is our bug, not yours: ZeroDivisionError" in ran.err
    (report,) = (tmp_path / "data" / "bugs").iterdir()
    assert "Traceback" in report.read_text()
    for words in (("check", "--data", str(tmp_path / "mine")), ("--data", str(tmp_path / "other"), "check")):
        feedsvc(*words)
    assert [len(list((tmp_path / name / "bugs").iterdir())) for name in ("data", "mine", "other")] == [1, 1, 1]


def test_check_says_that_there_is_no_folder_of_sources(feedsvc: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feedsvc.toml").write_text("")
    checked = feedsvc("check")
    assert checked.code == 0
    assert "sources is not there" in checked.err
