"""Adding a website: from a pasted address to a served feed, by forms alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html
from werkzeug.test import TestResponse

from feedsvc.config import Settings
from feedsvc.demo import Site, SiteServer
from feedsvc.model import Cadence
from tests.support.admins import Admin
from tests.support.serving import Serving

OPENED = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
ADD = "/admin/add"


@pytest.fixture
def site(service: Serving) -> Iterator[str]:
    """A list of releases on loopback that may be looked at."""
    now = OPENED + timedelta(minutes=10)
    with SiteServer(Site(opened=OPENED, every=timedelta(days=1)), clock=lambda: now) as server:
        settings = {
            "server": {"base_url": "https://feeds.example"},
            "fetch": {"allow_targets": [f"127.0.0.1:{server.port}"], "host_interval": "0s"},
        }
        service.config = replace(service.config, settings=Settings.model_validate(settings))
        yield f"{server.url}news/research/"


def fill_in(ada: Admin, answer: TestResponse, /, **changes: str) -> TestResponse:
    """Send the last form of an answer, which saves."""
    form = html.fromstring(answer.text).forms[-1]
    return ada.post(ADD, dict(form.form_values()) | {"do": "save"} | changes)


def test_from_an_address_to_a_served_feed(ada: Admin, service: Serving, site: str) -> None:
    looked = ada.submit(ADD, "/add", url=site, do="look")
    assert looked.status_code == 200, looked.text
    text = html.fromstring(looked.text).text_content()
    for words in ("Ways in", "The page's own list", "robots.txt: allowed", "title 100 %", "Where it stood"):
        assert words in text
    saved = fill_in(ada, looked, key="research", category="science/research", kind="every", value="30m")
    assert saved.status_code == 303
    assert saved.headers["Location"].startswith("/admin/sources/research?")
    state = service.store.sources.get("research")
    assert state is not None
    assert state.declared is None
    assert state.source.cadence == Cadence(every=timedelta(minutes=30))
    assert state.source.category == "science/research"
    assert service.store.sources.due(now=service.now, limit=5) == ("research",)
    service.feeds.poll()
    assert ada.get("/sources/research.atom").status_code == 200
    assert ada.get("/feeds/science/research.rss").status_code == 200
    assert "kept here and not in the configuration" in ada.get("/admin/sources/research").text


def test_a_source_added_here_survives_a_configuration_without_it(ada: Admin, service: Serving, site: str) -> None:
    fill_in(ada, ada.submit(ADD, "/add", url=site, do="look"), key="research")
    service.store.sources.sync(service.config.sources, now=service.now)
    state = service.store.sources.get("research")
    assert state is not None
    assert state.is_enabled


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "is missing"),
        ("news.example", "is not an absolute http(s) URL"),
        ("ftp://news.example/", "is not an absolute http(s) URL"),
        ("https://user:pw@news.example/", "holds a user name or a password"),
        ("https://news.example/", "is watched already: it is the source acme"),
        ("http://127.0.0.1:9/", "could not be looked at"),
        ("http://169.254.169.254/latest/meta-data/", "could not be looked at"),
        ("http://localhost/", "could not be looked at"),
        ("<script>alert(1)</script>", "is not an absolute http(s) URL"),
        ("https://news.example/" + "x" * 3000, "is longer than 2000 characters"),
    ],
)
def test_an_address_that_will_not_do_is_answered_with_why(ada: Admin, url: str, said: str) -> None:
    answer = ada.submit(ADD, "/add", url=url, do="look")
    assert answer.status_code == 400
    tree = html.fromstring(answer.text)
    assert said in " ".join(tree.xpath("//*[@class='fault']/text()"))
    assert tree.xpath("string(//input[@id='url']/@value)") == url[:2001]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("key", "Not A Key", "is not a source key"),
        ("key", "acme", "is taken"),
        ("key", "", "is not a source key"),
        ("category", "_x", "The category"),
        ("value", "often", "is not a budget"),
        ("title", "x" * 300, "The title"),
        ("rules.item", "ul >> li", "is not a CSS selector"),
        ("rules.release.body", "div[", "is not a CSS selector"),
        ("rules.next", "x" * 5000, "is longer than 2000 characters"),
    ],
)
def test_a_fault_is_said_beside_its_field_and_nothing_is_saved(
    ada: Admin, service: Serving, site: str, field: str, typed: str, said: str
) -> None:
    changes = {"key": "fresh", field: typed}
    answer = fill_in(ada, ada.submit(ADD, "/add", url=site, do="look"), **changes)
    assert answer.status_code == 400
    tree = html.fromstring(answer.text)
    assert said in " ".join(tree.xpath("//*[@class='fault']/text()"))
    if typed:
        assert tree.xpath(f"string(//input[@name='{field}']/@value)") == typed[:2001]
    assert service.store.sources.keys() == ("acme",)


def test_the_preview_follows_rules_and_the_site_is_asked_once(ada: Admin, service: Serving, site: str) -> None:
    looked = ada.submit(ADD, "/add", url=site, do="look")
    assert "The list: 5 items" in looked.text
    assert 'placeholder="' in looked.text, "the selector that finds the same as none"
    asked = service.desk._recent.get(site)
    rules = {"rules.item": ".list > .item:nth-child(-n+2)", "rules.release.title": ".crumbs a", "do": "show"}
    shown = fill_in(ada, looked, **rules)
    assert shown.status_code == 200
    tree = html.fromstring(shown.text)
    assert "The list: 2 items" in tree.text_content()
    assert tree.xpath("string(//*[@id='sample']/following-sibling::table//tr[th='title']/td)") == "Home"
    assert tree.xpath("string(//input[@name='rules.item']/@value)") == rules["rules.item"]
    assert len(tree.xpath("//input[@name='plan']")) >= 1, "the ways in stay"
    assert service.desk._recent.get(site) is asked
    assert fill_in(ada, shown, key="ruled", do="save").status_code == 303
    state = service.store.sources.get("ruled")
    assert state is not None
    assert state.source.rules.item == rules["rules.item"]


def test_few_look_at_pages_at_the_same_time(ada: Admin, service: Serving, site: str) -> None:
    while service.desk._looks.acquire(blocking=False):
        pass
    answer = ada.submit(ADD, "/add", url=site, do="look")
    assert answer.status_code == 400
    assert "others are looking" in answer.text


def test_a_refused_save_shows_what_was_typed_and_proposes_nothing_else(ada: Admin, site: str) -> None:
    refused = fill_in(ada, ada.submit(ADD, "/add", url=site, do="look"), key="", title="", kind="cron", value="")
    assert refused.status_code == 400
    form = html.fromstring(refused.text).forms[-1]
    assert (form.fields["key"], form.fields["title"], form.fields["kind"], form.fields["value"]) == ("", "", "cron", "")
