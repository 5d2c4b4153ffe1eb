"""RFC 9110's rules for codings, validators and preconditions, as a table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.web import conditional as module
from feedsvc.web.conditional import Coding, choose_coding, coded_tag, evaluate, http_date, names_tag, parse_http_date

WHEN = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
BEFORE, SAME, AFTER = (
    "Sun, 06 Nov 1994 08:49:36 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:38 GMT",
)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, Coding.IDENTITY),
        ("", Coding.IDENTITY),
        ("gzip", Coding.GZIP),
        ("GZIP", Coding.GZIP),
        ("x-gzip", Coding.GZIP),
        ("gzip, deflate, br", Coding.BROTLI),
        ("gzip, deflate, br, zstd", Coding.BROTLI),
        ("br;q=0.5, gzip;q=1.0", Coding.GZIP),
        ("gzip;q=0", Coding.IDENTITY),
        ("gzip;q=0.0, br;q=0", Coding.IDENTITY),
        ("gzip;q=0.1", Coding.GZIP),
        ("identity, gzip;q=0.5", Coding.IDENTITY),
        ("identity;q=0.5, gzip;q=0.5", Coding.GZIP),
        ("*", Coding.GZIP),
        ("*;q=0", Coding.IDENTITY),
        ("gzip;q=0, *", Coding.IDENTITY),
        ("deflate, compress", Coding.IDENTITY),
        ("identity;q=0", Coding.GZIP),
        ("gzip;q=oops", Coding.IDENTITY),
        ("gzip ; q=0.8 , br ; q=0.9", Coding.BROTLI),
        (",,gzip,", Coding.GZIP),
    ],
)
def test_the_coding_is_what_was_asked_for(header: str | None, coding: Coding) -> None:
    assert choose_coding(header) is coding


@given(st.text())
def test_no_accept_encoding_is_an_error(header: str) -> None:
    assert choose_coding(header) in Coding


def test_each_coding_has_its_own_strong_tag() -> None:
    tags = {coded_tag("abc", coding) for coding in Coding}
    assert tags == {'"abc"', '"abc-gzip"', '"abc-br"'}


@pytest.mark.parametrize(
    ("header", "matches"),
    [
        ('"abc"', True),
        ('W/"abc"', True),
        ('"x", "abc"', True),
        ('"x","abc","y"', True),
        ('"a,b", W/"abc"', True),
        ("*", True),
        (" * ", True),
        ('"abcd"', False),
        ('"a,abc"', False),
        ("abc", False),
        ("", False),
        ('"', False),
        ('"abc', False),
        ('"*"', False),
    ],
)
def test_if_none_match_is_compared_weakly_anywhere_in_a_list(header: str, matches: bool) -> None:
    assert names_tag(header, '"abc"') is matches


def test_strong_comparison_refuses_weak_tags() -> None:
    assert not names_tag('W/"abc"', '"abc"', strong=True)


@pytest.mark.parametrize(
    "text", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
)
def test_all_three_forms_of_a_date_are_read(text: str) -> None:
    assert parse_http_date(text) == WHEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "0",
    ],
)
def test_other_dates_are_none(text: str) -> None:
    assert parse_http_date(text) is None


@given(st.integers(min_value=0, max_value=4_000_000_000))
def test_dates_come_back_as_written(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert parse_http_date(http_date(moment)) == moment


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"if_none_match": '"t"'}, 304),
        ({"if_none_match": '"other"'}, 200),
        ({"if_modified_since": SAME}, 304),
        ({"if_modified_since": AFTER}, 304),
        ({"if_modified_since": BEFORE}, 200),
        ({"if_modified_since": "nonsense"}, 200),
        ({"if_none_match": '"other"', "if_modified_since": AFTER}, 200),
        ({"if_none_match": '"t"', "if_modified_since": BEFORE}, 304),
        ({"if_match": '"t"'}, 200),
        ({"if_match": '"other"'}, 412),
        ({"if_match": 'W/"t"'}, 412),
        ({"if_match": "*", "if_none_match": '"t"'}, 304),
        ({"if_unmodified_since": BEFORE}, 412),
        ({"if_unmodified_since": SAME}, 200),
        ({"if_unmodified_since": "nonsense"}, 200),
        ({"if_match": '"t"', "if_unmodified_since": BEFORE}, 200),
    ],
)
def test_preconditions_are_taken_in_order(headers: dict[str, str], status: int) -> None:
    assert evaluate(tag='"t"', last_modified=WHEN, **headers) == status


def test_long_headers_are_understood_and_not_remembered() -> None:
    before = module._choose.cache_info().currsize, module._parse_date.cache_info().currsize
    for number in range(3):
        assert choose_coding("x" * 5000 + f"{number}, gzip") is Coding.GZIP
        assert parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT" + " " * (5000 + number)) is None
    kept = module._choose.cache_info().currsize, module._parse_date.cache_info().currsize
    assert kept == before
