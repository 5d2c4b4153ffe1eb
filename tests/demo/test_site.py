"""The demo has what real news centres have: lists, breadcrumbs, label lines, pictures, papers, an old encoding."""

from __future__ import annotations

import struct
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.config import load
from feedsvc.demo import Site, SiteServer, write_configuration
from feedsvc.demo.stories import FRESH, STORIES
from feedsvc.demo.story import SECTIONS
from feedsvc.extract.document import Document
from feedsvc.extract.listing import read_listing
from feedsvc.model import Page, Rules

OPENED = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
SITE = Site(opened=OPENED, every=timedelta(seconds=30))


def text(path: str, now: datetime = OPENED, encoding: str = "utf-8") -> str:
    answer = SITE.answer(path, now)
    assert answer is not None
    return answer.body.decode(encoding)


def test_every_address_on_the_site_answers() -> None:
    now = OPENED + timedelta(minutes=10)
    for published in SITE.published(now):
        story = published.story
        assert SITE.answer(published.path, now) is not None
        assert (SITE.answer(f"/papers/{story.section}/{story.slug}.pdf", now) is not None) == bool(story.paper)
    for section in SECTIONS:
        assert SITE.answer(f"/news/{section.key}/", now) is not None


@pytest.mark.parametrize(
    "path", ["/nowhere", "/news/research/index_99.html", "/news/research/index_x.html", "/papers/a/b.pdf"]
)
def test_an_unknown_address_is_not_found(path: str) -> None:
    assert SITE.answer(path, OPENED) is None


def test_a_release_comes_out_at_each_interval() -> None:
    assert len(SITE.published(OPENED)) == len(STORIES)
    later = SITE.published(OPENED + timedelta(seconds=61))
    assert [published.story for published in later[:2]] == [FRESH[1], FRESH[0]]


def test_it_never_runs_out_of_news() -> None:
    stories = [published.story for published in SITE.published(OPENED + timedelta(minutes=100))]
    assert len({(story.section, story.slug) for story in stories}) == len(stories) == len(STORIES) + 200


def test_lists_are_paged_and_the_last_page_ends_them() -> None:
    assert 'class="next" href="/news/research/index_2.html"' in text("/news/research/", OPENED + timedelta(minutes=5))
    assert 'class="next"' not in text("/news/visitors/")


def test_a_release_has_breadcrumb_label_line_byline_picture_and_paper() -> None:
    page = text("/news/research/20260503/slow-pulse-in-the-heron-cluster.html")
    for words in (
        'You are here: <a href="/">Home</a>',
        "Release date: 2026-05-03 16:30    Source: Tern Island Observatory",
        "<p>By Mara Quill</p>",
        "/pictures/research/slow-pulse-in-the-heron-cluster.png",
        "/papers/research/slow-pulse-in-the-heron-cluster.pdf",
    ):
        assert words in page


def test_the_chinese_section_is_gb18030_under_an_old_label() -> None:
    page = text("/news/zhongwen/20260501/20260503.html", encoding="gb18030")
    assert '<meta charset="gb2312">' in page
    assert "发布时间：2026年05月01日　来源：燕鸥岛护林站" in page


def test_pictures_are_png_and_papers_are_pdf() -> None:
    picture = SITE.answer("/pictures/research/slow-pulse-in-the-heron-cluster.png", OPENED)
    paper = SITE.answer("/papers/research/slow-pulse-in-the-heron-cluster.pdf", OPENED)
    assert picture is not None
    assert paper is not None
    assert struct.unpack(">II", picture.body[16:24]) == (640, 360)
    assert picture == SITE.answer("/pictures/research/slow-pulse-in-the-heron-cluster.png", OPENED)
    start = int(paper.body.rpartition(b"startxref\n")[2].split()[0])
    assert paper.body[start:].startswith(b"xref\n0 6\n")


def test_the_server_answers_with_validators() -> None:
    with SiteServer(SITE, clock=lambda: OPENED) as server:
        with urllib.request.urlopen(f"{server.url}news/research/") as answer:
            tag = answer.headers["ETag"]
            assert answer.headers["Content-Type"] == "text/html"
        request = urllib.request.Request(f"{server.url}news/research/", headers={"If-None-Match": tag})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request)
        assert caught.value.code == 304
        caught.value.close()


def test_its_front_page_is_a_source_of_the_latest_releases_by_itself() -> None:
    url = "http://127.0.0.1:4711/"
    page = Page(url=url, requested_url=url, text=text("/"), fetched_at=OPENED)
    latest = [one for one in SITE.published(OPENED) if one.story.section != "zhongwen"][:8]
    assert [item.url for item in read_listing(Document.parse(page), Rules()).items] == [
        f"http://127.0.0.1:4711{one.path}" for one in latest
    ]


def test_its_configuration_is_valid(tmp_path: Path) -> None:
    write_configuration(tmp_path, site_url="http://127.0.0.1:4711/", base_url="http://127.0.0.1:8080")
    config = load(tmp_path, {"HOME": "/h"})
    assert config.warnings == ()
    assert config.settings.fetch.allow_targets == ("127.0.0.1:4711",)
    assert [source.key for source in config.sources] == sorted(section.key for section in SECTIONS)
