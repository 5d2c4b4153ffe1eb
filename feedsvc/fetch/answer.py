"""One answer of a server as it came off the wire, and what may be read out of its head (rules F3, F4, F8, F13)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from feedsvc.errors import Refused, Unreachable
from feedsvc.fetch.freshness import http_date
from feedsvc.model import Validators

#: Redirects that carry a Location (RFC 9110 section 15.4), and those of them that are meant to last.
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})

#: Longest validator that is worth sending back.
_VALIDATOR_MAX = 1024
#: What a field's value may hold (RFC 9110 section 5.5): more than an entity-tag should, as servers send it.
_TAG = re.compile(r"[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")


@dataclass(frozen=True)
class Answer:
    """Status, header fields in order, and the body with its coding undone ("" for redirects and errors)."""

    status: int
    #: Names in lower case, values verbatim (bytes of ISO 8859-1).
    fields: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)

    @cached_property
    def headers(self) -> dict[str, str]:
        """Field name to value; repeated fields are joined by a comma and a blank (RFC 9110 section 5.3)."""
        joined: dict[str, str] = {}
        for name, value in self.fields:
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
        return joined

    def first(self, name: str) -> str | None:
        """The first field of that name: for those which must not be repeated."""
        return next((value for other, value in self.fields if other == name), None)

    @property
    def validators(self) -> Validators:
        """ETag and Last-Modified byte for byte; those that could not be sent back as they are get dropped."""
        return Validators(
            etag=usable_validator(self.first("etag")), last_modified=usable_validator(self.first("last-modified"))
        )

    def retry_after(self, *, now: datetime, longest: timedelta) -> timedelta | None:
        """What Retry-After asks for, in either form (RFC 9110 section 10.2.3), at most ``longest``; None if nothing."""
        text = (self.first("retry-after") or "").strip()
        if not text:
            return None
        if text.isascii() and text.isdigit():
            asked = timedelta(seconds=min(int(text[:12]), 10**8))
        else:
            moment = http_date(text)
            if moment is None:
                return None
            asked = moment - now
        return min(max(asked, timedelta()), longest)


def read_head(
    status: int, raw: Iterable[tuple[bytes, bytes]], *, max_bytes: int, max_lines: int
) -> tuple[tuple[str, str], ...]:
    """The header fields with lower-case names; raises Refused where there are too many, Unreachable for no status."""
    if not 100 <= status <= 599:
        raise Unreachable(f"the server answered with the impossible status {status}", remedy="tell its operator")
    fields = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw)
    size = sum(len(name) + len(value) + 4 for name, value in fields)
    if len(fields) > max_lines or size > max_bytes:
        raise Refused(
            f"the answer's header has {len(fields)} lines and {size} bytes; the limits are {max_lines} and {max_bytes}",
            remedy="the server is faulty; tell its operator",
        )
    return fields


def declared_length(fields: Iterable[tuple[str, str]]) -> int | None:
    """The Content-Length, or None; raises Unreachable for one that is no number, or for several that differ."""
    values = {part.strip() for name, value in fields if name == "content-length" for part in value.split(",")}
    if not values:
        return None
    value = values.pop()
    if values or not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise Unreachable("the answer's Content-Length makes no sense", remedy="the server is faulty")
    return int(value)


def usable_validator(validator: str | None) -> str | None:
    """``validator`` if it can be sent back byte for byte (no control characters, not over-long), else None."""
    if validator is None or len(validator) > _VALIDATOR_MAX or not _TAG.fullmatch(validator):
        return None
    return validator
