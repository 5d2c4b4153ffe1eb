"""Recognizes date-shaped text without parsing it: where a date stands, in which written form, and its printed parts.

Knows numeric forms, ISO 8601, RFC 822, month names of some fifty languages, East Asian dates with eras, relative
dates, and digits of every script. What the parts mean (which of 03/04 is the month) is for normalizing to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from feedsvc.lexicon.dateforms import BARE_FORMS, FORMS
from feedsvc.lexicon.folding import plain_digits
from feedsvc.lexicon.months import jalali_month_number, month_number
from feedsvc.lexicon.relative import unit_of
from feedsvc.lexicon.weekdays import weekday_number

#: Shapes that print year, month and day.
FULL_SHAPES = frozenset({"iso", "numeric", "compact", "cjk", "era", "words"})
#: Text up to this many characters may be a date as a whole; longer text must print one plainly.
_SHORT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """One date-shaped stretch of a text."""

    start: int
    end: int
    #: As printed.
    text: str
    #: "iso" (year first), "numeric" (year last), "compact" (20230517), "cjk", "era" (令和5年), "words" (month named);
    #: "yearless", "relative", "named-day", "now", "weekday", "clock", "epoch": these need the page or the clock.
    shape: str
    #: Printed parts by name (year, month, day, hour, minute, second, half, zone, era, count, unit, ...), digits 0-9.
    parts: Mapping[str, str]

    @property
    def is_full(self) -> bool:
        """Whether year, month and day are all printed."""
        return self.shape in FULL_SHAPES and "year" in self.parts

    @property
    def counts_from_now(self) -> bool:
        """Whether it means another day when it is read later: '3 hours ago', 'yesterday'."""
        return self.shape in ("relative", "named-day", "now")

    @property
    def has_time(self) -> bool:
        """Whether a time of day is printed too."""
        return "hour" in self.parts


#: Longer lines are prose, which does not come again.
_KEPT_LONGEST = 160
_GATE = re.compile(r"\d|[〇零○一二三四五六七八九]{4}年")


def date_spans(text: str) -> Iterator[DateSpan]:
    """Every date-shaped stretch of ``text`` from left to right, none overlapping another.

    Forms that are also ordinary words or numbers ('Monday', '15:30', '05-17', '3h') count only where they are all of
    a short text. Never raises.
    """
    return iter(_kept_spans(text) if len(text) <= _KEPT_LONGEST else tuple(_spans(text)))


@lru_cache(maxsize=4096)
def _kept_spans(text: str) -> tuple[DateSpan, ...]:
    """Short lines come again and again: menus and teasers stand on every page of a site."""
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[DateSpan]:
    plain = plain_digits(text)
    if len(plain) > _SHORT and not _GATE.search(plain):
        return
    found: list[tuple[int, int, int, str, re.Match[str]]] = []
    for rank, form in FORMS.worth_trying(plain):
        for match in form.pattern.finditer(plain):
            named = _shape(form.shape, match, whole=len(plain) <= _SHORT)
            if named:
                found.append((match.start(), -match.end(), rank, named, match))
    if not found and len(plain) <= _SHORT:
        for rank, form in BARE_FORMS.worth_trying(plain):
            bare = form.pattern.fullmatch(plain)
            if bare and (named := _bare_shape(form.shape, bare)):
                found.append((bare.start(), -bare.end(), rank, named, bare))
                break
    end = 0
    for start, minus_end, _, shape, match in sorted(found, key=lambda row: row[:3]):
        if start >= end:
            end = -minus_end
            yield DateSpan(start=start, end=end, text=text[start:end], shape=shape, parts=_parts(match))


def is_date(text: str) -> bool:
    """Whether ``text`` is a date and hardly anything else ('17 May 2023', 'Wed, May 17 - 3:30 pm')."""
    if len(text) > 2 * _SHORT:
        return False
    rest = text
    for span in date_spans(text):
        rest = rest.replace(span.text, " ")
    if rest == text:
        return False
    words = re.findall(r"\w+", rest)
    return all(weekday_number(word) is not None or len(word) < 3 for word in words)


def _shape(shape: str, match: re.Match[str], *, whole: bool) -> str | None:
    """The shape after a look at the words, or None where they are no date after all."""
    parts = match.groupdict()
    if shape == "words":
        month = parts.get("month")
        if month and month_number(month) is None and jalali_month_number(month) is None:
            return None
        if not (parts.get("day") or parts.get("day_first")):
            return None
        if not parts["year"]:
            return "yearless" if whole else None
    elif shape == "relative":
        return shape if unit_of(parts["unit"]) else None
    elif shape == "named-day":
        return shape if whole or parts.get("hour") else None
    return shape


def _bare_shape(shape: str, match: re.Match[str]) -> str | None:
    if shape == "weekday":
        return shape if weekday_number(match["weekday"]) is not None else None
    if shape == "relative":
        return shape if unit_of(match["unit"]) else None
    if shape == "clock":
        return shape if match["minute"] or match["minute_dot"] else None
    return shape


def _parts(match: re.Match[str]) -> dict[str, str]:
    """The parts that are printed, under one name each."""
    parts = {name: value for name, value in match.groupdict().items() if value}
    for alias, name in (("minute_dot", "minute"), ("half_first", "half"), ("day_first", "day")):
        if alias in parts:
            parts.setdefault(name, parts.pop(alias))
    parts.pop("sep", None)
    return parts
