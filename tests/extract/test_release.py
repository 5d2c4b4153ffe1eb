"""Release pages: rules before what is found, encodings, and pages of any kind without a fault."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedsvc.errors import NotAPage
from feedsvc.extract.document import Document
from feedsvc.extract.release import read_release
from feedsvc.fetch.decoding import page_from_bytes
from feedsvc.model import Draft, Found, ListingItem, ReleaseRules

NOW = datetime(2024, 3, 6, 12, 0, tzinfo=UTC)
CHINESE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">
<title>北方港口博览局：九十家企业签约_新闻中心</title></head><body>
<div>当前位置：<a href="/">首页</a> &gt; <a href="/n/">新闻中心</a> &gt; <a href="/n/z/">专题</a> &gt; 正文</div>
<h1>北方港口博览局：九十家企业签约</h1>
<p>发布时间：2023年05月17日 15:30　来源：北方港口博览局　作者：张三丰　字号：大 中 小</p>
<div id="zoom"><p>北方港口博览局表示，九十家企业已经签约参加第六届博览会，
筹备工作进展顺利，各项任务正在有序推进。</p></div>
</body></html>"""


def _read(body: bytes, rules: ReleaseRules | None = None) -> Draft:
    try:
        page = page_from_bytes(body, url="https://harbour.example/n/z/1.html", content_type="text/html", fetched_at=NOW)
    except NotAPage:  # what looks like a program or a picture never reaches extraction
        assume(False)
    return read_release(Document.parse(page), rules or ReleaseRules())


@pytest.mark.parametrize(("charset", "codec"), [("gb2312", "gb18030"), ("gbk", "gbk"), ("utf-8", "utf-8")])
def test_a_chinese_release_reads_the_same_in_every_encoding(charset: str, codec: str) -> None:
    draft = _read(CHINESE.format(charset=charset).encode(codec))
    assert draft.title is not None
    assert draft.title.text == "北方港口博览局：九十家企业签约"
    assert draft.published[0].text == "2023年05月17日 15:30"
    assert draft.publisher is not None
    assert draft.publisher.text == "北方港口博览局"
    assert [found.text for found in draft.authors] == ["张三丰"]
    assert [found.text for found in draft.category_path] == ["新闻中心", "专题"]
    assert draft.language is not None
    assert draft.language.text == "zh"


@pytest.mark.parametrize(
    ("listed", "title"),
    [
        ("Quays open", "Quays open"),
        ("Quays open early", "Announcements of the harbour board"),
        ("Announcements of the harbour", "Announcements of the harbour board"),
    ],
)
def test_a_line_above_a_date_is_no_title_where_listing_and_title_element_agree_on_another(
    listed: str, title: str
) -> None:
    html = (
        "<html><head><title>Quays open - Harbour</title></head><body><div>Announcements of the harbour board</div>"
        "<div>Release date: 2026-01-05</div><p>The nine quays opened on Monday, a week before the board had said.</p>"
    )
    page = page_from_bytes(html.encode(), url="https://harbour.example/n/1", content_type="text/html", fetched_at=NOW)
    item = ListingItem(url=page.url, title=Found(text=listed, where="link"), position=0)
    draft = read_release(Document.parse(page), ReleaseRules(), item)
    assert draft.title is not None
    assert draft.title.text == title


def test_the_name_of_an_office_in_a_list_is_no_title() -> None:
    html = (
        "<html><head><title>Quays open early | Harbour office</title></head><body><main><h1>Quays open early</h1>"
        "<p>The nine quays opened on Monday, a week before the board had said.</p></main></body></html>"
    )
    page = page_from_bytes(html.encode(), url="https://harbour.example/n/1", content_type="text/html", fetched_at=NOW)
    item = ListingItem(url=page.url, title=Found(text="Harbour office", where="link"), position=0)
    draft = read_release(Document.parse(page), ReleaseRules(), item)
    assert draft.title is not None
    assert draft.title.text == "Quays open early"


def test_a_rules_text_comes_out_without_its_label() -> None:
    html = (
        "<html><body><h2>Wrong</h2><div id='t'>Right</div><div id='info'><span>Release date: 2023-05-17</span> "
        "<span>Source: Harbour Bureau</span><span>Author: Ann Lee</span></div></body></html>"
    )
    rules = ReleaseRules(title="#t", published="#info span", publisher="#info span", author="#info span")
    draft = _read(html.encode(), rules)
    assert draft.title is not None
    assert (draft.title.text, draft.title.where) == ("Right", "rule:#t")
    assert draft.published[0].text == "2023-05-17"
    assert draft.publisher is not None
    assert draft.publisher.text == "Harbour Bureau"
    assert [found.text for found in draft.authors] == ["Ann Lee"]


def test_broken_json_ld_still_gives_its_facts() -> None:
    html = (
        '<html><head><script type="application/ld+json"><!--\n{"@context": "https://schema.org", "@graph": ['
        '{"@type": "NewsArticle", "headline": "Harbour\non schedule", "datePublished": "2023-05-17T10:00:00+08:00", '
        '"author": {"@id": "#a"},}, {"@type": "Person", "@id": "#a", "name": "Ann Lee"},]}\n-->'
        "</script></head><body></body></html>"
    )
    draft = _read(html.encode())
    assert draft.title is not None
    assert draft.title.text == "Harbour on schedule"
    assert draft.published[0].text == "2023-05-17T10:00:00+08:00"
    assert [found.text for found in draft.authors] == ["Ann Lee"]


def test_a_wrong_selector_is_named() -> None:
    with pytest.raises(ValueError, match="is not a CSS selector"):
        _read(b"<html><body><p>x</p></body></html>", ReleaseRules(title="p["))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_makes_extraction_raise(text: str) -> None:
    _read(f"<html>{text}".encode("utf-8", "replace"))


_TAGS = st.sampled_from(
    ["<h1>", "</h1>", "<div class='byline'>", "</div>", "<td>", "<time datetime='", "'>",
     "<meta name='author' content='",
     '<script type="application/ld+json">', "</script>", '{"@type":"Article","author":[{}],"datePublished":null}',
     "Source:", "By ", "2023-05-17", "You are here:", " > ", "<a href='x'>", "Home", "<li>", "发布时间：", "99/99/9999"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_TAGS | st.text(max_size=12), max_size=40))
def test_no_markup_makes_extraction_raise(parts: list[str]) -> None:
    _read("".join(parts).encode("utf-8", "replace"))
