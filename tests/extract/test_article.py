"""The body of a release page: the story whole, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.extract.document import Document
from feedsvc.extract.enclosures import find_enclosures
from feedsvc.extract.images import largest
from feedsvc.extract.paging import find_pages
from feedsvc.extract.story import Story, read_story
from feedsvc.model import Page, ReleaseRules
from feedsvc.normalize.sanitize import sanitize
from feedsvc.normalize.text import body_text

URL = "https://press.example/news/2026/bridge.html"
TITLE = "New bridge over the river opens to traffic after six years"
STORY = (
    "The new bridge over the river was opened to traffic on Monday, six years after the first pile was driven.",
    "Some 12,000 vehicles a day are expected to use it, which the council says will halve the time to the station.",
    "Engineers had to move the foundations twice, because the bed of the river proved softer than surveys had shown.",
    "The old bridge, built in 1931, will be kept for walkers and cyclists, and its lamps are to be restored.",
)
NAV = "<div class=nav><ul>" + "".join(f"<li><a href=/{n}>Section {n}</a></li>" for n in range(9)) + "</ul></div>"
ASIDE = (
    "<div class=sidebar><h3>Related</h3><ul>"
    + "".join(
        f"<li><a href=/old/{n}>An older story with a long headline, number {n}</a> 2025-0{n}-11</li>"
        for n in range(1, 8)
    )
    + "</ul></div>"
)
HEAD = f"<html lang=en><head><title>{TITLE} - Example Press</title></head><body>{NAV}"
FOOT = "<div class=footer><p>Copyright Example Press. All rights reserved.</p></div></body></html>"


def document(text: str, url: str = URL) -> Document:
    return Document.parse(Page(url=url, requested_url=url, text=text, fetched_at=datetime(2026, 1, 2, tzinfo=UTC)))


def read(text: str, rules: ReleaseRules | None = None) -> Story:
    return read_story(document(text), rules or ReleaseRules(), title=TITLE)


def lines(story: Story) -> tuple[str, ...]:
    html = sanitize(story.body.text, base_url=URL) if story.body else ""
    return tuple(body_text(html, captions=False).split("\n"))


def paragraphs() -> str:
    return "".join(f"<p><span>{text}</span></p>" for text in STORY)


def in_its_own_markup() -> str:
    return (
        f"{HEAD}<div class=main>{ASIDE}<div class=right><h1>{TITLE}</h1><div class=info>Release date: 2026-01-02 "
        f"Source: Example Bureau</div><div id=content>{paragraphs()}<p>By Ann Walker</p></div></div></div>{FOOT}"
    )


def without_a_heading() -> str:
    return in_its_own_markup().replace("<h1>", "<div class=t>").replace("</h1>", "</div>")


def in_a_table() -> str:
    return (
        f"{HEAD}<table><tr><td width=200>{ASIDE}</td><td><table><tr><td align=center><b>{TITLE}</b></td></tr><tr><td>"
        f"Release date: 2026-01-02 Source: Example Bureau</td></tr><tr><td>{paragraphs()}"
        f"<p align=right>By Ann Walker</p></td></tr></table></td></tr></table>{FOOT}"
    )


def set_apart_by_line_breaks() -> str:
    story = "<br><br>".join((*STORY, "By Ann Walker"))
    return f"{HEAD}<div class=main><h1>{TITLE}</h1><div>{story}</div></div>{ASIDE}{FOOT}"


@pytest.mark.parametrize("page", [in_its_own_markup, without_a_heading, in_a_table, set_apart_by_line_breaks])
def test_the_body_is_the_story_and_nothing_else(page: object) -> None:
    assert callable(page)
    assert lines(read(page())) == STORY


def test_line_breaks_become_paragraphs() -> None:
    story = read(set_apart_by_line_breaks())
    assert story.body is not None
    assert len(re.findall(r"<p\b", story.body.text)) == len(STORY)


def test_a_rule_for_the_body_is_cleaned_of_the_byline_too() -> None:
    assert lines(read(in_its_own_markup(), ReleaseRules(body="#content"))) == STORY


def test_a_picture_behind_the_last_paragraph_of_a_ruled_body_stays_and_one_behind_other_text_does_not() -> None:
    teaser = "<p>Copyright Example Press</p><img src=/other.jpg width=800>"
    page = (
        f"{HEAD}<h1>{TITLE}</h1><div id=content>{paragraphs()}<p><img src=/end.jpg width=800></p>{teaser}</div>{FOOT}"
    )
    story = read(page, ReleaseRules(body="#content"))
    assert lines(story) == STORY
    assert story.body is not None
    assert re.findall(r"[a-z]+[.]jpg", story.body.text) == ["end.jpg"]
    assert story.image is not None
    assert story.image.url == "https://press.example/end.jpg"


def test_what_a_rule_removes_is_gone() -> None:
    page = in_its_own_markup().replace(
        "<p>By Ann", "<div class=box><p>" + "Words of a box. " * 20 + "</p></div><p>By Ann"
    )
    assert lines(read(page, ReleaseRules(body="#content", remove=(".box",)))) == STORY
    assert lines(read(page, ReleaseRules(remove=(".box",)))) == STORY


def test_markup_links_and_images_of_the_story_stay() -> None:
    page = (
        in_its_own_markup()
        .replace("</span></p><p><span>Some", "</span></p><figure><img src=/i/b.jpg width=800></figure><p><span>Some")
        .replace("the council", "<a href=/council><b>the council</b></a>")
    )
    story = read(page)
    assert story.body is not None
    assert '<a href="/council"><b>the council</b></a>' in story.body.text
    assert "/i/b.jpg" in story.body.text
    assert story.image is not None
    assert story.image.url == "https://press.example/i/b.jpg"


def test_a_page_without_prose_has_no_body() -> None:
    assert read(f"{HEAD}{FOOT}").body is None
    assert read("").body is None


PIECES = (
    "<p>", "</p>", "<div>", "<br>", "<br>", "</div>", "<table><tr><td>", "<a href=x>", "</a>", "<img src=a.jpg>",
    "Words of prose, quite a few of them, in a row. ", "<figure>", "<ul><li>", "<!--", "\x01",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_markup_makes_reading_raise(pieces: list[str]) -> None:
    page = "".join(pieces)
    read(page)
    read(page, ReleaseRules(body="div", remove=("p", "a"), image="img"))


def test_a_declared_logo_is_no_lead_image() -> None:
    page = in_its_own_markup().replace("<head>", '<head><meta property=og:image content="/img/logo-share.png">')
    assert read(page).image is None


def test_the_lead_image_carries_its_caption() -> None:
    page = (
        in_its_own_markup()
        .replace("<head>", "<head><meta property=og:image content=/i/bridge-large.jpg>")
        .replace(
            "<div id=content>",
            "<div id=content><figure><img data-src=/i/bridge-large.jpg><figcaption>At dawn</figcaption></figure>",
        )
    )
    image = read(page).image
    assert image is not None
    assert (image.url, image.title) == ("https://press.example/i/bridge-large.jpg", "At dawn")


def test_the_largest_source_wins() -> None:
    assert largest("a.jpg 320w, b.jpg 1200w, c.jpg 800w") == "b.jpg"
    assert largest("a,1.jpg 1x, b,1.jpg 2x") == "b,1.jpg"


def test_files_come_with_type_and_printed_size() -> None:
    found = find_enclosures(
        document(""), '<p><a href="/f/plan.pdf">Plan (PDF, 1.5 MB)</a> <audio src="/a.mp3"></audio>'
    )
    assert [(one.url, one.type, one.length) for one in found] == [
        ("https://press.example/f/plan.pdf", "application/pdf", 1_572_864),
        ("https://press.example/a.mp3", "audio/mpeg", None),
    ]


def test_further_pages_are_numbered_continuations_of_the_address() -> None:
    page = "<a href=bridge_2.html>2</a> <a href=bridge_3.html>3</a> <a href=/archive/2>2</a> <a href=/x.html>4</a>"
    assert find_pages(document(page)) == (
        "https://press.example/news/2026/bridge_2.html",
        "https://press.example/news/2026/bridge_3.html",
    )


def test_tracking_in_an_address_hides_no_further_page() -> None:
    page = '<a href="/show?id=7&page=2">2</a> <a href="/show?id=8&page=3">3</a>'
    tracked = "https://press.example/show?utm_source=list&id=7"
    assert find_pages(document(page, tracked)) == ("https://press.example/show?id=7&page=2",)
    assert find_pages(document(page, "https://press.example/show?id=9")) == ()


def test_a_story_that_only_the_page_s_data_holds_is_read() -> None:
    markup = json.dumps("".join(f"<p>{text}</p>" for text in STORY * 2)).replace("<", "\\u003c")
    page = (
        f'<html><body><div id=app></div><script>window.state = {{"a": {{"content": {markup}}}}}</script></body></html>'
    )
    story = read(page)
    assert story.body is not None
    assert story.body.where == "data"
    assert lines(story) == STORY


def test_paragraphs_beyond_a_box_belong_to_the_story() -> None:
    parts = [f"<div class=part><p class=text>{text}</p></div>" for text in STORY * 1]
    box = "<div class=newsletter><p>Subscribe to our newsletter: the news of the week every Friday.</p></div>"
    page = f"{HEAD}<h1>{TITLE}</h1><div class=story>{box.join(parts)}</div>{FOOT}"
    assert lines(read(page)) == STORY


def test_lines_that_come_again_and_again_are_no_story() -> None:
    page = in_its_own_markup().replace("</span></p>", "</span></p><p>Article content</p>")
    assert lines(read(page)) == STORY


RESOURCES = "".join(f"<li><a href=/doc/{n}>Handbook of the bridge, part {n}</a></li>" for n in range(1, 4))


def ruled(body: str) -> str:
    story = read(f"{HEAD}<h1>{TITLE}</h1><div id=story>{body}</div>{FOOT}", ReleaseRules(body="#story"))
    return "\n".join(lines(story))


def test_a_list_of_links_that_the_story_leads_to_and_goes_on_after_stays() -> None:
    text = ruled(f"<p>{STORY[0]}</p><p>The council publishes:</p><ul>{RESOURCES}</ul><p>{STORY[1]}</p>")
    assert all(f"Handbook of the bridge, part {n}" in text for n in range(1, 4))


def test_a_changelog_keeps_the_changes_that_are_links_beside_those_that_are_not() -> None:
    changes = "<li>Loads twice as fast on slow machines</li><li><a href=/i/7>Fix the crash on start</a></li>"
    text = ruled(f"<h2>2.1.0</h2><ul>{changes}</ul>")
    assert "Fix the crash on start" in text


@pytest.mark.parametrize("lead", ["", "<p>Read also:</p>", "<p>More news:</p>"])
def test_a_list_of_links_behind_the_story_is_no_part_of_it(lead: str) -> None:
    assert "Handbook" not in ruled(f"<p>{STORY[0]}</p><p>{STORY[1]}</p>{lead}<ul>{RESOURCES}</ul>")
