"""The title among all wordings of a page: crumbs, logos, kickers, search engines' titles, site names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.extract.document import Document
from feedsvc.extract.lines import read_lines
from feedsvc.extract.metadata import read_metadata
from feedsvc.extract.title import find_title
from feedsvc.model import Found, Page

NOW = datetime(2026, 1, 5, tzinfo=UTC)
URL = "https://harbour.example/news/1"
TITLE = "Harbour board agrees on nine new quays"
PROSE = "<p>The board met on Monday and agreed on the plan for the new quays, which opens next spring.</p>" * 3


def _title(body: str, *, title: str = TITLE, head: str = "") -> Found:
    text = f"<html><head><title>{title}</title>{head}</head><body>{body}{PROSE}</body></html>"
    document = Document.parse(Page(url=URL, requested_url=URL, text=text, fetched_at=NOW))
    found = find_title(document, read_lines(document.root), read_metadata(document))
    assert found
    return found


HEADLINE = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "%s"}</script>'

PAGES = {
    "the heading, whatever site name follows in the title element": (
        f"<h1>{TITLE}</h1>",
        f"{TITLE} | Harbour News",
        "",
    ),
    "a heading that the title element does not know": (
        f"<h1>{TITLE}</h1><p>5 January 2026</p>",
        "Quays: nine to come",
        "",
    ),
    "a heading under a logo that is an h1 too": (
        f"<h1 class='logo'>Harbour News</h1><h1>{TITLE}</h1>",
        f"{TITLE} - Harbour News",
        "",
    ),
    "a heading that the last crumb words for search engines": (
        (
            "<ol class='breadcrumb'><li><a href='/'>Home</a></li><li><h1>Quays 2026: all about the plan</h1></li></ol>"
            f"<h2 class='headline'>{TITLE}</h2><p>5 January 2026</p>"
        ),
        "Quays 2026: all about the plan and what it costs | Harbour News",
        "",
    ),
    "a heading without the topic above it": (
        f"<h1><span>Construction</span> <span>{TITLE}</span></h1>",
        f"{TITLE} | Harbour News",
        "",
    ),
    "the headline of the structured data": (
        "<h1>Nine quays: what comes when</h1>",
        "Nine quays: what comes when, and where | Harbour News",
        HEADLINE.replace("%s", TITLE),
    ),
    "no heading of a sidebar": (
        f"<h2>{TITLE}</h2><p>5 January 2026</p><aside><h3>Most read</h3></aside>",
        f"{TITLE} - Harbour News",
        "",
    ),
    "the title element where no heading is": ("<p>5 January 2026</p>", f"{TITLE} | Harbour News", ""),
    "no heading at all but og:title": (
        "",
        "Harbour News",
        f"<meta property='og:title' content='{TITLE}'><meta property='og:site_name' content='Harbour News'>",
    ),
}


@pytest.mark.parametrize(("body", "title", "head"), PAGES.values(), ids=PAGES)
def test_the_title_is(body: str, title: str, head: str) -> None:
    assert _title(body, title=title, head=head).text == TITLE


@pytest.mark.parametrize("trail", ["You are here: Home &gt; News &gt; In Focus", "Home &gt; News &gt; In Focus", ""])
@pytest.mark.parametrize("title", ["A new hall", "Pavilions open", "Booths are sold out"])
def test_a_short_title_that_runs_on_into_its_label_line(title: str, trail: str) -> None:
    body = f"<div>{trail}</div><div>{title} <span>Release date: 2026-01-05</span> <span>Source:Board</span></div>"
    assert _title(body, title=f"{title} - In Focus").text == title


def test_a_topic_stays_where_the_title_element_has_it_too() -> None:
    whole = f"Construction: {TITLE}"
    assert _title(f"<h1><span>Construction:</span> <span>{TITLE}</span></h1>", title=whole).text == whole


def test_a_title_says_where_it_stood_and_how_sure_it_is() -> None:
    sure = _title(f"<h1>{TITLE}</h1>")
    doubtful = _title("", title=f"{TITLE} - Harbour")
    assert (sure.where, doubtful.where) == ("heading:h1", "title")
    assert sure.confidence > doubtful.confidence


@given(st.lists(st.sampled_from(["<h1>", "</h1>", "<h2>Quays</h2>", "<span>", "</span>", "text ", "<li>", "|", "<a>"])))
@settings(max_examples=60, deadline=None)
def test_no_markup_makes_it_raise(parts: list[str]) -> None:
    _title("".join(parts))
