"""Which changed feeds are rendered now, and which wait for the rest of a scrape."""

from __future__ import annotations

from feedsvc.model import FeedRef
from feedsvc.service.waiting import LONGEST, Waiting, closest

ALL = FeedRef(kind="all")
TRADE, TEXTILES, STEEL = (FeedRef(kind="category", key=path) for path in ("trade", "trade/textiles", "trade/steel"))


def test_what_is_closest_to_a_change_waits_for_nothing() -> None:
    waiting = Waiting()
    waiting.add([ALL, TRADE], now=0.0)
    assert waiting.take([TRADE], now=0.1, is_at_rest=False) == {TRADE}
    assert waiting.take([], now=0.2, is_at_rest=True) == {ALL}
    assert waiting.take([], now=0.3, is_at_rest=True) == frozenset()


def test_others_wait_no_longer_than_the_longest_after_their_first_change() -> None:
    waiting = Waiting()
    waiting.add([ALL], now=0.0)
    waiting.add([ALL], now=LONGEST - 0.1)
    assert waiting.take([], now=LONGEST - 0.1, is_at_rest=False) == frozenset()
    assert waiting.take([], now=LONGEST, is_at_rest=False) == {ALL}


def test_a_parent_that_changed_with_its_child_is_not_closest() -> None:
    assert closest({ALL: 9, TRADE: 9, TEXTILES: 9, STEEL: 8}, ()) == {TEXTILES, STEEL}


def test_a_parent_that_changed_alone_or_is_filed_under_is_closest() -> None:
    assert closest({TRADE: 9, TEXTILES: 8}, ()) == {TRADE, TEXTILES}
    assert closest({TRADE: 9, TEXTILES: 9}, ["trade"]) == {TRADE, TEXTILES}
