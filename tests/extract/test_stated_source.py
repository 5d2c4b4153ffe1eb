"""The stated source of Chinese release pages in the markups that centres of government and news print it in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.release import read_release
from feedsvc.model import Draft, Page, ReleaseRules
from feedsvc.normalize.names import person_names

NOW = datetime(2026, 1, 5, tzinfo=UTC)
TITLE = "青山市召开全市水利工程建设现场推进会"
TEXT = (
    "近日，青山市召开全市水利工程建设现场推进会，总结交流前一阶段工作经验，对下一步重点任务作出安排部署。",
    "会议强调，各县区、各部门要压紧压实责任，确保工程按照时间节点有序推进，坚决守住质量和安全底线。",
    "会前，与会人员还实地察看了灌区改造、河道治理等项目现场，听取了建设单位的情况汇报。",
)
SOURCE = "青山日报"

#: Markup of the label line after the title, the source in it, the author in it.
LINES: tuple[tuple[str, str, str | None], ...] = (
    ("<p>来源：青山日报</p>", SOURCE, None),
    ("<p>来源: 青山日报 发布时间: 2025-12-30 09:15</p>", SOURCE, None),
    ("<div>来源：<a href='http://daily.example/'>青山日报</a></div>", SOURCE, None),
    ("<div><span>来源：</span><span>青山日报</span><span>2025-12-30</span></div>", SOURCE, None),
    ("<div><span>信息来源：青山日报</span><span>浏览次数：<i id='hits'>128</i></span></div>", SOURCE, None),
    ("<div>稿源：青山日报　编辑：林小雨</div>", SOURCE, None),
    ("<div>文章来源：青山日报&nbsp;&nbsp;&nbsp;&nbsp;发布日期：2025年12月30日</div>", SOURCE, None),
    ("<div>发布机构：青山市水利局　　字号：【大 中 小】</div>", "青山市水利局", None),
    ("<div>发布时间：2025-12-30　　来源：青山日报　　字号：[大][中][小]</div>", SOURCE, None),
    ("<div>来源：青山日报 作者：陈立群 编辑：林小雨</div>", SOURCE, "陈立群"),
    ("<div>来源：青山日报作者：陈立群编辑：林小雨</div>", SOURCE, "陈立群"),
    ("<div>作者：陈立群　来源：青山日报　点击数：56</div>", SOURCE, "陈立群"),
    ("<div>时间：2025-12-30 10:02:11&nbsp;来源：青山日报&nbsp;字体：大 中 小</div>", SOURCE, None),
    ("<div>2025-12-30 10:02 来源：青山日报 分享到：</div>", SOURCE, None),
    ("<div>2025年12月30日10:02 | 来源：<a href='/'>青山日报</a></div>", SOURCE, None),
    ("<table><tr><td>来源：</td><td>青山日报</td><td>日期：</td><td>2025-12-30</td></tr></table>", SOURCE, None),
    ("<table><tr><td>信息来源</td><td>青山日报</td></tr><tr><td>发布日期</td><td>2025-12-30</td></tr></table>",
     SOURCE, None),
    ("<ul><li>发布时间：2025-12-30</li><li>来源：青山日报</li><li>浏览量：33</li></ul>", SOURCE, None),
    ("<dl><dt>来源</dt><dd>青山日报</dd><dt>时间</dt><dd>2025-12-30</dd></dl>", SOURCE, None),
    ("<div>【来源：青山日报】【作者：陈立群】</div>", SOURCE, "陈立群"),
    ("<div>[来源：青山日报] [发布时间：2025-12-30] [打印] [关闭]</div>", SOURCE, None),
    ("<div>（来源：青山日报 2025-12-30）</div>", SOURCE, None),
    ("<div>来　源：青山日报　　时　间：2025-12-30</div>", SOURCE, None),
    ("<div>來源：青山日報　發布時間：2025-12-30</div>", "青山日報", None),
    ("<div>稿件来源：<em>青山日报</em>　责任编辑：林小雨</div>", SOURCE, None),
    ("<div>信息来源：市水利局办公室 | 发布时间：2025-12-30 | 阅读：12次</div>", "市水利局办公室", None),
    ("<div>来源：新华社、青山日报　2025-12-30</div>", "新华社、青山日报", None),
    ("<div>消息来源：《青山日报》　发布人：管理员</div>", "青山日报", None),
    ("<div>供稿单位：青山市水利局　撰稿：陈立群　审核：周明</div>", "青山市水利局", "陈立群"),
    ("<div>出处：青山日报 - 作者：陈立群 - 2025-12-30</div>", SOURCE, "陈立群"),
    ("<div><b>来源</b>：<i>青山日报</i>&emsp;<b>作者</b>：<i>陈立群</i></div>", SOURCE, "陈立群"),
    ("<div>2025-12-30 08:30:00　青山日报　来源：青山日报　我要纠错　【打印】</div>", SOURCE, None),
    ("<div><p>发布时间：2025-12-30</p><p>来源：<script>document.write('')</script>青山日报</p></div>", SOURCE, None),
    ("<div>日期：2025-12-30&emsp;来源：<span id='laiyuan'>青山日报</span>&emsp;浏览次数：<span></span></div>",
     SOURCE, None),
    ("<div>来源：青山市人民政府网&nbsp; 浏览次数：&nbsp;字号：[ <a>大</a> <a>中</a> <a>小</a> ]</div>",
     "青山市人民政府网", None),
    ("<div>来源:青山日报 记者:陈立群 通讯员:周明</div>", SOURCE, "陈立群"),
    ("<div>发布单位：青山市水利局 发布日期：2025-12-30 浏览：45</div>", "青山市水利局", None),
    ("<div>来源：青山日报 &gt;&gt; 扫一扫手机打开</div>", SOURCE, None),
    ("<div>来源：青山日报2025-12-30</div>", SOURCE, None),
    ("<div>2025-12-30 10:02 来源： 青山日报 字号： 默认 大 超大 | 打印 | |</div>", SOURCE, None),
    ("<div>来源：青山日报 发布者：admin 审核：周明</div>", SOURCE, None),
    ("<div>来源：青山日报录入：林小雨</div>", SOURCE, None),
    ("<div>文/陈立群　来源/青山日报</div>", SOURCE, "陈立群"),
    ("<div>来源：Northern Harbour Bureau　2025-12-30</div>", "Northern Harbour Bureau", None),
    ("<div>来源：青山日报客户端 记者 陈立群</div>", "青山日报客户端", None),
    ("<div>一审：林小雨 二审：周明 三审：吴昊 来源：青山日报</div>", SOURCE, None),
    ("<div>信息来源：本站 ｜ 作者：陈立群 ｜ 发布时间：2025-12-30</div>", "本站", "陈立群"),
)  # fmt: skip

#: Markup at the end of the story, and the source in it.
ENDS: tuple[tuple[str, str], ...] = (
    ("<p>（来源：新华社）</p>", "新华社"),
    ("<p>来源：青山日报</p>", SOURCE),
    ("<p style='text-align:right'>（稿源：青山日报　编辑：林小雨）</p>", SOURCE),
    ("<p>【来源：青山日报】</p>", SOURCE),
    ("<p>来源丨青山日报</p>", SOURCE),
    ("<p>来源/青山日报</p>", SOURCE),
    ("<p>（转自青山日报）</p>", SOURCE),
)

#: What stands about the label lines of such pages, and belongs in no field.
FURNITURE = ("字号", "字体", "浏览", "分享", "打印", "点击", "阅读", "编辑", "纠错", "扫一扫", "大", "来源", "关闭")


def _read(line: str = "", *, end: str = "", head: str = "") -> Draft:
    story = "".join(f"<p>{text}</p>" for text in TEXT)
    page = (
        f"<html><head><title>{TITLE}_青山市水利局</title>{head}</head><body>"
        "<div class='nav'><a href='/'>首页</a> <a href='/zwgk/'>政务公开</a></div>"
        f"<h1>{TITLE}</h1>{line}<div class='content'>{story}{end}</div>"
        "<div class='bottom'>主办单位：青山市水利局　版权所有</div></body></html>"
    )
    url = "https://slj.example/a/1.html"
    return read_release(Document.parse(Page(url=url, requested_url=url, text=page, fetched_at=NOW)), ReleaseRules())


@pytest.mark.parametrize(("line", "source", "author"), LINES)
def test_a_label_line_states_its_source_and_author(line: str, source: str, author: str | None) -> None:
    draft = _read(line)
    assert draft.publisher
    assert draft.publisher.text == source
    names = person_names(found.text for found in draft.authors)
    assert names[:1] == ((author,) if author else ())
    assert not any(word in name for name in names for word in FURNITURE)


@pytest.mark.parametrize(("end", "source"), ENDS)
def test_a_source_stated_at_the_end_of_the_story_counts(end: str, source: str) -> None:
    draft = _read("<p>发布时间：2025-12-30</p>", end=end)
    assert draft.publisher
    assert draft.publisher.text == source


@pytest.mark.parametrize("name", ["ContentSource", "contentsource", "source", "mediaid"])
def test_a_source_in_the_head_counts(name: str) -> None:
    draft = _read("<p>2025-12-30</p>", head=f"<meta name='{name}' content='青山日报'>")
    assert draft.publisher
    assert draft.publisher.text == SOURCE


@pytest.mark.parametrize(
    "line",
    [
        "<div>来源： 字号：【大 中 小】 浏览次数：128 分享到：</div>",
        "<div>来源：　作者：　点击数：12</div>",
        "<div>发布时间：2025-12-30 浏览次数：12 【字体：大 中 小】 分享到：微信 微博</div>",
        "<table><tr><td>来源：</td><td></td><td>浏览次数：</td><td>12</td></tr></table>",
    ],
)
def test_an_empty_source_takes_nothing_of_its_neighbours(line: str) -> None:
    draft = _read(line)
    assert draft.publisher is None or not any(word in draft.publisher.text for word in FURNITURE)
    assert not draft.authors


@pytest.mark.parametrize("label", ["转载自", "发文机关", "发文单位", "原文出处", "供稿部门"])
@pytest.mark.parametrize("gap", ["　", " ", "&nbsp;&nbsp;", " | ", "</span><span>", "】【", "/"])
def test_the_source_is_told_by_rarer_words_in_every_layout(label: str, gap: str) -> None:
    parts = ("发布时间：2025-12-30", f"{label}：青山日报", "文/图：陈立群")
    draft = _read(f"<div>【<span>{gap.join(parts)}</span>】</div>")
    assert draft.publisher is not None
    assert draft.publisher.text == SOURCE
    assert [found.text for found in draft.authors] == ["陈立群"]
