"""An admin's rules are followed to the letter, and what they leave out is found."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.listing import read_listing
from feedsvc.model import Found, Listing, Page, Rules

URL = "https://expo.example/news/index.html"
ITEM = """<div class="entry"><div class="left">
<div class="brief"><a href="20230517/{n}.html">Exhibitors of day {n} meet</a></div><span>2023.05.1{n}</span>
<p>A summary of what the exhibitors of this day have met for.</p></div></div>"""
PAGE = "<body><div id='side'>" + "".join(ITEM.format(n=n) for n in range(1, 5)) + "</div></body>"
MENU = "<ul class='menu'>" + "".join(f"<li><a href='/m{n}'>Menu entry {n}</a></li>" for n in range(9)) + "</ul>"


def read(rules: Rules, markup: str = MENU + PAGE) -> Listing:
    page = Page(url=URL, requested_url=URL, text=markup, fetched_at=datetime(2026, 5, 1, tzinfo=UTC))
    return read_listing(Document.parse(page), rules)


def test_the_date_and_the_abstract_may_stand_beside_the_item() -> None:
    listing = read(Rules(item="#side .left .brief a", published="span", summary="p"))
    assert listing.plan == "rules"
    assert [item.url for item in listing.items] == [f"https://expo.example/news/20230517/{n}.html" for n in range(1, 5)]
    first = listing.items[0]
    assert first.title is not None
    assert first.title.text == "Exhibitors of day 1 meet"
    assert first.published[0] == Found(text="2023.05.11", where="rule:span")
    assert first.summary == Found(text="A summary of what the exhibitors of this day have met for.", where="rule:p")


FLAT = {
    "after the item": "<div class=brief><a href='{n}.html'>Exhibitors of day {n} meet</a></div><span>2023.05.1{n}</span><p>About {n}</p>",  # noqa: E501
    "before the item": "<span>2023.05.1{n}</span><div class=brief><a href='{n}.html'>Exhibitors of day {n} meet</a></div><p>About {n}</p>",  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("where", FLAT)
def test_dates_beside_items_of_one_parent_belong_to_the_right_item(where: str) -> None:
    markup = "<div id=side>" + "".join(FLAT[where].format(n=n) for n in range(1, 5)) + "</div>"
    items = read(Rules(item=".brief a", published="span", summary="p"), MENU + markup).items
    assert [item.published[0].text for item in items] == [f"2023.05.1{n}" for n in range(1, 5)]
    assert [item.summary.text if item.summary else "" for item in items] == [f"About {n}" for n in range(1, 5)]


def test_what_rules_leave_out_is_found() -> None:
    listing = read(Rules(item=".left"))
    assert [item.published[0].text for item in listing.items] == [f"2023.05.1{n}" for n in range(1, 5)]
    assert all(item.summary for item in listing.items)


def test_a_link_rule_alone_is_enough() -> None:
    assert len(read(Rules(link=".brief a")).items) == 4


def test_selectors_may_ask_for_what_an_element_holds() -> None:
    listing = read(Rules(item=".left", title=".brief:has(a) a", published="span:-soup-contains('2023')"))
    assert listing.items[0].published[0].where.startswith("rule:")


@pytest.mark.parametrize("selector", [".no-such-thing", "li >> a", "", ":::"])
def test_a_rule_that_selects_nothing_is_the_reason(selector: str) -> None:
    listing = read(Rules(item=selector or None, link=None if selector else ".none"))
    assert not listing.items
    assert listing.reason.startswith("nothing here, because ")


def test_an_item_without_a_link_is_refused_by_name() -> None:
    listing = read(Rules(item="li, .left"), PAGE + "<ul><li>only words</li></ul>")
    assert len(listing.items) == 4
    assert [(one.what, one.reason) for one in listing.refused] == [("only words", "no link")]
