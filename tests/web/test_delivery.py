"""Delivery facts: counted by feed, status and software, bounded, without addresses."""

from __future__ import annotations

from feedsvc.model import FeedRef, Format
from feedsvc.service.feeds import Document
from feedsvc.web import delivery as module
from feedsvc.web.delivery import Delivered, Delivery

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
