"""The pages of the invented news centre, in markup such as real ones have: no feed, few classes, much around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from feedsvc.demo.story import SECTIONS, Section, Story

_STYLE = """
body { font: 17px/1.6 Georgia, serif; margin: 0; color: #1d2733; background: #f4f1ea; }
header, footer { background: #14283c; color: #f4f1ea; padding: .8rem 1.2rem; }
header a, footer a { color: #cfe0ee; margin-right: 1rem; }
main { max-width: 46rem; margin: 1rem auto; padding: 0 1rem; }
img { max-width: 100%; height: auto; }
.crumbs, .info, figcaption, .when { color: #5d6a77; font-size: .85em; }
.list > div { border-top: 1px solid #d8d2c4; padding: .8rem 0; }
aside { font-size: .9em; border-top: 3px double #d8d2c4; margin-top: 2rem; }
@media (prefers-color-scheme: dark) { body { background: #10161d; color: #d7dee6; } a { color: #9cc4e8; } }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the site's frame says, in the language of a section."""

    site: str
    news: str
    home: str
    here: str
    date: str
    source: str
    author: str
    separator: str
    following: str
    latest: str
    sections: str
    attached: str
    about: str


WORDS = {
    "en": Words(
        site="Tern Island Observatory",
        news="News Centre",
        home="Home",
        here="You are here:",
        date="Release date: ",
        source="Source: ",
        author="By ",
        separator="    ",
        following="Older",
        latest="Latest news",
        sections="Sections",
        attached="Download",
        about="An invented place, made for the demonstration of feedsvc. It has no feed.",
    ),
    "zh-CN": Words(
        site="燕鸥岛天文台",
        news="新闻中心",
        home="首页",
        here="当前位置：",
        date="发布时间：",
        source="来源：",
        author="作者：",
        separator="　",
        following="下一页",
        latest="最新消息",
        sections="栏目",
        attached="附件下载",
        about="为演示 feedsvc 而虚构的地方。本站没有订阅源。",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A story with the moment at which the site says it came out, and its address."""

    story: Story
    at: datetime
    path: str

    @property
    def printed(self) -> str:
        """The date as printed: most stories have no time."""
        if self.story.section == "zhongwen":
            return f"{self.at:%Y年%m月%d日}" + (f" {self.story.time}" if self.story.time else "")
        if self.story.section == "island":
            return f"{self.at.day} {self.at:%B %Y}" + (f", {self.story.time}" if self.story.time else "")
        return f"{self.at:%Y-%m-%d}" + (f" {self.story.time}" if self.story.time else "")


def home_page(latest: Sequence[Published]) -> str:
    """The front page: the latest releases of all sections, and the sections."""
    words = WORDS["en"]
    links = "".join(
        f'<li><a href="/news/{section.key}/">{escape(section.title)}</a>: {escape(section.about)}</li>'
        for section in SECTIONS
    )
    body = (
        f"<h1>{words.site}</h1><p>{words.about}</p><h2>{words.latest}</h2>{_list(latest)}"
        f"<h2>{words.sections}</h2><ul>{links}</ul>"
    )
    return _frame(SECTIONS[0], words.site, body, aside="")


def listing_page(section: Section, stories: Sequence[Published], *, next_path: str | None) -> str:
    """One page of a section's list, with the way on to older stories."""
    words = WORDS[section.language]
    body = f"<h1>{escape(section.title)}</h1><p>{escape(section.about)}</p>{_list(stories)}"
    if next_path:
        body += f'<p class="pager"><a class="next" href="{next_path}">{words.following}</a></p>'
    return _frame(section, f"{section.title} - {words.site}", body, aside="")


def _list(stories: Sequence[Published]) -> str:
    items = "".join(
        f'<div class="item"><div class="brief"><a href="{one.path}">{escape(one.story.title)}</a></div>'
        f'<span class="when">{one.printed}</span><p>{escape(one.story.summary)}</p></div>'
        for one in stories
    )
    return f'<div class="list">{items}</div>'


def release_page(section: Section, published: Published, latest: Sequence[Published]) -> str:
    """One release: breadcrumb, label line, byline, picture, text, attachment; and a sidebar full of other dates."""
    words, story = WORDS[section.language], published.story
    crumbs = " &gt; ".join(
        f'<a href="{href}">{escape(title)}</a>'
        for href, title in (("/", words.home), ("/news/", words.news), (f"/news/{section.key}/", section.title))
    )
    label = f"{words.date}{published.printed}{words.separator}{words.source}{escape(story.publisher)}"
    body = (
        f'<div class="crumbs">{words.here} {crumbs} &gt; {escape(story.title)}</div>'
        f'<h1>{escape(story.title)}</h1><div class="info">{label}</div><div class="text">'
    )
    if story.caption:
        caption = escape(story.caption)
        body += (
            f'<figure><img src="/pictures/{story.section}/{story.slug}.png" width="640" height="360" alt="{caption}">'
            f"<figcaption>{caption}</figcaption></figure>"
        )
    body += "".join(f"<p>{escape(paragraph)}</p>" for paragraph in story.paragraphs)
    if story.paper:
        href = f"/papers/{story.section}/{story.slug}.pdf"
        body += f'<p>{words.attached}: <a href="{href}">{escape(story.paper)} (PDF)</a></p>'
    body += f"<p>{words.author}{escape(story.author)}</p></div>"
    items = "".join(
        f'<li><a href="{other.path}">{escape(other.story.title)}</a> <span class="when">{other.printed}</span></li>'
        for other in latest
        if other is not published
    )
    return _frame(
        section, f"{story.title} - {words.site}", body, aside=f"<aside><h2>{words.latest}</h2><ul>{items}</ul></aside>"
    )


def _frame(section: Section, title: str, body: str, *, aside: str) -> str:
    words = WORDS[section.language]
    nav = "".join(f'<a href="/news/{other.key}/">{escape(other.title)}</a> ' for other in SECTIONS)
    return (
        f'<!DOCTYPE html>\n<html lang="{section.language}">\n<head>\n<meta charset="{_charset(section)}">\n'
        f"<title>{escape(title)}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<header><nav><a href="/"><b>{words.site}</b></a> {nav}</nav></header>\n<main>\n{body}\n{aside}\n</main>\n'
        f"<footer><p>{words.about}</p></footer>\n</body>\n</html>\n"
    )


def _charset(section: Section) -> str:
    """The label that such sites print: gb2312, for what is really GB18030."""
    return "gb2312" if section.encoding == "gb18030" else section.encoding
