"""Plain text that any feed can carry."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedsvc.normalize.text import TITLE_MAX, body_text, line, plain, shorten, summary_of, xml_safe

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_xml_safe_text_can_always_be_written_and_read_again(text: str) -> None:
    element = etree.Element("title")
    element.text = xml_safe(text)
    assert etree.fromstring(etree.tostring(element)).text in (xml_safe(text), None)


@pytest.mark.parametrize(
    "bad", [chr(code) for code in (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF, 0xD800)]
)
def test_characters_that_xml_forbids_are_dropped_alone(bad: str) -> None:
    assert xml_safe(f"a{bad}b\U0001f600") == "ab\U0001f600"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("  A <b>bold</b>er\n title ", "A bolder title"),
        ("Fish &amp; chips", "Fish & chips"),
        ("AT&amp;amp;T", "AT&amp;T"),
        ("Use &lt;b&gt;", "Use <b>"),
        ("one<br>two", "one two"),
        ("<script>alert(1)</script>News", "News"),
        ("<<b>script>x", "x"),
        ("a < b and 3 > 2", "a < b and 3 > 2"),
        ("News <img src=x onerror=alert(1) ", "News"),
        ("<!-- x -->News<!-- y", "News"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("caf\u00ad\u200be\u0301", "cafe\u0301"),
        ("一\u3000二&nbsp;三", "一 二 三"),
        ('<a title="a>b">x</a>', "x"),
    ],
)
def test_markup_becomes_one_line_of_text_decoded_once(markup: str, expected: str) -> None:
    assert plain(markup) == expected


@given(ANY_TEXT)
def test_a_line_is_one_line_within_its_cap_and_stays_as_it_is(text: str) -> None:
    once = line(text)
    assert len(once) <= TITLE_MAX
    assert "\n" not in once
    assert line(once) == once


def test_text_that_was_decoded_already_is_not_decoded_again() -> None:
    assert line("AT&amp;T <b>") == "AT&amp;T <b>"


def test_a_body_is_read_one_line_a_block() -> None:
    html = (
        "<h2>Head</h2><p>One <b>two</b>.<br>Three</p><ul><li>a</li><li>b</li></ul>"
        "<table><tr><td>1</td><td>2</td></tr></table>"
    )
    assert body_text(html) == "Head\nOne two.\nThree\na\nb\n1 2"


def test_a_summary_leaves_captions_out() -> None:
    assert summary_of("<figure><img src='x'><figcaption>Photo: A</figcaption></figure><p>News.</p>") == "News."


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Short.", 10, "Short."),
        ("First sentence here. Second goes on and on.", 30, "First sentence here."),
        ("words without any end of sentence", 20, "words without any…"),
        ("第一句话在这里结束。第二句话还没有结束呢", 14, "第一句话在这里结束。"),
        ("x" * 50, 10, "x" * 9 + "…"),
    ],
)
def test_long_text_is_cut_at_a_sentence_else_at_a_word(text: str, limit: int, expected: str) -> None:
    assert shorten(text, limit) == expected


@pytest.mark.parametrize(
    "piece", ["<a", "<", "<a '", '<a b="', "<script", "<!--", "<<b>", "<a>", "</", "<a\"'"], ids=lambda piece: piece
)
def test_hostile_titles_end_and_leave_no_tag(piece: str) -> None:
    assert not re.search("<[a-zA-Z]", plain(piece * 20_000 + ">" * 20_000))
