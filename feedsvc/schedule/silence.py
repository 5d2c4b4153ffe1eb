"""Whether a source is silent beyond its rhythm. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

#: Releases that must be known before silence means anything.
LEAST_KNOWN = 10
#: Silence is odd beyond this many times the longest one before, and never before LEAST.
TIMES, LEAST = 2.0, timedelta(days=2)


def odd_silence(releases: Sequence[datetime], *, now: datetime) -> str:
    """Why the silence since the last of ``releases`` (in any order) is odd, in words; "" where it is not."""
    if len(releases) < LEAST_KNOWN:
        return ""
    known = sorted(releases)
    longest = max(after - before for before, after in pairwise(known))
    silence = now - known[-1]
    if silence <= max(longest * TIMES, LEAST):
        return ""
    return f"nothing new for {_days(silence)}, and the longest silence before was {_days(longest)}"


def _days(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours"
