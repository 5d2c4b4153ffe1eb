"""What belongs to a release beside its prose: its files, players and pictures, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.release import read_release
from feedsvc.extract.story import Story, read_story
from feedsvc.model import Found, ListingItem, Page, ReleaseRules

URL = "https://town.example/news/harbour"
TITLE = "Minutes of the sitting on the harbour"
PROSE = "".join(
    f"<p>The council sat for hours, and part {part} of what it said is told in this line.</p>" for part in range(8)
)


def read(below: str, *, around: str = "<main><article>{}</article></main>", rules: ReleaseRules | None = None) -> Story:
    head = f"<h1>{TITLE}</h1><p class=date>28 February 2026</p>"
    text = (
        f"<html><head><title>{TITLE}</title></head><body><header><a href='/map.pdf'>Map of the town</a></header>"
        f"{around.format(head + below)}"
        "<aside><a href='/old.pdf'>Older minutes</a></aside><footer><a href='/terms.pdf'>Terms</a></footer>"
        "</body></html>"
    )
    page = Page(url=URL, requested_url=URL, text=text, fetched_at=datetime(2026, 3, 1, tzinfo=UTC))
    return read_story(Document.parse(page), rules or ReleaseRules(), title=TITLE)


def files(story: Story) -> list[str]:
    return [one.url.rpartition("/")[2] for one in story.enclosures]


@pytest.mark.parametrize(
    "box",
    [
        "<h2>Downloads</h2><ul><li><a href='/19.pdf'>Minutes (PDF, 119 KB)</a></li></ul>",
        "<div class=downloads><a href='/19.pdf'><span>Minutes</span></a></div>",
        "<table><tr><td><a href='/19.pdf'>Minutes</a></td></tr></table>",
    ],
)
@pytest.mark.parametrize("around", ["<main><article>{}</article></main>", "<div><div>{}</div></div>", "{}"])
def test_downloads_below_the_text_are_enclosures(box: str, around: str) -> None:
    story = read(PROSE + box, around=around)
    assert files(story) == ["19.pdf"]
    assert story.body is not None
    assert "part 7" in story.body.text


def test_files_of_sidebars_feet_and_removed_parts_are_not() -> None:
    boxes = "<aside><a href='/other.pdf'>Another</a></aside><div class=related><a href='/third.pdf'>Third</a></div>"
    gone = "<div class=press><a href='/kit.zip'>Press kit</a></div>"
    assert files(read(PROSE + boxes)) == []
    assert files(read(PROSE + gone, rules=ReleaseRules(remove=(".press",)))) == []
    assert files(read(PROSE + gone)) == ["kit.zip"]


@pytest.mark.parametrize(
    "page",
    {
        "a legal line at the foot of the page": (
            f"<div class=top><h1>{TITLE}</h1></div><div class=text>{PROSE}</div>"
            "<div class=legal><a href='/privacy.pdf'>Privacy (PDF)</a></div>"
        ),
        "reports in a column": (
            f"<div><h1>{TITLE}</h1><div class=row><div class=col>{PROSE}</div><div class=col><h3>Annual reports</h3>"
            "<a href='/2025.pdf'>2025 (PDF)</a></div></div></div>"
        ),
        "files of other releases": (
            f"<main><h1>{TITLE}</h1>{PROSE}<h2>More news</h2><div class=card><h4>A tram</h4>"
            "<a href='/tram.pdf'>PDF</a></div></main>"
        ),
        "a podcast": f"<main><h1>{TITLE}</h1>{PROSE}<h2>Listen to us</h2><audio src='/latest.mp3'></audio></main>",
    }.items(),
    ids=lambda case: case[0],
)
def test_what_stands_by_every_release_is_attached_to_none(page: tuple[str, str]) -> None:
    text = f"<html><body>{page[1]}</body></html>"
    document = Document.parse(Page(url=URL, requested_url=URL, text=text, fetched_at=datetime(2026, 3, 1, tzinfo=UTC)))
    assert files(read_story(document, ReleaseRules(), title=TITLE)) == []


def test_a_release_that_is_one_file_shows_the_link() -> None:
    story = read("<p><a href='/19.pdf'>Download (119 KB)</a></p>")
    assert story.body is not None
    assert 'href="/19.pdf"' in story.body.text
    assert "Download" in story.body.text
    assert [(one.url, one.length) for one in story.enclosures] == [("https://town.example/19.pdf", 119 * 1024)]


def test_a_release_that_is_one_picture_shows_it() -> None:
    story = read("<p><a href='/19-large.jpg'><img src='/19.jpg' alt='Poster of the harbour'></a></p>")
    assert story.body is not None
    assert story.body.text.count("<img") == 1
    assert story.image is not None
    assert story.image.url == "https://town.example/19.jpg"


def test_a_release_that_is_one_video_plays_it() -> None:
    story = read("<video controls><source src='/19.mp4' type='video/mp4'></video>")
    assert story.body is not None
    assert story.body.text.count("<source") == 1
    assert files(story) == ["19.mp4"]


def test_without_its_heading_nothing_is_taken() -> None:
    text = f"<html><body><main>{PROSE}</main><div><a href='/19.pdf'>Minutes</a></div></body></html>"
    page = Page(url=URL, requested_url=URL, text=text, fetched_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert files(read_story(Document.parse(page), ReleaseRules(), title=TITLE)) == []


def test_the_frame_of_an_app_is_no_release() -> None:
    assert read("<img src='/hero.jpg'><div id=root></div>").body is None


def test_pictures_that_lead_to_pages_are_no_release() -> None:
    assert read("<ul><li><a href='/products/1'><img src='/1.jpg' alt='One'></a></li></ul>").body is None


def test_a_page_without_prose_under_another_title_than_promised_is_no_release() -> None:
    text = f"<html><body><main><h1>{TITLE}</h1><img src='/hero.jpg'><a href='/1.pdf'>1 (PDF)</a></main></body></html>"
    page = Page(url=URL, requested_url=URL, text=text, fetched_at=datetime(2026, 3, 1, tzinfo=UTC))
    other = ListingItem(url=URL, title=Found(text="A tram to the harbour", where="list"))
    for item in (other, ListingItem(url=URL)):
        body = read_release(Document.parse(page), ReleaseRules(), item).body
        assert body is None or body.where != "files"
