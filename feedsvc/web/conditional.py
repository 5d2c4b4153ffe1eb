"""Conditional requests and content codings (RFC 9110 sections 8.8, 12.5.3, 13): pure functions over header values."""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from functools import lru_cache

#: An entity-tag; commas may stand inside its quotes (section 8.8.3).
ENTITY_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}
_TIME = r"(?P<h>\d\d):(?P<m>\d\d):(?P<s>\d\d)"
_DATE_FORMS = (
    # Sun, 06 Nov 1994 08:49:37 GMT
    re.compile(
        rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?P<day>\d\d) (?P<month>[A-Z][a-z]{{2}}) (?P<year>\d{{4}}) {_TIME} GMT"
    ),
    # Sunday, 06-Nov-94 08:49:37 GMT
    re.compile(
        r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, "
        rf"(?P<day>\d\d)-(?P<month>[A-Z][a-z]{{2}})-(?P<year>\d\d) {_TIME} GMT"
    ),
    # Sun Nov  6 08:49:37 1994
    re.compile(
        rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<month>[A-Z][a-z]{{2}}) (?P<day>[ \d]\d) {_TIME} (?P<year>\d{{4}})"
    ),
)


class Coding(StrEnum):
    """The content codings we can answer with, the one we like best first."""

    BROTLI = "br"
    GZIP = "gzip"
    IDENTITY = "identity"


#: Letters of a header whose meaning is remembered; clients send far fewer, and a longer one is read anew each time.
REMEMBERED_MAX = 200
#: Letters of the longest form of a date, with room for blanks around it.
_DATE_MAX = 64


def choose_coding(accept_encoding: str | None) -> Coding:
    """The coding that a client asked for most, our preference deciding ties; identity where it asked for none.

    A refusal (``q=0``) is obeyed, and an unreadable weight taken for one: who refuses identity and names nothing else
    gets gzip. Where nothing is acceptable the answer is identity and never 406 (specs/feeds.md 7.7).
    """
    if accept_encoding is not None and len(accept_encoding) > REMEMBERED_MAX:
        return _choose.__wrapped__(accept_encoding)
    return _choose(accept_encoding)


@lru_cache(maxsize=1024)
def _choose(accept_encoding: str | None) -> Coding:
    weights = _weights(accept_encoding or "")
    # A bare * comes from simple clients; gzip is what all of them read.
    star = weights.get("*", 0.0)
    best, best_weight = Coding.IDENTITY, weights.get("identity", 0.0)
    for coding in (Coding.GZIP, Coding.BROTLI):
        weight = weights.get(coding.value, star if coding is Coding.GZIP else 0.0)
        if weight > 0 and weight >= best_weight:
            best, best_weight = coding, weight
    if best is Coding.IDENTITY and weights.get("identity") == 0 and not weights.keys() & {"gzip", "*"}:
        return Coding.GZIP
    return best


def _weights(accept_encoding: str) -> dict[str, float]:
    found = {}
    for member in accept_encoding.split(","):
        name, _, parameters = member.partition(";")
        name = name.strip().lower().removeprefix("x-")
        if name:
            found[name] = weight_of(parameters)
    return found


def weight_of(parameters: str) -> float:
    """The weight that a member of a list has (section 12.4.2); 0 for one that cannot be read."""
    key, _, value = parameters.strip().partition("=")
    if not key:
        return 1.0
    if key.strip().lower() != "q" or not re.fullmatch(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", value.strip()):
        return 0.0
    return float(value)


def coded_tag(etag: str, coding: Coding) -> str:
    """The quoted strong tag of a representation: each coding has its own, its name inside the quotes."""
    return f'"{etag}"' if coding is Coding.IDENTITY else f'"{etag}-{coding.value}"'


def names_tag(header: str, tag: str, *, strong: bool = False) -> bool:
    """Whether a list of entity-tags, or ``*``, names the quoted ``tag``.

    Weak comparison (section 8.8.3.2) unless ``strong``. What is no entity-tag is passed over, never an error.
    """
    if header.strip() == "*":
        return True
    opaque = tag[1:-1]
    return any(match.group(2) == opaque and not (strong and match.group(1)) for match in ENTITY_TAG.finditer(header))


def parse_http_date(text: str) -> datetime | None:
    """A date in one of the three forms of section 5.6.7, or None.

    A two-digit year is read as the past century's where it would be more than fifty years ahead; the present is taken
    to be no earlier than 2026.
    """
    return _parse_date(text) if len(text) <= _DATE_MAX else None


@lru_cache(maxsize=4096)
def _parse_date(text: str) -> datetime | None:
    for form in _DATE_FORMS:
        match = form.fullmatch(text.strip())
        if match is None:
            continue
        year = int(match["year"])
        if len(match["year"]) == 2:
            year += 2000 if year + 2000 <= 2026 + 50 else 1900
        try:
            return datetime(
                year,
                _MONTHS[match["month"]],
                int(match["day"]),
                int(match["h"]),
                int(match["m"]),
                int(match["s"]),
                tzinfo=UTC,
            )
        except (KeyError, ValueError):
            return None
    return None


def http_date(moment: datetime) -> str:
    """IMF-fixdate (section 5.6.7)."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def evaluate(
    *,
    tag: str,
    last_modified: datetime,
    if_match: str | None = None,
    if_unmodified_since: str | None = None,
    if_none_match: str | None = None,
    if_modified_since: str | None = None,
) -> int:
    """200, 304 or 412 for a GET or HEAD of an existing representation, in the order of section 13.2.2.

    ``tag`` is that of the representation after its coding was chosen.
    """
    if if_match is not None:
        if not names_tag(if_match, tag, strong=True):
            return 412
    elif if_unmodified_since is not None and _is_modified(last_modified, if_unmodified_since, unreadable=False):
        return 412
    if if_none_match is not None:
        return 304 if names_tag(if_none_match, tag) else 200
    if if_modified_since is not None and not _is_modified(last_modified, if_modified_since, unreadable=True):
        return 304
    return 200


def _is_modified(last_modified: datetime, since: str, *, unreadable: bool) -> bool:
    """Whether a representation changed after a date of the request, in whole seconds; ``unreadable`` for no date."""
    date = parse_http_date(since)
    return timegm(last_modified.utctimetuple()) > date.timestamp() if date is not None else unreadable
