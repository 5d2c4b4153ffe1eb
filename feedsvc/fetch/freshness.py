"""Until when an answer is fresh, so that asking again is pointless (RFC 9111 section 4.2, as a private cache)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: A server may ask for a year; a news page is looked at once a day at least.
LONGEST_FRESHNESS = timedelta(hours=24)

_DIRECTIVE = re.compile(r'([!#$%&\'*+.^_`|~0-9A-Za-z-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^",\s]*))?')


def fresh_until(headers: Mapping[str, str], *, fetched_at: datetime) -> datetime | None:
    """The end of the explicit freshness lifetime, at most 24 h ahead, or None where the answer is stale at once.

    ``headers`` has lower-case names, repeated fields joined by commas. Only what the server says counts: no heuristics.
    """
    lifetime = _lifetime(headers, fetched_at)
    if lifetime is None:
        return None
    age = _seconds(headers.get("age", "").partition(",")[0]) or timedelta()
    left = min(lifetime - age, LONGEST_FRESHNESS)
    return fetched_at + left if left > timedelta() else None


def http_date(text: str) -> datetime | None:
    """The moment of an HTTP date in any of its three forms (RFC 9110 section 5.6.7), aware UTC, or None."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def _lifetime(headers: Mapping[str, str], fetched_at: datetime) -> timedelta | None:
    directives = _cache_control(headers.get("cache-control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return None
    if "max-age" in directives:
        # RFC 9111 section 4.2.1: what cannot be read is stale.
        return _seconds(directives["max-age"])
    expires = http_date(headers.get("expires", ""))
    if expires is None:
        return None
    return expires - (http_date(headers.get("date", "")) or fetched_at)


def _cache_control(text: str) -> dict[str, str]:
    directives: dict[str, str] = {}
    for name, value in _DIRECTIVE.findall(text[:2000]):
        directives.setdefault(name.lower(), value.strip('"'))
    return directives


def _seconds(text: str) -> timedelta | None:
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return timedelta(seconds=min(int(text[:12]), 10**8))
