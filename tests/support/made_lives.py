"""Lives made at random from a number, fair ones: what no program could tell from the truth is left out.

``python -m tests.support.made_lives FIRST COUNT`` looks for lives that end badly, and tells each as short as it gets.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedsvc.store import Store
from tests.support.bad_days import MODES, SHOWN, release
from tests.support.lives import FAULTS, Day, Life, Nature
from tests.support.shortening import Lives

START = datetime(2024, 3, 1, 6, tzinfo=UTC)
#: A quiet week, with news, at the end.
RECOVERY = tuple(
    Day(hours=hours, releases=releases)
    for hours, releases in (
        (1, 0),
        (6, 0),
        (6, 1),
        (12, 0),
        (12, 0),
        (24, 0),
        (24, 1),
        (24, 0),
        (24, 0),
        (24, 0),
        (24, 0),
    )
)
#: A list that repeats the first page, or links to some of it, looks like the end of the list.
_FURTHER = tuple(fault for fault in FAULTS if fault not in ("the list", "the home page"))
_OTHER = tuple(fault for fault in _FURTHER if fault not in ("the first release", "half of itself"))


def _is_true(mode: str) -> bool:
    """Whether a first look may see such a page: all that it shows are releases, or it says what it is."""
    rows = tuple(release(story, START - timedelta(days=story)) for story in range(SHOWN))
    view = MODES[mode](rows)
    if view.look is not None:
        return not view.rows
    return mode != "each address with the next title" and all(row.story is not None for row in view.rows)


TRUE = tuple(mode for mode in MODES if _is_true(mode))


def made(number: int) -> tuple[Nature, tuple[Day, ...]]:
    """The life with this number."""
    rnd = random.Random(number)
    nature = _nature(rnd)
    return nature, tuple(_days(rnd, nature))


def _nature(rnd: random.Random) -> Nature:
    form = rnd.choice(["html"] * 6 + ["rss", "json", "atom"])
    layout = rnd.choice(["list", "table", "cards"])
    return Nature(
        form=form,
        layout=layout,
        has_rules=form == "html" and layout == "list" and rnd.random() < 0.6,
        shown=rnd.choice([6, 12, 12, 20]),
        pages=rnd.choice([1, 1, 3]) if form == "html" else 1,
        is_dated=rnd.random() < 0.75,
        prints_days=rnd.random() < 0.8,
        begins_with=rnd.choice([8, 20, 45]),
        past=rnd.choice([0, 0, 3, 10]),
        lists=rnd.choice([1, 1, 2]),
        is_rechecked=rnd.random() < 0.7,
    )


def _days(rnd: random.Random, nature: Nature) -> Iterator[Day]:
    has_seen = nature.past > 0
    for _ in range(rnd.randint(1, 6)):
        day = Day(
            listing=rnd.choice(tuple(MODES) if has_seen else TRUE) if rnd.random() < 0.6 else "",
            pages=rnd.choice(FAULTS) if rnd.random() < 0.3 else None,
            of=rnd.choice([1, 1, 2, 3]),
            further=rnd.choice(_FURTHER) if nature.pages > 1 and rnd.random() < 0.3 else None,
            other=rnd.choice(_OTHER) if nature.lists > 1 and rnd.random() < 0.3 else None,
            requests=rnd.randint(0, 6) if rnd.random() < 0.1 else None,
            moves=rnd.random() < 0.06,
        )
        for scrape in range(rnd.choice([1, 1, 2, 3])):
            hours, releases = rnd.choice([1, 3, 6, 8]), rnd.choice([0, 0, 1, 2])
            yield replace(day, hours=hours, releases=releases, moves=day.moves and not scrape)
        has_seen = has_seen or _is_clear(day)
        if rnd.random() < 0.5:
            for _ in range(rnd.choice([1, 2])):
                yield Day(hours=rnd.choice([1, 6, 12]), releases=rnd.choice([0, 0, 1]))


def _is_clear(day: Day) -> bool:
    return (day.listing, day.pages, day.requests, day.other) == ("", None, None, None)


def is_fair(nature: Nature, days: Sequence[Day]) -> bool:
    """Whether something tells what is false: a past, or, for single strangers in a list, printed days."""
    has_seen = nature.past > 0
    for day in days:
        if day.listing and day.listing not in TRUE:
            is_beside = any(word in day.listing for word in ("pinned to the top", "a menu", "between"))
            if not has_seen or (is_beside and not (nature.is_dated or nature.prints_days)):
                return False
        has_seen = has_seen or _is_clear(day)
    return True


def lived(nature: Nature, days: Sequence[Day], folder: Path) -> tuple[list[str], list[str]]:
    """What is wrong after such days and a quiet week, and what happened, scrape by scrape."""
    now = START
    store = Store.open(f"sqlite:///{folder / 'life.sqlite3'}", clock=lambda: now)
    life = Life(nature, store, START)
    met: dict[str, str] = {}
    try:
        for number in range(nature.past):
            life.live(Day(hours=12, releases=int(number % 4 == 2)))
        for day in (*days, *RECOVERY):
            life.live(day)
            now = life.now
            here = {uuid: title for uuid, title, _link in life.entries()}
            if lost := met.keys() - here.keys():
                return [f"vanished: {met[uuid]}" for uuid in sorted(lost)], life.log
            met = here
        return life.faults(), life.log
    finally:
        store.close()


if __name__ == "__main__":
    Lives(made, is_fair, lived).look_through(int(sys.argv[1]), int(sys.argv[2]))
