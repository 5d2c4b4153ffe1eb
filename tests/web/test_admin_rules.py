"""Rules at the desk: tried on kept pages before they hold; and repairs, proposed and adopted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from lxml import html
from werkzeug.test import Client

from feedsvc.config import load
from feedsvc.demo import Site, SiteServer, write_configuration
from feedsvc.model import Rules
from feedsvc.service import Service
from feedsvc.service.access import Access
from feedsvc.service.lookup import Lookup
from feedsvc.web import create_app
from tests.support.admins import BASE, Admin

OPENED = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
RULES = "/admin/sources/research/rules"
REPAIR = "/admin/sources/research/repair"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A section of the demo's website, scraped once; its server runs on."""
    folder: Path = tmp_path_factory.mktemp("demo")
    now = OPENED + timedelta(minutes=10)
    with SiteServer(Site(opened=OPENED, every=timedelta(days=1)), clock=lambda: now) as server:
        write_configuration(folder / "config", site_url=server.url, base_url=BASE)
        config = load(folder / "config", {}, {"data": str(folder / "data")})
        with Service.open(config, clock=lambda: now) as opened:
            opened.scrape(["research"])
            yield opened


@pytest.fixture
def ada(service: Service) -> Iterator[Admin]:
    with Lookup.open(service.config, clock=service.clock) as lookup:
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        lookup.desk.__dict__["access"] = Access(service.store, clock=service.clock, hasher=hasher)
        if not service.store.access.has_admins():
            lookup.desk.access.create(Admin.NAME, Admin.PASSWORD)
        admin = Admin(Client(create_app(lookup)))
        admin.sign_in()
        yield admin
        service.store.sources.reset("research")


def in_force(service: Service) -> Rules:
    return service.state("research").source.rules


def test_rules_are_tried_without_being_saved(ada: Admin, service: Service) -> None:
    answer = ada.submit(RULES, RULES, rules__item=".list > .item", do="try")
    text = " ".join(html.fromstring(answer.text).xpath("//*[@id='outcome']")[0].text_content().split())
    assert "pages are read as they are now" in text
    assert in_force(service) == Rules()


def test_what_rules_would_change_is_shown_beside_what_is_now(ada: Admin, service: Service) -> None:
    changes = {"rules__item": ".list > .item:first-child", "rules__release__title": ".crumbs a"}
    answer = ada.submit(RULES, RULES, do="try", **changes)
    outcome = html.fromstring(answer.text).xpath("//*[@id='outcome']")[0]
    assert "would be read otherwise" in outcome.text_content()
    assert len(outcome.xpath(".//ul[@class='minus']/li")) == 4
    assert outcome.xpath(".//ins/text()")[0] == "Home"


def test_rules_that_are_saved_hold_and_are_taken_back(ada: Admin, service: Service) -> None:
    answer = ada.submit(RULES, RULES, rules__item=".list > .item", do="save")
    assert answer.status_code == 303
    assert in_force(service).item == ".list > .item"
    ada.submit("/admin/sources/research", "/research", title="Other")
    assert in_force(service).item == ".list > .item", "another form of the same source leaves them alone"
    ada.submit(RULES, "/do", name="rules.item")
    assert in_force(service) == Rules()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("rules__item", "ul >> li", "is not a CSS selector"),
        ("rules__item", "a:has(" * 200, "Item"),
        ("rules__release__body", "div[", "is not a CSS selector"),
        ("rules__release__remove", ".fine\n<b>", "is not a CSS selector"),
        ("rules__next", "x" * 6000, "is longer than 2000 characters"),
    ],
)
@pytest.mark.parametrize("action", ["try", "save"])
def test_a_fault_is_said_beside_its_field_and_nothing_typed_is_lost(
    ada: Admin, service: Service, field: str, typed: str, said: str, action: str
) -> None:
    answer = ada.submit(RULES, RULES, **({"rules__summary": "p.kept", "do": action} | {field: typed}))
    assert answer.status_code == 400
    tree = html.fromstring(answer.text)
    assert said in tree.xpath("string(//*[contains(@class, 'wrong')])")
    assert tree.xpath("string(//input[@name='rules.summary']/@value)") == "p.kept"
    assert in_force(service) == Rules()


def test_a_source_that_kept_no_page_says_so(ada: Admin) -> None:
    path = "/admin/sources/island/rules"
    assert "No pages of this source are kept" in ada.submit(path, path, do="try").text


def test_a_repair_is_proposed_with_its_evidence_and_adopted(ada: Admin, service: Service) -> None:
    service.store.sources.tune("research", lambda now: replace(now, rules=Rules(item=".no-longer-there")))
    assert "Look for new rules" in ada.get(REPAIR).text
    answer = ada.submit(REPAIR, REPAIR, do="propose")
    assert answer.status_code == 200
    tree = html.fromstring(answer.text)
    assert "known stories are recognized" in tree.text_content()
    proposed = {
        str(one.get("name")): str(one.get("value")) for one in tree.xpath("//form[.//button[@value='adopt']]//input")
    }
    assert proposed["rules.item"] not in ("", ".no-longer-there")
    assert ada.post(REPAIR, proposed | {"do": "adopt"}).status_code == 303
    assert in_force(service).item == proposed["rules.item"]


def test_nothing_is_repaired_that_works(ada: Admin, service: Service) -> None:
    text = ada.submit("/admin/sources/instruments/repair", "/repair", do="propose").text
    assert "No new rules" in text or "No rules could be looked for" in text


def test_rules_that_nobody_proposed_are_not_adopted(ada: Admin, service: Service) -> None:
    token = str(ada.tree(REPAIR).xpath("string(//input[@name='token']/@value)"))
    assert ada.post(REPAIR, {"token": token, "do": "adopt", "rules.item": "ul >> li"}).status_code == 400
    assert in_force(service) == Rules()
