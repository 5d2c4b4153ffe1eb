"""The way on to older items is found however the page shows it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.listing import read_listing
from feedsvc.extract.pagination import page_number
from feedsvc.lexicon.pager import leads_on
from feedsvc.model import Page, Rules

URL = "https://news.example/releases/"
ITEMS = "<ul>" + "".join(
    f"<li><a href='/releases/story-{n}/'>A story that is number {n}</a> 2026-05-0{n} <a href='/releases/story-{n}/'>More</a></li>"  # noqa: E501
    for n in range(1, 6)
) + "</ul>"  # fmt: skip


def next_urls(markup: str, *, url: str = URL, rules: Rules | None = None) -> tuple[str, ...]:
    page = Page(url=url, requested_url=url, text=markup, fetched_at=datetime(2026, 5, 9, tzinfo=UTC))
    return read_listing(Document.parse(page), rules or Rules()).next_urls


SHOWN = {
    "declared": "<link rel=next href='?page=2'>",
    "declared on a link": "<a rel='nofollow next' href='?page=2'>2</a>",
    "worded": "<a href='?page=2'>Older posts »</a>",
    "worded in another language": "<a href='?page=2'>下一页</a>",
    "an arrow in a pager": "<nav class=pagination><a href='?page=1'>‹</a><a href='?page=2'>›</a></nav>",
    "numbers": "<div class=pager><b>1</b> <a href='?page=2'>2</a> <a href='?page=3'>3</a> <a href='?page=9'>9</a></div>",  # noqa: E501
    "a classed icon": "<ul class=pagination><li class=next><a href='?page=2'><i></i></a></li></ul>",
    "a button that loads more": "<button data-url='?page=2'>Load more</button>",
}


@pytest.mark.parametrize("way", SHOWN)
def test_the_next_page_is_found(way: str) -> None:
    assert next_urls(f"<main>{ITEMS}{SHOWN[way]}</main>")[:1] == (URL + "?page=2",)


@pytest.mark.parametrize(
    ("current", "expected"), [("", "index_1.html"), ("index_1.html", "index_2.html"), ("index_4.html", "")]
)
def test_addresses_that_scripts_count_up(current: str, expected: str) -> None:
    number = page_number(URL + current) or 0
    script = f'<script>createPageHTML(5, {number}, "index", "html");</script>'
    assert next_urls(ITEMS + script, url=URL + current) == ((URL + expected,) if expected else ())


def test_a_script_may_count_from_one() -> None:
    assert next_urls(ITEMS + '<script>createPageHTML(2, 1, "index", "html");</script>') == (URL + "index_2.html",)


def test_a_numbered_page_leads_to_the_one_after_it() -> None:
    pager = "<div class=pages>" + "".join(f"<a href='index_{n}.html'>{n}</a>" for n in range(1, 6)) + "</div>"
    assert next_urls(ITEMS + pager, url=URL + "index_3.html") == (URL + "index_4.html",)


def test_archives_of_months_lead_on_where_nothing_else_does() -> None:
    months = "".join(f"<li><a href='/archives/2026/0{n}/'>Month {n}</a></li>" for n in (4, 3))
    assert next_urls(f"<main>{ITEMS}</main><aside>{months}</aside>") == (
        "https://news.example/archives/2026/04/",
        "https://news.example/archives/2026/03/",
    )


def test_more_about_an_item_and_other_sites_lead_nowhere() -> None:
    assert next_urls(ITEMS + "<a rel=next href='https://elsewhere.example/'>Next</a>") == ()


def test_a_rule_for_the_next_page_wins() -> None:
    markup = ITEMS + "<a rel=next href='?page=2'>2</a><p id=on><a href='/old/'>on</a></p>"
    assert next_urls(markup, rules=Rules(item="li", next="#on")) == ("https://news.example/old/",)


@pytest.mark.parametrize(
    "text", ["Next »", "Older posts", "→", "Página siguiente", "Загрузить ещё", "次のページ >", "Ältere Beiträge"]
)
def test_words_that_lead_on(text: str) -> None:
    assert leads_on(text)


@pytest.mark.parametrize("text", ["", "Next generation of cranes arrives at the harbour", "Home", "2"])
def test_words_that_do_not(text: str) -> None:
    assert not leads_on(text)
