"""Bad days of a site, simulated: a fortnight of good scrapes, a bad day with one real release, and the recovery.

Whatever the site showed meanwhile, nothing is lost, nothing false is new, nothing is doubled, and afterwards exactly
the one release is there that really came (rules R1-R5).
"""

from __future__ import annotations

import copy
import functools
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.lexicon.pagelooks import Look
from feedsvc.model import Found, Listing, ListingItem
from feedsvc.normalize.identity import mint
from feedsvc.scrape.decide import Outcome, decide
from feedsvc.scrape.facts import Facts, facts_of, habits
from feedsvc.scrape.quarantine import Health, State, Verdict, health_after, judge
from feedsvc.scrape.sightings import Known, sightings

START = datetime(2024, 3, 1, 6, 0, tzinfo=UTC)
EVERY = timedelta(hours=6)
#: Items of the listing, as few as a small press office shows.
SHOWN = 12
TOPICS = (
    "harbour", "library", "tram line", "power grid", "school board", "museum", "night bus", "water works",
    "city budget", "bicycle bridge", "market hall", "fire brigade", "opera house", "zoning plan", "wind farm",
    "rail depot", "town archive",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One item as a page shows it; ``story`` is the truth behind it, None for what is no release of this source."""

    url: str
    title: str
    date: str
    story: int | None


@dataclass(frozen=True, slots=True)
class View:
    rows: tuple[Row, ...]
    look: Look | None = None


def release(story: int, at: datetime) -> Row:
    slug = TOPICS[story % len(TOPICS)].replace(" ", "-")
    return Row(
        url=f"http://n.example/news/{at:%Y}/{1000 + story}-{slug}.html",
        title=f"Council report {story} on the {TOPICS[story % len(TOPICS)]}",
        date=f"{at:%Y-%m-%d}",
        story=story,
    )


@dataclass
class Reader:
    """What the scraper does with the pure parts: decide, judge, record."""

    known: dict[str, Known] = field(default_factory=dict)
    truths: dict[str, int | None] = field(default_factory=dict)
    past: list[Facts] = field(default_factory=list)
    health: Health = field(default_factory=Health)
    last_good_at: datetime | None = None
    verdicts: list[Verdict] = field(default_factory=list)

    def scrape(self, view: View, now: datetime) -> None:
        items = tuple(
            ListingItem(
                url=row.url,
                title=Found(text=row.title, where="a") if row.title else None,
                published=(Found(text=row.date, where="span"),) if row.date else (),
                position=place,
            )
            for place, row in enumerate(view.rows)
        )
        seen = sightings([Listing(url="https://n.example/news/", items=items)], now=now, time_zone="UTC")
        known = tuple(self.known.values())
        decision = decide(seen, known, now=now, last_good_at=self.last_good_at, habits=habits(self.past[-5:]))
        facts = facts_of(
            decision,
            known,
            front={one.url for one in seen},
            look=view.look,
            now=now,
            last_good_at=self.last_good_at,
        )
        verdict = judge(facts, self.past)
        self.health, verdict = health_after(verdict, facts, self.health, now=now)
        self.verdicts.append(verdict)
        if not verdict.is_ok:
            return
        truth = {row.url: row for row in view.rows}
        for step in decision.steps:
            if step.outcome is Outcome.MOVED and step.uuid:
                story = self.known[step.uuid]
                self.known[step.uuid] = replace(story, urls=(*story.urls, step.sighting.url))
            elif step.outcome is Outcome.NEW:
                row = truth[step.sighting.item.url]
                uuid = mint(step.sighting.url)
                self.known[uuid] = Known(uuid=uuid, title=row.title, day=step.sighting.day, urls=(step.sighting.url,))
                self.truths[uuid] = row.story
        self.past.append(facts)
        self.last_good_at = now


Mode = Callable[[tuple[Row, ...]], View]
MODES: dict[str, Mode] = {}


def mode(name: str) -> Callable[[Mode], Mode]:
    def register(function: Mode) -> Mode:
        MODES[name] = function
        return function

    return register


def every(change: Callable[[Row, int], Row]) -> Mode:
    return lambda rows: View(tuple(change(row, place) for place, row in enumerate(rows)))


def urls(change: Callable[[str, int], str]) -> Mode:
    return every(lambda row, place: replace(row, url=change(row.url, place)))


def junk(count: int, prefix: str = "https://n.example/", date: str = "") -> tuple[Row, ...]:
    words = (
        "About us|Contact|Careers|Imprint|Privacy policy|Our services|Press kit|Downloads|Events calendar|Sitemap|Help"
    )
    names = [*words.split("|"), *(f"Topic number {at}" for at in range(50))]
    return tuple(Row(f"{prefix}{name.lower().replace(' ', '-')}", name, date, None) for name in names[:count])


def shown_instead(look: Look | None, rows: tuple[Row, ...] = ()) -> Mode:
    return lambda _rows: View(rows, look)


MODES |= {
    "an empty page": shown_instead(Look.EMPTY),
    "a list without items": shown_instead(None),
    "a login wall": shown_instead(Look.LOGIN),
    "a login wall with a menu": shown_instead(Look.LOGIN, junk(8)),
    "a captcha": shown_instead(Look.CHALLENGE),
    "an error page with status 200": shown_instead(Look.ERROR, junk(3)),
    "a maintenance page": shown_instead(Look.MAINTENANCE),
    "a not-found page with popular links": shown_instead(Look.NOT_FOUND, junk(11)),
    "an app shell": shown_instead(Look.APP_SHELL),
    "a consent wall": shown_instead(Look.CONSENT, junk(2)),
    "a block page": shown_instead(Look.BLOCKED),
    "a paywall": shown_instead(Look.PAYWALL, junk(4)),
    "a parked domain": shown_instead(Look.PARKED, junk(12, "https://ads.example/")),
    "only the navigation": shown_instead(None, junk(11)),
    "the navigation and a widget, dated today": shown_instead(None, junk(12, date="2024-03-15")),
    "another section of the site": shown_instead(
        None, tuple(Row(f"https://n.example/sports/{at}", f"Match report {at}", "2024-03-14", None) for at in range(12))
    ),
    "a spam list": shown_instead(
        None, tuple(Row(f"https://spam.example/{at}", f"Cheap pills {at}", "2024-03-15", None) for at in range(12))
    ),
    "another section, undated": shown_instead(None, junk(12, "https://n.example/blog/")),
    "an old page of the archive": shown_instead(
        None,
        tuple(
            Row(f"https://n.example/news/2009/{at}", f"An old report {at}", f"2009-05-{at + 1:02}", None)
            for at in range(12)
        ),
    ),
    "a year of the archive without its items' dates": shown_instead(
        None, tuple(Row(f"https://n.example/news/2009/{at}.html", f"An old report {at}", "", None) for at in range(12))
    ),
    "one item": lambda rows: View(rows[:1]),
    "less than half the list": lambda rows: View(rows[:5]),
    "half the list": lambda rows: View(rows[: SHOWN // 2]),
    "the lower half of the list": lambda rows: View(rows[SHOWN // 2 :]),
    "https links": urls(lambda url, _: url.replace("http:", "https:")),
    "a trailing slash": urls(lambda url, _: url + "/"),
    "tracking parameters": urls(lambda url, at: f"{url}?utm_source=home&utm_content={at}&fbclid=x{at}"),
    "a session in the query": urls(lambda url, at: f"{url}?PHPSESSID=abc{at}"),
    "a session in the path": urls(lambda url, at: f"{url};jsessionid=00FF{at}"),
    "a session named sid": urls(lambda url, at: f"{url}?sid=a8f3b2c4d5e6f7a8b9c{at}"),
    "cache busters": urls(lambda url, at: f"{url}?_={1710000000000 + at}"),
    "fragments": urls(lambda url, _: f"{url}#comments"),
    "a port": urls(lambda url, _: url.replace("n.example", "n.example:80")),
    "host in capitals": urls(lambda url, _: url.replace("n.example", "N.EXAMPLE")),
    "doubled slashes": urls(lambda url, _: url.replace("/news/", "//news//")),
    "needless escapes": urls(lambda url, _: url.replace("news", "%6eews")),
    "another host name": urls(lambda url, _: url.replace("//n.", "//www.n.")),
    "a staging host": urls(lambda url, _: url.replace("//n.", "//staging-7.n.")),
    "relinked slugs": urls(lambda url, at: url.replace("/news/", f"/press/room/{at}/").replace(".html", "")),
    "other numbers": urls(lambda url, _: url.replace("/1", "/77")),
    "links to print versions": urls(lambda url, _: f"{url}?print=1"),
    "links to AMP versions": urls(lambda url, _: url.replace(".html", ".amp.html")),
    "a redirector": urls(lambda url, at: f"https://click.example/r/{at * 7919}"),
    "one link for all": urls(lambda _, __: "https://n.example/news/"),
    "one link for all with numbers": urls(lambda _, at: f"https://n.example/news/#{at}"),
    "links to a calendar": urls(lambda _, at: f"https://n.example/calendar?day={at}"),
    "dates gone": every(lambda row, _: replace(row, date="")),
    "dates that are words": every(lambda row, _: replace(row, date="Date")),
    "dates in the future": every(lambda row, _: replace(row, date=f"2031-01-{row.story or 0:02}")),
    "all dates today": every(lambda row, _: replace(row, date="2024-03-15")),
    "all dates 1970": every(lambda row, _: replace(row, date="1970-01-01")),
    "relinked, all dates today": every(lambda row, at: replace(row, date="2024-03-15", url=f"https://n.example/x/{at}")),
    "relinked without dates": every(lambda row, at: replace(row, date="", url=f"https://n.example/x/{at}")),
    "relinked with other titles": every(
        lambda row, at: replace(row, title=f"Read more, part {at}", url=f"https://n.example/x/{at}")
    ),
    "all titles equal": every(lambda row, _: replace(row, title="Read more")),
    "titles gone": every(lambda row, _: replace(row, title="")),
    "relinked, titles equal": every(lambda row, at: replace(row, title="Read more", url=f"https://n.example/x/{at}")),
    "garbled titles": every(lambda row, at: replace(row, title="Ã¤Â¸Â­" * (at + 2))),
    "titles with the site's name": every(lambda row, _: replace(row, title=f"{row.title} | News of the town")),
    "titles in capitals": every(lambda row, _: replace(row, title=row.title.upper())),
    "titles cut": every(lambda row, _: replace(row, title=row.title[:24] + "…")),
    "oldest first": lambda rows: View(rows[::-1]),
    "shuffled": lambda rows: View(tuple(random.Random(1).sample(rows, len(rows)))),
    "each item twice": lambda rows: View(tuple(row for row in rows for _ in range(2))),
    "each item twice, the copy elsewhere": lambda rows: View(
        (*rows, *(replace(row, url=row.url.replace("/news/", "/featured/")) for row in rows))
    ),
    "each address with the next title": lambda rows: View(
        tuple(replace(row, url=other.url) for row, other in zip(rows, (*rows[1:], rows[0]), strict=True))
    ),
    "advertisements between items": lambda rows: View(
        tuple(one for pair in zip(rows, junk(12, "https://ads.example/"), strict=True) for one in pair)
    ),
    "a menu above the items": lambda rows: View((*junk(11, "https://shop.example/"), *rows)),
    "today's list of another newsroom": shown_instead(
        None, tuple(Row(f"https://o.example/n/{at}", f"Foreign news {at}", "2024-03-15", None) for at in range(12))
    ),
}  # fmt: skip


@dataclass
class Site:
    """Publishes a release every two days, the last one amid the bad day."""

    rows: list[Row] = field(default_factory=list)

    def publish(self, at: datetime) -> None:
        self.rows.insert(0, release(len(self.rows), at))

    @property
    def listing(self) -> tuple[Row, ...]:
        return tuple(self.rows[:SHOWN])


def watched() -> tuple[Site, Reader, datetime]:
    """A site with a past, and a reader that has followed it for a fortnight."""
    return copy.deepcopy(_followed())


@functools.cache
def _followed() -> tuple[Site, Reader, datetime]:
    site, reader = Site(), Reader()
    for days in range(40, 0, -2):
        site.publish(START - timedelta(days=days))
    now = START
    for at in range(14 * 4):
        if at % 8 == 4:
            site.publish(now)
        reader.scrape(View(site.listing), now)
        now += EVERY
    return site, reader, now


def test_good_days_need_no_verdict_and_bring_each_release_once() -> None:
    site, reader, _ = watched()
    assert all(verdict.is_ok for verdict in reader.verdicts)
    assert sorted(story for story in reader.truths.values() if story is not None) == list(range(8, len(site.rows)))


@pytest.mark.parametrize("name", MODES)
def test_a_bad_day_leaves_every_id_and_afterwards_exactly_the_one_release_is_new(name: str) -> None:
    site, reader, now = watched()
    before = dict(reader.truths)
    for at in range(4):
        if at == 2:
            site.publish(now)
        reader.scrape(MODES[name](site.listing), now)
        assert set(reader.truths.values()) <= set(range(len(site.rows))), "something false became an entry"
        now += EVERY
    reader.scrape(View(site.listing), now)
    added = {uuid: story for uuid, story in reader.truths.items() if uuid not in before}
    assert {uuid: reader.truths[uuid] for uuid in before} == before
    assert list(added.values()) == [len(site.rows) - 1]
    assert reader.health == Health()


@pytest.mark.parametrize("name", MODES)
def test_two_kinds_of_bad_day_in_a_row_leave_every_id_too(name: str) -> None:
    site, reader, now = watched()
    before = dict(reader.truths)
    others = [*MODES]
    for other in (name, others[(others.index(name) * 7 + 3) % len(others)], name):
        reader.scrape(MODES[other](site.listing), now)
        now += EVERY
    site.publish(now)
    reader.scrape(View(site.listing), now)
    assert list(reader.truths.values()) == [*before.values(), len(site.rows) - 1]


def test_three_suspect_scrapes_make_a_source_broken_and_one_good_one_heals_it() -> None:
    site, reader, now = watched()
    states = []
    for _ in range(3):
        reader.scrape(View((), Look.CHALLENGE), now)
        states.append(reader.health.state)
    reader.scrape(View(site.listing), now)
    assert [*states, reader.health.state] == [State.SUSPECT, State.SUSPECT, State.BROKEN, State.OK]
    assert "challenge" in reader.verdicts[-2].reason


def test_a_new_normal_is_accepted_after_five_alike_scrapes_over_a_day() -> None:
    site, reader, now = watched()
    undated = every(lambda row, _: replace(row, date=""))
    verdicts = []
    for _ in range(6):
        reader.scrape(undated(site.listing), now)
        verdicts.append(reader.verdicts[-1])
        now += EVERY
    assert [verdict.is_ok for verdict in verdicts] == [False] * 4 + [True, True]
    assert verdicts[4].reason.startswith("accepted as the new normal")
    site.publish(now)
    reader.scrape(undated(site.listing), now)
    assert reader.verdicts[-1].is_ok


def test_a_login_wall_is_never_a_new_normal() -> None:
    _, reader, now = watched()
    for _ in range(30):
        reader.scrape(View(junk(6), Look.LOGIN), now)
        now += EVERY
    assert reader.health.state is State.BROKEN
    assert not reader.verdicts[-1].is_ok


def test_a_listing_that_turned_over_in_a_long_silence_of_ours_is_news() -> None:
    site, reader, now = watched()
    for _ in range(SHOWN + 3):
        now += timedelta(days=2)
        site.publish(now)
    reader.scrape(View(site.listing), now)
    assert reader.verdicts[-1].is_ok
    assert set(range(len(site.rows) - SHOWN, len(site.rows))) <= set(reader.truths.values())
