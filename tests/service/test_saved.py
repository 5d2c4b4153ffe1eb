"""Saved feeds made at the desk are feeds like those of filters.toml."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.test import Client

from feedsvc.errors import StoreError
from feedsvc.model import FeedRef, Filter
from feedsvc.service.refusal import Unfit, Unknown
from feedsvc.service.taking_up import take_up
from feedsvc.store import EntryPage, EntryState
from feedsvc.web import create_app
from tests.support.serving import Serving
from tests.support.stores import ACME, record, release


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
        ("news", {}, "name"),
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


def places(service: Serving) -> list[str]:
    return [category.path for category in service.store.categories()]


@pytest.mark.parametrize("path", ["big", "big/small"])
def test_no_category_takes_over_the_address_of_a_saved_feed(service: Serving, path: str) -> None:
    desk = service.desk
    desk.filters.save("big", {"words": "number"})
    uuid = service.store.entries.newest(FeedRef(kind="all"), limit=1)[0].uuid
    for attempt in (
        lambda: desk.categories.create(path, {}),
        lambda: desk.categories.move("company/releases", path),
        lambda: desk.tuning.file_under(["acme"], path),
        lambda: desk.tuning.change("acme", lambda source: replace(source, category=path)),
        lambda: desk.tuning.add(replace(ACME, key="fresh", category=path)),
        lambda: desk.editing.file_under(uuid, path),
    ):
        with pytest.raises(Unfit, match="the saved feed big"):
            attempt()
    desk.tuning.file_under(["acme"], None)
    record(service.store, release(7, category_path=("Big", "Small")), source=replace(ACME, category=None))
    assert not [one for one in places(service) if one.startswith("big")]
    service.feeds.poll()
    assert "Release number 7" in Client(create_app(service)).get("/feeds/big.json").text


def test_a_saved_feed_follows_the_categories_that_it_names(service: Serving) -> None:
    service.config = replace(service.config, filters=(Filter(name="told", title="Told", categories=("company",)),))
    filters = service.desk.filters
    filters.save("made", {"categories": "company/releases"})
    service.desk.categories.move("company", "industry")
    assert filters.get("made").filter.categories == ("industry/releases",)
    assert filters.get("told").filter.categories == ("industry",)
    service.publish(release(8))
    client = Client(create_app(service))
    take_up(service.store, service.config, now=service.now)
    service.feeds.poll()
    for name in ("made", "told"):
        assert "Release number 8" in client.get(f"/feeds/{name}.json").text


def test_a_saved_feed_can_be_changed_after_a_source_that_it_names_has_gone(service: Serving) -> None:
    filters = service.desk.filters
    service.desk.tuning.add(replace(ACME, key="passing"))
    filters.save("two", {"sources": "acme\npassing"})
    service.desk.tuning.remove("passing")
    assert filters.save("two", {"sources": "acme\npassing", "title": "Two of them"}).title == "Two of them"
    with pytest.raises(Unfit, match="names no source"):
        filters.save("two", {"sources": "acme\nnobody"})


def test_a_new_one_takes_the_place_of_no_other(service: Serving) -> None:
    filters = service.desk.filters
    filters.save("big", {"title": "First"}, is_new=True)
    with pytest.raises(Unfit, match="taken by another saved feed"):
        filters.save("big", {"title": "Second"}, is_new=True)
    with pytest.raises(Unfit, match="taken"):
        filters.save("new", {"title": "At the address of the form for new ones"}, is_new=True)
    assert filters.get("big").filter.title == "First"


def test_entries_of_a_saved_feed_are_found_page_by_page(service: Serving) -> None:
    service.desk.filters.save("odd", {"words": "number [13579]"})
    for number in range(10, 15):
        service.publish(release(number, title=f"Another number {number % 10} of {number}"))
    wanted = EntryPage(feed=FeedRef(kind="category", key="odd"), limit=2)
    seen: list[str] = []
    while page := service.desk.editing.find(wanted):
        seen += [one.entry.title for one in page]
        wanted = replace(wanted, before=page[-1].sequence)
    assert len(seen) == len(set(seen)) == 4
    gone = service.desk.editing.find(replace(wanted, before=None))[0]
    service.desk.editing.withdraw(gone.uuid)
    withdrawn = service.desk.editing.find(replace(wanted, before=None, state=EntryState.WITHDRAWN))
    assert [one.uuid for one in withdrawn] == [gone.uuid]


def test_a_category_at_the_address_of_a_saved_feed_that_was_removed_shows_its_own(service: Serving) -> None:
    client, desk = Client(create_app(service)), service.desk
    desk.filters.save("second", {"words": "number 2"})
    service.feeds.poll()
    assert len(client.get("/feeds/second.json").json["items"]) == 1
    desk.filters.remove("second")
    desk.categories.create("second", {"title": "Its own"})
    service.feeds.poll()
    for _ in range(2):
        shown = client.get("/feeds/second.json").json
        assert ("Its own" in shown["title"], shown["items"]) == (True, [])


def test_no_saved_feed_is_made_where_readers_of_a_moved_category_are_sent_on(service: Serving) -> None:
    service.desk.categories.create("old", {})
    service.desk.categories.move("old", "fresh")
    with pytest.raises(Unfit, match="is an old address of fresh"):
        service.desk.filters.save("old", {"words": "number 2"})


def test_going_back_to_what_is_declared_takes_no_saved_feeds_address(service: Serving) -> None:
    tuning = service.desk.tuning
    declared = replace(ACME, category="second")
    take_up(service.store, replace(service.config, sources=(declared,)), now=service.now)
    tuning.file_under(["acme"], "company")
    service.desk.categories.remove("second")
    service.desk.filters.save("second", {"words": "number 2"})
    with pytest.raises(Unfit, match="saved feed second"):
        tuning.reset("acme")
    state = service.store.sources.get("acme")
    assert state is not None
    assert state.source.category == "company"


def test_entries_whose_move_was_interrupted_are_moved_by_the_next_start(
    service: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries, moves = service.store.entries, []

    def fail(*_: object, **__: object) -> int:
        moves.append(1)
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("feedsvc.store.curation.Curation.refile", fail)
        with pytest.raises(StoreError):
            service.desk.tuning.file_under(["acme"], "elsewhere")
    assert moves
    assert entries.count(FeedRef(kind="category", key="elsewhere")) == 0
    take_up(service.store, service.config, now=service.now)
    assert entries.count(FeedRef(kind="category", key="elsewhere")) == entries.count(FeedRef(kind="all"))
    assert service.store.sources.misfiled() == ()
