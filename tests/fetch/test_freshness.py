"""How long an answer stays fresh (RFC 9111 section 4.2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.fetch.freshness import LONGEST_FRESHNESS, fresh_until, http_date

NOW = datetime(2026, 1, 2, 3, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, MAX-AGE=600, foo"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "600"}, None),
        ({"cache-control": "max-age=0"}, None),
        ({"cache-control": "max-age=-5"}, None),
        ({"cache-control": "max-age=soon", "expires": "Fri, 02 Jan 2026 04:00:00 GMT"}, None),
        ({"cache-control": "s-maxage=600"}, None),
        ({"cache-control": "max-age=600, no-cache"}, None),
        ({"cache-control": "no-store, max-age=600"}, None),
        ({"cache-control": 'no-cache="set-cookie", max-age=600'}, None),
        ({"cache-control": "max-age=31536000"}, 86400),
        ({"cache-control": "max-age=99999999999999999999999"}, 86400),
        ({"expires": "Fri, 02 Jan 2026 03:10:00 GMT"}, 600),
        ({"expires": "Fri, 02 Jan 2026 03:10:00 GMT", "date": "Fri, 02 Jan 2026 03:05:00 GMT"}, 300),
        ({"expires": "Fri, 02 Jan 2026 03:10:00 GMT", "cache-control": "max-age=60"}, 60),
        ({"expires": "0"}, None),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
        ({"expires": "Fri, 31 Dec 9999 23:59:59 GMT"}, 86400),
    ],
)
def test_only_what_the_server_says_counts(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert fresh_until(headers, fetched_at=NOW) == expected


@pytest.mark.parametrize(
    "text", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
)
def test_http_dates_are_read_in_all_three_forms(text: str) -> None:
    assert http_date(text) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age"]), st.text()))
def test_no_header_breaks_it(headers: dict[str, str]) -> None:
    until = fresh_until(headers, fetched_at=NOW)
    assert until is None or NOW < until <= NOW + LONGEST_FRESHNESS
