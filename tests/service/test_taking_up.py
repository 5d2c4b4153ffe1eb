"""Categories that are renamed, removed and declared again keep their promises to readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.config import Config, Settings
from feedsvc.model import Category, FeedRef, Source
from feedsvc.service.taking_up import take_up
from feedsvc.store import Store
from tests.support.stores import ACME, record, release

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'test.sqlite3'}", clock=lambda: NOW)
    yield store
    store.close()


def declare(
    store: Store, *categories: Category, source: Source = ACME, step: Callable[[], None] = lambda: None
) -> None:
    config = Config(directory=Path(), data=Path(), settings=Settings(), categories=categories, sources=(source,))
    take_up(store, config, now=NOW, step=step)


def ref(path: str) -> FeedRef:
    return FeedRef(kind="category", key=path)


def test_a_renamed_category_keeps_identity_and_entries_with_all_below_it(store: Store) -> None:
    declare(store, Category(path="company", title="C"), Category(path="company/releases", title="R"))
    record(store, release(1))
    before = {path: store.feed_identity(ref(path)).uuid for path in ("company", "company/releases")}
    declare(
        store,
        Category(path="firm", title="F", was=("company",)),
        Category(path="firm/releases", title="R"),
        source=replace(ACME, category="firm/releases"),
    )
    after = {path: store.feed_identity(ref(path)).uuid for path in ("firm", "firm/releases")}
    assert list(after.values()) == list(before.values())
    assert store.entries.count(ref("firm")) == store.entries.count(ref("firm/releases")) == 1
    old = store.feeds.state(ref("company/releases"))
    assert old is not None
    assert (old.gone_at, old.moved_to) == (NOW, "firm/releases")


def test_taking_up_the_same_again_changes_nothing(store: Store) -> None:
    declare(store, Category(path="company", title="C"), Category(path="company/releases", title="R"))
    renamed = (Category(path="firm", title="F", was=("company",)), Category(path="firm/releases", title="R"))
    source = replace(ACME, category="firm/releases")
    declare(store, *renamed, source=source)
    before = store.feeds.changes()
    declare(store, *renamed, source=source)
    assert store.feeds.changes() == before


def test_a_removed_category_is_gone_until_it_is_declared_again(store: Store) -> None:
    both = Category(path="company/releases", title="R"), Category(path="old", title="Old")
    declare(store, *both)
    uuid = store.feed_identity(ref("old")).uuid
    declare(store, both[0])
    state = store.feeds.state(ref("old"))
    assert state is not None
    assert (state.gone_at, state.moved_to) == (NOW, None)
    declare(store, *both)
    state = store.feeds.state(ref("old"))
    assert state is not None
    assert (state.gone_at, state.identity.uuid) == (None, uuid)


def test_a_removed_category_is_gone_before_entries_are_moved_which_may_take_long(store: Store) -> None:
    both = Category(path="company/releases", title="R"), Category(path="old", title="Old")
    declare(store, *both)
    record(store, release(1))
    meanwhile: list[str | None] = []
    declare(
        store,
        both[0],
        source=replace(ACME, category="company"),
        step=lambda: meanwhile.append(store.renderings.gone("feeds/old")),
    )
    assert meanwhile == [""]


def test_a_folder_of_sources_that_is_away_at_the_start_ends_nothing(store: Store) -> None:
    declare(store, Category(path="company", title="C"))
    before = store.sources.get(ACME.key), store.feeds.states()
    away = Config(directory=Path(), data=Path(), settings=Settings(), categories=(), sources=(), lacks_sources=True)
    take_up(store, away, now=NOW)
    assert (store.sources.get(ACME.key), store.feeds.states()) == before
    declare(store, Category(path="company", title="C"))
    assert (store.sources.get(ACME.key), store.feeds.states()) == before
