"""Delivery facts: counted by feed, status and software, bounded, without addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client

from feedsvc.model import FeedRef, Format
from feedsvc.service.document import Document
from feedsvc.service.readership import Delivered, software, subscribers
from feedsvc.web import delivery as module
from feedsvc.web.delivery import Delivery
from tests.support.serving import Serving

ALL = Document(ref=FeedRef(kind="all"), format=Format.RSS)


def test_answers_are_counted_until_they_are_taken() -> None:
    delivery = Delivery()
    tally = delivery.tally(ALL)
    for status in (200, 304, 304):
        delivery.note(tally, status, "Reader/1.0 (9 subscribers)")
    facts = {"path": "feeds/all", "format": "rss", "agent": "Reader/1.0 (9 subscribers)"}
    assert delivery.take() == (
        Delivered(status=200, requests=1, **facts),
        Delivered(status=304, requests=2, **facts),
    )
    assert delivery.take() == ()
    delivery.note(tally, 200, "x")
    assert len(delivery.take()) == 1


def test_invented_software_does_not_fill_the_memory() -> None:
    delivery = Delivery()
    tally = delivery.tally(ALL)
    for number in range(module.KINDS_MAX * 2):
        delivery.note(tally, 200, f"agent {number}")
    taken = delivery.take()
    assert len(taken) == module.KINDS_MAX + 1
    assert sum(one.requests for one in taken) == module.KINDS_MAX * 2


def test_long_names_of_software_are_cut_when_they_are_seen() -> None:
    tally = Delivery().tally(ALL)
    for number in range(3):
        Delivery.note(tally, 200, "x" * 100_000 + str(number))
    assert tally == {(200, "x" * module.AGENT_MAX): 3}


@pytest.mark.parametrize(
    ("agent", "name", "count"),
    [
        (
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 1,204 subscribers; )",
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html)",
            1204,
        ),
        ("Feedbin feed-id:1373711 - 142 subscribers", "Feedbin", 142),
        (
            "Inoreader/1.0 (+https://www.inoreader.com/; 7 subscribers)",
            "Inoreader/1.0 (+https://www.inoreader.com/)",
            7,
        ),
        ("newsboat/2.21 (Linux x86_64)", "newsboat/2.21 (Linux x86_64)", 0),
        ("", "unknown", 0),
        ("a\x00\n\tb 99999999999999 subscribers", "a b 99999999999999 subscribers", 0),
    ],
)
def test_software_is_known_apart_from_its_subscribers(agent: str, name: str, count: int) -> None:
    assert (software(agent), subscribers(agent)) == (name, count)


@given(st.text(max_size=300))
def test_every_agent_has_a_name(agent: str) -> None:
    assert 0 < len(software(agent)) <= 120


def test_answers_are_kept_by_day_and_shown_to_prometheus(client: Client, service: Serving) -> None:
    tag = client.get("/feeds/all.atom").headers["ETag"]
    for number in (10, 12):
        agent = f"Feedbin feed-id:1 - {number} subscribers"
        client.get("/feeds/all.atom", headers={"If-None-Match": tag, "User-Agent": agent})
    service.feeds.run_errands()
    facts = {(one.status, one.agent): (one.requests, one.subscribers) for one in service.readership.of_day()}
    assert facts[304, "Feedbin"] == (2, 12)
    client.get("/feeds/all.atom", headers={"If-None-Match": tag, "User-Agent": "Feedbin feed-id:1 - 11 subscribers"})
    service.feeds.run_errands()
    text = client.get("/metrics").text
    assert 'feedsvc_feed_requests_today{feed="feeds/all",format="atom",status="304"} 3' in text
    assert 'feedsvc_feed_subscribers{feed="feeds/all"} 12' in text
    assert "feedsvc_degraded 0" in text
