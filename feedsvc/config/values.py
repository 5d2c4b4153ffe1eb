"""Values as people write them: durations, sizes, budgets, zones, languages, addresses; checked as they are read."""

from __future__ import annotations

import re
import zoneinfo
from datetime import timedelta
from functools import cache
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from feedsvc.config.fault import nearest, wrong

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(?:(\d+(?:\.\d+)?)(ms|s|m|h|d|w))")
_WHOLE_DURATION = re.compile(rf"(?:{_DURATION.pattern}\s*)+")
_SIZES = {"": 1, "b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3, "kib": 1024, "mib": 1024**2, "gib": 1024**3}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-zA-Z]*)")
_PERIODS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_BUDGET = re.compile(r"(\d+)\s*/\s*([a-z]+)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_TARGET = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[^\s:/@\[\]]+):(\d{1,5})")
_HOURS = r"([01]?\d|2[0-4]):([0-5]\d)"
_DAY = "mon|tue|wed|thu|fri|sat|sun"
_ACTIVE = re.compile(rf"(?:(?:(?:{_DAY})(?:-(?:{_DAY}))?(?:,(?:{_DAY})(?:-(?:{_DAY}))?)*)\s+)?{_HOURS}-{_HOURS}")


def _as_written(written: object) -> str:
    """A value as a person wrote it, without space around it; "" for one of more characters than any value has."""
    text = f"{written:f}" if isinstance(written, float) else str(written).strip()
    return text if len(text) <= 100 else ""


def parse_duration(written: object) -> timedelta:
    """``"30m"``, ``"1h30m"``, ``"7d"``; a bare number counts seconds."""
    if isinstance(written, timedelta):
        return written
    text = "" if isinstance(written, bool) else _as_written(written).lower()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        seconds = float(text)
    elif text and _WHOLE_DURATION.fullmatch(text):
        parts = _DURATION.findall(text)
        seconds = sum(float(number) * (0.001 if unit == "ms" else _UNITS[unit]) for number, unit in parts)
    else:
        raise wrong("is not a duration", 'write "30s", "15m", "1h30m" or "7d"')
    if seconds > 100 * 366 * 86400:
        raise wrong("is longer than a century", 'write "30s", "15m", "1h30m" or "7d"')
    return timedelta(seconds=seconds)


def write_duration(value: timedelta) -> str:
    """The shortest spelling that ``parse_duration`` reads back: ``"1h30m"``."""
    milliseconds = round(value.total_seconds() * 1000)
    if milliseconds % 1000:
        return f"{milliseconds}ms"
    left = milliseconds // 1000
    words = ""
    for unit in ("w", "d", "h", "m", "s"):
        count, left = divmod(left, _UNITS[unit])
        words += f"{count}{unit}" if count else ""
    return words or "0s"


def parse_size(written: object) -> int:
    """Bytes: ``"10MiB"``, ``"500 kB"``, or a bare number."""
    found = None if isinstance(written, bool) else _SIZE.fullmatch(_as_written(written))
    if not found or found.group(2).lower() not in _SIZES:
        raise wrong("is not a size", 'write "10MiB", "500kB" or a number of bytes')
    size = float(found.group(1)) * _SIZES[found.group(2).lower()]
    if size >= 2**63:
        raise wrong("is more than any machine has", 'write "10MiB", "500kB" or a number of bytes')
    return int(size)


def write_size(value: int) -> str:
    """The spelling with the largest whole unit: ``"10MiB"``."""
    for unit, size in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024)):
        if value and value % size == 0:
            return f"{value // size}{unit}"
    return str(value)


def parse_budget(written: object) -> tuple[int, timedelta]:
    """``"48/day"``: how many scrapes in which time; hour, day or week."""
    if isinstance(written, tuple):
        return written
    found = _BUDGET.fullmatch(_as_written(written).lower())
    if not found or found.group(2) not in _PERIODS or not int(found.group(1)):
        raise wrong("is not a budget", 'write how many scrapes in which time: "48/day", "28/week", "2/hour"')
    count, period = int(found.group(1)), _PERIODS[found.group(2)]
    if period / count < timedelta(seconds=30):
        raise wrong("is more than one scrape every 30 seconds", 'write "2/hour" to "120/hour", or use every = "30s"')
    return count, period


def write_budget(value: tuple[int, timedelta]) -> str:
    """``"48/day"`` back from its value."""
    return f"{value[0]}/{next(name for name, period in _PERIODS.items() if period == value[1])}"


def _every(value: timedelta) -> timedelta:
    if value < timedelta(seconds=1):
        raise wrong("is shorter than a second", 'write "15m", or "30s" for a site of your own')
    return value


def _jitter(value: timedelta) -> timedelta:
    if value > timedelta(hours=24):
        raise wrong("is longer than a day", 'write "2m", or "0s" for scrapes on the dot')
    return value


def check_zone(name: str) -> str:
    """An IANA time zone."""
    if name in _zones():
        return name
    close = nearest(name, _zones()) or next((z for z in sorted(_zones()) if name.lower() == z.lower()), None)
    raise wrong(
        "is not a time zone", f"did you mean {close}?" if close else 'write an IANA name: "Europe/Berlin", "UTC"'
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def check_language(tag: str) -> str:
    """A BCP 47 tag, by its shape."""
    if not _LANGUAGE.fullmatch(tag):
        raise wrong("is not a language tag", 'write "en", "zh-CN" or "pt-BR"')
    return tag


def check_selector(selector: str) -> str:
    """A CSS selector that BeautifulSoup can run."""
    if not selector.strip():
        raise wrong("is empty", "leave the key out, and it is found automatically")
    import soupsieve  # with BeautifulSoup half a second on a small machine: only where there are rules

    try:
        soupsieve.compile(selector)
    except (soupsieve.SelectorSyntaxError, ValueError, NotImplementedError) as error:
        reason = str(error).splitlines()[0].rstrip(".:")
        raise wrong(f"is not a CSS selector: {reason}", 'write CSS, as "ul.list > li" or "#content p"') from None
    return selector


def check_page_selector(selector: str) -> str:
    """A CSS selector that runs on a whole page, by lxml: what BeautifulSoup adds to CSS is missing there."""
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector

    check_selector(selector)
    try:
        CSSSelector(selector, translator="html")
    except (SelectorError, AssertionError) as error:
        raise wrong(
            f"cannot select on a whole page: {error}", "use plain CSS here, without :-soup-contains()"
        ) from None
    return selector


def _address_in(url: str) -> str:
    """What may follow "https://": a script or a mail address leads to no page, whatever is put before it."""
    rest = url.lstrip("/").split("://")[-1]
    return "host/path" if re.match(r"(javascript|data|mailto|file|about|tel):", url, re.IGNORECASE) else rest


def check_web_url(url: str) -> str:
    """An absolute http(s) URL with a host and without a password."""
    if any(ord(char) <= 32 or char == "\\" for char in url):
        raise wrong("holds a space, a backslash or a control character", "percent-encode it")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise wrong(f"is not a URL: {error}", 'write "https://host/path"') from None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise wrong("is not an absolute http(s) URL", f'write "https://{_address_in(url)}"')
    if parts.username is not None or parts.password is not None:
        raise wrong("holds a user name or a password", "leave it out of the URL")
    return url


def check_base_url(url: str) -> str:
    """The address under which readers reach the service; without a trailing slash."""
    parts = urlsplit(check_web_url(url))
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise wrong("has a query or a fragment", "write scheme, host and, where there is one, the path only")
    return url.rstrip("/")


def check_target(target: str) -> str:
    """An exact ``host:port`` pair."""
    found = _TARGET.fullmatch(target)
    if not found or not 0 < int(found.group(1)) < 65536:
        raise wrong("is not host:port", 'name one host and one port: "127.0.0.1:8000", "[::1]:8000"')
    return target.lower()


def check_active(hours: str) -> str:
    """``"06:00-23:00"`` or ``"mon-fri 06:00-23:00"``."""
    text = hours.strip().lower()
    found = _ACTIVE.fullmatch(text)
    minutes = [int(text) for text in found.groups()] if found else []
    if not minutes or (minutes[:2] == minutes[2:]) or max(m * 60 + s for m, s in (minutes[:2], minutes[2:])) > 24 * 60:
        raise wrong("is not a span of hours", 'write "06:00-23:00" or "mon-fri 06:00-23:00"')
    return text


def split_list(written: object) -> object:
    """``"a, b"`` as environment variables write a list; everything else as it is."""
    if isinstance(written, str):
        return [part.strip() for part in written.split(",") if part.strip()]
    return written


def _text(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "deploy": list(examples)})


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(write_duration),
    _text(r"^(\d+(\.\d+)?(ms|s|m|h|d|w)\s*)+$", "30s", "15m", "1h30m", "7d"),
]
Every = Annotated[
    timedelta,
    BeforeValidator(lambda written: _every(parse_duration(written))),
    PlainSerializer(write_duration),
    _text(r"^(\d+(\.\d+)?(ms|s|m|h|d|w)\s*)+$", "15m", "1h30m"),
]
Jitter = Annotated[
    timedelta,
    BeforeValidator(lambda written: _jitter(parse_duration(written))),
    PlainSerializer(write_duration),
    _text(r"^(\d+(\.\d+)?(ms|s|m|h|d|w)\s*)+$", "2m", "0s"),
]
Size = Annotated[
    int,
    BeforeValidator(parse_size),
    PlainSerializer(write_size),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {"type": "string", "pattern": r"^\d+(\.\d+)?\s*([kKmMgG]i?)?[bB]?$"},
            ]
        }
    ),
]
Budget = Annotated[
    tuple[int, timedelta],
    BeforeValidator(parse_budget),
    PlainSerializer(write_budget),
    _text(r"^\d+\s*/\s*(hour|day|week)$", "48/day", "28/week"),
]
