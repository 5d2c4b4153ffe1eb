"""What feeds are told of their sources: cheap however many there are, and never old."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedsvc.config import Settings
from feedsvc.model import Cadence, FeedRef, Source
from feedsvc.service.facts import Catalogue, SourceNames

ACME = Source(key="acme", urls=("https://acme.example/presse/größe/",), title="Acme", category="company")
PLAIN = Source(key="plain", urls=("https://plain.example/news/",), title="", category="company")


def names(*sources: Source) -> SourceNames:
    return SourceNames({source.key: source for source in sources})


def test_a_source_is_named_by_its_title_else_its_key_and_by_an_address_that_feeds_can_carry() -> None:
    found = names(ACME, PLAIN, replace(PLAIN, key="nowhere", urls=()))
    assert dict(found) == {
        "acme": ("Acme", "https://acme.example/presse/gr%C3%B6%C3%9Fe/"),
        "plain": ("plain", "https://plain.example/news/"),
    }
    assert "nowhere" not in found
    assert len(found) == 2


@pytest.mark.parametrize("change", [{"title": "Acme Ltd"}, {"urls": ("https://acme.example/news/",)}])
def test_documents_are_made_anew_where_a_name_changed(change: dict[str, object]) -> None:
    assert repr(names(replace(ACME, **change), PLAIN)) != repr(names(ACME, PLAIN))


def test_a_cadence_makes_no_document_anew() -> None:
    assert repr(names(replace(ACME, cadence=Cadence(every=timedelta(hours=1))), PLAIN)) == repr(names(ACME, PLAIN))


def test_the_shortest_gap_of_those_that_are_scraped_decides() -> None:
    sources = [
        replace(ACME, cadence=Cadence(every=timedelta(hours=2))),
        replace(PLAIN, cadence=Cadence(budget=(4, timedelta(days=1)))),
        replace(PLAIN, key="off", cadence=Cadence(every=timedelta(minutes=5)), is_enabled=False),
        replace(PLAIN, key="other", category="other", cadence=Cadence(every=timedelta(minutes=30))),
    ]
    known = Catalogue(settings=Settings(), sources={source.key: source for source in sources})
    assert known.planned_gap(FeedRef(kind="category", key="company")) == timedelta(hours=2)
    assert known.planned_gap(FeedRef(kind="source", key="plain")) == timedelta(hours=6)
    assert known.planned_gap(FeedRef(kind="all")) == timedelta(minutes=30)
