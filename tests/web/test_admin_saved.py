"""Saved feeds at the desk: made, seen, changed, removed."""

from __future__ import annotations

import pytest
from lxml import html

from tests.support.admins import Admin
from tests.support.serving import Serving

NEW = "/admin/saved/new"


def test_it_is_made_shown_changed_and_removed(ada: Admin, service: Serving) -> None:
    assert "None yet" in ada.get("/admin/saved").text
    answer = ada.submit(NEW, NEW, name="second", words="number 2\nnumber 9", sources="acme")
    assert answer.status_code == 303
    tree = ada.tree(answer.headers["Location"])
    assert tree.xpath("//section//li/a/text()") == ["Release number 2 of the Acme company"]
    assert ada.get("/feeds/second.atom").status_code == 200
    ada.submit("/admin/saved/second", "/second", words="number 3", title="Third", do="save")
    assert ada.tree("/admin/saved/second").xpath("//section//li/a/text()") == ["Release number 3 of the Acme company"]
    ada.submit("/admin/saved/second", "/second", do="remove")
    service.feeds.poll()
    assert ada.get("/feeds/second.atom").status_code == 410
    assert ada.get("/admin/saved/second").status_code == 404


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "is missing"),
        ("name", "_x", "Name"),
        ("name", "company", "is the path of a category"),
        ("words", "(unclosed", "With"),
        ("words", "x" * 5000, "is longer than 2000 characters"),
        ("age", "soon", "is not a duration"),
        ("categories", "nowhere", "names no category"),
        ("sources", "nobody", "names no source"),
        ("title", "<b>" * 100, "Title"),
    ],
)
def test_a_fault_is_said_beside_its_field_and_nothing_typed_is_lost(
    ada: Admin, service: Serving, field: str, typed: str, said: str
) -> None:
    answer = ada.submit(NEW, NEW, **({"name": "fine", "description": "Kept words"} | {field: typed}))
    assert answer.status_code == 400
    tree = html.fromstring(answer.text)
    assert said in tree.xpath("string(//*[contains(@class, 'wrong')])")
    assert tree.xpath("string(//input[@name='description']/@value)") == "Kept words"
    assert service.store.saved_feeds.all() == ()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(ada: Admin, service: Serving) -> None:
    ada.submit(NEW, NEW, name="big", words="number 2")
    seen = ada.tree("/admin/saved/big").xpath("string(//input[@name='seen']/@value)")
    service.desk.filters.save("big", {"words": "number 3", "title": "Somebody else's"})
    answer = ada.submit("/admin/saved/big", "/big", do="save", words="number 1", seen=seen)
    assert answer.status_code == 409
    tree = html.fromstring(answer.text)
    assert "Somebody changed it" in tree.xpath("string(//*[@role='alert'])")
    assert "number 1" in tree.xpath("string(//textarea[@name='words'])")
    assert service.desk.filters.get("big").filter.words == ("number 3",)
    again = dict(tree.forms[-1].form_values()) | {"do": "save"}
    assert ada.post("/admin/saved/big", again).status_code == 303
    assert service.desk.filters.get("big").filter.words == ("number 1",)


def test_what_somebody_else_changed_meanwhile_is_not_removed_unseen(ada: Admin, service: Serving) -> None:
    ada.submit(NEW, NEW, name="big", words="number 2")
    seen = ada.tree("/admin/saved/big").xpath("string(//input[@name='seen']/@value)")
    service.desk.filters.save("big", {"words": "number 3"})
    answer = ada.submit("/admin/saved/big", "/big", do="remove", seen=seen)
    assert answer.status_code == 409
    assert "number 3" in html.fromstring(answer.text).xpath("string(//textarea[@name='words'])")
    again = dict(html.fromstring(answer.text).forms[-1].form_values()) | {"do": "remove"}
    assert ada.post("/admin/saved/big", again).status_code == 303
