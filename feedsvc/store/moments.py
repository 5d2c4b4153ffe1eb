"""Moments of change that tell entries apart: no two entries have the same ``updated``.

Days without a time all become noon, and one scrape finds many changes in one second; but checkers take two entries of
one document with one ``updated`` for a mistake (W3C DuplicateUpdated), and readers that sort by it have no order.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from feedsvc.store.schema import entries

_STEP, _SECOND = timedelta(milliseconds=1), timedelta(seconds=1)
# Asked for each release: SQLAlchemy puts a statement together in as long as SQLite takes to run it.
_LATEST = sa.select(sa.func.max(entries.c.updated)).where(
    entries.c.updated >= sa.bindparam("since"), entries.c.updated < sa.bindparam("before")
)


def whole(moment: datetime) -> datetime:
    """The moment as documents print it: without a fraction of a second."""
    return moment.replace(microsecond=0)


def distinct(connection: Connection, moment: datetime) -> datetime:
    """The second of ``moment``, a millisecond after the latest other entry that was updated in it.

    Where a thousand entries share a second the rest of them share it, too.
    """
    second = whole(moment)
    latest: datetime | None = connection.execute(_LATEST, {"since": second, "before": second + _SECOND}).scalar()
    if latest is None:
        return second
    return latest + _STEP if latest + _STEP < second + _SECOND else second
