"""Where a list goes on: opaque to programs, a number to us."""

from __future__ import annotations

import base64
import binascii

from feedsvc.web.api.problem import Refused

_SALT = "after:"


def cursor_of(number: int) -> str:
    """The cursor for a number."""
    return base64.urlsafe_b64encode(f"{_SALT}{number}".encode()).decode().rstrip("=")


def number_of(cursor: str | None) -> int | None:
    """The number in a cursor, None for none. Raises Refused (422)."""
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    number = text.removeprefix(_SALT)
    if not text.startswith(_SALT) or not number.isdecimal() or len(number) > 18:
        sentence = "is none that this list gave: take it from the Link header of the page before."
        raise Refused(422, f"cursor {sentence}", kind="unfit", faults={"cursor": sentence})
    return int(number)
