"""Markup written to make a pattern try everything again from every letter is read in one pass (rule F6).

None of these pages is heavy, so all of them are read in a thread, where no pattern can be interrupted: a pattern that
is not linear shows as a test that does not end.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.images import largest
from feedsvc.extract.listing import kind_of, read_page
from feedsvc.extract.xmlsource import parse_xml, root_name
from feedsvc.model import Page, Rules

URL = "https://news.example/"


def _page(text: str) -> Page:
    return Page(url=URL, requested_url=URL, text=text, fetched_at=datetime(2026, 5, 9, tzinfo=UTC))


@pytest.mark.parametrize("prologue", ["<!---->", "<?a?>", "<!-- --> ", "<!DOCTYPE a>"])
def test_a_prologue_without_end_is_a_page(prologue: str) -> None:
    assert kind_of(_page(prologue * 250 + "no element")) == "html"


@pytest.mark.parametrize("prologue", ["<!-- > -->", "<?xml version='1.0'?>\n", "<!doctype rss>", "<!----><!---->\n\t"])
def test_the_first_element_is_found_behind_what_may_precede_it(prologue: str) -> None:
    assert root_name(f"{prologue}<rss version='2.0'>") == "rss"


def test_doctypes_that_nothing_closes_are_no_xml() -> None:
    assert parse_xml("<rss>" + "<!DOCTYPE" * 60_000) is None


def test_white_space_between_attributes_is_read_once() -> None:
    document = Document.parse(_page("<p" + " " * 500_000 + "=" + " a" * 3_000 + ">words</p>"))
    assert document.root.text_content() == "words"


@pytest.mark.parametrize(
    ("srcset", "url"),
    [
        ("a" * 500_000 + " b c", "a" * 500_000),
        ("," * 500_000, None),
        ("a.jpg, b.jpg 2x", "b.jpg"),
        ("a.jpg 1x,b.jpg 1.5x,c.jpg 1.2x", "b.jpg"),
        ("a,b.jpg 300w 50h, c.jpg 200w", "a,b.jpg"),
        ("data:image/png;base64,AAAA 900w, c.jpg 200w", "c.jpg"),
    ],
    ids=["long", "commas", "density", "without spaces", "comma and height", "data"],
)
def test_the_largest_candidate_of_a_srcset(srcset: str, url: str | None) -> None:
    assert largest(srcset) == url


def test_a_style_that_never_comes_to_its_picture() -> None:
    item = '<li><a href="/{n}">A harbour opens on day {n}</a><div style="{style}"></div></li>'
    rows = "".join(item.format(n=n, style="background:" * 12_000) for n in range(4))
    found = read_page(_page(f"<html><body><ul>{rows}</ul></body></html>"), "html", Rules()).items
    assert not any(item.image for item in found)
