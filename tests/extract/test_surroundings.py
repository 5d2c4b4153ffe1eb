"""What stands around a story in its page: the summary above it belongs to it, boxes and notes beside it do not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.story import read_story
from feedsvc.model import Page, ReleaseRules
from feedsvc.normalize.sanitize import sanitize
from feedsvc.normalize.text import body_text

URL = "https://press.example/news/2026/harbour.html"
TITLE = "Harbour gets a second ferry pier before the winter season"
SUMMARY = "Work on the pier starts in May; ships are to moor there from November on, says the port office."
STORY = (
    "The port office has signed the contract for a second ferry pier, which will lie west of the fish market.",
    "Two ships will be able to moor at once, so that boats from the islands need not wait outside any longer.",
    "Piles are driven from May on; the office asks neighbours to bear with some weeks of noise on working days.",
    "The pier costs nine million, half of which the region pays, and the rest comes out of mooring fees.",
)
PARAGRAPHS = [f"<p>{text}</p>" for text in STORY]


def read(html: str) -> str:
    """The body text of a page."""
    page = Page(url=URL, requested_url=URL, text=html, fetched_at=datetime(2026, 5, 4, tzinfo=UTC))
    body = read_story(Document.parse(page), ReleaseRules(), title=TITLE).body
    return body_text(sanitize(body.text, base_url=URL), captions=False) if body else ""


def around(inner: str, *, heading: str = f"<h1>{TITLE}</h1>", main: str = "story") -> str:
    """A page with a heading and a story."""
    nav = "".join(f"<li><a href=/{n}>Section {n}</a></li>" for n in range(9))
    return (
        f"<html lang=en><head><title>{TITLE} - Port News</title></head><body><ul>{nav}</ul>"
        f'<div class="{main}"><header>{heading}{{summary}}</header><div class=text>{inner}</div></div></body></html>'
    )


@pytest.mark.parametrize("main", ["story", "content ads-wrapper", "post tag-harbour print", "page-share single-post"])
@pytest.mark.parametrize(
    "heading",
    [
        f"<h1>{TITLE}</h1>",
        f"<h1><span>Shipping:</span><br>{TITLE}</h1>",
        f"<h1><small>Shipping</small><div>{TITLE}</div></h1>",
    ],
)
@pytest.mark.parametrize("between", [0, 14])
def test_the_summary_under_the_title_is_part_of_the_story(main: str, heading: str, between: int) -> None:
    tools = "".join(f"<div><a href=#{n}>Tool {n}</a></div>" for n in range(between))
    page = around("".join(PARAGRAPHS), heading=heading, main=main)
    text = read(page.format(summary=f"<div class=deck>{SUMMARY}</div>{tools}"))
    assert text.split("\n") == [SUMMARY, *STORY]


CAPTION = "The fish market, seen from the pier that the port office wants to widen"
BIO = "Ada Example writes about harbours. She joined the paper in 1999 and has lived on three islands since."
MORE = (
    "<h3>More of this</h3><ul><li>Fishing: <a href=/2>Catches of the year are smaller than ever</a></li>"
    "<li>Weather: <a href=/3>First storm of the year empties the marina</a></li></ul>"
)
CARD = (
    "<p>NEW ROUTE: The islands may get a night boat, which the council will discuss in its meeting in June, it says</p>"
)


@pytest.mark.parametrize(
    "beside",
    [
        f"<div class=w><div><img src=/a.jpg></div><div>{CAPTION}</div></div>",
        f'<div class="teaser"><img src=/a.jpg><div><p class=under>{CAPTION}</p></div></div>',
        f'<div class="author__biography"><p>{BIO}</p></div>',
        f'<div id="about-author"><div><p>{BIO}</p></div></div>',
        f'<div class="fact-box"><h3>The pier</h3><p>{BIO}</p><ul><li>Length: 90 metres</li></ul></div>',
        f"<ul><li><a href=/other><div>{CARD}</div></a></li></ul>",
        "<p>Read on | <a href=/1>Ferries to run all night in the summer of this year</a></p>",
        MORE,
    ],
)
@pytest.mark.parametrize("place", [1, 2, 4])
def test_what_stands_beside_the_story_is_no_part_of_it(beside: str, place: int) -> None:
    parts = [*PARAGRAPHS[:place], beside, *PARAGRAPHS[place:]]
    assert read(around("".join(parts)).format(summary="")).split("\n") == list(STORY)


def test_addresses_and_cited_works_after_a_colon_stay() -> None:
    lines = (
        "Internet: <a href=https://port.example/>https://port.example/</a>",
        "Example, A. (2014): <a href=/paper>The pier and the tide, a study of forty years</a>",
    )
    text = read(around("".join([*PARAGRAPHS, *(f"<p>{line}</p>" for line in lines)])).format(summary=""))
    assert "https://port.example/" in text
    assert "a study of forty years" in text


def test_a_story_told_beside_pictures_stays_whole() -> None:
    pairs = "".join(f"<div class=step><img src=/{n}.jpg><div>{text}</div></div>" for n, text in enumerate(STORY))
    assert read(around(pairs).format(summary="")).split("\n") == list(STORY)


def test_a_box_with_longer_lines_than_the_story_is_still_a_box() -> None:
    box = f'<div class="info-box"><p>{BIO} {BIO}</p></div>'
    assert read(around("".join([*PARAGRAPHS[:2], box, *PARAGRAPHS[2:]])).format(summary="")).split("\n") == list(STORY)


@pytest.mark.parametrize(
    "between", ["<h2>The work</h2>", "<h3>Why now?</h3>", "<ul><li>Ten piles</li><li>Two cranes</li></ul>"]
)
def test_headings_and_lists_between_two_paragraphs_stay(between: str) -> None:
    text = read(around("".join([*PARAGRAPHS[:2], between, *PARAGRAPHS[2:]])).format(summary=""))
    assert [line for line in text.split("\n") if line in STORY] == list(STORY)
    assert len(text.split("\n")) > len(STORY)


def test_a_line_above_the_title_does_not_hide_the_summary_below_it() -> None:
    heading = f"<p>Port News, Monday</p><h1>{TITLE}</h1>"
    text = read(around("".join(PARAGRAPHS), heading=heading).format(summary=f"<div class=deck>{SUMMARY}</div>"))
    assert text.split("\n") == [SUMMARY, *STORY]
