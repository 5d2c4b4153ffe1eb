"""HTML of strangers made safe; the vectors are our own, after the classes of attack that HTML makes possible."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.normalize.markup import ATTRIBUTES, TAGS
from feedsvc.normalize.sanitize import sanitize

BASE = "https://site.example/news/story.html"
SCHEMES = ("http://", "https://", "mailto:", "tel:")


class Inspection(HTMLParser):
    """Every tag and attribute that a lenient parser sees."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name == "rel" and value == "noopener noreferrer":
                continue
            if name not in ATTRIBUTES.get(tag, frozenset()) | ATTRIBUTES["*"]:
                self.faults.append(f"{tag}@{name}")
            if name in ("href", "src", "cite", "poster") and not (value or "").startswith(SCHEMES):
                self.faults.append(f"{tag}@{name}={value}")
            if name == "srcset" and any(not one.strip().startswith(SCHEMES[:2]) for one in (value or "").split(", ")):
                self.faults.append(f"{tag}@{name}={value}")

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"<?{data}>")


#: Script URLs, the places where a URL can stand, whole vectors, and markup that must come through untouched.
CORPUS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
SCRIPT_URLS, URL_PLACES = CORPUS["script_urls"], CORPUS["url_places"]
VECTORS, HARMLESS = CORPUS["vectors"], CORPUS["harmless"]
ALL_VECTORS = [
    *VECTORS,
    *(place.replace("{}", url.replace('"', "&quot;")) for place in URL_PLACES for url in SCRIPT_URLS),
]


@pytest.mark.parametrize("vector", ALL_VECTORS)
def test_nothing_that_could_run_is_left(vector: str) -> None:
    clean = sanitize(f"<p>before</p>{vector}<p>after</p>", base_url=BASE)
    assert Inspection(clean).faults == []
    assert "before" in clean
    assert sanitize(clean, base_url=BASE) == clean


@pytest.mark.parametrize("markup", HARMLESS)
def test_harmless_markup_comes_through_as_it_is(markup: str) -> None:
    assert sanitize(markup, base_url=BASE) == markup


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<a href="../x">t</a>', '<a href="https://site.example/x" rel="noopener noreferrer">t</a>'),
        ('<a href="#note">1</a>', f'<a href="{BASE}#note" rel="noopener noreferrer">1</a>'),
        ('<a href="javascript:1">text stays</a>', "text stays"),
        ('<img src="data:image/gif;base64,R0" data-src="/i.jpg">', '<img src="https://site.example/i.jpg">'),
        ('<img src="/img/blank.gif" data-original="/i.jpg">', '<img src="https://site.example/i.jpg">'),
        ('<img data-srcset="/a.jpg 1x, /b.jpg 2x">', None),
        ('<img src="/i.jpg"><noscript><img src="/i.jpg"></noscript>', '<img src="https://site.example/i.jpg">'),
        ('<img src="/count" width="1" height="1">t', "t"),
        ('<img src="https://stats.wp.com/b.gif?x=1">t', "t"),
        ("<center><font color=red>old</font></center>", "<center>old</center>"),
        ("<form><label>Name</label><input></form>", "Name"),
        (
            '<iframe title="Film" src="//www.youtube-nocookie.com/embed/abcdefghijk?rel=0"></iframe>',
            '<a href="https://www.youtube.com/watch?v=abcdefghijk" rel="noopener noreferrer">Film</a>',
        ),
        ("<iframe src='https://ads.example/'>x</iframe>t", "t"),
    ],
)
def test_links_are_made_absolute_images_woken_and_junk_left_out(markup: str, expected: str | None) -> None:
    clean = sanitize(markup, base_url=BASE)
    if expected is None:
        assert re.search(r'src="https://site.example/a.jpg"', clean)
    else:
        assert clean == expected


TOKENS = (
    "<table> </table> <td> <tr> <a+href=/x> </a> <b> </b> <p> </p> <svg> </svg> <math> <mi> <select> <li> <ul> </ul>"
)
PIECES = st.sampled_from(
    [*VECTORS, *HARMLESS, *URL_PLACES, *TOKENS.replace("+", "\t").split(" "), "<!--", "-->", '"', "'", ">", "<", "&"]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=12))
def test_any_mixture_is_safe_and_sanitizing_again_changes_nothing(pieces: list[str]) -> None:
    clean = sanitize("".join(pieces), base_url=BASE)
    assert Inspection(clean).faults == []
    assert sanitize(clean, base_url=BASE) == clean


@pytest.mark.parametrize("depth", [100, 500])
def test_no_text_is_lost_within_the_depth_cap(depth: int) -> None:
    markup = "".join(f"<div>{level} " for level in range(depth))
    assert [int(one) for one in re.sub(r"<[^>]*>", "", sanitize(markup, base_url=BASE)).split()] == list(range(depth))


@pytest.mark.parametrize(
    "markup",
    [
        "<div>x" * 60_000,
        "<b title={}>" * 300 + "<p>x" * 30_000,
        "<b><div></b>x" * 30_000,
        "<div><table></div></table>x" * 20_000,
        "<li><ul></li>x" * 30_000,
        "<span><div></span>x" * 30_000,
        '<a b= =">' + "<div>x" * 50_000,
        "<div><svg><![CDATA[></svg></div>]]></svg>x" * 15_000,
        "<a><div>x" * 30_000,
        "<p " + " ".join(f"a{at}" for at in range(60_000)) + ">x",
        "<" * 300_000 + " x",
        "<!--" * 100_000,
        '<img src=x srcset="' + ", " * 100_000 + '">x',
        '<img src=x srcset="' + "a 1x, " * 20_000 + '">x',
    ],
    ids=[
        "nested",
        "formatting",
        "misnested",
        "tables",
        "lists",
        "spans",
        "quotes",
        "cdata",
        "links",
        "attributes",
        "lt",
        "comments",
        "srcset of commas",
        "srcset of many",
    ],
)
def test_pathological_markup_ends_and_stays_safe(markup: str) -> None:
    clean = sanitize(markup, base_url=BASE)
    assert "x" in clean or "<!--" in markup
    depth = deepest = 0
    for tag in re.findall(r"<(/?)(?!img|br|hr|wbr|col|source|track)[a-z]", clean):
        depth += -1 if tag else 1
        deepest = max(deepest, depth)
    assert deepest <= 520


def test_a_forced_direction_stays_forced_in_readers_that_do_not_know_its_tag() -> None:
    forced = '<p>part <bdi dir="rtl">\u202eABC\u202c</bdi> and D</p>'
    assert sanitize('<p>part <bdo dir="RTL">ABC</bdo> and <bdo>D</bdo></p>', base_url=BASE) == forced
    assert sanitize(forced, base_url=BASE) == forced


def test_ruby_keeps_its_readings_and_loses_what_checkers_call_no_html() -> None:
    written = "<ruby><rb>漢</rb><rp>(</rp><rt>kan</rt><rp>)</rp></ruby>"
    assert sanitize(written, base_url=BASE) == written.replace("<rb>", "").replace("</rb>", "")
