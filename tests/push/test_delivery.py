"""Signatures, verdicts and waits."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.push.delivery import Verdict, retry_wait, signed, verdict
from feedsvc.push.webhook import news

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_a_body_is_signed_where_there_is_a_secret() -> None:
    # RFC 4231, test case 2.
    headers = signed({"A": "b"}, secret="Jefe", body=b"what do ya want for nothing?")
    assert headers == {
        "A": "b",
        "X-Hub-Signature": "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    }
    assert signed({}, secret="", body=b"x") == {}


@pytest.mark.parametrize(
    ("status", "failing_for", "expected"),
    [
        (200, None, Verdict.DELIVERED),
        (204, timedelta(days=9), Verdict.DELIVERED),
        (301, None, Verdict.FAILED),
        (404, timedelta(days=1), Verdict.FAILED),
        (500, timedelta(days=2, hours=23), Verdict.FAILED),
        (None, None, Verdict.FAILED),
        (410, None, Verdict.ENDED),
        (500, timedelta(days=3), Verdict.ENDED),
        (None, timedelta(days=3), Verdict.ENDED),
    ],
)
def test_what_an_answer_means(status: int | None, failing_for: timedelta | None, expected: Verdict) -> None:
    since = NOW - failing_for if failing_for is not None else None
    assert verdict(status, failing_since=since, now=NOW) is expected


def test_waits_grow_up_to_six_hours() -> None:
    waits = [retry_wait(attempts) for attempts in range(1, 40)]
    assert waits[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)


def document(**titles: str) -> bytes:
    items = [{"id": name, "title": title} for name, title in titles.items()]
    return json.dumps({"title": "F", "feed_url": "https://f.example/x.json", "hubs": [], "items": items}).encode()


def test_a_webhook_gets_what_is_new_and_what_changed_and_no_history() -> None:
    first = news(document(a="A", b="B"), None)
    assert first.body == b""
    same = news(document(b="B", a="A"), first.known)
    assert same.body == b""
    second = news(document(c="C", a="A2", b="B"), first.known)
    told = json.loads(second.body)
    assert [item["title"] for item in told["items"]] == ["C", "A2"]
    assert "hubs" not in told
    assert news(document(c="C", a="A2"), second.known).body == b""
