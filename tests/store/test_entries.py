"""Entries keep their id and their dates, whatever a site does with its pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedsvc.model import Category, Entry, FeedRef, Media, Precision, Source, When
from feedsvc.protocols import Window
from feedsvc.store import Meeting, Recorded, Store
from tests.support.stores import ACME, NOON, record, record_all, release, when

ALL = FeedRef(kind="all")
LONG = "<p>" + " ".join(f"word{number}" for number in range(120)) + "</p>"


def uuids(store: Store, ref: FeedRef) -> list[str]:
    return [stored.uuid for stored in store.window(ref, Window(), now=NOON)]


def test_an_entry_reads_back_whole(store: Store) -> None:
    entry = release(
        1,
        subtitle="A subtitle",
        authors=("Ada", "Bo"),
        tags=("Trade",),
        image=Media(url="https://news.example/a.jpg", width=3),
        enclosures=(Media(url="https://news.example/a.pdf", type="application/pdf", length=4),),
        aliases=("https://news.example/r/1",),
        language="en",
    )
    stored = store.entry(record(store, entry).uuid)
    assert stored is not None
    assert stored.entry == entry
    assert (stored.published, stored.updated, stored.first_seen_at) == (
        NOON - timedelta(days=14, hours=-1),
        NOON - timedelta(days=14, hours=-1),
        NOON,
    )
    assert (stored.source, stored.sources, stored.categories) == ("acme", ("acme",), ("company/releases",))


@pytest.mark.parametrize(
    "ref",
    [
        ALL,
        FeedRef(kind="source", key="acme"),
        FeedRef(kind="category", key="company"),
        FeedRef(kind="category", key="company/releases"),
    ],
)
def test_an_entry_is_in_its_source_its_category_and_all_above(store: Store, ref: FeedRef) -> None:
    uuid = record(store, release(1)).uuid
    assert uuids(store, ref) == [uuid]


def test_the_same_address_is_the_same_entry(store: Store) -> None:
    first = record(store, release(1))
    again = record(store, release(1), now=NOON + timedelta(hours=1))
    assert (again.meeting, again.uuid) == (Meeting.UNCHANGED, first.uuid)


def test_an_alias_leads_to_the_entry(store: Store) -> None:
    first = record(store, release(1, aliases=("https://news.example/r/1",)))
    again = record(store, release(1, canonical_url="https://news.example/r/1", link="https://news.example/r/1"))
    assert again.uuid == first.uuid
    assert again.meeting is Meeting.UNCHANGED


def test_the_same_text_and_title_under_another_address_is_the_same_entry(store: Store) -> None:
    first = record(store, release(1, content=LONG))
    moved = release(1, content=LONG, link="https://news.example/x", canonical_url="https://news.example/x")
    assert record(store, moved, now=NOON + timedelta(hours=1)).uuid == first.uuid


def test_the_same_title_with_another_text_is_another_entry(store: Store) -> None:
    first = record(store, release(1, content=LONG))
    other = release(1, content=LONG.replace("word", "term"), canonical_url="https://news.example/x")
    assert record(store, other).uuid != first.uuid


def test_a_relinked_story_is_known_by_title_and_day(store: Store) -> None:
    first = record(store, release(1))
    moved = release(1, link="https://news.example/x", canonical_url="https://news.example/x")
    assert record(store, moved, is_relinked=True).uuid == first.uuid
    assert record(store, moved).uuid == first.uuid, "and from then on by its new address"


def nothing(entry: Entry) -> Entry:
    return entry


def white_space(entry: Entry) -> Entry:
    return replace(entry, content=entry.content.replace(" ", "  \n"))


def a_view_counter(entry: Entry) -> Entry:
    return replace(entry, content=entry.content + "<p>Views: 124</p>")


def a_signed_image(entry: Entry) -> Entry:
    return replace(entry, content=entry.content.replace("sig=1", "sig=2"))


def https(entry: Entry) -> Entry:
    return replace(entry, link=entry.link.replace("https", "http"))


def no_content(entry: Entry) -> Entry:
    return replace(entry, content="", raw_content="", summary="")


def no_date(entry: Entry) -> Entry:
    return replace(entry, published=None)


def another_date(entry: Entry) -> Entry:
    return replace(entry, published=when(NOON))


@pytest.mark.parametrize(
    "change", [nothing, white_space, a_view_counter, a_signed_image, https, no_content, no_date, another_date]
)
def test_what_is_no_change_changes_no_byte(store: Store, change: object) -> None:
    assert callable(change)
    entry = release(1, content='<p>Text</p><img src="https://news.example/a.jpg?sig=1"><p>Views: 123</p>')
    uuid = record(store, entry).uuid
    before = store.entry(uuid)
    assert record(store, change(entry), now=NOON + timedelta(hours=1)).meeting is Meeting.UNCHANGED
    assert store.entry(uuid) == before


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another title altogether"},
        {"content": "<p>Another text.</p>"},
        {"enclosures": (Media(url="https://news.example/a.pdf"),)},
    ],
)
def test_a_significant_change_moves_updated_and_keeps_the_rest(store: Store, change: dict[str, object]) -> None:
    uuid = record(store, release(1)).uuid
    before = store.entry(uuid)
    later = NOON + timedelta(hours=1)
    assert record(store, release(1, **change), now=later).meeting is Meeting.CHANGED
    after = store.entry(uuid)
    assert before is not None
    assert after is not None
    assert (after.uuid, after.published, after.updated) == (uuid, before.published, later)
    assert [revision.title for revision in store.entries.revisions(uuid)] == [before.entry.title]


def test_a_repaired_byline_is_kept_without_waking_readers(store: Store) -> None:
    uuid = record(store, release(1)).uuid
    record(store, release(1, authors=("Ada",)), now=NOON + timedelta(hours=1))
    after = store.entry(uuid)
    assert after is not None
    assert after.entry.authors == ("Ada",)
    assert after.updated == after.published


@pytest.mark.parametrize(
    ("claimed", "published"),
    [
        (None, NOON),
        (When(at=NOON + timedelta(hours=3), precision=Precision.MINUTE, day="2026-03-04"), NOON),
        (When(at=NOON + timedelta(days=3), precision=Precision.MINUTE, day="2026-03-07"), NOON),
        (When(at=NOON + timedelta(hours=3), precision=Precision.DAY, day="2026-03-04"), NOON),
        (When(at=NOON - timedelta(days=3), precision=Precision.DAY, day="2026-03-01"), NOON - timedelta(days=3)),
    ],
)
def test_published_is_never_in_the_future(store: Store, claimed: When | None, published: object) -> None:
    stored = store.entry(record(store, release(1, published=claimed)).uuid)
    assert stored is not None
    assert stored.published == published


def test_a_second_source_lists_the_entry_but_does_not_own_it(store: Store) -> None:
    other = Source(key="other", urls=("https://other.example/",), title="Other", category="world")
    uuid = record(store, release(1)).uuid
    record(store, release(1, title="Another title altogether"), source=other)
    stored = store.entry(uuid)
    assert stored is not None
    assert stored.entry.title == release(1).title
    assert stored.sources == ("acme", "other")
    assert stored.categories == ("company/releases", "world")
    assert uuids(store, FeedRef(kind="source", key="other")) == [uuid]
    assert uuids(store, FeedRef(kind="category", key="world")) == [uuid]


def test_a_withdrawn_entry_leaves_a_tombstone_and_never_returns(store: Store) -> None:
    kept, gone = record_all(store, [release(1), release(2)])
    assert store.entries.withdraw(gone, now=NOON)
    record(store, release(2, title="An urgent correction"), now=NOON + timedelta(hours=1))
    assert uuids(store, ALL) == [kept]
    assert store.tombstones(ALL, since=NOON) == ((gone, NOON),)
    stored = store.entry(gone)
    assert stored is not None
    assert stored.withdrawn_at == NOON


def test_breadcrumbs_make_categories_below_the_sources_own(store: Store) -> None:
    uuid = record(store, release(1, category_path=("Releases", "2026 Expo"))).uuid
    stored = store.entry(uuid)
    assert stored is not None
    assert stored.categories == ("company/releases/2026-expo",)
    assert [(one.path, one.title, one.is_declared) for one in store.categories()][-1] == (
        "company/releases/2026-expo",
        "2026 Expo",
        False,
    )


@pytest.mark.parametrize("breadcrumb", [("News Centre", "Releases"), ("新闻中心", "News", "Press releases")])
def test_a_breadcrumb_that_ends_in_the_sources_own_category_makes_none(
    store: Store, breadcrumb: tuple[str, ...]
) -> None:
    store.categories_kept.declare([Category(path="company/releases", title="Press Releases")])
    uuid = record(store, release(1, category_path=breadcrumb)).uuid
    stored = store.entry(uuid)
    assert stored is not None
    assert stored.categories == ("company/releases",)
    assert [one.path for one in store.categories()] == ["company", "company/releases"]


def test_breadcrumbs_of_one_source_make_at_most_fifty_categories(store: Store) -> None:
    for number in range(60):
        record(store, release(number, category_path=(f"Topic {number}",)))
    assert len([one for one in store.categories() if one.path.startswith("company/releases/")]) == 50
    stored = store.entry(record(store, release(59)).uuid)
    assert stored is not None
    assert stored.categories == ("company/releases",)


def test_without_category_and_breadcrumb_an_entry_is_news(store: Store) -> None:
    stored = store.entry(record(store, release(1), source=replace(ACME, category=None)).uuid)
    assert stored is not None
    assert stored.categories == ("news",)


def test_search_finds_all_words_in_title_or_text(store: Store) -> None:
    found, _other = record_all(store, [release(1, content="<p>Trade 100% fair</p>"), release(2)])
    assert [stored.uuid for stored in store.search("number trade 100%", limit=10)] == [found]


@pytest.mark.parametrize("is_link_its_own", [False, True])
def test_a_page_that_calls_itself_by_another_storys_address_is_known_by_its_link_alone(
    store: Store, is_link_its_own: bool
) -> None:
    front = record(store, release(1, content=LONG))
    link = "https://news.example/r/2"
    claims = release(1, title="Quite another matter altogether", content=LONG.replace("word", "term"))
    claims = replace(claims, aliases=(link,) if is_link_its_own else ())
    other = record(store, claims, pending_url=link)
    assert other.meeting is Meeting.NEW
    stored = store.entry(other.uuid)
    assert stored is not None
    assert stored.entry.canonical_url == link
    assert store.entries.known((link, release(1).canonical_url)) == {
        link: other.uuid,
        release(1).canonical_url: front.uuid,
    }


def test_a_story_is_known_by_the_link_that_led_to_it_too(store: Store) -> None:
    link = "https://news.example/short/1"
    first = record(store, release(1, content=LONG), pending_url=link)
    again = record(store, release(1, content=LONG, link=link, canonical_url=link))
    assert (again.uuid, again.meeting) == (first.uuid, Meeting.UNCHANGED)


def test_an_entry_and_what_is_kept_beside_it_come_together_or_not_at_all(store: Store) -> None:
    def fail(recorded: Recorded) -> None:
        store.categories_kept.make("beside")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        record(store, release(1), beside=fail)
    assert uuids(store, ALL) == []
    assert store.categories() == ()
    kept: list[str] = []
    recorded = record(store, release(1), beside=lambda one: kept.append(one.uuid))
    assert kept == [recorded.uuid] == uuids(store, ALL)
