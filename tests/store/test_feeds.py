"""Windows and archives: no entry is ever in neither, and archives take in nothing new."""

from __future__ import annotations

import gzip
from datetime import timedelta

from feedsvc.model import FeedRef, Format, Rendering
from feedsvc.protocols import Window
from feedsvc.store import Store, archive_variant
from tests.support.stores import NOON, record, record_all, release

ALL = FeedRef(kind="all")


def window(store: Store, now: object = NOON) -> set[str]:
    return {stored.uuid for stored in store.window(ALL, Window(), now=NOON + timedelta(days=30))}


def archived(store: Store) -> list[set[str]]:
    return [{stored.uuid for stored in store.archive(ALL, number)} for number in range(1, store.archive_count(ALL) + 1)]


def test_a_feed_keeps_its_identity(store: Store) -> None:
    first = store.feed_identity(ALL)
    record(store, release(1))
    assert store.feed_identity(ALL) == first


def test_a_small_feed_is_complete_without_archives(store: Store) -> None:
    uuids = record_all(store, [release(number) for number in range(100)])
    assert store.feeds.close_archives() == 0
    assert window(store) == set(uuids)


def test_every_entry_is_in_the_window_or_in_one_archive(store: Store) -> None:
    uuids = record_all(store, [release(number) for number in range(230)])
    store.feeds.close_archives()
    first = archived(store)
    assert [len(archive) for archive in first] == [100, 100]
    assert window(store) | first[0] | first[1] == set(uuids)
    more = record_all(store, [release(number) for number in range(300, 420)], now=NOON + timedelta(days=20))
    store.feeds.close_archives()
    assert archived(store)[:2] == first
    assert window(store).union(*archived(store)) == {*uuids, *more}


def test_a_first_scrape_fills_the_window_with_the_newest(store: Store) -> None:
    uuids = record_all(store, [release(number) for number in range(300, 150, -1)], is_first_scrape=True)
    store.feeds.close_archives()
    assert {stored.uuid for stored in store.archive(ALL, 1)} == set(uuids[50:])
    assert set(uuids[:50]) <= window(store)


def test_a_backdated_release_found_today_is_in_the_window(store: Store) -> None:
    record_all(store, [release(number) for number in range(300, 450)], is_first_scrape=True)
    store.feeds.close_archives()
    late = record(store, release(1), now=NOON + timedelta(days=1)).uuid
    assert late in window(store)


def test_an_edit_makes_its_own_archive_stale_and_no_other(store: Store) -> None:
    record_all(store, [release(number) for number in range(230)])
    store.feeds.close_archives()
    before = [store.renderings.version(ALL, archive_variant(number)) for number in (1, 2)]
    record(store, release(0, title="Another title altogether"), now=NOON + timedelta(days=1))
    after = [store.renderings.version(ALL, archive_variant(number)) for number in (1, 2)]
    assert after[0] > before[0]
    assert after[1] == before[1]


def test_a_rendering_is_stale_once_its_feed_has_changed(store: Store) -> None:
    record(store, release(1))
    rendering = Rendering(
        content_type="application/rss+xml",
        identity=b"<rss/>",
        gzip=gzip.compress(b"<rss/>", mtime=0),
        brotli=b"br",
        etag="abc",
        last_modified=NOON,
        max_age=300,
    )
    version = store.renderings.version(ALL)
    store.renderings.keep(ALL, Format.RSS, "", rendering, version=version, recipe="r", now=NOON)
    store.renderings.note_asked([(ALL, Format.RSS, "")], now=NOON)
    kept = store.renderings.get(ALL, Format.RSS)
    assert kept is not None
    assert (kept.rendering, kept.is_stale) == (rendering, False)
    record(store, release(2))
    kept = store.renderings.get(ALL, Format.RSS)
    assert kept is not None
    assert kept.is_stale
    assert store.renderings.stale(asked_since=NOON) == ((ALL, Format.RSS),)
    assert {ref.path for ref in store.feeds.versions(changed_since=version)} == {
        "feeds/all",
        "sources/acme",
        "feeds/company",
        "feeds/company/releases",
    }


def test_a_renamed_feed_keeps_identity_and_entries_and_leaves_a_sign(store: Store) -> None:
    old, new = FeedRef(kind="category", key="company/releases"), FeedRef(kind="category", key="firm")
    record(store, release(1))
    identity = store.feed_identity(old)
    store.feeds.rename(old, new, now=NOON)
    assert store.feed_identity(new) == identity
    assert len(store.window(new, Window(), now=NOON)) == 1
    assert store.renderings.gone("feeds/company/releases") == "feeds/firm"


def test_a_removed_feed_is_gone_and_one_never_known_is_not(store: Store) -> None:
    store.feeds.remove(FeedRef(kind="category", key="old"), now=NOON)
    assert store.renderings.gone("feeds/old") == ""
    assert store.renderings.gone("feeds/other") is None
