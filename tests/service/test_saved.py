"""Saved feeds made at the desk are feeds like those of filters.toml."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.test import Client

from feedsvc.model import Filter
from feedsvc.service.refusal import Unfit, Unknown
from feedsvc.service.taking_up import take_up
from feedsvc.web import create_app
from tests.support.serving import Serving


def test_a_saved_feed_is_served_until_it_is_removed(service: Serving) -> None:
    client, filters = Client(create_app(service)), service.desk.filters
    filters.save("second", {"words": "number 2\nnumber 3", "without": "number 3", "sources": "acme", "age": "30d"})
    take_up(service.store, service.config, now=service.now)
    service.feeds.poll()
    answer = client.get("/feeds/second.json")
    assert answer.status_code == 200
    assert [item["title"] for item in answer.json["items"]] == ["Release number 2 of the Acme company"]
    filters.remove("second")
    service.feeds.poll()
    assert client.get("/feeds/second.json").status_code == 410
    with pytest.raises(Unknown):
        filters.get("second")


def test_a_declared_one_can_be_changed_and_reset_and_not_removed(service: Serving) -> None:
    declared = Filter(name="big", title="Big news", words=("big",))
    service.config = replace(service.config, filters=(declared,))
    filters = service.desk.filters
    filters.save("big", {"title": "Bigger", "words": "huge"})
    saved = filters.get("big")
    assert saved.is_overridden
    assert (saved.filter.title, saved.declared) == ("Bigger", declared)
    with pytest.raises(Unfit, match=r"declared in filters\.toml"):
        filters.remove("big")
    assert filters.reset("big")
    assert not filters.get("big").is_overridden
    assert not filters.reset("big")


@pytest.mark.parametrize(
    ("name", "texts", "field"),
    [
        ("", {}, "name"),
        ("Not this", {}, "name"),
        ("company", {}, "name"),
        ("one", {"words": "(a"}, "words"),
        ("one", {"words": r"(a+)+\1"}, "words"),
        ("one", {"words": r"(?:.?){990}aa~"}, "words"),
        ("one", {"without": "|".join(f"(?:.?){{990}}a{letter}~" for letter in "abcdefghijklmnopqrstuvwx")}, "without"),
        ("one", {"words": "\n".join(f"(?:.{{0,80}}){{3}}{letter}" for letter in "abcdefgh")}, "words"),
        ("one", {"sources": "nobody"}, "sources"),
        ("one", {"categories": "no/where"}, "categories"),
        ("one", {"age": "yesterday"}, "age"),
        ("one", {"title": "x" * 300}, "title"),
        ("one", {"words": "x" * 5000}, "words"),
        ("one", {"colour": "red"}, "colour"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field(
    service: Serving, name: str, texts: dict[str, str], field: str
) -> None:
    with pytest.raises(Unfit) as refused:
        service.desk.filters.save(name, texts)
    assert list(refused.value.faults) == [field]
    assert service.desk.filters.all() == ()


@pytest.mark.parametrize("script", ["harbour", "Дождь", "北方港口", "straße", "एक"])
def test_words_of_any_script_may_fill_their_lines(service: Serving, script: str) -> None:
    word = (script * 100)[:480]
    service.desk.filters.save(
        "long", {"words": word, "without": "\n".join(f"{script} {number}" for number in range(90))}
    )
    assert service.desk.filters.get("long").filter.words == (word,)


def test_a_fault_of_a_pattern_is_in_words(service: Serving) -> None:
    with pytest.raises(Unfit) as refused:
        service.desk.filters.save("one", {"words": "(?<=a)b"})
    assert "b'" not in refused.value.faults["words"]
