"""One release in the many markups that news centres really use: every field must come out of each of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.release import read_release
from feedsvc.fetch.decoding import page_from_bytes
from feedsvc.model import Draft, ReleaseRules
from feedsvc.normalize.dates import choose
from feedsvc.normalize.names import person_names
from feedsvc.normalize.sanitize import sanitize
from feedsvc.normalize.text import body_text

NOW = datetime(2024, 3, 6, 12, 0, tzinfo=UTC)
TITLE = "Harbour on schedule: the bureau signs up ninety exhibitors for its sixth season"
BUREAU = "Northern Harbour Trade Bureau"
PATH = ("News Center", "Specials", "2023 Harbour Stories", "In Focus")

BODY = "".join(
    f"<p>{sentence} The bureau said on 3 May 2022 that its halls would be ready in time, and that guests from many "
    f"ports had asked for a place. Work on the quays goes on, as planned, with new cranes and wider roads.</p>"
    for sentence in ("Ninety exhibitors have signed.", "Two halls were added.", "The quays are being widened.")
)
SIDEBAR = (
    "<div class='rel'><h3>Related Stories</h3><ul>"
    + "".join(
        f"<li><a href='/{day}.html'>Another harbour story</a><span>2023-05-{day}</span></li>" for day in range(10, 17)
    )
    + "</ul></div>"
)
NAV = (
    "<ul class='nav'><li><a href='/'>Home</a></li><li><a href='/news/'>News Center</a></li>"
    "<li><a href='/c'>Contact</a></li></ul>"
)
LINKS = "".join(f"<a href='/{number}/'>{name}</a> " for number, name in enumerate(("Home", *PATH)))
HEAD = f"<html><head><meta charset='utf-8'><title>{TITLE}_In Focus_{BUREAU}</title></head><body>"


def _page(
    crumbs: str, heading: str, label: str, *, head: str = HEAD, byline: str = "<p align='right'>By Maria Holm</p>"
) -> str:
    return (
        f"{head}{NAV}<h2>News Center</h2>{crumbs}{SIDEBAR}<div class='detail'>{heading}{label}"
        f"<div id='zoom'>{BODY}{byline}</div></div><p>Copyright 2019 {BUREAU}</p></body></html>"
    )


CRUMBS = f"<div class='position'><span>You are here:</span> {LINKS}</div>"
HEADING = f"<h1>{TITLE}</h1>"
LABEL = (
    f"<div class='info'><span>Release date: 2023-05-17</span>&nbsp;&nbsp;&nbsp;<span>Source:{BUREAU}</span>"
    "<div>Share: <a href='#'>Mail</a></div></div>"
)

VARIANTS = {
    "its own markup": _page(CRUMBS, HEADING, LABEL),
    "no h1": _page(CRUMBS, f"<div class='tit'>{TITLE}</div>", LABEL),
    "title run together with the label line": _page(
        CRUMBS, "", f"<div class='t'>{TITLE} Release date: 2023-05-17    Source:{BUREAU}</div>"
    ),
    "heading run together with the label line": _page(
        CRUMBS, f"<h1>{TITLE} <span>Release date: 2023-05-17 &nbsp;&nbsp; Source:{BUREAU}</span></h1>", ""
    ),
    "labels in neighbouring cells": _page(
        CRUMBS,
        f"<table><tr><td colspan='4'><b>{TITLE}</b></td></tr>",
        f"<tr><td>Release date:</td><td>2023-05-17</td><td>Source:</td><td>{BUREAU}</td></tr></table>",
    ),
    "a row of labels over a row of facts": _page(
        CRUMBS,
        HEADING,
        f"<table><tr><th>Release date</th><th>Source</th></tr><tr><td>2023-05-17</td><td>{BUREAU}</td></tr></table>",
    ),
    "a definition list": _page(
        CRUMBS, HEADING, f"<dl><dt>Published</dt><dd>17 May 2023</dd><dt>Source</dt><dd>{BUREAU}</dd></dl>"
    ),
    "full-width colons": _page(CRUMBS, HEADING, f"<p>Release date：2023-05-17　　Source：{BUREAU}</p>"),
    "a bar between labels": _page(
        CRUMBS, HEADING, f"<p>Published on May 17, 2023 | Source: {BUREAU} | Views: 1203</p>"
    ),
    "Chinese labels": _page(CRUMBS, HEADING, f"<p>发布时间：2023-05-17 10:30 　来源：{BUREAU} 　字号：大 中 小</p>"),
    "Chinese labels side by side": _page(CRUMBS, HEADING, f"<p>来源：{BUREAU}发布时间：2023年05月17日</p>"),
    "breadcrumb with angles": _page(f"<p>You are here: Home &gt; {' &gt; '.join(PATH)}</p>", HEADING, LABEL),
    "breadcrumb with guillemets": _page(f"<p>You are here: Home » {' » '.join(PATH)}</p>", HEADING, LABEL),
    "breadcrumb with slashes": _page(f"<p>You are here: Home / {' / '.join(PATH)}</p>", HEADING, LABEL),
    "breadcrumb with single angles and the title": _page(
        f"<p>Current position: Home › {' › '.join(PATH)} › {TITLE}</p>", HEADING, LABEL
    ),
    "breadcrumb as a list": _page(
        "<ol class='breadcrumb'>" + "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("Home", *PATH))
        + f"<li>{TITLE}</li></ol>", HEADING, LABEL,
    ),
    "breadcrumb as an unmarked list": _page(
        "<div><p>You are here:</p><ul>" + "".join(f"<li>{name}</li>" for name in ("Home", *PATH)) + "</ul></div>",
        HEADING, LABEL,
    ),
    "breadcrumb without a lead": _page(f"<div>Home &gt; {' &gt; '.join(PATH)} &gt; Details</div>", HEADING, LABEL),
    "Chinese breadcrumb": _page(
        f"<div>当前位置：<a href='/'>首页</a> > {' > '.join(f'<a>{name}</a>' for name in PATH)} > 正文</div>",
        HEADING, LABEL,
    ),
    "byline under the title": _page(CRUMBS, HEADING, LABEL + "<p>By Maria Holm</p>", byline=""),
    "labelled author": _page(
        CRUMBS, HEADING, f"<p>Release date: 2023-05-17  Author: Maria Holm  Source: {BUREAU}</p>", byline=""
    ),
    "labels in touching spans": _page(
        CRUMBS, HEADING, f"<div><span>Release date: 2023-05-17</span><span>Source: {BUREAU}</span></div>"
    ),
    "byline in brackets": _page(CRUMBS, HEADING, LABEL, byline="<p>(By Maria Holm)</p>"),
    "lines instead of paragraphs": _page(CRUMBS, HEADING, LABEL).replace("</p><p>", "<br><br>"),
    "a layout of tables": (
        f"{HEAD}<table><tr><td colspan='2'>{NAV}</td></tr><tr><td>{SIDEBAR}</td><td><table><tr><td>{CRUMBS}</td></tr>"
        f"<tr><td align='center'><b>{TITLE}</b></td></tr><tr><td>Release date: 2023-05-17&nbsp;&nbsp;Source:{BUREAU}"
        f"</td></tr><tr><td>{BODY}<p>By Maria Holm</p></td></tr></table></td></tr></table></body></html>"
    ),
    "a title element that only names the section": _page(
        CRUMBS, "", f"<p>{TITLE} Release date: 2023-05-17    Source:{BUREAU}</p>",
        head="<html><head><title>News Center</title></head><body>",
    ),
    "no heading and a title element that only names the site": _page(
        CRUMBS, f"<div class='t'>{TITLE}</div>", LABEL, head=f"<html><head><title>{BUREAU}</title></head><body>"
    ),
    "no title element": _page(CRUMBS, HEADING, LABEL, head="<html><body>"),
}  # fmt: skip


def _draft(html: str, *, charset: str = "utf-8") -> Draft:
    page = page_from_bytes(
        html.encode(charset), url="https://harbour.example/en/news/48556.html", content_type="text/html", fetched_at=NOW
    )
    return read_release(Document.parse(page), ReleaseRules())


@pytest.mark.parametrize("html", [pytest.param(html, id=name) for name, html in VARIANTS.items()])
def test_every_field_comes_out(html: str) -> None:
    draft = _draft(html)
    chosen = choose(
        draft.published, now=NOW, time_zone="Asia/Shanghai", languages=("en",), other_dates=draft.other_dates
    )
    assert draft.title is not None
    assert draft.title.text == TITLE
    assert chosen is not None
    assert chosen[0].day == "2023-05-17"
    assert draft.publisher is not None
    assert draft.publisher.text == BUREAU
    assert person_names(found.text for found in draft.authors) == ("Maria Holm",)
    assert tuple(found.text for found in draft.category_path) == PATH
    assert draft.body is not None
    assert body_text(sanitize(draft.body.text, base_url=draft.url)).split("\n") == SENTENCES


SENTENCES = [html.removesuffix("</p>") for html in BODY.split("<p>")[1:]]


@pytest.mark.parametrize("selector", [".position a", ".position"])
def test_a_ruled_path_has_neither_home_nor_the_title(selector: str) -> None:
    page = page_from_bytes(
        VARIANTS["its own markup"].encode(),
        url="https://harbour.example/en/news/48556.html",
        content_type="text/html",
        fetched_at=NOW,
    )
    draft = read_release(Document.parse(page), ReleaseRules(category=selector))
    assert tuple(found.text for found in draft.category_path) == PATH


def test_rules_for_every_field_need_nothing_else() -> None:
    page = page_from_bytes(
        VARIANTS["its own markup"].encode(),
        url="https://harbour.example/en/news/48556.html",
        content_type="text/html",
        fetched_at=NOW,
    )
    rules = ReleaseRules(
        title="h1",
        body="#zoom",
        published=".info span",
        publisher=".info span + span",
        author="#zoom p:last-child",
        category=".position a",
    )
    draft = read_release(Document.parse(page), rules)
    assert draft.title is not None
    assert draft.title.text == TITLE
    assert [found.text for found in draft.published] == ["2023-05-17"]
    assert draft.publisher is not None
    assert draft.publisher.text == BUREAU
    assert person_names(found.text for found in draft.authors) == ("Maria Holm",)
    assert draft.body is not None
    assert body_text(sanitize(draft.body.text, base_url=draft.url)).split("\n") == SENTENCES
