"""What one scrape's listing looks like in numbers: what quarantine compares, and the store keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from feedsvc.lexicon.pagelooks import Look
from feedsvc.scrape.decide import Decision, Habits, Outcome, Step, is_since
from feedsvc.scrape.sightings import Known, days_apart, is_redated, is_retitled, link_shape

#: Items that sites pin to the top of a list, at most.
_PINNED_MOST = 2
#: A printed date further ahead than this is a fault of the page.
_AHEAD = timedelta(days=1)
#: Items that must have been seen before they count as a habit, the share of them that makes one, and that of scrapes.
_HABIT_MIN, _USUALLY, _MOSTLY = 10, 0.9, 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One scrape in numbers, of the first page of each listing where nothing else is said; stored as JSON.

    Items that are no releases of the source (``Outcome.SKIPPED``) do not count.
    """

    #: Distinct items.
    items: int = 0
    #: Recognized by address; by title at a new address; not at all.
    known: int = 0
    moved: int = 0
    new: int = 0
    #: Recognized by address or title over all pages read.
    reached: int = 0
    #: With a title, and distinct titles.
    titled: int = 0
    titles: int = 0
    #: With a date, distinct days, and dates more than a day ahead.
    dated: int = 0
    days: int = 0
    ahead: int = 0
    #: Last printed day that is not ahead, YYYY-MM-DD; "" for none.
    newest: str = ""
    #: New items that neither a date nor their place above the first known item explains.
    unexplained: int = 0
    #: Of several lists, items on those where none is known and most lead to other sites or are no news by date.
    strays: int = 0
    #: Known items whose day is the story's; whose day, or title, is not; whose title is that of another story.
    same_day: int = 0
    redated: int = 0
    retitled: int = 0
    swapped: int = 0
    #: The most frequent form of link, its share in percent, and the hosts.
    shape: str = ""
    shape_percent: int = 0
    hosts: tuple[str, ...] = ()
    #: What the page looks like instead of a listing; "" where nothing speaks for that.
    look: str = ""

    @property
    def recognized(self) -> int:
        """Items that are known stories, by address or by title."""
        return self.known + self.moved

    def as_json(self) -> dict[str, Any]:
        """For the store: a mapping of numbers, strings and lists."""
        return {**asdict(self), "hosts": list(self.hosts)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Facts:
        """Facts as kept; what an earlier version did not know has its default."""
        names = {field.name for field in fields(cls)}
        known = {name: value for name, value in kept.items() if name in names}
        return cls(**{**known, "hosts": tuple(known.get("hosts", ()))})


def facts_of(
    decision: Decision,
    known: Sequence[Known],
    *,
    front: Collection[str],
    lists: Sequence[Collection[str]] = (),
    look: Look | None,
    now: datetime,
    last_good_at: datetime | None,
) -> Facts:
    """What a scrape found, before anything of it is recorded.

    ``front`` are the normal addresses of the items on the first page of each listing, ``lists`` the same listing by
    listing, and ``look`` what ``lexicon.pagelooks.look_of`` says about that page.
    """
    steps = [step for step in decision.steps if step.sighting.url in front and step.outcome is not Outcome.SKIPPED]
    outcomes = Counter(step.outcome for step in steps)
    titles = [step.sighting.title for step in steps if step.sighting.title]
    dated = [step.sighting.published for step in steps if step.sighting.published]
    ahead = [when for when in dated if when.at > now + _AHEAD]
    shapes = Counter(link_shape(step.sighting.url) for step in steps).most_common(1)
    stories = {story.uuid: story for story in known}
    names = {name for story in known for name in story.names}
    pairs = [(step.sighting, stories[step.uuid]) for step in steps if step.uuid and step.outcome is Outcome.KNOWN]
    days = [(one.published, story.day) for one, story in pairs if one.published and story.day]
    retitled = [one.title for one, story in pairs if is_retitled(one, story)]
    return Facts(
        items=len(steps),
        known=outcomes[Outcome.KNOWN],
        moved=outcomes[Outcome.MOVED],
        new=len(steps) - outcomes[Outcome.KNOWN] - outcomes[Outcome.MOVED] - outcomes[Outcome.OLD],
        reached=sum(len(decision.of(outcome)) for outcome in (Outcome.KNOWN, Outcome.MOVED, Outcome.OLD)),
        titled=len(titles),
        titles=len(set(titles)),
        dated=len(dated),
        days=len({when.day for when in dated}),
        ahead=len(ahead),
        newest=max((when.day for when in dated if when not in ahead), default=""),
        unexplained=len(unexplained(steps, now=now, last_good_at=last_good_at)),
        strays=_strays(decision, lists, now=now, last_good_at=last_good_at) if len(lists) > 1 else 0,
        same_day=sum(days_apart(one, other) <= one.give_or_take for one, other in days),
        redated=sum(is_redated(one, other) for one, other in days),
        retitled=len(retitled),
        swapped=sum(title in names for title in retitled),
        shape=shapes[0][0] if shapes else "",
        shape_percent=100 * shapes[0][1] // len(steps) if shapes else 0,
        hosts=tuple(sorted({urlsplit(step.sighting.url).hostname or "" for step in _surest(steps, stories)})),
        look=look.value if look else "",
    )


def _strays(
    decision: Decision, lists: Sequence[Collection[str]], *, now: datetime, last_good_at: datetime | None
) -> int:
    """The items on lists that look like another page: nothing there is known, nor is it what one would expect."""
    count = 0
    for front in lists:
        here = [step for step in decision.steps if step.sighting.url in front and step.outcome is not Outcome.SKIPPED]
        if any(step.outcome in (Outcome.KNOWN, Outcome.MOVED, Outcome.OLD) for step in here):
            continue
        odd = {step.sighting.url for step in unexplained(here, now=now, last_good_at=last_good_at)}
        odd |= {step.sighting.url for step in here if decision.habits.leads_away(step.sighting.url)}
        count += len(here) if 2 * len(odd) > len(here) else 0
    return count


def _surest(steps: Sequence[Step], stories: Mapping[str, Known]) -> Sequence[Step]:
    """The items that are known stories, where there are any: what is new may turn out to be an advertisement."""
    return [step for step in steps if step.uuid and not stories[step.uuid].is_pending] or steps


def unexplained(steps: Sequence[Step], *, now: datetime, last_good_at: datetime | None) -> tuple[Step, ...]:
    """New items that neither a date nor their place above the first known item explains."""
    if last_good_at is None:
        return ()
    found: list[Step] = []
    pinned = _pinned(steps)
    below = sum(bool(step.uuid) for step in steps[pinned:])
    is_above = below >= max(pinned, 1)
    for step in steps[pinned:]:
        if step.outcome in (Outcome.OLD, Outcome.SKIPPED) or step.goes_on:
            continue
        if step.uuid:
            is_above = False
        elif not is_since(step.sighting, last_good_at, now=now) and (step.sighting.published or not is_above):
            found.append(step)
    return tuple(found)


def _pinned(steps: Sequence[Step]) -> int:
    """How many items at the very top are known ones that stay there, above what comes out."""
    known = next((place for place, step in enumerate(steps) if not step.uuid), len(steps))
    return known if known <= _PINNED_MOST else 0


def habits(past: Sequence[Facts]) -> Habits:
    """What the items of a source's good scrapes were like."""
    if sum(facts.items for facts in past) < _HABIT_MIN:
        return Habits()
    hosts = frozenset(host for facts in past for host in facts.hosts)
    shaped = [facts.shape for facts in past if facts.shape_percent >= 100 * _USUALLY]
    shapes = frozenset(shaped) if len(shaped) >= _MOSTLY * len(past) else frozenset()
    dated = [facts for facts in past if facts.dated >= _USUALLY * facts.items]
    return Habits(hosts=hosts, shapes=shapes, is_dated=len(dated) >= _MOSTLY * len(past))
