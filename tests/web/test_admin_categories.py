"""Categories at the desk: made, described, moved with everything below, removed; a fault loses nothing typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html
from werkzeug.test import TestResponse

from feedsvc.model import Cadence
from tests.support.admins import Admin
from tests.support.serving import Serving

TREE = "/admin/categories"
RELEASES = f"{TREE}/company/releases"


def send(ada: Admin, page: str, **fields: str) -> TestResponse:
    token = str(ada.tree(page).xpath("string(//input[@name='token']/@value)"))
    return ada.post(page, {"token": token} | fields)


def test_the_tree_shows_entries_and_sources(ada: Admin) -> None:
    tree = ada.tree(TREE)
    assert tree.xpath("//tbody//a[@class='title']/text()")[:3] == ["Company", "Releases", "Nothing yet"]
    assert "acme" in tree.xpath("string(//tbody/tr[2])")


def test_a_new_one_has_a_feed_at_once(ada: Admin, service: Serving) -> None:
    answer = send(ada, TREE, path="topics/space", title="Space & <time>")
    assert answer.status_code == 303
    assert "Space & <time>" in ada.tree(answer.headers["Location"]).text_content()
    service.feeds.poll()
    assert ada.get("/feeds/topics/space.atom").status_code == 200
    assert ada.get("/feeds/topics").status_code == 200


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "is missing"),
        ("_x", "Path"),
        ("all", "Path"),
        ("company", "is there already"),
        ("a" * 3000, "Path"),
        ("<b>", "Path"),
    ],
)
def test_a_path_that_will_not_do_is_answered_beside_it(ada: Admin, path: str, said: str) -> None:
    answer = send(ada, TREE, path=path, title="Kept words")
    assert answer.status_code == 400
    tree = html.fromstring(answer.text)
    assert said in tree.xpath("string(//*[contains(@class, 'wrong')])")
    assert tree.xpath("string(//input[@name='title']/@value)") == "Kept words"


def test_what_it_says_is_tuned_and_reset(ada: Admin, service: Serving) -> None:
    assert ada.submit(RELEASES, RELEASES, title="Press", description="New", do="save").status_code == 303
    text = " ".join(ada.tree(RELEASES).text_content().split())
    assert "declared: Releases" in text
    service.feeds.poll()
    assert '<h1 dir="auto">Press</h1>' in ada.get("/feeds/company/releases").text
    send(ada, RELEASES, do="reset")
    assert ada.tree(RELEASES).xpath("string(//input[@name='title']/@value)") == "Releases"


def test_a_fault_in_what_it_says_loses_nothing(ada: Admin) -> None:
    answer = ada.submit(RELEASES, RELEASES, language="<b>", rights="Kept words", do="save")
    assert answer.status_code == 400
    tree = html.fromstring(answer.text)
    assert "is not a language tag" in tree.xpath("string(//*[contains(@class, 'wrong')])")
    assert tree.xpath("string(//input[@name='rights']/@value)") == "Kept words"
    assert tree.xpath("string(//input[@name='language']/@value)") == "<b>"


def test_it_moves_with_its_entries_and_the_old_address_leads_on(ada: Admin, service: Serving) -> None:
    answer = send(ada, RELEASES, do="move", to="company/press")
    assert answer.status_code == 303
    assert "3 entries and 1 sources" in ada.get(answer.headers["Location"]).text
    service.feeds.poll()
    assert ada.get("/feeds/company/releases.atom").headers["Location"].endswith("/feeds/company/press.atom")
    assert "Release number 1" in ada.get("/feeds/company/press").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "move", "to": ""}, "is missing"),
        ({"do": "move", "to": "company/releases/below"}, "lies below"),
        ({"do": "move", "to": "_x"}, "New path"),
        ({"do": "remove"}, "holds sources (acme)"),
        ({"do": "nonsense"}, "Choose what to do"),
    ],
)
def test_what_cannot_be_done_is_said(ada: Admin, fields: dict[str, str], said: str) -> None:
    answer = send(ada, RELEASES, **fields)
    assert answer.status_code == 400
    assert said in html.fromstring(answer.text).text_content()


def test_an_empty_one_is_removed(ada: Admin, service: Serving) -> None:
    assert send(ada, f"{TREE}/company/empty", do="remove").status_code == 303
    service.feeds.poll()
    assert ada.get("/feeds/company/empty.atom").status_code == 410
    assert ada.get(f"{TREE}/company/empty").status_code == 404


def test_a_schedule_for_its_sources_is_chosen_shown_beside_what_is_declared_and_taken_back(
    ada: Admin, service: Serving
) -> None:
    service.config = replace(service.config, cadences={"company/releases": Cadence(every=timedelta(hours=2))})
    assert ada.tree(RELEASES).xpath("string(//select[@name='kind']/option[@selected])") == "every"
    assert send(ada, RELEASES, do="pace", kind="budget", value="24/day", active="06:00-23:00").status_code == 303
    tree = ada.tree(RELEASES)
    assert tree.xpath("string(//input[@name='value']/@value)") == "24/day"
    assert "declared: every 2h" in tree.text_content()
    assert 'budget = "24/day"' in ada.get(f"{TREE}.toml").text
    assert send(ada, RELEASES, do="reset-pace").status_code == 303
    tree = ada.tree(RELEASES)
    assert tree.xpath("string(//input[@name='value']/@value)") == "2h"
    assert "declared:" not in tree.text_content()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "cron", "value": "* * * *"}, "How often"),
        ({"kind": "every", "value": ""}, "How often is empty"),
        ({"kind": "often", "value": "1h"}, "is none of every, cron and budget"),
        ({"kind": "every", "value": "<b>" * 1000}, "How often"),
        ({"kind": "every", "value": "1h", "active": "at night"}, "Active hours is not a span of hours"),
        ({"active": "at night"}, "Active hours is not a span of hours"),
    ],
)
def test_a_schedule_that_will_not_do_is_said_beside_it_and_kept_in_the_form(
    ada: Admin, fields: dict[str, str], said: str
) -> None:
    answer = send(ada, RELEASES, do="pace", **fields)
    assert answer.status_code == 400
    tree = html.fromstring(answer.text)
    assert said in tree.xpath("string(//*[contains(@class, 'wrong')])")
    for name in ("value", "active"):
        assert tree.xpath(f"string(//input[@name='{name}']/@value)") == fields.get(name, "")[:2001]


@pytest.mark.parametrize(
    ("do", "theirs", "mine"),
    [
        ("save", {"title": "Theirs"}, {"description": "Mine"}),
        ("pace", {"every": "2h"}, {"kind": "every", "value": "3h"}),
    ],
)
def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(
    ada: Admin, service: Serving, do: str, theirs: dict[str, str], mine: dict[str, str]
) -> None:
    path = "/admin/categories/company/releases"
    forms = [form for form in ada.tree(path).forms if form.xpath(f".//button[@value='{do}']")]
    fields = dict(forms[0].form_values()) | {"do": do} | mine
    service.desk.categories.edit("company/releases", theirs)
    answer = ada.post(path, fields)
    assert answer.status_code == 409
    assert "Somebody changed it" in answer.text
    branch = service.desk.categories.get("company/releases")
    assert branch.category.description != "Mine"
    assert branch.cadence.every != timedelta(hours=3)
