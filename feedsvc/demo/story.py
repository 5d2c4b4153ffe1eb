"""What the demo's news centre publishes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the news centre with a list of its own."""

    #: Its place in addresses: "research".
    key: str
    title: str
    #: One line below the heading.
    about: str
    language: str = "en"
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One release. Sections, titles and texts are invented; so are the island and everybody on it."""

    section: str
    slug: str
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    author: str
    #: The organisation that the page credits.
    publisher: str = "Tern Island Observatory"
    #: Days before the demo's first start, or None for those that appear while it runs.
    days_ago: int | None = None
    #: "16:30" where the page prints a time, else "".
    time: str = ""
    #: Words below the picture; "" for none.
    caption: str = ""
    #: Title of an attached PDF; "" for none.
    paper: str = ""


SECTIONS = (
    Section(key="research", title="Research", about="Results from the telescopes, in plain words."),
    Section(key="instruments", title="Instruments", about="What we build, mend and polish."),
    Section(key="island", title="Island Life", about="Birds, boats and weather around the domes."),
    Section(key="visitors", title="Visitors", about="Open nights, ferries and how to find us."),
    Section(key="zhongwen", title="中文新闻", about="燕鸥岛天文台新闻中心", language="zh-CN", encoding="gb18030"),
)
