"""Durations, sizes and budgets read back as they are written."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from feedsvc.config.values import (
    parse_budget,
    parse_duration,
    parse_size,
    write_budget,
    write_duration,
    write_size,
)


@given(st.integers(min_value=0, max_value=10**10))
def test_a_duration_round_trips(milliseconds: int) -> None:
    value = timedelta(milliseconds=milliseconds)
    assert parse_duration(write_duration(value)) == value


@given(st.integers(min_value=0, max_value=2**50))
def test_a_size_round_trips(size: int) -> None:
    assert parse_size(write_size(size)) == size


@given(st.integers(min_value=1, max_value=120), st.sampled_from([1, 24, 168]))
def test_a_budget_round_trips(count: int, hours: int) -> None:
    value = count, timedelta(hours=hours)
    assert parse_budget(write_budget(value)) == value


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("30s", 30),
        ("15m", 900),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("7d", 604800),
        ("0.5", 0.5),
        (2, 2),
        ("500ms", 0.5),
    ],
)
def test_durations_are_read_as_people_write_them(written: object, seconds: float) -> None:
    assert parse_duration(written).total_seconds() == seconds


@pytest.mark.parametrize("written", ["", "soon", "-5m", "5 parsecs", True, None])
def test_what_is_no_duration_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(written)


@pytest.mark.parametrize("written", [10**30, 1e300, float("inf"), "9" * 30, "9" * 30 + "d", "9" * 5000])
@pytest.mark.parametrize("parse", [parse_duration, parse_size, parse_budget])
def test_numbers_beyond_all_measure_are_refused(written: object, parse: Callable[[object], object]) -> None:
    with pytest.raises(PydanticCustomError):
        parse(written)


@given(st.text(max_size=30), st.sampled_from([parse_duration, parse_size, parse_budget]))
def test_no_text_makes_reading_fail_otherwise(text: str, parse: Callable[[object], object]) -> None:
    with contextlib.suppress(PydanticCustomError):
        parse(text)
