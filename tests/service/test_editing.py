"""Entries that an admin withdrew, hid or merged stay so, whatever scrapes meet later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.test import Client

from feedsvc.model import FeedRef, Source
from feedsvc.service.refusal import Unfit, Unknown
from feedsvc.store import EntryPage, EntryState
from feedsvc.web import create_app
from tests.support.serving import Serving
from tests.support.stores import NOON, record, release, when

ALL = FeedRef(kind="all")
OTHER = Source(key="other", urls=("https://other.example/",), title="Other", category="elsewhere")


def shown(service: Serving, ref: FeedRef = ALL) -> set[str]:
    return {one.uuid for one in service.store.entries.newest(ref, limit=100)}


def first(service: Serving) -> str:
    return service.store.entries.newest(ALL, limit=1)[0].uuid


def test_a_hidden_entry_leaves_feeds_without_a_word_and_keeps_its_page(service: Serving) -> None:
    uuid, editing, client = first(service), service.desk.editing, Client(create_app(service))
    assert editing.hide(uuid)
    assert not editing.hide(uuid)
    service.feeds.poll()
    assert uuid not in shown(service)
    assert service.store.tombstones(ALL, since=service.now.replace(year=2000)) == ()
    assert uuid not in client.get("/feeds/all.atom").text
    assert client.get(f"/entries/{uuid}").status_code == 200
    assert editing.show(uuid)
    service.feeds.poll()
    assert uuid in client.get("/feeds/all.atom").text


def test_a_hidden_entry_stays_hidden_in_the_feeds_of_a_source_that_lists_it_later(service: Serving) -> None:
    uuid = first(service)
    service.desk.editing.hide(uuid)
    entry = service.desk.editing.get(uuid).entry
    record(service.store, entry, source=OTHER, now=service.now)
    assert shown(service, FeedRef(kind="source", key="other")) == set()
    service.desk.editing.show(uuid)
    assert shown(service, FeedRef(kind="source", key="other")) == {uuid}


def test_merged_entries_are_one_story_from_then_on(service: Serving) -> None:
    editing, client = service.desk.editing, Client(create_app(service))
    kept = first(service)
    twin = replace(release(70), title="The same told elsewhere")
    other = record(service.store, twin, source=OTHER, now=service.now).uuid
    assert editing.merge(kept, other).sources == ("acme", "other")
    service.feeds.poll()
    assert kept in shown(service, FeedRef(kind="category", key="elsewhere"))
    assert other not in shown(service)
    answer = client.get(f"/entries/{other}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://feeds.example/entries/{kept}")
    # met again, at its own address, it is the kept one
    assert record(service.store, twin, source=OTHER, now=service.now).uuid == kept
    assert other in client.get("/feeds/all.atom").text  # its tombstone
    assert editing.reinstate(other)
    service.feeds.poll()
    assert record(service.store, twin, source=OTHER, now=service.now).uuid == other
    assert client.get(f"/entries/{other}").status_code == 200


def test_what_cannot_be_merged_says_why(service: Serving) -> None:
    editing, uuid = service.desk.editing, first(service)
    with pytest.raises(Unfit, match="the entry itself"):
        editing.merge(uuid, uuid)
    with pytest.raises(Unknown):
        editing.merge(uuid, "0" * 36)
    other = (shown(service) - {uuid}).pop()
    editing.withdraw(other)
    with pytest.raises(Unfit, match="is withdrawn"):
        editing.merge(other, uuid)


def test_entries_of_one_title_are_offered_as_duplicates(service: Serving) -> None:
    uuid = first(service)
    title = service.desk.editing.get(uuid).entry.title
    late = when(NOON + timedelta(days=300))
    twin = record(service.store, release(80, title=title, published=late), source=OTHER, now=service.now)
    assert [one.uuid for one in service.desk.editing.duplicates(uuid)] == [twin.uuid]
    assert [one.uuid for one in service.desk.editing.duplicates(twin.uuid)] == [uuid]


def test_entries_are_found_by_what_was_decided_about_them(service: Serving) -> None:
    editing = service.desk.editing
    one, two, three = [stored.uuid for stored in editing.find(EntryPage())]
    editing.hide(one)
    editing.withdraw(two)
    found = {state: [each.uuid for each in editing.find(EntryPage(state=state))] for state in EntryState}
    assert found == {
        EntryState.SHOWN: [three],
        EntryState.HIDDEN: [one],
        EntryState.WITHDRAWN: [two],
        EntryState.ANY: [one, two, three],
    }
    last = editing.get(one).sequence
    assert [each.uuid for each in editing.find(EntryPage(state=EntryState.ANY, before=last, limit=1))] == [two]
    assert [each.uuid for each in editing.find(EntryPage(words="text release 1"))] == [three]
    assert editing.find(EntryPage(words="nothing-of-this")) == ()


@pytest.mark.parametrize("uuid", ["", "x", "0" * 36, "00000000-0000-0000-0000-000000000000", "../../etc/passwd"])
def test_what_is_not_there_is_not_edited(service: Serving, uuid: str) -> None:
    for act in (service.desk.editing.hide, service.desk.editing.withdraw, service.desk.editing.get):
        with pytest.raises(Unknown):
            act(uuid)
