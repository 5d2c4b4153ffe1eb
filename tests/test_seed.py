"""The first release page that anyone asked for, in three markups: from a website without a feed to the whole entry.

The text lies beside the checkout and belongs to its publisher; where it is absent, these tests skip. The markup is our
own: that for which a source file ships, tables with Chinese labels in GB2312, and hardly any at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template

import feedparser
import pytest
import tomlkit
from lxml import html

from tests.support.program import Program
from tests.support.sites import Reply, Site

ROOT = Path(__file__).parents[1]
PAGES = Path(__file__).parent / "pages" / "seed"
TEXT = ROOT.parent / "shared" / "seed" / "ciie-release.txt"

pytestmark = pytest.mark.skipif(not TEXT.is_file(), reason="the seed is not beside this checkout")

PUBLISHER = "China International Import Expo Bureau"
AUTHOR = "Zhao Guangmei"
CATEGORIES = ("News Center", "Specials", "2023 CIIE Stories", "In Focus")
LINK = "/news/20230517/1.html"
OTHERS = (
    "Pavilions open",
    "Booths are sold out",
    "Guests arrive from nine ports",
    "Shuttle buses run late",
    "A new hall",
)


@dataclass(frozen=True)
class Release:
    """The seed, as its page shows it."""

    title: str
    paragraphs: tuple[str, ...]


@pytest.fixture(scope="module")
def release() -> Release:
    lines = [line for line in TEXT.read_text(encoding="utf-8").splitlines() if line]
    _, _, heading, *paragraphs, byline = lines
    assert byline == f"By {AUTHOR}"
    return Release(heading.partition(" Release date:")[0], tuple(paragraphs))


@dataclass(frozen=True)
class Markup:
    """How a website writes its pages."""

    template: str
    encoding: str
    item: str
    #: Of the source file; "" where everything is to be found.
    rules: str = ""


MARKUPS = {
    "the shipped rules": Markup(
        "shipped_rules.html",
        "utf-8",
        '<div class="listnewsim-left"><div class="brief"><a href="{link}">{title}</a></div><span>{day}</span>'
        "<p>More about it.</p></div>",
        rules="ciie-en.toml",
    ),
    "tables in GB2312": Markup(
        "tables.html", "gb2312", '<tr><td><a href="{link}">{title}</a></td><td>[{day}]</td></tr>'
    ),
    "hardly any markup": Markup("plain.html", "utf-8", '<div><a href="{link}">{title}</a> {day}</div>'),
}


@pytest.fixture(scope="module", params=MARKUPS.values(), ids=MARKUPS)
def markup(request: pytest.FixtureRequest) -> Markup:
    value: Markup = request.param
    return value


@pytest.fixture(scope="module")
def site(markup: Markup, release: Release) -> Iterator[Site]:
    """A news centre of the seed and five others of our own."""
    pages = {LINK: (release.title, "2023-05-17", release.paragraphs)}
    for number, title in enumerate(OTHERS, start=2):
        text = tuple(f"{title}, says sentence {n} of release {number}, and it says so at length." for n in range(4))
        pages[f"/news/202305{18 - number}/{number}.html"] = (title, f"2023-05-{18 - number}", text)
    with Site() as site:
        items = [
            markup.item.format(link=link, title=title, day=day.replace("-", "."))
            for link, (title, day, _) in pages.items()
        ]
        site["/news/"] = reply(listing(items), markup)
        for link, (title, day, paragraphs) in pages.items():
            others = {other: about[0] for other, about in pages.items() if other != link}
            site[link] = reply(page(markup, title, day, paragraphs, others), markup)
        yield site


def listing(items: Iterable[str]) -> str:
    rows = "".join(items)
    body = f"<table>{rows}</table>" if rows.startswith("<tr>") else rows
    return f"<html><head><title>News Center</title></head><body><h1>News Center</h1><div id='downsidebar'>{body}</div>"


def page(markup: Markup, title: str, day: str, paragraphs: tuple[str, ...], others: dict[str, str]) -> str:
    crumbs = [f'<a href="/{n}/">{name}</a>' for n, name in enumerate(("Home", *CATEGORIES))]
    return Template((PAGES / markup.template).read_text(encoding="utf-8")).substitute(
        title=title,
        day=day,
        publisher=PUBLISHER,
        author=AUTHOR,
        crumbs=" &gt; ".join(crumbs),
        paragraphs="\n".join(f"<p>{text}</p>" for text in paragraphs),
        others="".join(f'<li><a href="{link}">{title}</a></li>' for link, title in others.items()),
    )


def reply(body: str, markup: Markup) -> Reply:
    """What the server of an old website says: nothing about the encoding."""
    return Reply(body.encode(markup.encoding), headers=(("Content-Type", "text/html"),))


@pytest.fixture(scope="module")
def program(site: Site, markup: Markup, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The news centre scraped by ``feedsvc scrape --all``."""
    program = Program(tmp_path_factory.mktemp("seed"), targets=(site.pair,))
    shipped = (ROOT / "config" / "sources" / markup.rules).read_text(encoding="utf-8") if markup.rules else ""
    source = tomlkit.parse(shipped)
    source.update({"url": f"{site.url}/news/", "category": "expo", "time_zone": "Asia/Shanghai"})
    program.source("expo", tomlkit.dumps(source))
    scraped = program.run("scrape", "--all")
    assert scraped.returncode == 0, scraped.stdout + scraped.stderr
    return program


def paragraphs_of(content: str) -> tuple[str, ...]:
    """What is to be read, paragraph by paragraph; nothing may stand outside of them."""
    root = html.fromstring(f"<div>{content}</div>")
    paragraphs = tuple(" ".join(block.text_content().split()) for block in root.iter("p"))
    assert "".join(paragraphs).replace(" ", "") == "".join(root.text_content().split())
    return paragraphs


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_the_release_comes_out_whole_in_xml(program: Program, site: Site, release: Release, ending: str) -> None:
    feed = feedparser.parse(program.run("export", "all", "--format", ending).stdout)
    (entry,) = [entry for entry in feed.entries if entry.link == site.url + LINK]
    assert entry.title == release.title
    assert entry.published_parsed[:3] == (2023, 5, 17)
    assert [author.name for author in entry.authors] == [AUTHOR]
    assert paragraphs_of(entry.content[0].value) == release.paragraphs
    assert [tag.label or tag.term for tag in entry.tags] == [CATEGORIES[-1]]


def test_the_release_comes_out_whole_in_json(program: Program, site: Site, release: Release) -> None:
    feed = json.loads(program.run("export", "all", "--format", "json").stdout)
    (item,) = [item for item in feed["items"] if item["url"] == site.url + LINK]
    assert item["title"] == release.title
    assert paragraphs_of(item["content_html"]) == release.paragraphs
    assert [author["name"] for author in item["authors"]] == [AUTHOR]


def test_what_is_kept_is_as_printed(program: Program, site: Site) -> None:
    entries = program.json("entries", "--limit", "100")
    assert {entry["title"] for entry in entries if entry["link"] != site.url + LINK} == set(OTHERS)
    (entry,) = [entry for entry in entries if entry["link"] == site.url + LINK]
    assert entry["published_day"] == "2023-05-17"
    assert entry["publisher"] == PUBLISHER
    assert entry["authors"] == [AUTHOR]
    assert entry["category_path"] == list(CATEGORIES)
    assert entry["categories"] == ["expo/news-center/specials/2023-ciie-stories/in-focus"]
