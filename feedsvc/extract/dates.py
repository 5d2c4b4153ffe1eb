"""Date candidates of a release page, each with where it stood and how sure that place is; normalizing votes."""

from __future__ import annotations

import copy
import re
from collections.abc import Container, Iterator, Sequence
from datetime import datetime
from urllib.parse import unquote, urlsplit

import htmldate
import htmldate.extractors
from lxml import etree
from lxml.html import HtmlElement

from feedsvc.extract.document import Document
from feedsvc.extract.labels import Labelled
from feedsvc.extract.lines import Line, Lines, text_of
from feedsvc.extract.metadata import Metadata
from feedsvc.lexicon.dateshape import DateSpan, date_spans, is_date
from feedsvc.lexicon.months import month_number
from feedsvc.model import Found

#: Lines after the title (and before it) in which a release prints its date.
_AFTER, _BEFORE = 9, 3
_PROSE = 160
_OTHERS_MAX = 60
#: What separates the parts of a byline.
_BETWEEN = re.compile(r"[·•|–—/]|\s-\s")
#: A date that is a smaller part of its line than one in so many is said rather than printed.
_SHARE = 3
#: A line that may be a date in words, or with signs for year and month; and how many of them htmldate looks at.
_MAYBE_DATE = re.compile(r"\d\s?[年月日년월일]|\d\D{0,12}[^\W\d_]{3}|[^\W\d_]{3}\D{0,12}\d")
_MOST_DATES = 40
_URL_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<sep>[/_.-]?)(?P<month>0?[1-9]|1[0-2])(?P=sep)(?P<day>0[1-9]|[12]\d|3[01]|[1-9](?!\d))(?!\d)"
)
_URL_NAMED = re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<month>[a-z]{3,9})/(?P<day>\d{1,2})(?=/|$)", re.IGNORECASE)


def find_dates(
    document: Document, lines: Lines, labels: Sequence[Labelled], metadata: Metadata, *, title_at: int | None
) -> tuple[Found, ...]:
    """Candidates for the release date, the surest first.

    htmldate, the dearest voice, is asked only where the others have not agreed on one day.
    """
    found = [
        *_claimed(metadata),
        *_labelled(labels, title_at),
        *_near_title(lines, labels, title_at),
        *_time_elements(document, lines, title_at),
        *_in_address(document.url),
    ]
    if not _agree(found) and (day := _ask_htmldate(document)):
        is_made_up = day.endswith("-01") and day not in document.page.text and not _is_printed(day, lines)
        if not (is_made_up and day.endswith("-01-01")):
            weight = _MADE_UP if is_made_up else _weight(day, found)
            found.append(Found(text=day, where="htmldate", confidence=weight))
    return tuple(sorted(found, key=lambda each: -each.confidence))


def find_updates(labels: Sequence[Labelled], metadata: Metadata) -> tuple[Found, ...]:
    """Candidates for the time of the last change."""
    labelled = [
        Found(text=fact.value, where=f"label:{fact.label}", confidence=0.7)
        for fact in labels
        if fact.kind == "updated" and not fact.is_aside
    ]
    return (*metadata.all("updated"), *labelled[:2])


_DIGIT = re.compile(r"\d")
_FIRST = re.compile(r"(?<!\d)0?1(?!\d)")
#: How much a day counts that htmldate made of a month alone.
_MADE_UP = 0.1


def other_dates(lines: Lines) -> tuple[str, ...]:
    """The page's other dates as printed: evidence for the order of day and month."""
    texts: list[str] = []
    for line in lines.lines:
        if len(line.text) <= _PROSE and _DIGIT.search(line.text):
            texts.extend(span.text for span in date_spans(line.text) if span.shape == "numeric")
            if len(texts) >= _OTHERS_MAX:
                break
    return tuple(dict.fromkeys(texts))


def _claimed(metadata: Metadata) -> Iterator[Found]:
    """Structured data: one vote for JSON-LD, one for meta elements and microdata together."""
    for prefix, sure in (
        ("jsonld:datePublished", 0.8),
        ("meta:", 0.7),
        ("itemprop:", 0.55),
        ("jsonld:dateCreated", 0.4),
        ("jsonld:uploadDate", 0.3),
    ):
        for claim in metadata.all("published"):
            if claim.where.startswith(prefix) and next(date_spans(claim.text), None):
                is_weak = claim.where in _WEAK_METAS
                yield Found(text=claim.text, where=claim.where, confidence=0.35 if is_weak else sure)
                break


_WEAK_METAS = frozenset(
    {"meta:date", "meta:dc.date", "meta:timestamp", "meta:created", "meta:lastpublished", "meta:displaydate"}
)


def _labelled(labels: Sequence[Labelled], title_at: int | None) -> Iterator[Found]:
    at = title_at or 0
    facts = [fact for fact in labels if fact.kind == "published" and (not fact.is_aside or abs(fact.index - at) <= 8)]
    facts.sort(key=lambda fact: (fact.is_weak, fact.index < at - 8, abs(fact.index - at)))
    for rank, fact in enumerate(facts[:2]):
        is_near = at - _BEFORE * 2 <= fact.index <= at + 15
        sure = (0.5 if fact.is_weak else 0.75) - 0.3 * rank - (0.0 if is_near else 0.2)
        if sure > 0.1:
            yield Found(text=fact.value, where=f"label:{fact.label}", confidence=round(sure, 3))


def _near_title(lines: Lines, labels: Sequence[Labelled], title_at: int | None) -> Iterator[Found]:
    """The first date that stands in a short line right after the title, else right before it."""
    if title_at is None:
        return
    updates = {(fact.index, fact.value) for fact in labels if fact.kind == "updated"}
    near = _dated(lines.around(title_at, before=_BEFORE, after=_AFTER), updates)
    for rank, (line, span) in enumerate(near):
        if rank > 1:
            return
        gap = abs(line.index - title_at)
        sure = (0.65 if line.index >= title_at else 0.5) - 0.02 * gap - 0.3 * rank
        sure -= 0.15 if len(span.text) * _SHARE < len(line.text) else 0.0
        yield Found(text=span.text, where="near-title", confidence=round(max(0.1, sure), 3))


def _dated(lines: Iterator[Line], updates: Container[tuple[int, str]]) -> Iterator[tuple[Line, DateSpan]]:
    """Short lines with their first date that is not labelled as that of an update."""
    for line in lines:
        if len(line.text) > _PROSE or line.is_link:
            continue
        for span in date_spans(line.text):
            if (line.index, span.text) in updates or _is_said(line, span):
                continue
            if span.shape not in ("weekday", "clock", "epoch") and (span.is_full or span.shape != "yearless"):
                yield line, span
                break


def _is_said(line: Line, span: DateSpan) -> bool:
    """Whether 'today' or 'two days ago' stands in a sentence or a title: that dates nothing."""
    if span.shape not in ("named-day", "relative") or "hour" in span.parts:
        return False
    end = _BETWEEN.search(line.text, span.end)
    begin = max((found.end() for found in _BETWEEN.finditer(line.text, 0, span.start)), default=0)
    part = line.text[begin : end.start() if end else len(line.text)].strip()
    return len(span.text) * _SHARE < len(part)


def _time_elements(document: Document, lines: Lines, title_at: int | None) -> Iterator[Found]:
    """``time`` elements, and elements whose class says 'date', outside of asides; the first of each."""
    counted = 0
    for element in document.root.iter("time"):
        stamp = (element.get("datetime") or "").strip() or text_of(element)
        if next(date_spans(stamp), None) is None:
            continue
        is_updated = "updat" in f"{element.get('class')} {element.get('itemprop')}".lower()
        yield Found(text=stamp, where="time", confidence=0.15 if is_updated else 0.45 if counted == 0 else 0.1)
        counted += 1
        if counted > 2:
            break
    at = title_at or 0
    marked = [each for each in lines.hinted.get("date", ()) if not each.is_aside]
    marked.sort(key=lambda each: (each.index < at - _BEFORE, abs(each.index - at)))
    for each in marked[:12]:
        text = text_of(each.element)
        span = next(date_spans(text), None) if len(text) <= _PROSE else None
        if span and span.shape not in ("weekday", "clock", "epoch"):
            yield Found(text=span.text, where=f"element:{each.element.tag!s}", confidence=0.45)
            return


def _in_address(url: str) -> Iterator[Found]:
    path = unquote(urlsplit(url).path)
    if match := _URL_DATE.search(path):
        sure = 0.5 if match["sep"] else 0.4
        text = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"
        yield Found(text=text, where="url", confidence=sure)
    elif (match := _URL_NAMED.search(path)) and (month := month_number(match["month"], language="en")):
        yield Found(text=f"{match['year']}-{month:02}-{int(match['day']):02}", where="url", confidence=0.5)


def _agree(found: Sequence[Found]) -> bool:
    """Whether two voices of different kinds name one day, and no strong voice another."""
    votes: dict[str, set[str]] = {}
    for each in found:
        for span in date_spans(each.text):
            if span.is_full and (key := _day_key(span)):
                votes.setdefault(key, set()).add(each.where.partition(":")[0])
            break
    ranked = sorted((len(voices) for voices in votes.values()), reverse=True)
    return bool(ranked) and ranked[0] >= 2 and (len(ranked) < 2 or ranked[0] > ranked[1] + 1 or ranked[0] >= 3)


def _day_key(span: DateSpan) -> str | None:
    """The day of a span whose parts allow one reading only."""
    parts = span.parts
    month = parts.get("month", "")
    number = int(month) if month.isdecimal() else month_number(month) if month else None
    if number is None or "day" not in parts or not parts["day"].isdecimal() or len(parts.get("year", "")) != 4:
        return None
    return f"{parts['year']}-{number:02}-{int(parts['day']):02}"


def _ask_htmldate(document: Document) -> str | None:
    """htmldate's opinion; it changes the tree it reads, so it gets one of its own."""
    try:
        return htmldate.find_date(_with_few_dates(document.root), original_date=True, url=document.url or None) or None
    except (
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        IndexError,
        OverflowError,
        RecursionError,
        etree.LxmlError,
    ):
        return None


def _with_few_dates(root: HtmlElement) -> HtmlElement:
    """A copy of the tree without the dates that stand behind the first forty: those of lists and teasers.

    htmldate believes what comes most often, and takes its time over each.
    """
    tree = copy.deepcopy(root)
    count = 0
    for element in tree.iter():
        for side in ("text", "tail"):
            text = getattr(element, side)
            if not text or len(text) > 4 * _PROSE or not (_DIGIT.search(text) and _MAYBE_DATE.search(text)):
                continue
            count += 1
            if count > _MOST_DATES:
                setattr(element, side, " ")
    return tree


class _OwnForms:
    """What htmldate asks about a line that it cannot read itself: our forms instead of dateparser's languages.

    It would have all two hundred of them tried on each such line, as it knows no language of the page: a second of CPU
    for the first line of a process, a tenth of one for every line that is no date. It has no setting for that.
    """

    def get_date_data(self, text: str) -> dict[str, datetime | None]:
        """The day that a line names, and hardly anything else; as ``dateparser.DateDataParser`` gives it."""
        span = next(date_spans(text), None)
        day = _day_of(span) if span and span.is_full and is_date(text) else None
        return {"date_obj": day}


htmldate.extractors.get_external_parser = _OwnForms  # type: ignore[assignment]


def _day_of(span: DateSpan) -> datetime | None:
    """The day of a span whose parts allow one reading only; where dots stand between numbers, the day is first."""
    key, parts = _day_key(span), span.parts
    if key is None and span.shape == "numeric" and re.match(r"\d+\s?\.", span.text):
        key = f"{parts['year']}-{int(parts['second_number']):02}-{int(parts['first']):02}"
    try:
        return datetime.fromisoformat(key) if key else None
    except ValueError:
        return None


def _is_printed(day: str, lines: Lines) -> bool:
    """Whether a page prints the first of a month: htmldate makes it of a month or a year that stands alone."""
    printed = (span.text for line in lines.lines if day[:4] in line.text for span in date_spans(line.text))
    return any(_FIRST.search(text) and day[:4] in text for text in printed)


def _weight(day: str, found: Sequence[Found]) -> float:
    """How much htmldate's day counts: little where it only repeats the head, for it reads the head first."""
    claimed = [each for each in found if each.where.startswith(("jsonld:", "meta:", "itemprop:"))]
    if any(each.text.startswith(day) for each in claimed):
        return 0.15
    return 0.45 if any(each.where == "near-title" for each in found) else 0.6
