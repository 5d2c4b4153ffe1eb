"""What a hub accepts, and how it asks back (W3C WebSub 5.1 to 5.3)."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.push.subscribing import BadRequest, is_confirmed, lease_of, read_request, verification_url

FORM = "application/x-www-form-urlencoded"
GOOD = {
    "hub.mode": "subscribe",
    "hub.topic": "https://feeds.example/feeds/all.atom",
    "hub.callback": "https://reader.example/callback?id=7",
}


def test_a_good_request_is_read_and_unknown_parameters_are_ignored() -> None:
    form = urlencode(GOOD | {"hub.secret": "s" * 199, "hub.lease_seconds": "86400", "hub.verify": "async"})
    request = read_request(form.encode(), f"{FORM}; charset=utf-8")
    assert (request.mode, request.callback) == ("subscribe", "https://reader.example/callback?id=7")
    assert (request.secret, request.lease) == ("s" * 199, timedelta(days=1))


@pytest.mark.parametrize(
    "changes",
    [
        {"hub.mode": "publish"},
        {"hub.mode": ""},
        {"hub.topic": ""},
        {"hub.callback": ""},
        {"hub.callback": "ftp://reader.example/"},
        {"hub.callback": "javascript:alert(1)"},
        {"hub.callback": "https://"},
        {"hub.callback": "https://[broken/"},
        {"hub.secret": "s" * 200},
        {"hub.secret": "é" * 100},
    ],
)
def test_a_bad_request_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(BadRequest):
        read_request(urlencode(GOOD | changes).encode(), FORM)


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/form-data"])
def test_what_is_no_form_is_refused(content_type: str) -> None:
    with pytest.raises(BadRequest):
        read_request(urlencode(GOOD).encode(), content_type)


@given(st.binary(max_size=2000))
def test_any_body_is_a_request_or_refused(body: bytes) -> None:
    with contextlib.suppress(BadRequest):
        read_request(body, FORM)


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ("", timedelta(days=10)),
        ("forever", timedelta(days=10)),
        ("-5", timedelta(days=10)),
        ("0", timedelta(days=10)),
        ("1", timedelta(hours=1)),
        ("7200", timedelta(hours=2)),
        ("999999999", timedelta(days=30)),
        ("9" * 400, timedelta(days=10)),
        ("٣", timedelta(days=10)),
    ],
)
def test_leases_are_finite_and_within_bounds(asked: str, granted: timedelta) -> None:
    assert lease_of(asked) == granted


@pytest.mark.parametrize("callback", ["https://r.example/cb", "https://r.example/cb?a=1&b=2", "https://r.example/cb?"])
@pytest.mark.parametrize("mode", ["subscribe", "unsubscribe"])
def test_verification_keeps_the_query_of_the_callback(callback: str, mode: str) -> None:
    url = verification_url(
        callback=callback, mode=mode, topic="https://f.example/t?limit=10", challenge="c", lease=timedelta(hours=1)
    )
    asked = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    own = parse_qsl(urlsplit(callback).query)
    assert asked[: len(own)] == own
    expected = {"hub.mode": mode, "hub.topic": "https://f.example/t?limit=10", "hub.challenge": "c"}
    if mode == "subscribe":
        expected["hub.lease_seconds"] = "3600"
    assert dict(asked[len(own) :]) == expected


@pytest.mark.parametrize(
    ("status", "body", "is_yes"),
    [
        (200, b"c", True),
        (204, b"c", True),
        (200, b"c\n", False),
        (200, b"", False),
        (404, b"c", False),
        (302, b"c", False),
    ],
)
def test_only_the_challenge_in_a_2xx_is_a_yes(status: int, body: bytes, is_yes: bool) -> None:
    assert is_confirmed(status=status, body=body, challenge="c") is is_yes
