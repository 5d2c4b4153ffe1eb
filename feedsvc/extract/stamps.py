"""Dates that stand with the items of a list: in attributes, in text, in the address, under a year's heading.

Only recognized here, never read: what a string means is decided by normalizing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, urlsplit

from feedsvc.extract.outline import HEADINGS, Outline
from feedsvc.lexicon.dateshape import DateSpan, date_spans
from feedsvc.lexicon.months import month_number
from feedsvc.model import Found

#: A text run longer than this tells a story; a date in it is seldom the item's own.
LINE_MAX: Final = 120
#: A line that names a date without a digit is no longer than this.
_WORDED_MAX: Final = 25
#: A long text may open with its date, within so many characters.
_OPENING: Final = 40
#: Attributes in which machines find dates, the surest first.
DATE_ATTRIBUTES: Final = ("datetime", "data-datetime", "data-date", "data-published", "data-time", "title", "content")

_NUMERIC_DATE = re.compile(r"(?:19|20)\d\d[-/.]?\d\d?[-/.]?\d\d?|\d\d?[-/. ][^\W_]{2,9}[-/. ](?:19|20)\d\d")
#: Elements that head what follows them.
_LINE_HEADS: Final = HEADINGS | {"dt", "th", "strong", "b", "summary", "caption"}
_YEAR_LINE_MAX, _DATE_LINE_MAX = 24, 40
#: Shapes that are no day by themselves.
_VAGUE: Final = frozenset({"relative", "clock", "weekday", "epoch", "now"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_BARE_YEAR = re.compile(r"\W*((?:19|20)\d\d)\s*[年년]?\W*(?:\(\d+\)\W*)?")
_MONTH_SIGN = re.compile(r"\d\d?\s*[月월]")
_MONTH_DAY = re.compile(r"\d\d?[-/.]\d\d?\.?")
_NUMBERS = re.compile(r"\d+")
_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_CLOCK = re.compile(r"[\sT,|]*(?:at |um |à |kl\.? )?\d{1,2}[:h.]\d\d(?::\d\d)?(?:\s*[ap]\.?m\.?)?", re.IGNORECASE)
_UPDATED = frozenset({"updated", "modified", "update", "lastmod", "edited", "datemodified", "dateModified"})
_PIECES = frozenset({"day", "month", "year"})
_DATE_WORDS = frozenset(
    {"date", "time", "published", "publish", "datetime", "meta", "day", "year", "posted", "pubdate"}
)


@dataclass(slots=True)
class Stamps:
    """Recognizes dates in one outline, each text run once."""

    outline: Outline
    _spans: dict[int, tuple[DateSpan, ...]] = field(default_factory=dict)
    _years: list[tuple[int, str]] | None = None
    _date_lines: list[tuple[int, str]] | None = None

    def spans(self, run: int) -> tuple[DateSpan, ...]:
        """The date-shaped parts of a text run; of a long one only a date that it opens with."""
        known = self._spans.get(run)
        if known is None:
            text = self.outline.runs[run].text
            if len(text) <= LINE_MAX:
                known = spans_in(text)
            else:
                known = tuple(span for span in spans_in(text[:_OPENING]) if span.start <= 2 and span.is_full)[:1]
            self._spans[run] = known
        return known

    def has_date(self, start: int, stop: int, first_run: int, last_run: int) -> bool:
        """Whether any date stands in the elements ``start .. stop`` or the runs ``first_run .. last_run``."""
        if any(_is_telling(span) for run in range(first_run, last_run) for span in self.spans(run)):
            return True
        return any(True for _ in self._in_attributes(start, stop)) or self._in_named_pieces(start, stop) is not None

    def find(self, start: int, stop: int, first_run: int, last_run: int) -> list[Found]:
        """The dates of an item that spans these elements and runs, the likeliest first, each text once."""
        found = [*self._in_attributes(start, stop), *self._in_text(first_run, last_run)]
        if named := self._in_named_pieces(start, stop):
            found.append(named)
        if not found and (joined := self._in_pieces(first_run, last_run)):
            found.append(joined)
        found.sort(key=lambda one: -one.confidence)
        unique: dict[str, Found] = {}
        for one in found:
            unique.setdefault(one.text, one)
        return list(unique.values())

    def _in_attributes(self, start: int, stop: int) -> Iterator[Found]:
        outline = self.outline
        for number in range(start, stop):
            element = outline.elements[number]
            attributes = element.attrib
            if not attributes:
                continue
            tag = outline.tags[number]
            for name in DATE_ATTRIBUTES:
                value = attributes.get(name)
                if not value or len(value) > 60 or not _NUMERIC_DATE.search(value):
                    continue
                if name == "content" and not _is_date_property(
                    attributes.get("itemprop") or attributes.get("property")
                ):
                    continue
                if name == "title" and tag in ("a", "img") and len(value) > 35:
                    continue
                property_ = (attributes.get("itemprop") or attributes.get("property") or "").lower()
                sure = 0.9 if name in ("datetime", "content") else 0.8 if name != "title" else 0.75
                if "modified" in property_ or _is_update(outline.words(number)):
                    sure = 0.3
                yield Found(text=value.strip(), where=f"{tag}[{name}]", confidence=sure)
                break

    def _in_text(self, first_run: int, last_run: int) -> Iterator[Found]:
        outline = self.outline
        for place, run in enumerate(range(first_run, last_run)):
            spans = self.spans(run)
            if not spans:
                continue
            text, owner = outline.runs[run].text, outline.runs[run].owner
            for span in spans:
                printed = text[span.start : span.end]
                if clock := _CLOCK.match(text, span.end):
                    printed += clock[0]
                rest = len(text) - (span.end - span.start)
                vague = (
                    -0.3 if span.shape in ("relative", "clock", "weekday", "epoch") else 0.0 if span.is_full else -0.1
                )
                sure = vague + (0.7 if rest <= 4 else 0.6 if rest <= 25 else 0.45 if rest <= 60 else 0.35)
                words = outline.words(owner) | outline.words(max(outline.parents[owner], 0))
                if outline.tags[owner] == "time" or words & _DATE_WORDS:
                    sure += 0.1
                if _is_update(words):
                    sure -= 0.35
                if any(outline.tags[up] in HEADINGS for up in (owner, *_two_up(outline, owner))) and rest > 4:
                    sure -= 0.2
                yield Found(
                    text=printed.strip(), where=f"text of {outline.tags[owner]}", confidence=sure - place * 1e-4
                )

    def _in_pieces(self, first_run: int, last_run: int) -> Found | None:
        """A date whose day, month and year stand in elements of their own."""
        outline = self.outline
        for run in range(first_run, min(last_run, first_run + 12)):
            if len(outline.runs[run].text) > 12:
                continue
            for last in range(min(last_run, run + 3), run + 1, -1):
                text = " ".join(outline.runs[piece].text.strip() for piece in range(run, last))
                if len(text) > 30 or not any(map(str.isdigit, text)):
                    continue
                span = next(iter(spans_in(text)), None)
                if span and len(text) - (span.end - span.start) <= 3:
                    owner = outline.runs[run].owner
                    return Found(text=text, where=f"pieces in {outline.tags[outline.parents[owner]]}", confidence=0.6)
        return None

    def _in_named_pieces(self, start: int, stop: int) -> Found | None:
        """A date whose pieces stand in elements that classes call day, month and year; a heading may give the year."""
        pieces: dict[str, str] = {}
        for number in range(start, stop):
            for name in self.outline.words(number) & _PIECES:
                text = self.outline.text(number).strip(" /.,-")
                if 0 < len(text) <= 12:
                    pieces.setdefault(name, text)
        day, month = pieces.get("day", ""), pieces.get("month", "")
        year = pieces.get("year") or self.year_before(start) or ""
        if not (day.isdecimal() and month) or (year and not _YEAR.fullmatch(year)):
            return None
        if month.isdecimal():
            text = f"{year}-{int(month):02}-{int(day):02}" if year else f"{int(month):02}-{int(day):02}"
        else:
            text = f"{day} {month} {year}".strip()
        return Found(text=text, where="elements named day and month", confidence=0.85 if year else 0.55)

    def year_before(self, number: int) -> str | None:
        """The year whose heading an element stands under."""
        if self._years is None:
            self._years = list(self._find_years())
        place = bisect_left(self._years, (number, "")) - 1
        return self._years[place][1] if place >= 0 else None

    def _find_years(self) -> Iterator[tuple[int, str]]:
        for run in self.outline.runs:
            if len(run.text) <= _YEAR_LINE_MAX and (year := year_of_line(run.text)):
                yield run.owner, year

    def date_lines(self) -> list[tuple[int, str]]:
        """The headings that are nothing but a day, under which releases of that day stand: (element, text)."""
        if self._date_lines is None:
            self._date_lines = []
            for number, run in enumerate(self.outline.runs):
                spans = self.spans(number) if len(run.text) <= _DATE_LINE_MAX else ()
                is_whole = len(spans) == 1 and len(run.text) - len(spans[0].text) <= 4
                if is_whole and spans[0].shape not in _VAGUE and self._heads(run.owner):
                    self._date_lines.append((run.owner, run.text.strip()))
        return self._date_lines

    def _heads(self, number: int) -> bool:
        near = (number, *_two_up(self.outline, number))
        return any(self.outline.tags[one] in _LINE_HEADS for one in near)


def _is_update(words: frozenset[str]) -> bool:
    """Whether names say that a date is of a change; "published updated" is what was never changed since."""
    return bool(words & _UPDATED) and "published" not in words


def _is_telling(span: DateSpan) -> bool:
    """Whether a span is a date for certain: "4 min" may be how long the reading takes, "12:30" when a talk begins."""
    if span.shape == "relative":
        return "minute" not in span.parts.get("unit", "") and len(span.text) > 6
    return span.shape not in ("clock", "weekday", "epoch")


def _two_up(outline: Outline, number: int) -> tuple[int, ...]:
    parent = outline.parents[number]
    return (parent, outline.parents[parent]) if parent > 0 else ()


def _is_date_property(name: str | None) -> bool:
    return bool(name) and any(word in name.lower() for word in ("date", "published", "time"))  # type: ignore[union-attr]


@lru_cache(maxsize=32_768)
def spans_in(text: str) -> tuple[DateSpan, ...]:
    """The date-shaped parts of a text. The same short texts are asked about again and again: answers are kept, so many
    that those of a list of ten thousand entries are.

    Without a digit only a short line can be a date ("yesterday", "Monday"); that is asked first, for it is cheap.
    """
    return tuple(date_spans(text)) if len(text) <= _WORDED_MAX or any(map(str.isdigit, text)) else ()


def year_of_line(text: str) -> str | None:
    """The year that a line names alone or with a month: "2023", "2023年", "May 2023", "2023/05", "2023 (12)"."""
    match = _BARE_YEAR.fullmatch(text)
    if match:
        return match[1]
    years = _YEAR.findall(text)
    rest = re.findall(r"[^\W\d_]+\.?|\d+", _YEAR.sub(" ", text, count=1))
    is_month = all(word in "年月년월" or (word.isdigit() and int(word) <= 12) or month_number(word) for word in rest)
    return str(years[0]) if len(years) == 1 and 0 < len(rest) <= 3 and is_month else None


def has_year(text: str) -> bool:
    """Whether a date string names its year."""
    return bool(_YEAR.search(text))


def with_year(text: str, year: str) -> str:
    """A date without a year, completed by the heading that it stands under, in a form that reads one way only.

    "5 May" gives "5 May 2023", "May 5" gives "May 5, 2023", "05-17" gives "2023-05-17", "1月5日" gives "2023年1月5日".
    """
    if _MONTH_SIGN.search(text):
        return f"{year}年{text}"
    if _MONTH_DAY.fullmatch(text):
        return f"{year}-{'-'.join(_NUMBERS.findall(text))}"
    return f"{text} {year}" if text[:1].isdigit() else f"{text}, {year}"


def in_url(url: str) -> Found | None:
    """The day that an address names: /2026/08/12/…, 2025-02-03-slug."""
    match = _URL_DATE.search(unquote(urlsplit(url).path))
    return Found(text=f"{match[1]}-{match[3]}-{match[4]}", where="url", confidence=0.4) if match else None
