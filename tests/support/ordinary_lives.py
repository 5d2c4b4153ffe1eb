"""Lives of ordinary sites, made at random from a number, on good days alone or with bad ones in between.

``python -m tests.support.ordinary_lives FIRST COUNT [bad]`` looks for lives that end badly, and tells each as short as
it gets.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from feedsvc.lexicon.pagelooks import Look
from feedsvc.store import Store
from tests.support.bad_days import MODES
from tests.support.lives import FAULTS, Day
from tests.support.made_lives import START
from tests.support.ordinary_site import (
    ADDRESSES,
    BODIES,
    DATES,
    FRAMES,
    HEADLINES,
    TITLES,
    Ordinary,
    OrdinaryLife,
    Style,
)
from tests.support.shortening import Lives

#: Where titles, or texts, tell no release from another; and the bad days that may come there.
_NAMELESS = ("one title", "short", "read more", "the day in the title", "chinese")
_TEXTLESS = ("a sentence", "a bulletin", "a link to a file", "a file", "the same")
_PLAIN = (
    "an empty page", "a list without items", "a login wall", "a captcha", "a maintenance page", "half the list",
    "one item", "the lower half of the list", "https links", "tracking parameters", "a session in the query",
    "oldest first", "shuffled", "the listing answers 503", "the listing answers 404", "titles gone", "dates gone",
    "all dates 1970", "www for half of the links", "a page of a cache, a week old", "two layouts in turn",
)  # fmt: skip
_PLAIN_FAULTS = (500, 503, 404, 403, 401, "no connection", Look.LOGIN, Look.MAINTENANCE, Look.CHALLENGE, "nothing")
#: The end of each life.
QUIET = tuple(Day(hours=hours) for hours in (6, 12, 24, 24, 24, 24, 24, 24, 24, 24))


def made(number: int) -> tuple[Style, tuple[Day, ...]]:
    """The life with this number."""
    rnd = random.Random(number)
    form = rnd.choice(["html"] * 5 + ["rss", "atom", "json feed", "sitemap"])
    bodies = [one for one in BODIES if form not in ("html", "sitemap") or one != "the feed has it"]
    style = Style(
        form=form,
        layout=rnd.choice(["list", "table", "cards"]),
        shown=rnd.choice([6, 12, 20]),
        pages=rnd.choice([1, 1, 3]) if form == "html" else 1,
        begins_with=rnd.choice([4, 8, 20, 45]),
        lists=rnd.choice([1, 1, 1, 2]),
        titles=rnd.choice(TITLES) if rnd.random() < 0.7 else "a report",
        body=rnd.choice(bodies) if rnd.random() < 0.7 else "a text",
        address=rnd.choice(ADDRESSES),
        dates=rnd.choice(DATES),
        frame=rnd.choice(FRAMES),
        pins=rnd.choice(["", "", "newest", "old"]),
    )
    return style, tuple(_days(rnd))


def _days(rnd: random.Random) -> Iterator[Day]:
    for _ in range(rnd.randint(6, 14)):
        yield Ordinary(
            hours=rnd.choice([1, 6, 12, 24, 48]),
            releases=rnd.choice([0, 0, 1, 1, 2, 4]),
            corrects=rnd.random() < 0.15,
            extends=rnd.random() < 0.15,
            withdraws=rnd.random() < 0.08,
            dates_back=rnd.random() < 0.06,
            requests=rnd.randint(1, 6) if rnd.random() < 0.06 else None,
        )


def made_bad(number: int) -> tuple[Style, tuple[Day, ...]]:
    """The life with this number, some of whose days are bad."""
    style, days = made(number)
    rnd = random.Random(f"bad {number}")
    is_named = style.titles not in _NAMELESS and not style.titles.startswith(HEADLINES)
    whole = tuple(fault for fault in FAULTS if fault != 410)  # what is gone is not asked for again
    modes, faults = (tuple(MODES), whole) if is_named and style.body not in _TEXTLESS else (_PLAIN, _PLAIN_FAULTS)
    first, *rest = days
    spoilt = [replace(day, requests=None, corrects=False) for day in rest]  # where all is relinked, titles must tell
    for _ in range(rnd.randint(1, 3)):
        at = rnd.randrange(len(spoilt))
        spoilt[at] = replace(
            spoilt[at],
            listing=rnd.choice(modes) if rnd.random() < 0.6 else "",
            pages=rnd.choice(faults) if rnd.random() < 0.5 else None,
            of=rnd.choice([1, 2, 3]),
        )
    return style, (replace(first, requests=None), *spoilt)


def _is_good(day: Day) -> bool:
    return not day.listing and day.pages is None


def is_fair(style: Style, days: Sequence[Day]) -> bool:
    """Whether releases can be told apart at all."""
    has_title = style.titles not in ("one title", "short", "read more")
    if (style.body == "a file" and not has_title) or (style.titles, style.address) == ("read more", "another host"):
        return False
    if style.body in ("a file", "a link to a file") and style.form == "sitemap":
        return False
    if (style.titles, style.body) == ("read more", "a link to a file"):
        return False
    if (style.titles, style.dates) == ("numbers", "none"):
        return False  # "No. 3/2026" may be a month
    is_beside = style.frame in ("the latest", "related")
    if (
        style.dates.startswith("none")
        and style.titles.startswith(HEADLINES)
        and (is_beside or style.titles != HEADLINES)
    ):
        return False  # nothing tells such a page from a wall, or a list, but the days for which it stands
    is_short = style.body in ("a sentence", "the same", "a link to a file")
    if style.titles.startswith(HEADLINES) and is_short:
        return False
    if style.body == "a bulletin" and not has_title and style.dates.startswith("none"):
        return False
    return not (style.body == "the same" and not has_title)


def lived(style: Style, days: Sequence[Day], folder: Path) -> tuple[list[str], list[str]]:
    """What is wrong in such a life, and what happened, scrape by scrape."""
    now = START
    store = Store.open(f"sqlite:///{folder / 'life.sqlite3'}", clock=lambda: now)
    try:
        life = OrdinaryLife(style, store, START, is_good=all(_is_good(day) for day in days))
        for day in (*days, *QUIET):
            life.live(day)
            now = life.now
        return life.faults(), life.log
    finally:
        store.close()


if __name__ == "__main__":
    told = Lives(made_bad if "bad" in sys.argv[3:] else made, is_fair, lived)
    told.look_through(int(sys.argv[1]), int(sys.argv[2]))
