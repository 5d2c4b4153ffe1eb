"""The README and the program say the same: every command and key named exists, and every one that exists is named."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest

from feedsvc.cli.main import COMMANDS
from feedsvc.config.category_tree import CategoryTable
from feedsvc.config.environment import SHORT_NAMES
from feedsvc.config.settings import Settings
from feedsvc.config.source_file import ReleaseRulesTable, RulesTable, SourceFile

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return re.split(rf"(?m)^## {title}$", README)[1].split("\n## ")[0]


def row(label: str) -> set[str]:
    """The words in backquotes of the table row that begins with the label."""
    line = next(line for line in README.splitlines() if line.startswith(f"| `{label}`"))
    return set(re.findall(r"`([a-z_]+)`", line.partition(" | ")[2]))


def test_each_command_is_in_the_table_and_each_in_the_table_is_a_command() -> None:
    named = re.findall(r"(?m)^\| `feedsvc ([a-z]+)", section("Commands"))
    assert sorted(named) == sorted(COMMANDS)


def test_no_other_command_is_mentioned_anywhere() -> None:
    assert set(re.findall(r"`feedsvc ([a-z]+)", README)) <= set(COMMANDS)


@pytest.mark.parametrize("table", Settings.model_fields)
def test_each_setting_is_in_its_row(table: str) -> None:
    model = Settings.model_fields[table].annotation
    assert row(f"[{table}]") == set(getattr(model, "model_fields", {}))


def test_each_key_of_a_source_file_is_explained() -> None:
    text = section("Add a website")
    rows = re.findall(r"(?m)^\| (`[a-z_`, ]+`) \|", text)
    named = {name for cells in rows for name in re.findall(r"`([a-z_]+)`", cells)}
    assert named == set(SourceFile.model_fields) - {"rules"}
    assert row("[rules]") == set(RulesTable.model_fields) - {"release"}
    assert row("[rules.release]") == set(ReleaseRulesTable.model_fields)


def test_each_key_of_a_category_is_named() -> None:
    sentence = section("Add a website").rpartition("categories.toml")[2]
    assert set(CategoryTable.model_fields) <= set(re.findall(r"`([a-z_]+)`", sentence))


def test_each_short_variable_is_named() -> None:
    named = set(re.findall(r"`(FEEDSVC_[A-Z_]+)`", section("Settings")))
    assert named == {*SHORT_NAMES, "FEEDSVC_CONFIG", "FEEDSVC_DATA"}


def test_the_three_functions_of_the_security_section_are_as_it_says() -> None:
    named = re.findall(r"`(feedsvc\.[a-z_.]+)\(([^)]*)\)", section("Security"))
    assert len(named) == 3
    for path, arguments in named:
        module, _, name = path.rpartition(".")
        function = getattr(importlib.import_module(module), name)
        assert list(inspect.signature(function).parameters)[: len(arguments.split(", "))] == [
            word for word in arguments.split(", ") if word != "*"
        ]


def test_the_lines_to_paste_are_single_lines_and_ci_runs_the_second() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", section("Try it"), flags=re.S)
    assert len(blocks) == 3
    assert all(block.count("\n") == 1 for block in blocks)
    assert "-m pytest" in blocks[1]
    assert r"s/^\(.*-m pytest.*\)$/\1/p" in (ROOT / ".ci" / "run").read_text()


def test_files_that_it_links_to_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists()
