"""Crontab lines, checked field by field so that a typo is named (crontab(5): five fields, 0 and 7 are Sunday)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedsvc.config.fault import nearest, wrong

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_EXAMPLE = 'write five fields: minute hour day month weekday, as "*/20 8-18 * * mon-fri"'
#: The longest each month can be: a line for 31 June would never run.
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()
    first: int = 0


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS, 1),
    _Field("weekday", 0, 7, _DAYS, 0),
)


def check_cron(line: str) -> str:
    """A crontab line of five fields in its normal spelling (lower case, single spaces)."""
    fields = line.lower().split()
    if len(fields) != len(_FIELDS):
        raise wrong(f"has {len(fields)} field{'s' if len(fields) != 1 else ''}, not 5", _EXAMPLE)
    _, _, days, months, _ = values_of(line)
    if fields[4].startswith("*") and not any(min(days) <= _LONGEST[month - 1] for month in months):
        raise wrong("names a day that none of its months has", "choose an earlier day of the month")
    return " ".join(fields)


def values_of(line: str) -> tuple[frozenset[int], ...]:
    """The numbers that each of five fields names, Sunday as 0 and 7 or either. Raises ValueError."""
    fields = zip(line.lower().split(), _FIELDS, strict=True)
    return tuple(frozenset(_values(text, field)) for text, field in fields)


def _values(text: str, field: _Field) -> set[int]:
    values: set[int] = set()
    for part in text.split(","):
        values |= _part(part, field)
    return values


def _part(part: str, field: _Field) -> set[int]:
    span, slash, step_text = part.partition("/")
    step = int(step_text) if step_text.isdecimal() else 0
    if slash and not 0 < step <= field.high:
        raise wrong(f"{field.name}: {step_text or 'nothing'} after the / is not a step", _EXAMPLE)
    if span == "*":
        low, high = field.low, field.high
    else:
        first, dash, last = span.partition("-")
        low = _number(first, field)
        high = _number(last, field) if dash else field.high if slash else low
        if field.words == _DAYS and dash and high == 0:
            high = 7
    if low > high:
        raise wrong(
            f"{field.name}: {span} runs backwards", f"write the smaller first, or two spans: {_wrapped(span, field)}"
        )
    return set(range(low, high + 1, step or 1))


def _wrapped(span: str, field: _Field) -> str:
    first, _, last = span.partition("-")
    return f"{first}-{field.high},{field.low}-{last}"


def _number(text: str, field: _Field) -> int:
    if text in field.words:
        return field.words.index(text) + field.first
    if not re.fullmatch(r"\d{1,2}", text):
        close = nearest(text, field.words)
        remedy = f"did you mean {close}?" if close else f"{field.name} is {field.low}-{field.high}; {_EXAMPLE}"
        raise wrong(f"{field.name}: {text or 'nothing'} is not a number" + (" or name" if field.words else ""), remedy)
    if not field.low <= int(text) <= field.high:
        raise wrong(f"{field.name}: {text} is not within {field.low}-{field.high}", _EXAMPLE)
    return int(text)
