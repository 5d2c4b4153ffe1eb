"""Does this scrape look like a page gone wrong? Pure; compares with the source's own past.

Rules R1 and R5 of specs/reliability.md. A suspect scrape changes nothing; three in a row make a source broken; the same
odd picture five times over at least a day is the site's new normal.
"""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from feedsvc.lexicon.pagelooks import Look
from feedsvc.scrape.facts import Facts


class Fault(StrEnum):
    """What is wrong with a scrape; the value is what admins read."""

    NO_ITEMS = "no items"
    WRONG_PAGE = "not the listing"
    SHRUNK = "fewer than half of the usual items"
    ALL_REPLACED = "every known item is gone"
    UNEXPLAINED = "most items are unknown and older than the last good scrape"
    SHUFFLED = "addresses lead to other titles than before"
    DATES_GONE = "dates are missing"
    DATES_WRONG = "dates are wrong"
    TITLES_WRONG = "titles are wrong"
    OTHER_LINKS = "links lead elsewhere than before"


#: Faults that can be a site's new normal; the others are never accepted by themselves.
ACCEPTABLE = frozenset(set(Fault) - {Fault.NO_ITEMS, Fault.WRONG_PAGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a scrape may change anything."""

    fault: Fault | None = None
    #: One sentence for admins; "" where all is well.
    reason: str = ""
    #: What was compared with what, one line each.
    evidence: tuple[str, ...] = ()

    @property
    def is_ok(self) -> bool:
        return self.fault is None


class State(StrEnum):
    """How a source is."""

    OK = "ok"
    SUSPECT = "suspect"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """When patience ends."""

    #: Suspect scrapes in a row that make a source broken.
    broken_after: int = 3
    #: Alike suspect scrapes, and the time over which they must spread, that make a new normal.
    accepted_after: int = 5
    accepted_over: timedelta = timedelta(hours=24)


#: An admin has looked: what can be a new normal is one.
AT_ONCE = Settings(accepted_after=0, accepted_over=timedelta())
#: An admin has looked, and called it wrong: it is neither a new normal nor news, however often it comes.
NEVER = Settings(accepted_after=sys.maxsize, broken_after=sys.maxsize)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Where a source stands between two scrapes."""

    state: State = State.OK
    #: Suspect scrapes in a row.
    in_a_row: int = 0
    #: How many of the latest of them were alike, since when, and what they had in common.
    alike: int = 0
    alike_since: datetime | None = None
    picture: str = ""
    #: What was accepted as the new normal, until enough good scrapes look like it.
    accepted: str = ""
    reason: str = ""


#: Looks that a page may have whose list is there all the same.
_BESIDE_A_LIST = frozenset({Look.EMPTY, Look.APP_SHELL, Look.CONSENT, Look.PAYWALL})
#: A list has at least so many items; so few prove nothing about dates and titles.
_A_LIST, _FEW = 4, 3
#: Shares that a habit reaches, and that it does not.
_MOSTLY, _RARELY = 0.8, 0.2
#: Good scrapes that the present one is compared with (rule R1).
PAST = 5


def judge(facts: Facts, past: Sequence[Facts], *, is_partial: bool = False) -> Verdict:
    """Whether ``facts`` look like a page gone wrong, compared with the last good scrapes (the newest last).

    ``is_partial``: of several listings some did not come, so that fewer items prove nothing.
    """
    past = past[-PAST:]
    for question in (_no_items, _wrong_page) if not past else _QUESTIONS:
        if is_partial and question is _shrunk:
            continue
        verdict = question(facts, past)
        if verdict:
            return verdict
    return Verdict()


def _no_items(facts: Facts, past: Sequence[Facts]) -> Verdict | None:
    if facts.items:
        return None
    instead = f"; the page looks like this: {facts.look}" if facts.look else ""
    return _suspect(Fault.NO_ITEMS, f"the listing shows no items{instead}", _counts(facts, past))


def _wrong_page(facts: Facts, past: Sequence[Facts]) -> Verdict | None:
    usual = _median(past, "items") if past else 2 * _A_LIST
    # of a first scrape only dates tell a list from the menu of such a page
    is_list = facts.items >= _A_LIST and (facts.dated > 0 or facts.look in _BESIDE_A_LIST)
    if not facts.look or facts.recognized >= usual / 2 or (not past and is_list):
        return None
    return _suspect(Fault.WRONG_PAGE, f"the page is no listing but looks like this: {facts.look}", _counts(facts, past))


def _shrunk(facts: Facts, past: Sequence[Facts]) -> Verdict | None:
    usual = _median(past, "items")
    if facts.items >= usual / 2:
        return None
    return _suspect(Fault.SHRUNK, f"{facts.items} items where {usual:g} are usual", _counts(facts, past))


def _shuffled(facts: Facts, past: Sequence[Facts]) -> Verdict | None:
    if facts.swapped < 2 or facts.swapped < facts.known / 2:
        return None
    reason = f"{facts.swapped} of {facts.known} known addresses bear the title of another known story"
    return _suspect(Fault.SHUFFLED, reason)


def _dates_gone(facts: Facts, past: Sequence[Facts]) -> Verdict | None:
    usual = _median_share(past, "dated", "items")
    if usual < _MOSTLY or facts.dated >= facts.items * usual / 2:
        return None
    return _suspect(Fault.DATES_GONE, f"{facts.dated} of {facts.items} items have a date; usual are {usual:.0%}")


def _dates_wrong(facts: Facts, past: Sequence[Facts]) -> Verdict | None:
    if facts.dated >= _FEW and facts.ahead > facts.dated / 2 and _median_share(past, "ahead", "dated") < _RARELY:
        return _suspect(Fault.DATES_WRONG, f"{facts.ahead} of {facts.dated} dates lie ahead of us")
    if facts.known >= _FEW and facts.redated > facts.known / 2 and _median_share(past, "redated", "known") < _RARELY:
        return _suspect(
            Fault.DATES_WRONG, f"{facts.redated} of {facts.known} known items have another date than before"
        )
    # a busy day fills a short list with one day; what is known then still bears the day it had
    is_busy_day = facts.same_day > facts.redated
    is_one_day = facts.dated >= _A_LIST and facts.days == 1 and _median(past, "days") >= _FEW
    if is_one_day and not is_busy_day and facts.new < facts.items:
        return _suspect(
            Fault.DATES_WRONG, f"all {facts.dated} dates are the same day; usual are {_median(past, 'days'):g}"
        )
    return None


def _titles_wrong(facts: Facts, past: Sequence[Facts]) -> Verdict | None:
    usual = _median_share(past, "titles", "items")
    if facts.items >= _FEW and usual >= _MOSTLY and facts.titles < facts.items * usual / 2:
        reason = f"{facts.titles} different titles for {facts.items} items; usual are {usual:.0%}"
        return _suspect(Fault.TITLES_WRONG, reason)
    if (
        facts.known >= _FEW
        and facts.retitled >= _MOSTLY * facts.known
        and _median_share(past, "retitled", "known") < _RARELY
    ):
        return _suspect(
            Fault.TITLES_WRONG, f"{facts.retitled} of {facts.known} known items have another title than before"
        )
    return None


def _all_replaced(facts: Facts, past: Sequence[Facts]) -> Verdict | None:
    if facts.reached:
        return None
    newest = max(one.newest for one in past)
    if facts.newest > newest and not facts.unexplained:
        return None
    dates = f"the newest date is {facts.newest or 'missing'}, and {newest or 'none'} was the newest before"
    return _suspect(Fault.ALL_REPLACED, f"none of {facts.items} items is known; {dates}", _counts(facts, past))


def _other_links(facts: Facts, past: Sequence[Facts]) -> Verdict | None:
    shapes = {one.shape for one in past}
    if facts.reached or facts.shape in shapes or _median(past, "shape_percent") < 100 * _MOSTLY:
        return None
    usual = ", ".join(sorted(shapes))
    reason = f"none of {facts.items} items is known, and their links look like {facts.shape} instead of {usual}"
    return _suspect(Fault.OTHER_LINKS, reason)


def _list_replaced(facts: Facts, past: Sequence[Facts]) -> Verdict | None:
    if facts.strays < _A_LIST:
        return None
    reason = (
        f"of one list none of {facts.strays} items is known, and they lead elsewhere or are older than the last look"
    )
    return _suspect(Fault.ALL_REPLACED, reason, _counts(facts, past))


def _unexplained(facts: Facts, past: Sequence[Facts]) -> Verdict | None:
    if facts.new <= facts.items / 2 or facts.unexplained <= facts.new / 2:
        return None
    reason = f"{facts.new} of {facts.items} items are new; by their dates {facts.unexplained} of them are not"
    return _suspect(Fault.UNEXPLAINED, reason, _counts(facts, past))


_QUESTIONS = (
    _no_items, _wrong_page, _shrunk, _shuffled, _titles_wrong, _dates_gone, _dates_wrong, _all_replaced, _other_links,
    _list_replaced, _unexplained,
)  # fmt: skip


def health_after(
    verdict: Verdict,
    facts: Facts,
    health: Health,
    *,
    now: datetime,
    settings: Settings = Settings(),
) -> tuple[Health, Verdict]:
    """Where the source stands now, and the verdict that holds: a new normal turns a suspect scrape into a good one.

    The verdict returned is ok, with a reason, where the same picture came often enough over long enough (rule R1); the
    caller records the scrape and tells admins.
    """
    if verdict.fault is None:
        return Health(), verdict
    picture = _picture(verdict.fault, facts)
    if picture == health.accepted:
        return Health(accepted=picture), Verdict()
    is_alike = picture == health.picture
    alike, since = (health.alike + 1, health.alike_since or now) if is_alike else (1, now)
    if verdict.fault in ACCEPTABLE and alike >= settings.accepted_after and now - since >= settings.accepted_over:
        return Health(accepted=picture), Verdict(
            reason=f"accepted as the new normal after {alike} alike scrapes: {verdict.reason}"
        )
    in_a_row = health.in_a_row + 1
    is_broken = health.state is State.BROKEN or in_a_row >= settings.broken_after
    return Health(
        state=State.BROKEN if is_broken else State.SUSPECT,
        in_a_row=in_a_row,
        alike=alike,
        alike_since=since,
        picture=picture,
        accepted=health.accepted,
        reason=verdict.reason,
    ), verdict


def picture_of(verdict: Verdict, facts: Facts) -> str:
    """What a wrong page looks like, as ``Health.picture`` keeps it; "" for one that is well."""
    return _picture(verdict.fault, facts) if verdict.fault is not None else ""


def _picture(fault: Fault, facts: Facts) -> str:
    """What two scrapes of one new normal have in common."""
    size = round(math.log2(facts.items + 1))
    fill = [round(4 * part / facts.items) if facts.items else 0 for part in (facts.dated, facts.titled)]
    return f"{fault.name} {facts.shape} {size} {fill} {facts.look}"


def _suspect(fault: Fault, reason: str, evidence: tuple[str, ...] = ()) -> Verdict:
    return Verdict(fault=fault, reason=f"{fault.value}: {reason}", evidence=evidence)


def _counts(facts: Facts, past: Sequence[Facts]) -> tuple[str, ...]:
    now = f"now: {facts.items} items, {facts.known} known, {facts.moved} moved, {facts.new} new, newest {facts.newest}"
    return (now, *(f"before: {one.items} items, {one.recognized} known, newest {one.newest}" for one in reversed(past)))


def _median(past: Sequence[Facts], name: str) -> float:
    return float(statistics.median(getattr(one, name) for one in past))


def _median_share(past: Sequence[Facts], part: str, whole: str) -> float:
    shares = [getattr(one, part) / getattr(one, whole) for one in past if getattr(one, whole)]
    return statistics.median(shares) if shares else 0.0
