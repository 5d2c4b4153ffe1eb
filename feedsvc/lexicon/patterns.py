"""Patterns that admins write: those of RE2, whose matching takes time linear in the text (reliability rule F12)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

#: Instructions that RE2 may make of one pattern, and of one list of them. Matching takes time linear in
#: these, too: 500 letters of any script come to 2,000, "(?:.?){990}" alone to 9,000.
PROGRAM_MAX, PROGRAMS_MAX = 2_500, 10_000


@lru_cache(maxsize=1000)
def compiled(pattern: str) -> Any:
    """A pattern as it is looked for: capitals do not matter. Raises ValueError with RE2's own words."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except re2.error as error:
        told = error.args[0] if error.args else ""
        raise ValueError(told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)) from error


def size(pattern: str) -> int:
    """The instructions that RE2 makes of a pattern. Raises ValueError."""
    return int(compiled(pattern).programsize)
