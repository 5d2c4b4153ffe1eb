"""Whole lives of a site, good and bad days in any order: all that its lists show is there once, under a living link.

Each life that is told here went wrong once; ``tests.support.made_lives`` looks for more.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from feedsvc.lexicon.pagelooks import Look
from tests.support.lives import Day, Nature
from tests.support.made_lives import is_fair, lived, made

WATCHED = Nature(past=10)
UNDATED = Nature(past=10, is_dated=False)
FIRST, ONCE = Nature(), Nature(is_rechecked=False)
LIVES = {
    "some pages are the home page": (ONCE, Day(8, pages="the home page", of=2)),
    "some pages are the home page, titles are marked": (
        ONCE,
        Day(6, listing="titles marked as new", pages="the home page", of=2),
    ),
    "some pages are a wall in words of its own": (FIRST, Day(8, 1, pages="the cellar", of=3)),
    "such a wall, and the budget ends": (FIRST, Day(3, pages="the cellar", of=2, requests=3)),
    "pages show another release, titles are cut": (WATCHED, Day(8, 2, "titles cut", pages="the first release")),
    "pages show another release after a cut": (
        FIRST,
        Day(3, requests=1, of=3),
        Day(3, 1, requests=1, of=3),
        Day(6, pages="the first release"),
    ),
    "pages cut short show another release later": (
        FIRST,
        Day(8, pages="half of itself"),
        Day(6, listing="release pages all show one of them"),
    ),
    "pages are cut when they are looked at for the last time": (
        Nature(),
        *[Day(8)] * 21,
        Day(8, pages="half of itself"),
    ),
    "a list without titles of login walls": (FIRST, Day(8, listing="titles gone", pages=Look.LOGIN)),
    "a list with one title whose pages show the list": (
        Nature(layout="cards", is_rechecked=False),
        Day(3, listing="all titles equal", pages="the list", of=2),
    ),
    "titles of a wrong day are asked of the pages": (
        FIRST,
        Day(8, listing="addresses used again for other stories", pages="the first release"),
        Day(8, listing="each item twice, the copy elsewhere", of=2),
    ),
    "an undated list with other addresses for half": (
        UNDATED,
        Day(1, listing="another base for half of the links", pages="half of itself", of=3),
    ),
    "an undated list elsewhere, pages cut": (UNDATED, Day(6, 1, "a staging host", pages="half of itself")),
    "an undated list of several pages elsewhere": (
        Nature(is_dated=False, shown=20, pages=3, begins_with=45, is_rechecked=False),
        Day(8, 2, "links to AMP versions"),
        *[Day(8, 2)] * 2,
        Day(1, 1),
    ),
    "an undated list with a menu": (UNDATED, Day(3, listing="a menu above the items")),
    "an undated list with a menu for days": (
        Nature(past=3, is_dated=False),
        Day(1, 1, "a menu above the items", of=3),
        Day(3, 1, "a menu above the items"),
    ),
    "an undated list with a subscription box": (UNDATED, Day(3, listing="a subscription box pinned to the top")),
    "an undated list with an advertisement": (UNDATED, Day(3, listing="an advertisement pinned to the top")),
    "a subscription box after a doubled list": (
        WATCHED,
        Day(3, listing="each item twice, the copy elsewhere"),
        Day(1, listing="a subscription box pinned to the top"),
    ),
    "a subscription box after dates of 1970": (
        FIRST,
        Day(3, listing="all dates 1970"),
        Day(3, listing="a subscription box pinned to the top"),
    ),
    "a menu after half a page": (
        Nature(past=3),
        Day(1, 1),
        Day(6, listing="the first half of the page"),
        Day(8, 2, "a menu above the items"),
    ),
    "a first look at half of the page": (Nature(pages=3, begins_with=45), Day(6, listing="the first half of the page")),
    "further pages are under maintenance, dates a day off": (
        Nature(shown=20, pages=3, begins_with=45),
        *[Day(1, listing="dates a day later by another zone", further=Look.MAINTENANCE)] * 2,
    ),
    "further pages are a wall in words of its own": (
        Nature(shown=20, pages=3, begins_with=60),
        Day(8, further="the cellar"),
        Day(1),
    ),
    "two bad days with other addresses": (
        FIRST,
        Day(6, listing="a reference in the query"),
        Day(12),
        Day(8, listing="another domain"),
    ),
    "the same bad addresses twice": (
        WATCHED,
        Day(6, 1, "an index behind each path"),
        Day(12),
        Day(3, listing="an index behind each path"),
    ),
    "bad addresses that go from story to story": (
        Nature(past=10, pages=3),
        Day(6, listing="a redirector", of=2),
        Day(8, 2, "a redirector", of=2),
    ),
    "pages fail at addresses of a day": (
        FIRST,
        Day(1, listing="links to a calendar", pages=410),
        Day(8, pages="half of itself"),
    ),
    "one item alone on the last page": (Nature(layout="cards", pages=3, begins_with=25), Day(8)),
    "a site moves": (Nature(past=10, pages=3, begins_with=45), Day(6, moves=True)),
    "a site moves, further pages fail": (
        Nature(past=10, shown=20, pages=3, begins_with=45),
        Day(6, moves=True, further=503),
    ),
    "a site moves after pages were cut": (FIRST, Day(1, pages="half of itself", of=3), Day(6, moves=True)),
    "one of two lists shows another section": (
        Nature(past=10, lists=2),
        *[Day(24)] * 8,
        *[Day(3, listing="today's list of another newsroom")] * 2,
    ),
}


@pytest.mark.parametrize("name", LIVES)
def test_a_life_that_went_wrong_once(name: str, tmp_path: Path) -> None:
    nature, *days = LIVES[name]
    assert lived(nature, days, tmp_path)[0] == []


@pytest.mark.parametrize(
    "number", [pytest.param(number, marks=() if number < 24 else pytest.mark.slow) for number in range(240)]
)
def test_any_life(number: int, tmp_path: Path) -> None:
    nature, days = made(number)
    faults, log = lived(nature, days, tmp_path) if is_fair(nature, days) else ([], [])
    assert faults == [], "\n".join(log)
