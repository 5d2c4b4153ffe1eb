"""Rules that are learnt give the very items that were found, by names that an admin would choose."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.induce import induce
from feedsvc.extract.listing import read_listing
from feedsvc.extract.selectors import stability
from feedsvc.model import Page, Rules

MENU = "<nav><ul>" + "".join(f"<li><a href='/m{n}/'>Menu {n}</a></li>" for n in range(5)) + "</ul></nav>"
NEXT = "<a class='pager-next' href='?page=2'>Next</a>"
LISTS = {
    "cards": "<div class='x-{n} card entry'><h3 class=title><a href='/r/{n}/'>Story {n} of the harbour</a></h3>"
    "<span class='css-1ab date'>2026-05-0{n}</span><p class=teaser>What happened in story {n}, told in a sentence or so.</p></div>",  # noqa: E501
    "plain list items": "<li><a href='/r/{n}/'>Story {n} of the harbour</a> <em>2026-05-0{n}</em></li>",
    "table rows": "<tr><td>2026-05-0{n}</td><td><a href='/r/{n}/'>Story {n} of the harbour</a></td></tr>",
    "headings and siblings": "<h2><a href='/r/{n}/'>Story {n} of the harbour</a></h2><p class=date>2026-05-0{n}</p>",
    "links around cards": "<a class='tile_aXbCd' href='/r/{n}/'><strong>Story {n} of the harbour</strong><br>2026-05-0{n}</a>",  # noqa: E501
}


def document(kind: str) -> Document:
    items = "".join(LISTS[kind].format(n=n) for n in range(1, 6))
    wrapped = {"plain list items": f"<ul id=news>{items}</ul>", "table rows": f"<table>{items}</table>"}.get(
        kind, items
    )
    text = f"<body>{MENU}<div class=mt-4><main>{wrapped}</main>{NEXT}</div></body>"
    url = "https://news.example/"
    return Document.parse(Page(url=url, requested_url=url, text=text, fetched_at=datetime(2026, 5, 9, tzinfo=UTC)))


@pytest.mark.parametrize("kind", LISTS)
def test_learnt_rules_give_what_was_found(kind: str) -> None:
    page = document(kind)
    rules = induce(page)
    assert rules is not None
    found, by_rules = read_listing(page, Rules()), read_listing(page, rules)
    assert len(by_rules.items) == 5
    assert by_rules.plan == "rules"
    assert [(item.url, item.title and item.title.text) for item in by_rules.items] == [
        (item.url, item.title and item.title.text) for item in found.items
    ]
    assert all(item.published and "2026-05-0" in item.published[0].text for item in by_rules.items)
    assert by_rules.next_urls == found.next_urls


def test_names_that_say_something_are_chosen() -> None:
    rules = induce(document("cards"))
    assert rules == Rules(
        item="div.card", title="h3.title", published="span.date", summary="p.teaser", next="a.pager-next"
    )


def test_made_up_names_are_never_used() -> None:
    rules = induce(document("links around cards"))
    assert rules is not None
    assert "tile_" not in f"{rules.item}{rules.link}"


@pytest.mark.parametrize(
    "name", ["css-1q2w3e", "mt-4", "flex", "sc-bdVaJa", "text-lg", "sidebarItem_aRBq", "a1", "md:flex", "_x"]
)
def test_generated_names_are_not_stable(name: str) -> None:
    assert stability(name) == 0


@pytest.mark.parametrize("name", ["entry-title", "post", "news-list", "archive", "releaseDate"])
def test_telling_names_are_preferred(name: str) -> None:
    assert stability(name) == 2


def test_nothing_is_learnt_from_a_page_without_a_list() -> None:
    url = "https://news.example/"
    page = Page(url=url, requested_url=url, text="<p>Words</p>", fetched_at=datetime(2026, 5, 9, tzinfo=UTC))
    assert induce(Document.parse(page)) is None
