"""The time of day and the zone of a recognized date: half days, abbreviations, offsets, local time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from feedsvc.lexicon.zones import CIVIL_ZONES, ZONE_OFFSETS

#: Half-day words that add twelve hours to 1-11; noon words do so for 1-3 only.
_AFTERNOON = ("下午", "傍晚", "晚上", "午後", "오후", "μ.μ.", "م")
_NOON = ("中午",)
_MORNING = ("凌晨", "清晨", "早上", "早晨", "上午", "夜间", "午前", "오전", "π.μ.", "ص")

_OFFSET = re.compile(r"([+-])\s?(\d{1,2}):?(\d\d)?")


def local_time(parts: Mapping[str, str]) -> tuple[time, int] | None:
    """The printed time of day and by how many days '24:00' carries over; None where it is impossible."""
    hour, minute, second = int(parts["hour"]), int(parts.get("minute", "0")), int(parts.get("second", "0"))
    half = re.sub(r"\s", "", parts.get("half", "").casefold())
    if half.startswith("p") or half in _AFTERNOON or (half in _NOON and hour < 4):
        hour += 12 if hour < 12 else 0
    elif half.startswith("a") or half in _MORNING:
        hour = 0 if hour == 12 and half not in _NOON else hour
    if hour == 24 and not minute and not second:
        return time(0), 1
    return (time(hour, minute, second), 0) if hour < 24 else None


def zone_of(printed: str | None, site: ZoneInfo, day: date) -> tzinfo:
    """The zone that ``printed`` names, else the site's.

    An abbreviation that the site's own zone uses on that day means that zone: CST is China's on a Chinese site.
    """
    if not printed:
        return site
    name = printed.upper()
    if name in CIVIL_ZONES:
        return ZoneInfo(CIVIL_ZONES[name])
    if name in ZONE_OFFSETS:
        own = {datetime.combine(day, time(12), site).tzname(), datetime(day.year, 1, 15, tzinfo=site).tzname()}
        return site if name in own else timezone(timedelta(minutes=ZONE_OFFSETS[name]))
    match = _OFFSET.search(printed)
    if not match:
        return site
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes)) if minutes < 24 * 60 else site


def moment(day: date, at: time, zone: tzinfo) -> datetime:
    """The UTC moment of a local time.

    A time that a clock change skips is read with the offset before the change (so it lands after it); one that occurs
    twice is the first of the two (PEP 495, fold=0).
    """
    return datetime.combine(day, at, zone).astimezone(UTC)
