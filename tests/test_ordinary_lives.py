"""Ordinary sites: all that they list is there once after each scrape of a good day, and bad days leave no trace.

Each life that is told here went wrong once; ``tests.support.ordinary_lives`` looks for more.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from feedsvc.lexicon.pagelooks import Look
from tests.support.ordinary_lives import Ordinary, Style, is_fair, lived, made, made_bad

NEWS = Ordinary(hours=24, releases=1)
HEADLINES = "another headline"
LIVES = {
    "lists say how long ago, and round down": (
        Style(form="atom", dates="relative", shown=6, lists=2),
        Ordinary(12),
        Ordinary(12, releases=2),
        NEWS,
        Ordinary(12, releases=1),
    ),
    "all of a list came out a week ago": (Style(dates="relative alone", shown=6), Ordinary(24, releases=4)),
    "pages say how long ago, a year stands in their address": (Style(dates="relative everywhere"), Ordinary()),
    "numbers of bulletins look like months": (Style(titles="numbers", dates="relative everywhere"), Ordinary()),
    "pages without dates, a year stands in their address": (Style(dates="none", frame="the latest"), Ordinary()),
    "releases are files that pages link to": (Style(body="a link to a file"), NEWS),
    "pages have headlines of their own, and a box of others": (Style(titles=HEADLINES, frame="related"), NEWS),
    "such pages of bulletins": (Style(titles=HEADLINES, body="a bulletin"), Ordinary()),
    "such pages are known the next day": (Style(titles=HEADLINES), Ordinary(24), NEWS),
    "such pages behind redirects, days that are rounded": (
        Style(titles=HEADLINES, address="a redirect", dates="relative alone"),
        Ordinary(24),
        NEWS,
    ),
    "such a release is corrected in the list": (
        Style(titles=HEADLINES, address="a redirect", dates="relative alone"),
        Ordinary(),
        Ordinary(48, corrects=True),
    ),
    "a data feed titles all alike": (Style(form="json feed", titles="read more"), Ordinary(1), NEWS),
    "news of a feed that titles all alike come in at once": (Style(form="atom", titles="read more"), *[NEWS] * 3),
    "one of a feed that titles all alike is taken back": (
        Style(form="json feed", titles="read more"),
        Ordinary(1, releases=4),
        Ordinary(1, releases=1, withdraws=True),
    ),
    "much comes out below a pinned item": (Style(shown=6, dates="none", pins="old"), Ordinary(), Ordinary(releases=4)),
    "the second page of an article goes on": (Style(body="two pages"), Ordinary(1), Ordinary(extends=True)),
    "a text in a feed goes on": (Style(form="rss", body="the feed has it"), Ordinary(24), Ordinary(12, extends=True)),
    "a title in a feed is corrected": (Style(form="atom", body="the feed has it"), Ordinary(), Ordinary(corrects=True)),
    "articles of two pages, links with tracking": (Style(body="two pages", address="a tracking id"), NEWS),
}


SPOILT = {
    "pages of a sitemap are under maintenance": (
        Style(form="sitemap"),
        Ordinary(),
        Ordinary(releases=1, pages=Look.MAINTENANCE),
    ),
    "a page is still so when it is looked at for the last time": (
        Style(),
        *[Ordinary(48)] * 3,
        Ordinary(48, corrects=True),
        Ordinary(24, pages=Look.CHALLENGE),
    ),
}


@pytest.mark.parametrize("name", [*LIVES, *SPOILT])
def test_a_life_that_went_wrong_once(name: str, tmp_path: Path) -> None:
    style, *days = (LIVES | SPOILT)[name]
    faults, log = lived(style, days, tmp_path)
    assert faults == [], "\n".join(log)


@pytest.mark.parametrize("number", [*range(8), *(pytest.param(one, marks=pytest.mark.slow) for one in range(8, 120))])
def test_any_life_with_bad_days(number: int, tmp_path: Path) -> None:
    style, days = made_bad(number)
    faults, log = lived(style, days, tmp_path) if is_fair(style, days) else ([], [])
    assert faults == [], "\n".join(log)


@pytest.mark.parametrize(
    "number", [pytest.param(number, marks=() if number < 12 else pytest.mark.slow) for number in range(120)]
)
def test_any_life(number: int, tmp_path: Path) -> None:
    style, days = made(number)
    faults, log = lived(style, days, tmp_path) if is_fair(style, days) else ([], [])
    assert faults == [], "\n".join(log)
