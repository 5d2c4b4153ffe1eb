"""A source's page: what is declared stays declared, what is tuned holds and can be taken back."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from feedsvc.model import Cadence, Rules, Source
from feedsvc.store import ADMITS, ScrapeRecord, SourceState
from tests.support.admins import Admin
from tests.support.serving import Serving

PAGE = "/admin/sources/acme"


def acme(service: Serving) -> SourceState:
    state = service.store.sources.get("acme")
    assert state is not None
    return state


def test_an_unknown_source_has_no_page(ada: Admin) -> None:
    assert ada.get("/admin/sources/nobody").status_code == 404


def test_what_is_saved_holds_over_what_is_declared_and_both_are_shown(ada: Admin, service: Serving) -> None:
    answer = ada.submit(PAGE, PAGE, title="Acme <News>", language="en")
    assert answer.status_code == 303
    state = acme(service)
    assert (state.source.title, state.source.language) == ("Acme <News>", "en")
    assert state.overrides == {"title": "Acme <News>", "language": "en"}
    tree = ada.tree(answer.headers["Location"])
    assert "Saved" in tree.text_content()
    assert tree.xpath("string(//input[@name='title']/@value)") == "Acme <News>"
    assert "declared: Acme" in " ".join(tree.text_content().split())


def test_saving_the_form_as_it_stands_changes_nothing(ada: Admin, service: Serving) -> None:
    before = acme(service).source
    ada.submit(PAGE, PAGE)
    assert acme(service).source == before
    assert acme(service).overrides == {}


def test_overrides_are_taken_back_one_by_one_and_all_at_once(ada: Admin, service: Serving) -> None:
    ada.submit(PAGE, PAGE, title="Other", language="en")
    ada.submit(PAGE, PAGE + "/do", do="reset-one", name="title")
    assert acme(service).source.title == "Acme"
    assert acme(service).source.language == "en"
    ada.submit(PAGE, PAGE + "/do", do="reset")
    assert acme(service).overrides == {}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("url", "", "is missing"),
        ("url", "ftp://news.example/", "is not an absolute http(s) URL"),
        ("url", "https://user:secret@news.example/", "holds a user name or a password"),
        ("time_zone", "Europe/Berln", "did you mean Europe/Berlin?"),
        ("language", "<b>", "is not a language tag"),
        ("category", "_hidden/x", "Category"),
        ("kind", "nonsense", "Kind"),
        ("title", "x" * 300, "Title"),
        ("publisher", "x" * 6000, "is longer than 2000 characters"),
    ],
)
def test_a_fault_is_said_beside_its_field_and_nothing_typed_is_lost(
    ada: Admin, service: Serving, field: str, typed: str, said: str
) -> None:
    answer = ada.submit(PAGE, PAGE, **({"publisher": "Kept words"} | {field: typed}))
    assert answer.status_code == 400
    tree = html.fromstring(answer.text)
    wrong = tree.xpath("//*[contains(@class,'wrong')]")
    assert len(wrong) == 1
    assert said in wrong[0].text_content()
    assert tree.xpath("string(//input[@name='publisher']/@value)") == (typed if field == "publisher" else "Kept words")
    assert acme(service).overrides == {}


def test_a_new_category_moves_the_entries(ada: Admin, service: Serving) -> None:
    ada.submit(PAGE, PAGE, category="topics/acme")
    service.feeds.poll()
    assert "Release number 1" in ada.get("/feeds/topics/acme").text
    ada.submit(PAGE, PAGE + "/do", do="reset")
    service.feeds.poll()
    assert "Release number 1" in ada.get("/feeds/company/releases").text


def test_it_exports_what_is_in_force(ada: Admin) -> None:
    ada.submit(PAGE, PAGE, title="Other")
    answer = ada.get(PAGE + "/source.toml")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="acme.toml"'
    assert tomllib.loads(answer.text)["title"] == "Other"


def test_it_is_run_stopped_and_resumed(ada: Admin, service: Serving) -> None:
    ada.submit(PAGE, PAGE + "/do", do="run")
    assert service.store.sources.due(now=service.now, limit=5) == ("acme",)
    ada.submit(PAGE, PAGE + "/do", do="stop")
    assert not acme(service).is_enabled
    answer = ada.submit(PAGE, PAGE + "/do", do="run")
    assert "resume it first" in ada.get(answer.headers["Location"]).text
    ada.submit(PAGE, PAGE + "/do", do="resume")
    assert acme(service).is_enabled
    assert ada.submit(PAGE, PAGE + "/do", do="nonsense").status_code == 400


def test_a_source_that_no_file_declares_is_forgotten(ada: Admin, service: Serving) -> None:
    assert "Forget this source" not in ada.get(PAGE).text
    token = str(ada.tree(PAGE).xpath("string(//input[@name='token']/@value)"))
    assert ada.post(PAGE + "/do", {"token": token, "do": "remove"}).status_code == 400
    added = Source(key="added", urls=("https://added.example/",), title="Added")
    service.desk.tuning.add(added)
    answer = ada.submit("/admin/sources/added", "/do", do="remove")
    assert "Added is forgotten" in ada.get(answer.headers["Location"]).text
    assert ada.get("/admin/sources/added").status_code == 404


def test_the_history_says_why(ada: Admin, service: Serving) -> None:
    begun = service.now - timedelta(hours=2)
    record = ScrapeRecord(source="acme", started_at=begun, finished_at=begun, result="failed", reason="no <answer>")
    service.store.scrapes.add(record)
    text = ada.tree(PAGE).text_content()
    assert "2 hours ago" in text
    assert "no <answer>" in text


def test_a_scrape_that_goes_on_is_told_and_watched(ada: Admin, service: Serving) -> None:
    ada.submit(PAGE, PAGE + "/do", do="run")
    standing = ada.tree(PAGE).xpath("//*[@id='standing']")[0]
    assert "Waiting for its turn" in standing.text_content()
    assert standing.get("hx-trigger") == "every 2s"
    assert service.store.sources.claim("acme", "somebody")
    assert "Being scraped at this moment: 3 entries so far" in ada.tree(PAGE).text_content()
    assert service.store.sources.conclude("acme", "somebody", due_at=service.now + timedelta(hours=1))
    assert ada.tree(PAGE).xpath("//*[@id='standing']")[0].get("hx-trigger") is None


def quarantined(service: Serving) -> None:
    evidence = {
        "comparison": ["now: 3 items, 0 known", "before: 20 items"],
        "items": [{"url": "https://x.example/", "title": "<b>Log in</b>", "day": ""}],
    }
    service.store.scrapes.quarantine("acme", reason="everything is new", evidence=evidence, now=service.now)


def test_a_quarantine_shows_before_and_after(ada: Admin, service: Serving) -> None:
    quarantined(service)
    text = ada.tree(PAGE).text_content()
    for words in ("everything is new", "now: 3 items", "<b>Log in</b>", "Release number 1"):
        assert words in text


def test_an_accepted_quarantine_is_taken_by_a_scrape_that_begins_now(ada: Admin, service: Serving) -> None:
    quarantined(service)
    ada.submit(PAGE, PAGE + "/do", do="accept")
    assert service.store.scrapes.open_quarantine("acme") is None
    assert acme(service).memory[ADMITS] is True
    assert service.store.sources.due(now=service.now, limit=5) == ("acme",)


def test_nothing_is_accepted_while_a_scrape_goes_on(ada: Admin, service: Serving) -> None:
    quarantined(service)
    assert service.store.sources.claim("acme", "somebody")
    answer = ada.submit(PAGE, PAGE + "/do", do="accept")
    assert "try again" in ada.get(answer.headers["Location"]).text
    assert service.store.scrapes.open_quarantine("acme") is not None


def test_a_dismissed_quarantine_is_closed_and_changes_nothing(ada: Admin, service: Serving) -> None:
    quarantined(service)
    ada.submit(PAGE, PAGE + "/do", do="dismiss")
    assert service.store.scrapes.open_quarantine("acme") is None
    assert ADMITS not in acme(service).memory
    assert "Dismissed" in ada.tree(PAGE).text_content()
    ada.submit(PAGE, PAGE + "/do", do="accept")
    assert acme(service).memory[ADMITS] is True, "one may think again"


def test_a_page_without_items_is_not_said_to_be_taken(ada: Admin, service: Serving) -> None:
    service.store.scrapes.quarantine(
        "acme", reason="no items", evidence={"fault": "no items", "may_be_accepted": False}, now=service.now
    )
    assert "Accept:" not in ada.tree(PAGE).text_content()
    answer = ada.submit(PAGE, PAGE + "/do", do="accept")
    assert "cannot be accepted: no items" in ada.get(answer.headers["Location"]).text
    assert service.store.scrapes.open_quarantine("acme") is not None
    assert ADMITS not in acme(service).memory


def test_it_says_where_the_cadence_comes_from(ada: Admin, service: Serving) -> None:
    service.config = replace(service.config, cadence_origins={"acme": "category company/releases"})
    assert "(from category company/releases)" in ada.tree("/admin/sources/acme").text_content()


@pytest.mark.parametrize(
    ("page", "theirs", "mine"),
    [
        (PAGE, lambda one: replace(one, title="Theirs"), {"publisher": "Mine"}),
        (f"{PAGE}/rules", lambda one: replace(one, rules=Rules(item="li.theirs")), {"rules.next": "a.mine"}),
        (
            f"{PAGE}/schedule",
            lambda one: replace(one, cadence=Cadence(every=timedelta(hours=2))),
            {"kind": "every", "every": "3h"},
        ),
    ],
)
def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(
    ada: Admin, service: Serving, page: str, theirs: Callable[[Source], Source], mine: dict[str, str]
) -> None:
    (form,) = ada.tree(page).xpath("//form[.//input[@name='seen']]")
    fields = dict(form.form_values()) | {"do": "save"} | mine
    changed = service.desk.tuning.change("acme", theirs)
    answer = ada.post(page, fields)
    assert answer.status_code == 409
    assert acme(service).source == changed
    tree = html.fromstring(answer.text)
    assert "Somebody changed it" in tree.xpath("string(//*[@role='alert'])")
    (form,) = tree.xpath("//form[.//input[@name='seen']]")
    again = dict(form.form_values()) | {"do": "save"}
    assert {name: again[name] for name in mine} == mine, "what was typed stands there still"
    assert ada.post(page, again).status_code == 303
    assert acme(service).source != changed


def test_nothing_is_accepted_where_there_is_no_quarantine(ada: Admin, service: Serving) -> None:
    quarantined(service)
    form = dict(ada.tree(PAGE).xpath("//form[.//button[@value='accept']]")[0].form_values()) | {"do": "accept"}
    service.store.scrapes.close_quarantine("acme", resolution="recovered", now=service.now)
    answer = ada.post(PAGE + "/do", form)
    assert "nothing to accept" in ada.get(answer.headers["Location"]).text
    assert ADMITS not in acme(service).memory
