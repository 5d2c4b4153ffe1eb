"""Which of a page's dates is the release date: a vote of its voices, since each of them alone is often wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from feedsvc.lexicon.dateshape import date_spans
from feedsvc.model import Found, Precision, When
from feedsvc.normalize.written import FUTURE_LIMIT, day_order, parse_date

__all__ = ["FUTURE_LIMIT", "choose", "day_order", "parse_date"]

#: A candidate surer than this is a voice of its own; a weaker one only breaks ties.
_SURE = 0.4
_UTC = re.compile(r"\d(?:Z|\s?(?:GMT|UTC)|[+]00:?00)\s*$", re.IGNORECASE)
_PRECISIONS = (Precision.DAY, Precision.MINUTE, Precision.SECOND)


@dataclass(frozen=True, slots=True)
class _Ballot:
    when: When
    found: Found
    #: Year, month and day are printed; nothing was completed from the clock.
    is_full: bool

    @property
    def is_utc(self) -> bool:
        """Printed as a moment in UTC, so perhaps not on the day on which people there saw it."""
        return self.when.precision is not Precision.DAY and bool(_UTC.search(self.found.text))


def choose(
    candidates: Sequence[Found],
    *,
    now: datetime,
    time_zone: str,
    languages: Sequence[str] = (),
    other_dates: Sequence[str] = (),
) -> tuple[When, Found] | None:
    """The date that most of what the page says agrees on, and the candidate that words it best.

    Each candidate gives its confidence to its day; a rule's date wins outright. What was completed from the clock
    ('3 hours ago', '15:30') counts only where no date is printed in full. A moment in UTC gives its vote to the day
    before or after, where the page prints that day: pages print local days. Of the winning day's candidates the most
    precise is taken. Dates ahead of us by more than 24 hours count only where nothing else stands.
    """
    day_first = day_order([*other_dates, *(found.text for found in candidates)])
    ballots: list[_Ballot] = []
    for found in candidates:
        said_at = found.read_at or now
        when = parse_date(found.text, now=said_at, time_zone=time_zone, languages=languages, day_first=day_first)
        if when:
            ballots.append(_Ballot(when, found, is_full(found.text)))
    ballots = [ballot for ballot in ballots if ballot.when.at <= now + FUTURE_LIMIT] or ballots
    for ballot in ballots:
        if ballot.found.where.startswith("rule:"):
            return ballot.when, ballot.found
    if any(ballot.is_full and ballot.found.confidence >= _SURE for ballot in ballots):
        ballots = [ballot for ballot in ballots if ballot.is_full]
    if not ballots:
        return None
    votes: dict[str, float] = {}
    for ballot in ballots:
        day = _local_day(ballot, ballots)
        votes[day] = votes.get(day, 0.0) + ballot.found.confidence
    day = max(votes, key=lambda key: votes[key])
    # A moment that voted for its neighbour still is the most precise word for it where nobody else names a time.
    own = [ballot for ballot in ballots if ballot.when.day == day]
    best = max(own, key=lambda ballot: (_PRECISIONS.index(ballot.when.precision) > 0, ballot.found.confidence))
    return best.when, best.found


def is_full(text: str) -> bool:
    """Whether a text prints year, month and day: nothing of its date is completed from the clock."""
    return any(span.is_full for span in date_spans(text))


def _local_day(ballot: _Ballot, ballots: Sequence[_Ballot]) -> str:
    """The day that a ballot is for: its own, or for a moment in UTC the neighbouring one that the page prints."""
    if not ballot.is_utc:
        return ballot.when.day
    own = date.fromisoformat(ballot.when.day)
    neighbours = {(own + timedelta(days=1 if ballot.when.at.hour >= 12 else -1)).isoformat()}
    for other in ballots:
        is_printed = not other.is_utc and other.is_full and other.found.where != "htmldate"
        if is_printed and other.when.day == ballot.when.day:
            return ballot.when.day
    for other in ballots:
        is_printed = not other.is_utc and other.is_full and other.found.where != "htmldate"
        if is_printed and other.found.confidence >= _SURE and other.when.day in neighbours:
            return other.when.day
    return ballot.when.day
