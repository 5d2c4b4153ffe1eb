"""Bad days of a site, simulated: a fortnight of good scrapes, a bad day with one real release, and the recovery.

Whatever the site showed meanwhile, nothing is lost, nothing false is new, nothing is doubled, and afterwards exactly
the one release is there that really came (rules R1-R5).
"""

from __future__ import annotations

import copy
import functools
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
from tests.support.bad_days import MODES, SHOWN, Site, View, every, junk

START = datetime(2024, 3, 1, 6, 0, tzinfo=UTC)
EVERY = timedelta(hours=6)


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
