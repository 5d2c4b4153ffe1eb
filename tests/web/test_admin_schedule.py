"""The schedule page: what a cadence comes to is seen before it is saved, and faults lose nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from feedsvc.model import Cadence
from feedsvc.service.week import week_of
from tests.support.admins import Admin
from tests.support.serving import Serving

PAGE = "/admin/sources/acme/schedule"


def cadence(service: Serving) -> Cadence:
    state = service.store.sources.get("acme")
    assert state is not None
    return state.source.cadence


def test_it_shows_releases_and_planned_scrapes_of_a_week(ada: Admin) -> None:
    tree = ada.tree(PAGE)
    assert tree.xpath("//g[@class='heat']/rect")
    assert tree.xpath("//g[@class='dots']/circle")
    assert "3 releases in half a year" in tree.text_content()
    assert "news.example" in tree.text_content()


def test_it_shows_what_a_cadence_would_come_to_without_saving_it(ada: Admin, service: Serving) -> None:
    before = cadence(service)
    answer = ada.submit(PAGE, PAGE, kind="cron", cron="0 9 * * mon-fri", do="preview")
    assert answer.status_code == 200
    tree = html.fromstring(answer.text)
    assert "not saved yet" in tree.text_content()
    # the first one at once, as it was never scraped; then once on each working day
    assert len(tree.xpath("//g[@class='dots']/circle")) == 6
    assert tree.xpath("string(//input[@name='cron']/@value)") == "0 9 * * mon-fri"
    assert cadence(service) == before


def test_half_and_double_can_be_tried_at_once(ada: Admin, service: Serving) -> None:
    before = cadence(service)
    budgets = ada.tree(PAGE).xpath("//button[@name='try']/@value")
    assert budgets == ["24/day", "48/day", "96/day"]
    tree = html.fromstring(ada.submit(PAGE, PAGE, **{"try": budgets[2]}).text)
    assert tree.xpath("string(//input[@name='budget']/@value)") == "96/day"
    assert tree.xpath("string(//input[@name='kind'][@checked]/@value)") == "budget"
    assert "Try 192/day" in tree.text_content()
    assert cadence(service) == before


def test_scrapes_that_are_too_many_for_the_week_are_counted(ada: Admin) -> None:
    tree = html.fromstring(ada.submit(PAGE, PAGE, kind="every", every="10s", do="preview").text)
    text = " ".join(tree.text_content().split())
    assert "About 60,480 within seven days" in text
    assert "each would have waited 5 seconds on average" in text
    assert not tree.xpath("//g[@class='dots']/circle")


@pytest.mark.parametrize(
    ("fields", "saved"),
    [
        ({"kind": "every", "every": "1h30m"}, Cadence(every=timedelta(minutes=90))),
        ({"kind": "cron", "cron": "*/20 8-18 * * mon-fri"}, Cadence(cron="*/20 8-18 * * mon-fri")),
        ({"kind": "budget", "budget": "24/day"}, Cadence(budget=(24, timedelta(days=1)))),
        (
            {"kind": "every", "every": "1h", "active": "mon-fri 06:00-23:00"},
            Cadence(every=timedelta(hours=1), active="mon-fri 06:00-23:00"),
        ),
        (
            {"kind": "every", "every": "1h", "jitter": "5m"},
            Cadence(every=timedelta(hours=1), jitter=timedelta(minutes=5)),
        ),
        ({"kind": "cron", "cron": "0 9 * * *", "jitter": "0s"}, Cadence(cron="0 9 * * *", jitter=timedelta())),
        (
            {"kind": "every", "every": "1h", "paused_until": "2026-03-10T08:00"},
            Cadence(every=timedelta(hours=1), paused_until=datetime(2026, 3, 10, 8, tzinfo=UTC)),
        ),
    ],
)
def test_what_is_saved_holds(ada: Admin, service: Serving, fields: dict[str, str], saved: Cadence) -> None:
    assert ada.submit(PAGE, PAGE, do="save", **fields).status_code == 303
    assert cadence(service) == saved
    ada.submit(PAGE, PAGE, do="save")
    assert cadence(service) == saved, "saving the form as it stands changes nothing"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "every", "every": "often"}, "is not a duration"),
        ({"kind": "every", "every": ""}, "is empty"),
        ({"kind": "cron", "cron": "*/20 8-18 * * mon-frj"}, "did you mean fri?"),
        ({"kind": "cron", "cron": "0 0 31 2 *"}, "names a day that none of its months has"),
        ({"kind": "budget", "budget": "many/day"}, "is not a budget"),
        ({"kind": "nonsense"}, "choose one"),
        ({"kind": "every", "every": "1h", "active": "25:00-26:00"}, "is not a span of hours"),
        ({"kind": "every", "every": "1h", "jitter": "some"}, "is not a duration"),
        ({"kind": "every", "every": "1h", "jitter": "2d"}, "is longer than a day"),
        ({"kind": "every", "every": "1h", "paused_until": "tomorrow"}, "is not a date and time"),
        ({"kind": "every", "every": "1h", "paused_until": "0001-01-01T00:00+14:00"}, "is not a date and time"),
        ({"kind": "every", "every": "1h", "paused_until": "9999-01-01T00:00"}, "ten years"),
    ],
)
def test_a_fault_is_said_beside_its_field_and_nothing_typed_is_lost(
    ada: Admin, service: Serving, fields: dict[str, str], said: str
) -> None:
    before = cadence(service)
    answer = ada.submit(PAGE, PAGE, do="save", **fields)
    assert answer.status_code == 400
    tree = html.fromstring(answer.text)
    assert said in " ".join(tree.xpath("//*[@class='fault']/text()"))
    for name, value in fields.items():
        if name != "kind":
            assert tree.xpath(f"string(//input[@name='{name}']/@value)") == value
    assert cadence(service) == before


def test_a_week_knows_how_long_releases_would_have_waited() -> None:
    monday = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    week = week_of([monday, monday + timedelta(days=7)], [monday.replace(hour=10, minute=0)], zone="UTC")
    assert week.wait == timedelta(minutes=30)
    assert week.busiest == "Monday from 9:00 to 10:00"
    assert week_of([monday], [], zone="UTC").wait is None
    around = week_of([monday.replace(hour=11)], [monday.replace(hour=10, minute=0)], zone="Asia/Tokyo")
    assert around.wait is not None
    assert around.wait > timedelta(days=6)
