"""What sources ask of their hosts is read without decoding each of them whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.model import Cadence, Source
from feedsvc.store import Store
from feedsvc.store.burden import Burden
from tests.support.stores import NOON


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'test.sqlite3'}", clock=lambda: NOON)
    yield store
    store.close()


def test_it_says_of_each_enabled_source_what_the_source_itself_says(store: Store) -> None:
    hourly = Source(
        key="hourly",
        urls=("https://a.example/", "https://b.example/"),
        title="Hourly",
        time_zone="Asia/Tokyo",
        cadence=Cadence(every=timedelta(hours=1), active="06:00-23:00"),
    )
    plain = Source(key="plain", urls=("https://a.example/news/",), title="Plain")
    store.sources.sync((hourly, plain, replace(plain, key="stopped", is_enabled=False)), now=NOON)
    store.sources.plan({"hourly": (NOON + timedelta(hours=1), "every hour")})
    assert store.burdens.all() == tuple(
        Burden(
            key=one.key,
            urls=one.urls,
            cadence=one.cadence,
            time_zone=one.time_zone,
            failures=0,
            scraped_at=None,
            due_at=NOON + timedelta(hours=1) if one is hourly else None,
            not_before=None,
        )
        for one in (hourly, plain)
    )
