"""Entries become a feed: in order, without doubles, within rights."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.publish.assemble import Rights, Variant, is_oversize
from tests.support.entries import NOON, feed, stored


def uuids(document: object) -> list[str]:
    return [one.uuid for one in document.entries]  # type: ignore[attr-defined]


def test_entries_of_one_moment_stand_as_they_were_seen_then_as_listed() -> None:
    same = {"at": NOON, "first_seen_at": NOON}
    late = stored(1, at=NOON, first_seen_at=NOON + timedelta(hours=1))
    second, first = stored(2, position=1, **same), stored(3, position=0, **same)
    assert uuids(feed([second, first, late])) == [late.uuid, first.uuid, second.uuid]


@given(st.permutations([stored(n, at=NOON) for n in range(6)]))
def test_order_does_not_depend_on_how_entries_come(entries: list[object]) -> None:
    assert feed(entries) == feed(reversed(entries))  # type: ignore[arg-type]


def test_no_id_stands_twice() -> None:
    assert len(feed([stored(1), stored(1), stored(2)]).entries) == 2


def test_a_withdrawn_entry_is_not_shown() -> None:
    assert uuids(feed([stored(1), stored(2, withdrawn_at=NOON)])) == [stored(1).uuid]


def test_updated_never_goes_back_when_an_entry_is_withdrawn() -> None:
    newest = stored(3)
    when = newest.updated + timedelta(minutes=1)
    assert feed([stored(1), stored(2)], tombstones=[(newest.uuid, when)]).updated == when


def test_an_empty_feed_was_updated_when_it_was_created() -> None:
    assert feed([]).updated == NOON


@pytest.mark.parametrize(
    ("rights", "wanted", "content", "summary"),
    [
        (Rights(), "full", True, True),
        (Rights(), "summary", False, True),
        (Rights(), "none", False, False),
        (Rights(sources={"acme": "summary"}), "full", False, True),
        (Rights(sources={"acme": "link"}), "summary", False, False),
        (Rights(categories={"company": "summary"}), "full", False, True),
        (Rights(sources={"acme": "full"}, categories={"company/releases": "link"}), "full", False, False),
    ],
)
def test_the_strictest_of_source_category_and_request_holds(
    rights: Rights, wanted: str, content: bool, summary: bool
) -> None:
    entry = rights.permit(stored(1), wanted=wanted).entry
    assert (bool(entry.content), bool(entry.summary)) == (content, summary)


def test_a_variant_shows_the_newest_and_says_so_in_its_address() -> None:
    document = feed([stored(n) for n in range(15)], variant=Variant(limit=10, content="summary"))
    assert len(document.entries) == 10
    assert document.variant == "limit=10&content=summary"
    assert not document.is_complete


def test_a_large_document_leaves_out_only_what_an_archive_holds() -> None:
    large = [stored(n, entry_changes={"content": "x" * 400_000}) for n in range(1, 6)]
    assert is_oversize(large)
    archived = {stored(1).uuid, stored(2).uuid}
    assert uuids(feed(large, archives=1, archived=archived)) == [stored(n).uuid for n in (5, 4, 3)]


def test_titles_of_categories_elsewhere_do_not_change_a_feed() -> None:
    more = {"company/releases": "Releases", "other": "Other"}
    assert feed(fact_changes={"categories": more}) == feed()
