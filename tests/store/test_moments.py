"""No two entries share a moment of change: checkers and sorting readers tell them apart by it."""

from __future__ import annotations

from datetime import timedelta

from feedsvc.model import FeedRef, Precision, When
from feedsvc.protocols import Window
from feedsvc.store import Store
from tests.support.stores import NOON, record, release

DAY = When(at=NOON - timedelta(days=3), precision=Precision.DAY, day="2026-03-01")
MILLISECOND = timedelta(milliseconds=1)


def test_releases_of_one_day_differ_by_milliseconds(store: Store) -> None:
    for number in (1, 2, 3):
        record(store, release(number, published=DAY))
    shown = sorted(store.window(FeedRef(kind="all"), Window(), now=NOON), key=lambda one: one.sequence)
    assert [one.published for one in shown] == [DAY.at] * 3
    assert [one.updated - DAY.at for one in shown] == [0 * MILLISECOND, MILLISECOND, 2 * MILLISECOND]


def test_changes_of_one_second_differ_too(store: Store) -> None:
    later = NOON + timedelta(hours=1, microseconds=123_456)
    uuids = [record(store, release(number)).uuid for number in (1, 2)]
    for number in (1, 2):
        record(store, release(number, content="<p>Now it says something else altogether.</p>"), now=later)
    kept = [store.entry(uuid) for uuid in uuids]
    assert [one.updated for one in kept if one] == [NOON + timedelta(hours=1), NOON + timedelta(hours=1) + MILLISECOND]


def test_a_time_without_a_date_is_kept_in_whole_seconds(store: Store) -> None:
    uuid = record(store, release(1, published=None), now=NOON + timedelta(microseconds=999_999)).uuid
    kept = store.entry(uuid)
    assert kept is not None
    assert kept.published == kept.updated == NOON
