"""What to do with each item of a listing. Pure; each decision says why.

Rules F11, R2 and R4 of specs/reliability.md: stories are recognized by address, else (where the site seems to have
changed its addresses) by title and day; a flood of unexplained items waits; nothing is removed for leaving a listing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from urllib.parse import urlsplit

from feedsvc.normalize.identity import title_key
from feedsvc.scrape.sightings import Known, Sighting, is_redated, is_retitled, link_shape

#: A share of unknown items from which on a listing is thought to have changed its addresses.
MANY = 0.5
#: So many moved titles prove that addresses changed; fewer could be series with one title.
MOVED_MIN = 3
#: What goes on without a gap: within so long, or within so many times what lies between known items.
_GAP, _GAPS = timedelta(days=14), 3
#: Letters of a title that does not come again.
_TELLING = 20
#: Printed days may lie this far before the last good scrape and be news since then (zones, embargoes, late lists).
SLACK = timedelta(days=2)


class Outcome(StrEnum):
    """What comes of one item."""

    #: Unknown: follow its link and record what is there.
    NEW = "new"
    #: Known by its address: nothing to fetch.
    KNOWN = "known"
    #: A known story under a new address: remember the address, fetch nothing.
    MOVED = "moved"
    #: No release of its own: a stranger between the items, or one of them shown again.
    SKIPPED = "skipped"
    #: Released before the day back to which sources are read.
    OLD = "old"
    #: Part of an unexplained flood: waits for an admin.
    HELD = "held"
    #: New, but beyond the limit of one scrape: the next one takes it up.
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one scrape (rule F11); all settable."""

    pages: int = 20
    details: int = 200
    #: New items beyond which dates must explain them (rule R2).
    flood: int = 25
    #: How far back a source is read: items that print an earlier day than this are not taken. None: no such end.
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What to do with one item, and why."""

    sighting: Sighting
    outcome: Outcome
    reason: str
    #: The story that it is, for KNOWN and MOVED.
    uuid: str | None = None
    #: An older release that earlier looks did not reach: it goes on where what is known ends.
    goes_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a source's items were like so far (``facts.habits``)."""

    #: Hosts that its items led to; empty while too few are known.
    hosts: frozenset[str] = frozenset()
    #: Forms of its links (``sightings.link_shape``); empty where they have none in common.
    shapes: frozenset[str] = frozenset()
    is_dated: bool = False

    def with_shapes_of(self, recognized: Iterable[Sighting]) -> Habits:
        """The same, also for links like those of items that are known to be of this source: it may move its pages."""
        if not self.shapes:
            return self
        return replace(self, shapes=self.shapes | {link_shape(one.url) for one in recognized})

    def leads_away(self, url: str) -> bool:
        """Whether an address is on a host to which no item of this source led."""
        return bool(self.hosts) and urlsplit(url).hostname not in self.hosts

    def leads_elsewhere(self, url: str) -> bool:
        """Whether no item of this source led where this address leads."""
        return self.leads_away(url) or (bool(self.shapes) and link_shape(url) not in self.shapes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with a whole listing, item by item in its order."""

    steps: tuple[Step, ...]
    #: Whether the site seems to have changed its addresses.
    is_relinked: bool
    #: Known stories that the listing no longer shows; they stay as they are (rule R4).
    gone: tuple[str, ...]
    #: Addresses that known stories had for a while, and that new items have now.
    freed: tuple[str, ...] = ()
    #: What this source's items are like, those recognized here included.
    habits: Habits

    def of(self, outcome: Outcome) -> tuple[Step, ...]:
        """The steps with this outcome, in order."""
        return tuple(step for step in self.steps if step.outcome is outcome)


def decide(
    seen: Sequence[Sighting],
    known: Sequence[Known],
    *,
    now: datetime,
    last_good_at: datetime | None,
    is_young: bool = False,
    front: Container[str] | None = None,
    habits: Habits = Habits(),
    limits: Limits = Limits(),
    waiting: Container[str] = frozenset(),
) -> Decision:
    """Tell new items from known and moved ones.

    ``known`` holds what the store has of this source (withdrawn stories too), and each item still waiting for its
    release page as a story of its own. ``last_good_at`` is None until the first scrape is through: it holds nothing.
    ``is_young``: the first looks were lately, and may not have shown the whole list.
    ``front`` are the addresses on the first page of each listing, None where all are.
    ``waiting`` are the addresses that were held before, and are to wait on.
    """
    by_url = {url: story for story in known for url in story.urls}
    freed = {one.url for one in seen if one.url in by_url and _has_passed(one, by_url[one.url])}
    here = {one.url: by_url[one.url] for one in seen if one.url in by_url and one.url not in freed}
    old = {one.url for one in seen if one.url not in here and is_before(one, limits.since)}
    strangers = [sighting for sighting in seen if sighting.url not in here and sighting.url not in old]
    is_relinked = bool(known) and _are_many(strangers, seen, front=front)
    listed = {story.uuid for story in here.values()}
    twins, is_doubled = _twins(strangers, list(here.values()))
    told = Counter(name for story in known for name in story.names)
    missing = [story for story in known if story.uuid not in listed]
    moved = twins | _moved(strangers, missing, told, is_relinked=is_relinked)
    sure = moved.keys() | {url for url, story in here.items() if not story.is_pending}
    usual = habits.with_shapes_of(one for one in seen if one.url in sure)
    skipped = _skipped([one for one in strangers if one.url not in moved], habits=usual, is_doubled=is_doubled)
    fresh = [sighting for sighting in strangers if sighting.url not in moved and sighting.url not in skipped]
    older = _older(seen, {*here, *moved}, fresh) if is_young else frozenset()
    at_once = [sighting for sighting in fresh if sighting.url not in older]
    held, flood = _flood(at_once, now=now, last_good_at=last_good_at, limit=limits.flood, waiting=waiting)
    taken = {sighting.url for sighting in [one for one in fresh if one.url not in held][: limits.details]}
    steps = []
    for sighting in seen:
        if sighting.url in here:
            outcome, reason, uuid = Outcome.KNOWN, "known address", here[sighting.url].uuid
        elif sighting.url in old:
            outcome, reason, uuid = Outcome.OLD, f"released before {limits.since}, where this service begins", None
        elif sighting.url in moved:
            outcome, (uuid, reason) = Outcome.MOVED, moved[sighting.url]
        elif sighting.url in skipped:
            outcome, reason, uuid = Outcome.SKIPPED, skipped[sighting.url], None
        else:
            outcome, reason = _newcomer(flood if sighting.url in held else "", is_taken=sighting.url in taken)
            uuid = None
        goes_on = sighting.url in older
        steps.append(Step(sighting=sighting, outcome=outcome, reason=reason, uuid=uuid, goes_on=goes_on))
    shown = {step.uuid for step in steps}
    gone = tuple(story.uuid for story in known if story.uuid not in shown)
    return Decision(
        steps=tuple(steps), is_relinked=is_relinked and bool(moved), gone=gone, freed=tuple(sorted(freed)), habits=usual
    )


def _are_many(strangers: Sequence[Sighting], seen: Sequence[Sighting], *, front: Container[str] | None) -> bool:
    """Whether half of the first page is unknown, further pages aside: those go on to where all is known."""
    first = [one.url for one in seen if front is None or one.url in front]
    unknown = {one.url for one in strangers}
    return bool(first) and len([url for url in first if url in unknown]) >= MANY * len(first)


def _has_passed(sighting: Sighting, story: Known) -> bool:
    """Whether an address that a story had for a while leads to a later release now, as where numbers were shifted."""
    when = sighting.published
    if sighting.url == story.canonical_url or not story.canonical_url or when is None or not story.day:
        return False
    is_later = date.fromisoformat(when.day) - when.give_or_take > date.fromisoformat(story.day)
    return is_later and is_retitled(sighting, story)


def is_before(sighting: Sighting, since: date | None) -> bool:
    """Whether an item prints a day before the one back to which sources are read."""
    return since is not None and len(sighting.day) > 0 and sighting.day < since.isoformat()


def _newcomer(flood: str, *, is_taken: bool) -> tuple[Outcome, str]:
    if flood:
        return Outcome.HELD, flood
    if not is_taken:
        return Outcome.LATER, "beyond the release pages of one scrape: the next one goes on"
    return Outcome.NEW, "unknown address, title and day"


def _skipped(strangers: Sequence[Sighting], *, habits: Habits, is_doubled: bool) -> dict[str, str]:
    """Address -> why: unknown items that are no releases of this source, or repeat one above them."""
    skipped: dict[str, str] = {}
    met: set[tuple[str, str]] = set()
    for sighting in strangers:
        if _is_odd(sighting, habits):
            skipped[sighting.url] = "leads where no item of this source led to, and bears no date as they do"
        elif is_doubled and sighting.title and (sighting.title, sighting.day) in met:
            skipped[sighting.url] = "repeats an item above it, as the whole list does"
        met.add((sighting.title, sighting.day))
    return skipped


def _is_odd(sighting: Sighting, habits: Habits) -> bool:
    """Whether an item is no item of this source: an advertisement between them, or a link of the page's frame."""
    return habits.is_dated and not sighting.published and habits.leads_elsewhere(sighting.url)


def _twins(strangers: Sequence[Sighting], listed: Sequence[Known]) -> tuple[dict[str, tuple[str, str]], bool]:
    """Items that repeat listed ones under other addresses, and whether the page shows its list twice.

    Only then are they taken for repetitions: several filings of one title on one day are news.
    """
    by_title_and_day: dict[tuple[str, str], str] = {}
    for story in listed:
        for name in story.names:
            by_title_and_day.setdefault((name, story.day), story.uuid)
    twins = {
        sighting.url: (by_title_and_day[sighting.title, sighting.day], "repeats a listed title and day")
        for sighting in strangers
        if sighting.title and (sighting.title, sighting.day) in by_title_and_day
    }
    shown = Counter([*(story.uuid for story in listed), *(uuid for uuid, _ in twins.values())])
    doubled = sum(times > 1 for times in shown.values())
    is_doubled = doubled >= MOVED_MIN and doubled >= MANY * len(shown)
    return (twins if is_doubled else {}), is_doubled


def _moved(
    strangers: Sequence[Sighting], missing: Sequence[Known], told: Mapping[str, int], *, is_relinked: bool
) -> dict[str, tuple[str, str]]:
    """Unknown address -> (story, why): items that are known stories whose own address is not in the listing.

    ``told`` is how many known stories bear a title: "Read more" in a list is that of none.
    """
    shared = Counter(sighting.title for sighting in strangers)
    stories: dict[str, list[Known]] = {}
    for story in missing:
        for name in story.names:
            if told[name] == 1 or name == title_key(story.title):
                stories.setdefault(name, []).append(story)
    are_dated = len({sighting.day for sighting in strangers if sighting.day}) > 1  # and not all of today
    surely: dict[str, tuple[str, str]] = {}
    likely: dict[str, tuple[str, str]] = {}
    for sighting in strangers:
        namesakes = stories.get(sighting.title, []) if sighting.title else []
        same_day = [story for story in namesakes if story.day and story.day == sighting.day]
        if is_relinked and not namesakes:  # a new look may cut titles, or put the site's name behind them
            namesakes = [one for one in missing if _is_cut_or_longer(sighting, one)]
        if len(same_day) == 1:
            surely[sighting.url] = (same_day[0].uuid, "a new address for a known title and day")
        elif (
            len(namesakes) == 1 and shared[sighting.title] == 1 and not (are_dated and _differ(sighting, namesakes[0]))
        ):
            likely[sighting.url] = (namesakes[0].uuid, "a new address, as for most of the list, for a known title")
    found = len(surely) + len(likely)
    if is_relinked and found >= MOVED_MIN and found >= MANY * len(strangers):
        surely = {**likely, **surely}
    claims = Counter(uuid for uuid, _ in surely.values())
    return {url: claim for url, claim in surely.items() if claims[claim[0]] == 1}


def _differ(sighting: Sighting, story: Known) -> bool:
    """Whether an item is of another day than its namesake, where titles recur: short ones, and kinds of releases."""
    when = sighting.published
    is_telling = len(sighting.title) >= _TELLING and title_key(story.title) == sighting.title
    if when is None or not story.day or is_telling:
        return False
    return is_redated(when, story.day)


def _is_cut_or_longer(sighting: Sighting, story: Known) -> bool:
    """Whether one title begins with the other, and both are of one day."""
    if not sighting.title or not story.day or story.day != sighting.day:
        return False
    return any(f"{sighting.title} ".startswith(f"{name} ") or name.startswith(sighting.title) for name in story.names)


def _flood(
    fresh: Sequence[Sighting], *, now: datetime, last_good_at: datetime | None, limit: int, waiting: Container[str]
) -> tuple[frozenset[str], str]:
    """The addresses of new items that must wait for an admin, as no date explains them, and why (rule R2).

    Those ``waiting`` go on to wait, however few of them are left.
    """
    if last_good_at is None:
        return frozenset(), ""
    many = fresh if len(fresh) > limit else [one for one in fresh if one.url in waiting]
    held = frozenset(one.url for one in many if not is_since(one, last_good_at, now=now))
    return held, (
        f"{len(held)} of {len(fresh)} items that are new at once wait, "
        "as their dates do not say that they appeared since the last good scrape"
    )


def _older(seen: Sequence[Sighting], recognized: Container[str], fresh: Sequence[Sighting]) -> frozenset[str]:
    """The addresses of new items with which a dated list goes on below all that is known, without a gap, as it led."""
    places = [place for place, one in enumerate(seen) if one.url in recognized]
    known = [seen[place] for place in places if seen[place].published]
    if len(known) < MOVED_MIN:
        return frozenset()
    shapes, new = {link_shape(one.url) for one in known}, {one.url for one in fresh}
    oldest, gap, found = min(one.day for one in known), _widest_gap(known), []
    for one in seen[places[-1] + 1 :]:
        if one.url not in new or not one.published or link_shape(one.url) not in shapes:
            break
        if one.day > oldest or date.fromisoformat(oldest) - date.fromisoformat(one.day) > gap:
            break
        oldest = one.day
        found.append(one.url)
    return frozenset(found)


def _widest_gap(known: Sequence[Sighting]) -> timedelta:
    """How far apart two releases of a list that follow one another may lie."""
    days = sorted(date.fromisoformat(one.day) for one in known)
    return max(_GAP, *(_GAPS * (later - earlier) for earlier, later in pairwise(days)))


def is_since(sighting: Sighting, last_good_at: datetime, *, now: datetime) -> bool:
    """Whether the item's printed date says that it appeared after ``last_good_at``, give or take two days."""
    when = sighting.published
    return when is not None and last_good_at - SLACK <= when.at <= now + timedelta(days=1)
