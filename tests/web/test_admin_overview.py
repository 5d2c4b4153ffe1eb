"""The overview: what is well and what is not, found quickly, changed many at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import html

from feedsvc.model import Cadence, Source
from tests.support.admins import Admin
from tests.support.serving import Serving
from tests.support.stores import NOON, release


def words(ada: Admin, path: str = "/admin/") -> str:
    return " ".join(ada.tree(path).text_content().split())


@pytest.fixture
def many(service: Serving) -> Serving:
    for number in range(120):
        source = Source(key=f"s{number:03}", urls=(f"https://n{number}.example/",), title=f"Number {number:03}")
        service.store.sources.add(source, now=NOON)
    return service


def set_state(service: Serving, key: str, state: str, reason: str = "") -> None:
    assert service.store.sources.claim(key, "test")
    service.store.sources.conclude(key, "test", state=state, reason=reason)


def test_it_says_how_each_source_is_and_what_is_new(ada: Admin, service: Serving) -> None:
    set_state(service, "acme", "broken", "the page looks like a login")
    text = words(ada)
    assert "1 needs a look" in text
    assert "Broken" in text
    assert "the page looks like a login" in text
    assert ada.tree("/admin/").xpath("//td[contains(@class,'new')]//path/@d")


def test_it_says_when_nothing_scrapes(ada: Admin, service: Serving) -> None:
    assert "No process holds the clock" in words(ada)
    service.store.leases.take("clock", "somebody")
    assert "No process holds the clock" not in words(ada)


def test_troubled_ones_come_first_and_pages_hold_fifty(ada: Admin, many: Serving) -> None:
    set_state(many, "s077", "failing", "no answer")
    first = ada.tree("/admin/").xpath("//tbody//th/a[@class='title']/text()")
    assert len(first) == 50
    assert first[0] == "Number 077"
    second = ada.tree("/admin/?page=3").xpath("//tbody//th/a[@class='title']/text()")
    assert len(second) == 21


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=number+s07", 10),
        ("q=n12.example", 1),
        ("q=%25", 0),
        ("state=trouble", 1),
        ("state=failing", 1),
        ("category=company", 1),
        ("category=comp", 0),
        ("state=nonsense&sort=nonsense&page=x", 50),
    ],
)
def test_it_finds_what_is_looked_for(ada: Admin, many: Serving, query: str, found: int) -> None:
    set_state(many, "s077", "failing", "no answer")
    assert len(ada.tree(f"/admin/?{query}").xpath("//tbody/tr")) == found


@pytest.mark.parametrize("order", ["attention", "title", "category", "last", "next"])
def test_it_can_be_sorted(ada: Admin, many: Serving, order: str) -> None:
    assert len(ada.tree(f"/admin/?sort={order}").xpath("//tbody/tr")) == 50


def test_ticked_sources_are_run_paused_and_resumed(ada: Admin, many: Serving) -> None:
    sources = many.store.sources
    assert ada.submit("/admin/", "/sources", key="s001", do="run").status_code == 303
    assert sources.due(now=many.now, limit=5) == ("s001",)
    ada.submit("/admin/", "/sources", key="s001", do="pause", pause="1d")
    paused = sources.get("s001")
    assert paused is not None
    assert paused.source.cadence.paused_until == many.now + timedelta(days=1)
    ada.submit("/admin/", "/sources", key="s001", do="pause", pause="")
    assert (sources.get("s001") or paused).is_enabled is False
    assert "Stopped" in words(ada, "/admin/?q=s001")
    ada.submit("/admin/", "/sources", key="s001", do="resume")
    resumed = sources.get("s001")
    assert resumed is not None
    assert (resumed.is_enabled, resumed.source.cadence.paused_until) == (True, None)


def test_ticked_sources_get_a_schedule(ada: Admin, service: Serving) -> None:
    answer = ada.submit("/admin/", "/sources", key="acme", do="schedule", kind="cron", value="*/20 8-18 * * mon-fri")
    assert answer.status_code == 303
    state = service.store.sources.get("acme")
    assert state is not None
    assert state.source.cadence == Cadence(cron="*/20 8-18 * * mon-fri")
    assert state.declared is not None
    assert state.declared.cadence == Cadence()
    assert "1 scheduled" in words(ada, answer.headers["Location"])


def test_what_was_left_undone_is_said(ada: Admin, many: Serving) -> None:
    many.desk.tuning.pause(["s002"], until=None)
    answer = ada.submit("/admin/", "/sources", do="run", key=["s001", "s002", "nobody"])
    assert "1 will be scraped now. 2 of 3 were left as they are" in words(ada, answer.headers["Location"])


def test_as_many_are_changed_as_are_ticked(ada: Admin, many: Serving) -> None:
    for number in range(120, 220):
        many.store.sources.add(Source(key=f"s{number}", urls=(f"https://n{number}.example/",), title="More"), now=NOON)
    keys = [f"s{number:03}" for number in range(220)]
    answer = ada.submit("/admin/", "/sources", do="schedule", kind="every", value="2h", key=keys)
    assert "220 scheduled" in words(ada, answer.headers["Location"])


@pytest.mark.parametrize("number", ["9" * 4999, "00", "0", "-1", "１", "1e9"])
def test_a_page_that_cannot_be_is_the_first(ada: Admin, many: Serving, number: str) -> None:
    answer = ada.get(f"/admin/?page={number}")
    assert answer.status_code == 200
    assert "s001" in answer.text or "acme" in answer.text


def test_ticked_sources_get_a_category_with_their_entries(ada: Admin, service: Serving) -> None:
    ada.submit("/admin/", "/sources", key="acme", do="category", category="topics/new")
    service.feeds.poll()
    assert "Release number 1" in ada.get("/feeds/topics/new").text
    assert "Release number 1" not in ada.get("/feeds/company/releases").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "run"}, "Tick the sources"),
        ({"do": "", "key": "acme"}, "Choose what to do"),
        ({"do": "schedule", "key": "acme", "kind": "cron", "value": "*/20 8-18 * * mon-frj"}, "did you mean fri?"),
        ({"do": "schedule", "key": "acme", "kind": "every", "value": "soon"}, "is not a duration"),
        ({"do": "schedule", "key": "acme", "kind": "nonsense", "value": "1h"}, "choose one"),
        ({"do": "category", "key": "acme", "category": "_x/<b>"}, "The category"),
        ({"do": "pause", "key": "acme", "pause": "3h"}, "choose how long"),
    ],
)
def test_what_cannot_be_done_is_said_and_what_was_typed_stays(
    ada: Admin, service: Serving, fields: dict[str, str], said: str
) -> None:
    answer = ada.submit("/admin/", "/sources", **fields)
    assert answer.status_code == 400
    tree = html.fromstring(answer.text)
    assert said in tree.text_content()
    if fields.get("value"):
        assert tree.xpath("string(//input[@id='value']/@value)") == fields["value"]
    if "key" in fields:
        assert tree.xpath("//input[@name='key']/@checked")
    assert service.store.sources.get("acme").overrides == {}  # type: ignore[union-attr]


def test_titles_of_strangers_are_text(ada: Admin, service: Serving) -> None:
    service.store.sources.add(Source(key="odd", urls=("https://odd.example/",), title="<b onclick=x>Odd</b>"), now=NOON)
    assert "<b onclick" not in ada.get("/admin/?q=odd").text


def test_five_thousand_sources_make_a_small_page(ada: Admin, service: Serving) -> None:
    sources = tuple(
        Source(key=f"s{number}", urls=(f"https://n{number}.example/",), title=f"Source {number}")
        for number in range(5000)
    )
    service.store.sources.sync(sources, now=NOON)
    service.publish(release(50))
    assert len(ada.get("/admin/").data) < 300 * 1024


def test_only_the_desk_itself_makes_its_pages_say_something(ada: Admin) -> None:
    assert "Call this number" not in ada.get("/admin/?said=Call+this+number&seal=x").text


def test_what_all_sources_brought_is_shown_by_day(ada: Admin, service: Serving) -> None:
    service.publish(release(51), release(52))
    text = words(ada)
    assert "New entries by day: 5 today, 5 in 42 days" in text
    assert ada.tree("/admin/").xpath("//figure[@class='days']//path/@d")


def test_all_that_are_found_can_be_changed_at_once_beyond_the_page(ada: Admin, many: Serving) -> None:
    answer = ada.submit("/admin/?q=number", "/sources", every="1", do="run")
    assert answer.status_code == 303
    assert len(many.store.sources.due(now=many.now, limit=500)) == 120


def test_the_heads_of_the_table_sort_it(ada: Admin, many: Serving) -> None:
    heads = ada.tree("/admin/?q=number&sort=title").xpath("//thead//a/@href")
    assert heads[0] == "?q=number&sort=title"
    assert ada.tree("/admin/?sort=title").xpath("//th[@aria-sort='ascending']/a/text()") == ["Source"]
