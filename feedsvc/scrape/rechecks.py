"""When release pages are looked at again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

#: When a release page is looked at again, counted from when it was first seen (rule F13).
RECHECKS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=7))


def next_recheck(
    first_seen_at: datetime, *, checked_at: datetime, schedule: Sequence[timedelta] = RECHECKS
) -> datetime | None:
    """When a release page that was read at ``checked_at`` is due again, or None once the schedule is through.

    A check that came late settles every appointment before it: a service that was down asks once, not four times.
    """
    return next((first_seen_at + after for after in sorted(schedule) if first_seen_at + after > checked_at), None)
