"""Entries at the desk: found by words, feed and state; withdrawn, hidden, filed elsewhere and merged, many at once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from lxml import html
from werkzeug.test import TestResponse

from tests.support.admins import Admin
from tests.support.serving import Serving
from tests.support.stores import release

LIST = "/admin/entries"


def titles(ada: Admin, query: str = "") -> list[str]:
    return [str(one) for one in ada.tree(f"{LIST}{query}").xpath("//tbody//a[@class='title']/text()")]


def ids(service: Serving) -> dict[str, str]:
    return {one.entry.title: one.uuid for one in service.store.entries.of_source("acme")}


def do(ada: Admin, uuids: Sequence[str], action: str, **fields: str) -> TestResponse:
    token = str(ada.tree(LIST).xpath("string(//input[@name='token']/@value)"))
    return ada.post(LIST, {"token": token, "uuid": list(uuids), "do": action} | fields)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?q=number+2", 1),
        ("?q=%25%3Cb%3E", 0),
        ("?feed=sources/acme", 3),
        ("?feed=feeds/company", 3),
        ("?feed=feeds/company/empty", 0),
        ("?feed=feeds/nowhere", 0),
        ("?state=withdrawn", 0),
        ("?state=nonsense&before=x", 3),
        ("?before=2", 1),
    ],
)
def test_it_finds_what_is_looked_for(ada: Admin, query: str, found: int) -> None:
    assert len(titles(ada, query)) == found


def test_a_long_list_has_pages(ada: Admin, service: Serving) -> None:
    service.publish(*[release(number) for number in range(4, 64)])
    first = ada.tree(LIST)
    assert len(first.xpath("//tbody/tr")) == 50
    older = str(first.xpath("string(//a[@rel='next']/@href)"))
    assert len(titles(ada, older)) == 13


def test_ticked_ones_are_withdrawn_and_taken_back(ada: Admin, service: Serving) -> None:
    one, two, _ = ids(service).values()
    answer = do(ada, [one, two], "withdraw")
    assert "2 withdrawn" in ada.get(answer.headers["Location"]).text
    assert len(titles(ada)) == 1
    assert len(titles(ada, "?state=withdrawn")) == 2
    assert ada.get(f"/entries/{one}").status_code == 410
    do(ada, [one], "reinstate")
    assert len(titles(ada)) == 2


def test_ticked_ones_are_hidden_and_filed_elsewhere(ada: Admin, service: Serving) -> None:
    one, two, _ = ids(service).values()
    do(ada, [one], "hide")
    assert len(titles(ada, "?state=hidden")) == 1
    assert ada.get(f"/entries/{one}").status_code == 200
    do(ada, [one], "show")
    do(ada, [two], "file", category="topics/special")
    service.feeds.poll()
    assert "Release number" in ada.get("/feeds/topics/special").text


def test_ticked_ones_are_merged_into_the_first(ada: Admin, service: Serving) -> None:
    one, two, three = ids(service).values()
    do(ada, [one, two, three], "merge")
    assert len(titles(ada)) == 1
    service.feeds.poll()
    assert ada.get(f"/entries/{two}").headers["Location"].endswith(f"/entries/{one}")


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        ("withdraw", {"uuid": ()}, "Tick the entries"),
        ("", {}, "Choose what to do"),
        ("merge", {}, "Tick the entry to keep"),
        ("file", {"category": "_x/<b>"}, "Category"),
        ("withdraw", {"uuid": ("x" * 5000,)}, "There is no such entry"),
    ],
)
def test_what_cannot_be_done_is_said(
    ada: Admin, service: Serving, action: str, fields: dict[str, str], said: str
) -> None:
    uuid = next(iter(ids(service).values()))
    answer = do(ada, [uuid], action, **fields)
    assert answer.status_code == 400
    assert said in html.fromstring(answer.text).xpath("string(//*[@role='alert'])")
    if "category" in fields:
        assert fields["category"] in html.fromstring(answer.text).xpath("//input/@value")
    assert len(titles(ada)) == 3
