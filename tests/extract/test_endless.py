"""Pages of tens of thousands of lines are read, and what stands at their top is found (rule F6)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.release import read_release
from feedsvc.fetch.decoding import page_from_bytes
from feedsvc.model import ReleaseRules

LINES = 12_000
PAGES = {
    "paragraphs": "".join(
        f"<p>Paragraph {n} tells of a harbour and of its quays on that day.</p>" for n in range(LINES)
    ),
    "paragraphs of links": "".join(f"<p><a href='/{n}.html'>link number {n} of many</a></p>" for n in range(LINES)),
    "links in one line": "".join(f"<a href='/{n}.html'>link number {n} of many</a> " for n in range(LINES)),
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in PAGES.items()])
def test_the_top_of_an_endless_page_is_read(text: str) -> None:
    html = f"<html><body><h1>Harbour on schedule</h1><p>Release date: 2023-05-17</p>{text}</body></html>"
    page = page_from_bytes(
        html.encode(),
        url="https://x.example/1.html",
        content_type="text/html",
        fetched_at=datetime(2024, 1, 1, tzinfo=UTC),
    )
    draft = read_release(Document.parse(page), ReleaseRules())
    assert draft.title is not None
    assert draft.title.text == "Harbour on schedule"
    assert draft.published[0].text == "2023-05-17"
