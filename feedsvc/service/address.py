"""Which document an address asks for: fixed patterns, bounded choices, nothing else looked at."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from feedsvc.model import Format
from feedsvc.publish.assemble import Variant

#: The document of a feed: path of the feed, number of an archive, format. Segments as ``model.segment`` makes them.
_FEED_FILE = re.compile(
    r"/((?:feeds|sources)/[\w.-]{1,60}(?:/[^\W_][\w-]{0,59}){0,5})(?:/_archive/([1-9]\d{0,8}))?\.(rss|atom|json)"
)
#: What ``?limit=`` is rounded up to, so that variants never fill a cache.
LIMITS = (10, 20, 50, 100, 200)
CONTENTS = ("full", "summary", "none")
QUERY_MAX = 2000


def read_path(path_info: str) -> str | None:
    """A WSGI PATH_INFO as text, or None where its bytes are not UTF-8 (PEP 3333 hands them on as Latin-1)."""
    if path_info.isascii():
        return path_info
    try:
        return path_info.encode("latin-1").decode()
    except UnicodeError:
        return None


def feed_file(path: str) -> tuple[str, int | None, Format] | None:
    """(the feed's path, the number of an archive, the format) of an address below the root, or None."""
    match = _FEED_FILE.fullmatch(path)
    if match is None:
        return None
    return match[1], int(match[2]) if match[2] else None, Format(match[3])


def read_query(query: str) -> tuple[Variant, bool]:
    """The variant asked for, and whether ``raw`` was: whatever is unknown or out of bounds is ignored."""
    try:
        fields = parse_qs(query[:QUERY_MAX], max_num_fields=20)
    except ValueError:
        return Variant(), False
    content = fields.get("content", ["full"])[-1]
    return (
        Variant(limit=_limit(fields.get("limit", [""])[-1]), content=content if content in CONTENTS else "full"),
        fields.get("raw", [""])[-1] == "1",
    )


def _limit(text: str) -> int | None:
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        return None
    return next((limit for limit in LIMITS if limit >= int(text)), LIMITS[-1])
