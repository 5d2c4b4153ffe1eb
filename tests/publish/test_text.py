"""Text is legal and inert whatever a page printed (rules C3, C4; specs/feeds.md 2.1-2.2)."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import feedparser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from feedsvc.model import Format
from feedsvc.publish.credit import headline
from feedsvc.publish.rendering import render
from feedsvc.publish.text import as_html, gist, inert, legal, plain
from tests.support.entries import feed, stored

ANY_TEXT = st.text(st.characters(codec=None))
#: Besides all of Unicode, more often than chance would have it: what some layer might drop, change or choke on.
ODD_TEXT = st.lists(
    st.one_of(
        ANY_TEXT,
        st.sampled_from(["<", "&", "]]>", "<b>", "</p>", "&amp;", "&#13;", "&lt;", "\r", "\r\n", "\t", "\x00", "\x0b"]),
        st.sampled_from(["\x7f", "\x80", "\x85", "\xa0", "\xad", "\u200b", "\u200e", "\u202e", "\u2066", "\u2069"]),
        st.sampled_from(
            ["\u2028", "\ufeff", "\ufdd0", "\ufffd", "\ufffe", "\uffff", "\ud800", "\udfff", "\ud83d\ude00"]
        ),
        st.sampled_from(["\U0001f600", "\U0001fffe", "\U000e0001", "\U0010ffff", "e\u0301", "שלום", "进博会"]),
    ),
    max_size=6,
).map("".join)
DC, CONTENT = "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/rss/1.0/modules/content/}"
ATOM = "{http://www.w3.org/2005/Atom}"


def shown(text: str | None) -> str:
    """What is seen: without the zero-width spaces that keep plain text from being taken for markup."""
    return (text or "").replace("\u200b", "").strip()


def read_rss(body: bytes) -> dict[str, object]:
    """What an RSS reader takes in of the last item; its description is HTML, everything else as it stands."""
    (channel,) = etree.fromstring(body)
    item = channel.findall("item")[-1]
    return {
        "feed": shown(channel.findtext("title")),
        "title": shown(item.findtext("title")),
        "authors": [shown(name.text) for name in item.findall(f"{DC}creator")],
        "tags": [shown(category.text) for category in item.findall("category")],
        "summary": shown(read_as_html(item.findtext("description") or "").text),
        "content": item.findtext(f"{CONTENT}encoded") or "",
    }


def read_atom(body: bytes) -> dict[str, object]:
    """What an Atom reader takes in of the last entry."""
    root = etree.fromstring(body)
    entry = root.findall(f"{ATOM}entry")[-1]
    return {
        "feed": shown(root.findtext(f"{ATOM}title")),
        "title": shown(entry.findtext(f"{ATOM}title")),
        "authors": [shown(author.findtext(f"{ATOM}name")) for author in entry.findall(f"{ATOM}author")],
        "tags": [shown(category.get("label")) for category in entry.findall(f"{ATOM}category")],
        "summary": shown(entry.findtext(f"{ATOM}summary")),
        "content": entry.findtext(f"{ATOM}content") or "",
    }


def read_json(body: bytes) -> dict[str, object]:
    """What a reader of JSON Feed takes in of the last item."""
    document = json.loads(body.decode())
    item = document["items"][-1]
    return {
        "feed": shown(document["title"]),
        "title": shown(item["title"]),
        "authors": [shown(author["name"]) for author in item.get("authors", ())],
        "tags": [shown(tag) for tag in item.get("tags", ())],
        # What says no more than the headline is left out here, and must stand in the other two.
        "summary": shown(item.get("summary", item["title"])),
        "content": item.get("content_html", ""),
    }


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


@settings(max_examples=60, deadline=None)
@example(title="\x1f", author="", tag="", summary="", content="")
@example(title="blank", author="", tag="", summary="", content="\xa0\x7f\n")
@example(title="a\u200b <\u200b/b>", author="\r", tag="&amp;", summary="\u2028", content="]]>\r\n&#13;")
@given(title=ODD_TEXT, author=ODD_TEXT, tag=ODD_TEXT, summary=ODD_TEXT, content=ODD_TEXT)
def test_any_text_reads_the_same_in_all_three_formats(
    title: str, author: str, tag: str, summary: str, content: str
) -> None:
    changes = {"title": title, "authors": (author,), "tags": (tag,), "summary": summary, "content": content}
    document = feed([stored(1, entry_changes=changes), stored(2)], fact_changes={"title": title, "author": author})
    bodies = {format: render(document, format).identity for format in Format}
    for format in (Format.RSS, Format.ATOM):
        assert len(feedparser.parse(bodies[format]).entries) == 2
    read = [read_rss(bodies[Format.RSS]), read_atom(bodies[Format.ATOM]), read_json(bodies[Format.JSON])]
    assert read[0] == read[1] == read[2]
    assert read[0]["content"] == (legal(content) if legal(content).strip() else "")
    assert read[0]["title"] == shown(headline(stored(1, entry_changes=changes).entry))


def test_a_gist_is_short_plain_text() -> None:
    assert gist("<p>One &amp; two</p><p>three</p>") == "One & two three"
    assert len(gist("<p>" + "word " * 400 + "</p>")) <= 300
    assert len(gist("字" * 4000)) <= 300


@pytest.mark.parametrize("bad", ["\ufdd0", "\ufdef", "\U0001fffe", "\U0010ffff", "\x7f", "\x85", "\ufffd"])
def test_what_no_html_may_hold_goes(bad: str) -> None:
    assert legal(f"a{bad}b") == "ab"
