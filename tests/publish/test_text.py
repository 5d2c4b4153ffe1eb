"""Text is legal and inert whatever a page printed (rules C3, C4; specs/feeds.md 2.1-2.2)."""

from __future__ import annotations

from html.parser import HTMLParser

import feedparser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from feedsvc.model import Format
from feedsvc.publish.rendering import render
from feedsvc.publish.text import as_html, gist, inert, legal, plain
from tests.support.entries import feed, stored

ANY_TEXT = st.text(st.characters(codec=None))


class _Reader(HTMLParser):
    """A reader that takes titles as HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def read_as_html(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>",
        "a <b>bold</b> claim",
        "<!-- x",
        "<img src=x onerror=alert(1)>",
        "&lt;b&gt;",
        "&#60;b>",
    ],
)
def test_both_readings_of_an_rss_title_are_inert_and_show_what_was_printed(title: str) -> None:
    reader = read_as_html(inert(title))
    assert reader.tags == []
    assert reader.text.replace("\u200b", "") == title
    assert inert(title).replace("\u200b", "") == title


@pytest.mark.parametrize("title", ["AT&T and R&D", "1 < 2", "a > b", "Tom & Jerry", "进博会 <3"])
def test_ordinary_titles_stay_as_they_are(title: str) -> None:
    assert inert(title) == title
    assert plain(title) == title


def test_atom_keeps_a_lone_tag_as_the_text_it_is() -> None:
    assert plain("use <b> well") == "use <b> well"


@given(ANY_TEXT)
def test_any_text_is_inert_in_rss(text: str) -> None:
    assert read_as_html(inert(text)).tags == []


@given(ANY_TEXT)
def test_any_text_is_legal_in_xml(text: str) -> None:
    element = etree.Element("x")
    element.text = legal(text)
    etree.fromstring(etree.tostring(element, encoding="UTF-8"))


@given(ANY_TEXT)
def test_a_description_reads_as_the_summary(text: str) -> None:
    assert read_as_html(as_html(text)).tags == []


@settings(max_examples=40, deadline=None)
@example(title="\x1f", author="", tag="", summary="", content="")
@given(title=ANY_TEXT, author=ANY_TEXT, tag=ANY_TEXT, summary=ANY_TEXT, content=ANY_TEXT)
def test_no_text_breaks_a_document(title: str, author: str, tag: str, summary: str, content: str) -> None:
    changes = {"title": title, "authors": (author,), "tags": (tag,), "summary": summary, "content": content}
    document = feed([stored(1, entry_changes=changes), stored(2)], fact_changes={"title": title})
    for format in (Format.RSS, Format.ATOM):
        body = render(document, format).identity
        etree.fromstring(body)
        assert len(feedparser.parse(body).entries) == 2


def test_a_gist_is_short_plain_text() -> None:
    assert gist("<p>One &amp; two</p><p>three</p>") == "One & two three"
    assert len(gist("<p>" + "word " * 400 + "</p>")) <= 300
    assert len(gist("字" * 4000)) <= 300


@pytest.mark.parametrize("bad", ["\ufdd0", "\ufdef", "\U0001fffe", "\U0010ffff", "\x85", "\ufffd"])
def test_what_no_html_may_hold_goes(bad: str) -> None:
    assert legal(f"a{bad}b") == "ab"
