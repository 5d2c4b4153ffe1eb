"""Bylines without structured data: marked elements, author pages, several authors, words after names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.release import read_release
from feedsvc.model import Page, ReleaseRules
from feedsvc.normalize.names import person_names

NOW = datetime(2026, 1, 5, tzinfo=UTC)
URL = "https://harbour.example/news/1"
PROSE = "<p>The harbour board met on Monday and agreed on the plan for the new quays, which opens next spring.</p>"


def _authors(byline: str, *, after: str = "") -> tuple[str, ...]:
    page = (
        "<html><head><title>Harbour board agrees on new quays</title></head><body><main>"
        f"<h1>Harbour board agrees on new quays</h1>{byline}{PROSE * 3}{after}</main></body></html>"
    )
    draft = read_release(Document.parse(Page(url=URL, requested_url=URL, text=page, fetched_at=NOW)), ReleaseRules())
    return person_names(found.text for found in draft.authors)


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<div><a href='/author/maria-holm'>Maria Holm</a></div>", ("Maria Holm",)),
        ("<p><a href='https://harbour.example/autoren/jan-brandt'>Jan Brandt</a></p>", ("Jan Brandt",)),
        (
            "<div><a class='author' href='#'>Maria Holm</a><br><a class='author' href='#'>Bo Li</a></div>",
            ("Maria Holm", "Bo Li"),
        ),
        (
            "<div><div class='byline'>Maria Holm</div><div class='byline'>Bo Li</div></div>",
            ("Maria Holm", "Bo Li"),
        ),
        ("<p>Von Maria Holm, Redakteurin für Wirtschaft</p>", ("Maria Holm",)),
        ("<p>Von Jan Brandt, Volontär (Sport)</p>", ("Jan Brandt",)),
        ("<p>Von Jan Brandt, Online-Redakteur</p>", ("Jan Brandt",)),
        ("<p>By Alexa von Heyde</p>", ("Alexa von Heyde",)),
        ("<p>Kommentar von <a class='author' href='#'>Anna Berg</a></p>", ("Anna Berg",)),
        (
            "<div class='byline'><span class='firstname'>Maria Anna</span> <span class='lastname'>Holm</span></div>",
            ("Maria Anna Holm",),
        ),
        ("<p>홍길동 기자</p>", ("홍길동",)),
        ("<div class='writer'>순천, 서울 홍길동 기자 hong@harbour.example</div>", ("홍길동",)),
        ("<p>홍길동·김영희 기자</p>", ("홍길동", "김영희")),
        ("<p>(서울=항구통신) 홍길동 특파원</p>", ("홍길동",)),
    ],
)
def test_a_byline_gives_its_names(byline: str, names: tuple[str, ...]) -> None:
    assert _authors(byline) == names


def test_authors_of_other_stories_are_not_this_ones() -> None:
    teasers = "".join(
        f"<li><a href='/news/{n}'>Another story about quays</a> <a class='author' href='/author/{n}'>{name}</a></li>"
        for n, name in enumerate(("Ann Lee", "Tom Ray", "Sue Orr"))
    )
    names = _authors("<p class='author'>Maria Holm</p>", after=f"<aside><ul>{teasers * 4}</ul></aside>")
    assert names == ("Maria Holm",)
