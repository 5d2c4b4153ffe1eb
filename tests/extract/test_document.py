"""One tree a page, whatever the page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.extract.document import DEPTH_MAX, Document, flatten, language_tag
from feedsvc.model import Page

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def document(text: str, url: str = "https://news.example/a/b.html", content_language: str | None = None) -> Document:
    return Document.parse(
        Page(url=url, requested_url=url, text=text, fetched_at=NOW, content_language=content_language)
    )


def words(read: Document) -> str:
    return "".join(read.root.itertext())


def depth_of(read: Document) -> int:
    deepest, stack = 0, [(read.root, 1)]
    while stack:
        element, depth = stack.pop()
        deepest = max(deepest, depth)
        stack.extend((child, depth + 1) for child in element)
    return deepest


@given(st.text())
def test_no_text_whatever_makes_parsing_raise(text: str) -> None:
    assert document(text).root.tag == "html"


@given(
    st.lists(
        st.sampled_from(["<div>", "</div>", "<p", ">", "<!--", "<table>", "</", "<a href='", "x", "\x00", "<svg>"])
    )
)
def test_broken_markup_gives_a_tree(pieces: list[str]) -> None:
    assert document("".join(pieces)).root.tag == "html"
    flatten("".join(pieces), depth=5, tags=7)


@pytest.mark.parametrize("text", ["", " ", "\x00", "<!-- only this -->", "<?xml version='1.0'?>"])
def test_a_page_without_elements_is_an_empty_body(text: str) -> None:
    assert words(document(text)).strip() == ""


def test_an_encoding_declared_in_the_markup_is_history() -> None:
    read = document(
        '<?xml version="1.0" encoding="gb2312"?><html><head><meta charset="gbk"><title>进博会</title></html>'
    )
    assert read.root.findtext(".//title") == "进博会"


def test_characters_that_xml_forbids_are_gone() -> None:
    assert words(document("<p>a\x00b\x08c\ud800d</p>")) == "abcd"


@pytest.mark.parametrize("depth", [200, 300, DEPTH_MAX - 2])
def test_markup_up_to_the_cap_keeps_its_nesting_and_text(depth: int) -> None:
    read = document("<html><body>" + "<div>x" * depth + "</div>" * depth + "<p>last</p>")
    assert depth_of(read) == depth + 2
    assert words(read) == "x" * depth + "last"


@pytest.mark.parametrize("depth", [DEPTH_MAX + 1, 3_000, 100_000])
def test_deeper_markup_is_flattened_and_keeps_its_words(depth: int) -> None:
    read = document("<div>word " * depth + "</div>" * depth + "<p>last</p>")
    assert depth_of(read) <= DEPTH_MAX
    assert words(read).split() == ["word"] * depth + ["last"]
    assert read.root.find("body/p") is not None


def test_unclosed_paragraphs_are_not_depth() -> None:
    read = document("<div>" * 300 + "<p>word" * 2_000)
    assert len(read.root.findall(".//p")) == 2_000


def test_tags_beyond_the_cap_are_dropped_and_their_words_stay() -> None:
    read = document("<b>w</b> " * 150_000)
    assert len(list(read.root.iter())) <= 200_000
    assert len(words(read).split()) == 150_000


def test_an_element_keeps_64_attributes_and_none_beyond_a_mebibyte() -> None:
    many = " ".join(f"a{number}=1" for number in range(100))
    read = document(f"<p {many}>x</p><a href='{'y' * 1_100_000}' title='t'>z</a>")
    paragraph, link = read.root.find(".//p"), read.root.find(".//a")
    assert paragraph is not None
    assert len(paragraph.attrib) == 64
    assert link is not None
    assert dict(link.attrib) == {"title": "t"}


def test_links_are_resolved_against_the_base() -> None:
    read = document("<base href='/other/'><a>x</a>")
    assert read.base_url == "https://news.example/other/"
    assert read.absolute("c.html") == "https://news.example/other/c.html"
    assert read.absolute("//cdn.example/i.png") == "https://cdn.example/i.png"


@pytest.mark.parametrize("href", [None, "", "#top", "javascript:void(0)", "data:,x", "mailto:a@b.example", "http://["])
def test_what_is_no_web_address_is_no_link(href: str | None) -> None:
    assert document("").absolute(href) is None


def test_a_base_that_is_no_web_address_is_ignored() -> None:
    assert document("<base href='javascript:x'>").base_url == "https://news.example/a/b.html"


@pytest.mark.parametrize(
    ("text", "header", "language"),
    [
        ("<html lang='zh-cn'>", None, "zh-CN"),
        ("<html><meta property='og:locale' content='pt_BR'>", "en", "pt-BR"),
        ("<meta http-equiv='Content-Language' content='de, en'>", None, "de"),
        ("<p>x</p>", "fr", "fr"),
        ("<html lang=''><p>x</p>", None, None),
    ],
)
def test_the_language_is_what_the_page_declares(text: str, header: str | None, language: str | None) -> None:
    assert document(text, content_language=header).language == language


def test_language_tags_are_written_in_one_way() -> None:
    assert [language_tag(text) for text in ("EN_us", "zh_hans_CN", "english", "und", "x")] == [
        "en-US",
        "zh-Hans-CN",
        None,
        None,
        None,
    ]


def test_selectors_find_elements_and_wrong_ones_say_so() -> None:
    read = document("<div class='a'><p>1</p><p>2</p></div>")
    assert [element.text for element in read.select("div.a > p")] == ["1", "2"]
    with pytest.raises(ValueError, match="not a CSS selector"):
        read.select("p[")


def test_a_million_attributes_cost_no_more_than_their_letters() -> None:
    many = " ".join(f"a{number}=1" for number in range(300_000))
    paragraph = document(f"<p {many}>x</p><p>y</p>").root.find(".//p")
    assert paragraph is not None
    assert len(paragraph.attrib) == 64


@pytest.mark.parametrize("name", ["embed", "source", "track", "wbr"])
def test_elements_that_are_never_closed_hold_nothing_of_what_follows(name: str) -> None:
    markup = f"<body><div><{name} src='film.swf'>a<p>One</p>b<{name}>c<p>Two</p>d</div><p>Three</p></body>"
    root = document(markup).root
    assert ["".join(one.itertext()) for one in root.iter(name)] == ["", ""]
    assert "".join(root.itertext()) == "aOnebcTwodThree"
    assert [one.getparent().tag for one in root.iter("p")] == ["div", "div", "body"]


@given(st.text(st.sampled_from("a\x00\x08\t\n\x0b\x0c\r\x0e\x1f \x7f\x80\ud800\udfff\ufffd\ufffe\uffff漢𝄞<>")))
def test_no_forbidden_character_reaches_the_tree(text: str) -> None:
    root = document(f"<p title='{text}'>{text}</p>").root
    found = "".join(root.itertext()) + "".join(value for one in root.iter() for value in one.attrib.values())
    assert not set(found) & set("\x00\x08\x0b\x0c\x0e\x1f\x7f\ud800\udfff\ufffe\uffff")
