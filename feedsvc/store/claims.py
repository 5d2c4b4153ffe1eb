"""Claims: who scrapes a source.

A *claim* lets one process scrape a source; it ends by itself if that process dies. Whatever time is compared between
processes comes from the database's clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from feedsvc.store.schema import sources
from feedsvc.store.source_state import SourceState, state_of
from feedsvc.store.table import Table

#: How long a claim holds without a sign of life: longer than any one step of a scrape may take.
CLAIM_TERM = timedelta(seconds=80)


def _free(owner: Any, now: Any, beyond: Any) -> sa.ColumnElement[bool]:
    return sa.or_(
        sources.c.claimed_by.is_(None),
        sources.c.claimed_by == owner,
        sources.c.claimed_until < now,
        sources.c.claimed_until > beyond,
    )


#: The condition under which an owner may scrape a source; ``free_for`` gives its parameters.
#:
#: What it claimed itself it may take up again: a scrape whose end could not be written left its claim behind. A claim
#: from beyond the possible future was made before the clock went back, and holds nothing.
FREE = _free(sa.bindparam("free_for"), sa.bindparam("free_at"), sa.bindparam("free_beyond"))
# Asked for each scrape, by a process that is idle meanwhile: putting a statement together then takes milliseconds.
_CLAIM = (
    sa.update(sources)
    .where(sources.c.key == sa.bindparam("of_key"), FREE)
    .values(claimed_by=sa.bindparam("by"), claimed_until=sa.bindparam("until"))
    .returning(sources)
)


def free_for(owner: str, *, now: datetime) -> dict[str, Any]:
    """The parameters of FREE at ``now`` by the database's clock; "" is nobody in particular."""
    return {"free_for": owner, "free_at": now, "free_beyond": now + 2 * CLAIM_TERM}


def is_free(*, now: datetime, owner: str = "") -> sa.ColumnElement[bool]:
    """FREE with its parameters."""
    return _free(owner, now, now + 2 * CLAIM_TERM)


class Claims(Table):
    """Gives and takes back the right to scrape."""

    def claim(self, key: str, owner: str) -> SourceState | None:
        """Take the right to scrape a source, or None where another process has it. It must be renewed or released."""
        with self._database.write() as connection:
            now = self._database.now(connection)
            until = {"of_key": key, "by": owner, "until": now + CLAIM_TERM}
            row = connection.execute(_CLAIM, {**free_for(owner, now=now), **until}).first()
            return state_of(row) if row is not None else None

    def renew(self, key: str, owner: str) -> bool:
        """A sign of life from the scrape; False where the claim was lost: stop and leave the rest."""
        with self._database.write() as connection:
            now = self._database.now(connection)
            renewed = (
                sa.update(sources)
                .where(sources.c.key == key, sources.c.claimed_by == owner)
                .values(claimed_until=now + CLAIM_TERM)
            )
            return connection.execute(renewed).rowcount > 0

    def leave_word(self, key: str, part: Mapping[str, Any]) -> bool:
        """Add to what the next scrape finds in memory; False while one goes on, as its end replaces the memory."""
        with self._database.write() as connection:
            now = self._database.now(connection)
            row = connection.execute(sa.select(sources.c.memory).where(sources.c.key == key, is_free(now=now))).first()
            if row is None:
                return False
            connection.execute(sa.update(sources).where(sources.c.key == key).values(memory={**row.memory, **part}))
            return True

    def release_all(self, owner: str) -> int:
        """Free whatever a process that is known to be dead had claimed."""
        with self._database.write() as connection:
            freed = sa.update(sources).where(sources.c.claimed_by == owner)
            return connection.execute(freed.values(claimed_by=None, claimed_until=None)).rowcount

    def conclude(self, key: str, owner: str, **values: Any) -> bool:
        """End a scrape: set state columns and give the claim back, in one; False where the claim was lost."""
        with self._database.write() as connection:
            ended = (
                sa.update(sources)
                .where(sources.c.key == key, sources.c.claimed_by == owner)
                .values(claimed_by=None, claimed_until=None, run_asked_at=None, **values)
            )
            return connection.execute(ended).rowcount > 0
