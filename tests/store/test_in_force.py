"""Sources read all at once: for processes that hold a hundred thousand of them."""

from __future__ import annotations

from dataclasses import replace

from feedsvc.model import Source
from feedsvc.store import Store
from tests.support.stores import NOON

ACME = Source(key="acme", urls=("https://acme.example/news/",), title="Acme", category="company")
PLAIN = Source(key="plain", urls=("https://plain.example/news/",), title="", category="company")


def test_sources_that_stay_as_they_are_take_no_memory_again(store: Store) -> None:
    store.sources.sync([ACME, PLAIN], now=NOON)
    before = store.sources.in_force()
    assert before["acme"].rules is before["plain"].rules
    store.sources.sync([replace(ACME, title="Acme Ltd"), PLAIN], now=NOON)
    after = store.sources.in_force(before)
    assert after["plain"] is before["plain"]
    assert after["acme"].title == "Acme Ltd"
