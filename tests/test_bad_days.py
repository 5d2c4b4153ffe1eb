"""Every kind of bad day, end to end: real HTTP on loopback, the real scraper and store, and the feed's ids.

Ids before are ids after, and after recovery exactly the one release is new that really came (rules R1-R5).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.model import FeedRef, ReleaseRules, Rules, Source
from feedsvc.scrape import Progress, ScrapeOutcome, Scraper, ScrapeSettings
from feedsvc.service.reading import PageReader
from feedsvc.store import Store
from tests.support.bad_days import MODES, Site, View
from tests.support.loopback import LISTING, Newsroom
from tests.support.sites import Site as Server

START = datetime(2024, 3, 1, 6, 0, tzinfo=UTC)
SOURCE = Source(key="town", urls=(LISTING,), title="Town", category="town", kind="html")
RULES = Rules(item="ul.list > li.item", title="h3", published=".date", release=ReleaseRules(title="h1", body="article"))
#: Ways in: what the site serves, and how the source is read.
WAYS = {
    "its list, found": ("html", SOURCE),
    "its list, by rules": ("html", replace(SOURCE, rules=RULES)),
    **{form: (form, replace(SOURCE, kind="auto")) for form in ("rss", "atom", "json feed", "wordpress", "json")},
    "state": ("state", replace(SOURCE, kind="json")),
}
ALL = FeedRef(kind="all")


@dataclass
class Watching:
    """A service on the newsroom, with a past of a fortnight."""

    newsroom: Newsroom
    site: Site
    store: Store
    source: Source

    def scrape(self, view: View | None = None, *, after: timedelta = timedelta(hours=12)) -> ScrapeOutcome:
        self.newsroom.now += after
        self.newsroom.truth = {row.story: row for row in self.site.rows if row.story is not None}
        self.newsroom.show(view or View(self.site.listing))
        scraper = Scraper(
            self.store,
            self.newsroom,
            PageReader(),
            clock=lambda: self.newsroom.now,
            settings=ScrapeSettings(rechecks=()),
        )
        return scraper.scrape(SOURCE.key, owner="test:1:a", progress=Progress(cut_after=None))

    def ids(self) -> list[tuple[str, str]]:
        """Id and title of everything in the feed of everything, in its order."""
        return [(one.uuid, one.entry.title) for one in self.store.entries.newest(ALL, limit=500)]


def past(folder: Path, newsroom: Newsroom, source: Source) -> Watching:
    store = Store.open(f"sqlite:///{folder / 'base.sqlite3'}", clock=lambda: newsroom.now)
    store.sources.sync([source], now=newsroom.now)
    site = Site()
    for days in range(40, 0, -2):
        site.publish(START - timedelta(days=days))
    watching = Watching(newsroom=newsroom, site=site, store=store, source=source)
    for at in range(28):
        if at % 4 == 2:
            site.publish(newsroom.now + timedelta(hours=12))
        assert watching.scrape().result.is_good
    return watching


def _usually(place: int) -> tuple[str, ...]:
    """The ways in which a kind of bad day is tried at every change; the others are tried by ``.ci/run --full``."""
    return () if place % 8 == 7 else (("its list, by rules", "rss", "its list, found")[place % 3],)


@pytest.fixture(scope="module")
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Watching]]:
    folder = tmp_path_factory.mktemp("base")
    form, source = WAYS[request.param]
    with Server() as server:
        newsroom = Newsroom(site=server, now=START - timedelta(hours=12), form=form)
        watching = past(folder, newsroom, source)
        watching.store.close()
        yield folder, watching
        newsroom.close()


@pytest.fixture
def watching(base: tuple[Path, Watching], tmp_path: Path) -> Iterator[Watching]:
    folder, prepared = base
    shutil.copy(folder / "base.sqlite3", tmp_path / "now.sqlite3")
    before = prepared.newsroom.now
    store = Store.open(f"sqlite:///{tmp_path / 'now.sqlite3'}", clock=lambda: prepared.newsroom.now)
    yield replace(prepared, site=Site(rows=list(prepared.site.rows)), store=store)
    store.close()
    prepared.newsroom.close()
    prepared.newsroom.turn_back(before)


def test_there_are_more_kinds_of_bad_day_than_peers_survive() -> None:
    assert len(MODES) >= 44


@pytest.mark.parametrize(
    ("base", "name"),
    [
        pytest.param(way, name, marks=() if way in _usually(place) else pytest.mark.slow)
        for way in WAYS
        for place, name in enumerate(MODES)
    ],
    indirect=["base"],
)
def test_ids_stay_and_recovery_brings_exactly_the_one_release(watching: Watching, name: str) -> None:
    before = watching.ids()
    assert len(before) >= 12
    watching.scrape(MODES[name](watching.site.listing))
    watching.scrape(MODES[name](watching.site.listing))
    watching.site.publish(watching.newsroom.now)
    watching.scrape(MODES[name](watching.site.listing))
    real = {row.title for row in watching.site.rows}
    during = watching.ids()
    assert set(before) <= set(during), "lost or changed"
    assert len(during) - len(before) <= 1, "something false became an entry"
    recovered = watching.scrape()
    after = watching.ids()
    assert recovered.result.is_good
    assert set(before) <= set(after), "lost or changed"
    assert [title for uuid, title in after if (uuid, title) not in before] == [watching.site.rows[0].title]
    assert {title for _, title in after} <= real
    assert watching.store.scrapes.open_quarantine(SOURCE.key) is None
    watching.scrape()
    assert watching.ids() == after
