"""Dates that stand somewhere on a page: read by our own forms, never by trying all languages of the world."""

from __future__ import annotations

from datetime import UTC, datetime

import dateparser.date
import htmldate.extractors
import pytest

from feedsvc.extract.document import Document
from feedsvc.extract.release import read_release
from feedsvc.model import Page, ReleaseRules, Source
from feedsvc.normalize.entry import normalize


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("duminică, 20 septembrie 2020", "2020-09-20"),
        ("miércoles, 4 de mayo de 2022", "2022-05-04"),
        ("15 августа 2016, 13:43", "2016-08-15"),
        ("2019年3月15日 09:43", "2019-03-15"),
        ("28. 4. 2023, 18:41", "2023-04-28"),
        ("06. 01. 2024, 14:59 Uhr", "2024-01-06"),
    ],
)
def test_a_lone_date_far_from_the_title_is_read_without_trying_all_languages(
    line: str, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a second of CPU for the first line of a process")

    monkeypatch.setattr(dateparser.date.DateDataParser, "get_date_data", refuse)
    story = "".join(f"<p>{'Words of a story that goes on and on. ' * 3}</p>" for _ in range(12))
    markup = f"<html><body><h1>Our new harbour opens</h1>{story}<div><span>{line}</span></div></body></html>"

    url = "https://harbour.example/news/opening"
    page = Page(url=url, requested_url=url, text=markup, fetched_at=datetime(2026, 5, 9, tzinfo=UTC))
    draft = read_release(Document.parse(page), ReleaseRules())

    assert next((found.text for found in draft.published if found.where == "htmldate"), None) == day


@pytest.mark.parametrize("line", ["31. 13. 2024, 14:59 Uhr", "Jan 04 09:34 2021", "06. 01. 24", "6 de blubb 2022", ""])
def test_what_names_no_day_is_no_date(line: str) -> None:
    assert htmldate.extractors.get_external_parser().get_date_data(line)["date_obj"] is None


@pytest.mark.parametrize(
    "heading", ["Subscribe to our newsletter today", "What we learned two days ago at the harbour"]
)
def test_a_day_that_a_title_speaks_of_is_no_release_date(heading: str) -> None:
    markup = f"<html><body><article><h1>{heading}</h1><p>{'Words of a page. ' * 9}</p></article></body></html>"
    url = "https://harbour.example/newsletter"
    page = Page(url=url, requested_url=url, text=markup, fetched_at=datetime(2026, 5, 9, tzinfo=UTC))
    assert read_release(Document.parse(page), ReleaseRules()).published == ()


def published(markup: str, url: str) -> list[tuple[str, str]]:
    page = Page(url=url, requested_url=url, text=markup, fetched_at=datetime(2026, 5, 9, tzinfo=UTC))
    return [(found.text, found.where) for found in read_release(Document.parse(page), ReleaseRules()).published]


STORY = "".join(f"<p>{'Words of a story that goes on and on. ' * 3}</p>" for _ in range(12))


def test_a_year_alone_is_no_new_year_s_day() -> None:
    markup = f"<html><body><h1>Our new harbour opens</h1>{STORY}<footer>© 2026 Harbour</footer></body></html>"
    assert published(markup, "https://harbour.example/news/2026/opening") == []


def test_the_first_of_january_is_read_where_it_is_printed() -> None:
    markup = f"<html><body><h1>Our new harbour opens</h1>{STORY}<div><span>1 January 2026</span></div></body></html>"
    assert ("2026-01-01", "htmldate") in published(markup, "https://harbour.example/news/2026/opening")


def test_days_ago_count_more_than_the_month_in_a_number() -> None:
    markup = f"<html><body><h1>Bulletin No. 3/2026</h1><p>2 days ago</p>{STORY}</body></html>"
    page = Page(
        url="https://harbour.example/b/3",
        requested_url="https://harbour.example/b/3",
        text=markup,
        fetched_at=datetime(2026, 5, 9, 12, tzinfo=UTC),
    )
    source = Source(key="harbour", urls=("https://harbour.example/b/",), title="Harbour")
    entry = normalize(read_release(Document.parse(page), ReleaseRules()), item=None, source=source, now=page.fetched_at)
    assert entry.published is not None
    assert entry.published.day == "2026-05-07"
    assert "days ago" not in entry.content
