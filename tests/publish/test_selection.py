"""Saved feeds: what they let through, in time linear in the text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from feedsvc.model import Filter
from feedsvc.protocols import Window
from feedsvc.publish.selection import select, shows
from tests.support.entries import stored


@pytest.mark.parametrize(
    ("choice", "is_shown"),
    [
        ({}, True),
        ({"words": ("RELEASE",)}, True),
        ({"words": ("nothing", "text of")}, True),
        ({"words": ("nothing",)}, False),
        ({"words": ("release",), "without": ("number",)}, False),
        ({"words": (r"number \d+",)}, True),
        ({"authors": ("ada",)}, True),
        ({"authors": ("example bureau",)}, True),
        ({"authors": ("bo",)}, False),
        ({"categories": ("company",)}, True),
        ({"categories": ("comp",)}, False),
        ({"categories": ("company/releases", "x")}, True),
        ({"sources": ("acme",)}, True),
        ({"sources": ("other",)}, False),
    ],
)
def test_what_is_let_through(choice: dict[str, Any], is_shown: bool) -> None:
    assert shows(Filter(name="f", title="F", **choice), stored(1)) is is_shown


def test_markup_is_no_text() -> None:
    linked = stored(1, entry_changes={"content": '<p><a href="https://x.example/tariff">here</a></p>'})
    assert not shows(Filter(name="f", title="F", words=("tariff",)), linked)


def test_age_counts_back_from_the_newest() -> None:
    entries = [stored(hours) for hours in (1, 30, 60)]
    found = select(entries, Filter(name="f", title="F", age=timedelta(hours=31)), Window())
    assert [one.sequence for one in found] == [60, 30]


def test_the_window_holds_the_least_and_the_young() -> None:
    entries = [stored(day * 24) for day in range(1, 41)]
    found = select(entries, Filter(name="f", title="F"), Window(minimum=5, maximum=30, days=10))
    assert [one.sequence // 24 for one in found] == list(range(40, 29, -1))


def test_a_catastrophic_pattern_costs_linear_time() -> None:
    hostile = stored(1, entry_changes={"content": "<p>" + "a" * 200_000 + "!</p>"})
    assert not shows(Filter(name="f", title="F", words=("(a|a)*(a+)+$x",)), hostile)
