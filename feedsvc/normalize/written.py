"""Dates as pages write them -> moments in UTC with their precision.

The order of work: recognition (``lexicon.dateshape``) finds the printed parts, the functions here say what they mean,
one small function for each written form. ``dateparser`` is asked last, and only with the page's own languages.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import dateparser

from feedsvc.lexicon.dateshape import DateSpan, date_spans
from feedsvc.lexicon.folding import plain_digits
from feedsvc.lexicon.months import jalali_month_number, month_number
from feedsvc.lexicon.relative import named_day, unit_of
from feedsvc.lexicon.weekdays import weekday_number
from feedsvc.model import Precision, When
from feedsvc.normalize.calendars import era_year, gregorian_from_buddhist, gregorian_from_jalali, han_number
from feedsvc.normalize.clock import local_time, moment, zone_of

#: No page of the web is older; an earlier date is a reset clock or something else's date.
EARLIEST = date(1990, 1, 1)
#: A date may lie this far ahead (clocks, zones, embargoes); what lies further is unknown (specs/feeds.md 1.6).
FUTURE_LIMIT = timedelta(hours=24)
#: A text longer than this is prose, not a date line.
_LONGEST = 400

_YEAR_FIRST_LANGUAGES = frozenset({"zh", "ja", "ko", "hu", "lt"})
_DAYS_OF_UNIT = {"day": 1, "week": 7, "month": 30, "year": 365}


def parse_date(
    text: str, *, now: datetime, time_zone: str, languages: Sequence[str] = (), day_first: bool | None = None
) -> When | None:
    """The date that ``text`` prints, or None where it prints none that can be a release date.

    ``now`` is when the page was fetched (relative dates count from it), ``time_zone`` the site's IANA zone,
    ``languages`` BCP 47 tags of the page. ``day_first`` settles 03/04/2023 (see ``day_order``). Refused: impossible
    days, days before 1990. A moment up to 24 hours ahead becomes ``now``; one further ahead is returned as it is, for
    the caller to flag. A time of exactly midnight is how machines print a day, so it gives ``Precision.DAY``.
    """
    reader = _Reader(now=now, zone=ZoneInfo(time_zone), languages=tuple(languages), day_first=day_first)
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    spans = list(date_spans(text))
    for span in sorted(spans, key=lambda span: not span.is_full):
        if when := reader.read(span):
            return when
    return None if spans else reader.ask_dateparser(text)


def day_order(texts: Iterable[str]) -> bool | None:
    """Whether a site writes the day before the month, told by those of its dates that allow one reading only.

    None where nothing tells, or where the dates disagree.
    """
    verdicts = set()
    for text in texts:
        for span in date_spans(text):
            if span.shape == "numeric":
                first, second = int(span.parts["first"]), int(span.parts["second_number"])
                if (first > 12) != (second > 12):
                    verdicts.add(first > 12)
    return verdicts.pop() if len(verdicts) == 1 else None


class _Reader:
    """Reads recognized spans in one context: when, where and in which languages they were printed."""

    def __init__(self, *, now: datetime, zone: ZoneInfo, languages: tuple[str, ...], day_first: bool | None) -> None:
        self.now = now
        self.zone = zone
        self.languages = tuple(language[:2].lower() for language in languages if language)
        self.tags = tuple(language.lower() for language in languages if language)
        self.day_first = day_first
        self.today = now.astimezone(zone).date()

    def read(self, span: DateSpan) -> When | None:
        """What ``span`` means, or None where it is impossible."""
        try:
            if span.shape == "epoch":
                return self._epoch(span)
            if span.shape in ("relative", "now"):
                return self._relative(span)
            day = self._day(span)
            return self._when(day, span) if day else None
        except (ValueError, OverflowError):
            return None

    def ask_dateparser(self, text: str) -> When | None:
        """The last resort, for a short text with a digit in it and a language that dateparser is told."""
        if not self.languages or len(text) > 60 or not any(letter.isdigit() for letter in text):
            return None
        settings = {
            "RELATIVE_BASE": self.now.astimezone(self.zone).replace(tzinfo=None),
            "PREFER_DATES_FROM": "past",
            "REQUIRE_PARTS": ["day", "month"],
            "PARSERS": ["relative-time", "absolute-time"],
        }
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                parsed = dateparser.parse(plain_digits(text), languages=list(self.languages), settings=settings)
        except (ValueError, OverflowError, TypeError, AttributeError, KeyError, IndexError):
            return None
        if parsed is None:
            return None
        local = parsed if parsed.tzinfo else parsed.replace(tzinfo=self.zone)
        if (local.hour, local.minute, local.second) == (0, 0, 0):
            return self._of_day(local.date())
        return self._checked(local.astimezone(UTC), Precision.MINUTE, local.date())

    # From a span to a day: one function for each written form.

    def _day(self, span: DateSpan) -> date | None:
        parts = span.parts
        match span.shape:
            case "iso" | "compact":
                return self._year_first(int(parts["year"]), int(parts["month"]), int(parts["day"]))
            case "cjk":
                year = han_number(parts["year"])
                year = self._century(year) if len(parts["year"]) < 3 else year
                return date(year, han_number(parts["month"]), han_number(parts["day"]))
            case "era":
                return date(era_year(parts["era"], parts["year"]), int(parts["month"]), int(parts["day"]))
            case "numeric":
                return self._numeric(span)
            case "words":
                return self._words(span)
            case "yearless":
                return self._yearless(span)
            case "named-day":
                return self.today - timedelta(days=named_day(parts["name"]) or 0)
            case "weekday":
                back = (self.today.weekday() - (weekday_number(parts["weekday"]) or 0)) % 7
                return self.today - timedelta(days=back)
            case "clock":
                return self._latest(self.today, span)
            case _:
                return None

    def _year_first(self, year: int, month: int, day: int) -> date:
        """2023-05-17, 2566/05/17 (Thai), 1402/02/27 (Persian)."""
        if 2400 < year < 2700:
            return date(gregorian_from_buddhist(year), month, day)
        if 1300 < year < 1500 and "fa" in self.languages:
            return gregorian_from_jalali(year, month, day)
        return date(year, month, day)

    def _numeric(self, span: DateSpan) -> date:
        """17.05.2023, 5/17/23, 23-05-17 (East Asian)."""
        first, second = int(span.parts["first"]), int(span.parts["second_number"])
        printed = span.parts["year"].strip("'’")
        if len(printed) == 2 and _YEAR_FIRST_LANGUAGES.intersection(self.languages):
            return date(self._century(first), second, int(printed))
        year = self._century(int(printed)) if len(printed) == 2 else int(printed)
        if 2400 < year < 2700:
            year = gregorian_from_buddhist(year)
        return self._ordered(year, first, second, dotted="." in span.text[:6])

    def _ordered(self, year: int, first: int, second: int, *, dotted: bool) -> date:
        """Day and month told apart: by their size, by the site's other dates, by the language, by the calendar."""
        if first > 12 or second > 12:
            return date(year, second, first) if first > 12 else date(year, first, second)
        is_day_first = self.day_first
        if is_day_first is None:
            is_day_first = dotted or not self._writes_month_first()
        likely = date(year, second, first) if is_day_first else date(year, first, second)
        other = date(year, first, second) if is_day_first else date(year, second, first)
        return other if self._is_ahead(likely) and not self._is_ahead(other) else likely

    def _writes_month_first(self) -> bool:
        """English without a country, and that of the United States and the Philippines."""
        return bool(self.tags) and self.tags[0] in ("en", "en-us", "en-ph", "en_us", "fil")

    def _words(self, span: DateSpan) -> date | None:
        """17 May 2023 and its kin, with Thai and Persian years."""
        parts = span.parts
        day, printed = int(parts["day"]), parts["year"].strip("'’")
        year = int(printed)
        language = self.languages[0] if self.languages else None
        month = (
            int(parts["month_number"]) if "month_number" in parts else month_number(parts["month"], language=language)
        )
        if month is None or (1200 < year < 1600):
            jalali = jalali_month_number(parts.get("month", ""))
            return gregorian_from_jalali(year, jalali, day) if jalali and 1300 < year < 1500 else None
        if _is_thai(parts.get("month", "")) and (year < 100 or year > 2400):
            return date(gregorian_from_buddhist(year), month, day)
        return date(self._century(year) if len(printed) == 2 else year, month, day)

    def _yearless(self, span: DateSpan) -> date | None:
        """The latest such day that is not ahead of us."""
        parts = span.parts
        if "first" in parts:
            first, second = int(parts["first"]), int(parts["second_number"])
            by_size = first > 12 or second > 12
            day_first = first > 12 if by_size else self.day_first if self.day_first is not None else "." in span.text
            month, day = (second, first) if day_first else (first, second)
        else:
            number = int(parts["month"]) if parts["month"].isdecimal() else month_number(parts["month"])
            month, day = number or 0, int(parts["day"])
        for year in range(self.today.year + 1, self.today.year - 5, -1):
            try:
                candidate = date(year, month, day)
            except ValueError:
                continue  # 29 February of a common year
            if not self._is_ahead(candidate):
                return candidate
        return None

    def _is_ahead(self, day: date) -> bool:
        return day > self.today + timedelta(days=1)

    def _century(self, year: int) -> int:
        return 2000 + year if year <= self.today.year % 100 + 1 else 1900 + year

    def _latest(self, day: date, span: DateSpan) -> date:
        """``day``, or the one before where the printed time of ``day`` has not come yet."""
        printed = local_time(span.parts)
        is_ahead = printed and moment(day, printed[0], self.zone) > self.now + timedelta(hours=1)
        return day - timedelta(days=1) if is_ahead else day

    # From a day to a moment.

    def _when(self, day: date, span: DateSpan) -> When | None:
        printed = local_time(span.parts) if span.has_time else None
        if printed is None:
            return self._of_day(day)
        at, carried = printed
        if at == time(0) and not carried:
            return self._of_day(day)
        precision = Precision.SECOND if "second" in span.parts else Precision.MINUTE
        zone = zone_of(span.parts.get("zone"), self.zone, day)
        return self._checked(moment(day + timedelta(days=carried), at, zone), precision, day)

    def _of_day(self, day: date) -> When | None:
        """Noon in the site's zone, or now where that is earlier (specs/feeds.md 1.6)."""
        return self._checked(moment(day, time(12), self.zone), Precision.DAY, day)

    def _checked(self, at: datetime, precision: Precision, day: date) -> When | None:
        if day < EARLIEST:
            return None
        if self.now < at <= self.now + FUTURE_LIMIT:
            at = self.now
        return When(at=at, precision=precision, day=day.isoformat())

    def _epoch(self, span: DateSpan) -> When | None:
        seconds = int(span.parts["epoch"][:10])
        at = datetime.fromtimestamp(seconds, UTC)
        return self._checked(at, Precision.SECOND, at.astimezone(self.zone).date())

    def _relative(self, span: DateSpan) -> When | None:
        """'3 hours ago' is known to the minute at best; '2 days ago' to the day."""
        if span.shape == "now":
            return self._checked(self.now.replace(second=0, microsecond=0), Precision.MINUTE, self.today)
        ago, unit = timedelta(), ""
        for count, name in (("count", "unit"), ("count2", "unit2")):
            if name in span.parts and (found := unit_of(span.parts[name])):
                unit = found
                printed = span.parts[count]
                ago += _lapse(int(printed) if printed.isdecimal() else 1, unit)
        at = (self.now - ago).replace(second=0, microsecond=0)
        day = at.astimezone(self.zone).date()
        if unit in ("second", "minute", "hour"):
            return self._checked(at, Precision.MINUTE, day)
        when = self._of_day(day)
        return replace(when, give_or_take=_lapse(1, unit)) if when else None


def _lapse(count: int, unit: str) -> timedelta:
    if unit in _DAYS_OF_UNIT:
        return timedelta(days=count * _DAYS_OF_UNIT[unit])
    return timedelta(**{f"{unit}s": count})


def _is_thai(word: str) -> bool:
    return "\u0e00" <= word[:1] <= "\u0e7f"
