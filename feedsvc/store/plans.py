"""When sources are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from feedsvc.store.claims import FREE, free_for
from feedsvc.store.columns import Moment
from feedsvc.store.schema import sources
from feedsvc.store.source_state import SourceState, state_of
from feedsvc.store.table import Table

# Asked once a second, by a process that is idle meanwhile: putting a statement together then takes milliseconds.
_DUE = (
    sa.select(sources.c.key)
    .where(sources.c.is_enabled, sources.c.due_at <= sa.bindparam("now"), FREE)
    .order_by(sources.c.due_at)
    .limit(sa.bindparam("most"))
)
_UNPLANNED = (
    sa.select(sources.c.key).where(sources.c.is_enabled, sources.c.due_at.is_(None)).limit(sa.bindparam("most"))
)


#: In a source's memory: its last scrape was put off, or ended early; nothing was wrong.
CUT = "cut"


class Plans(Table):
    """Keeps when each source is scraped next."""

    def due(self, *, now: datetime, limit: int, owner: str = "") -> tuple[str, ...]:
        """Keys of enabled sources whose time has come, the longest overdue first.

        Those that anybody but ``owner`` is scraping are left out.
        """
        with self._database.read() as connection:
            free = free_for(owner, now=self._database.now(connection))
            return tuple(connection.execute(_DUE, {**free, "now": now, "most": limit}).scalars())

    def unplanned(self, *, limit: int) -> tuple[SourceState, ...]:
        """Enabled sources that have no time yet: new, changed, enabled again."""
        with self._database.read() as connection:
            keys = connection.execute(_UNPLANNED, {"most": limit}).scalars().all()
            query = sa.select(sources).where(sources.c.key.in_(keys))
            return tuple(state_of(row) for row in connection.execute(query)) if keys else ()

    def plan(self, plans: Mapping[str, tuple[datetime, str]]) -> None:
        """Set when sources are due, and why: key -> (when, words)."""
        with self._database.write() as connection:
            for key, (due_at, why) in plans.items():
                connection.execute(sa.update(sources).where(sources.c.key == key).values(due_at=due_at, due_why=why))

    def ask_to_run(self, keys: Sequence[str], *, now: datetime) -> int:
        """Make sources due now, at an admin's wish; the number that are enabled and known."""
        if not keys:
            return 0
        with self._database.write() as connection:
            asked = (
                sa.update(sources)
                .where(sources.c.key.in_(keys), sources.c.is_enabled)
                .values(due_at=now, due_why="now, as an admin asked", run_asked_at=now, not_before=None)
            )
            return connection.execute(asked).rowcount

    def put_off(self, *, now: datetime) -> tuple[int, datetime | None]:
        """How many enabled sources wait as their hosts may not be asked now, and until when the first of them does."""
        waiting = sources.c.is_enabled, sources.c.not_before > now, sources.c.due_at >= sources.c.not_before
        query = sa.select(sa.func.count(), sa.func.min(sources.c.not_before)).where(*waiting)
        with self._database.read() as connection:
            count, first = connection.execute(query).one()
        return int(count), first

    def plan_put_off(self, *, now: datetime) -> int:
        """Plan anew the sources that a turn or a budget put off, as those may be others now; how many.

        What the hosts themselves asked for is not forgotten by this: whoever fetches knows it.
        """
        was_cut = sa.type_coerce(sources.c.memory, sa.Text).like(f'%"{CUT}"%')
        with self._database.write() as connection:
            put_off = sa.update(sources).where(sources.c.not_before > now, sources.c.run_asked_at.is_(None), was_cut)
            return connection.execute(put_off.values(not_before=None, due_at=None)).rowcount

    def shift(self, by: timedelta) -> int:
        """The clock jumped by ``by``: move every plan with it, so that intervals stay what they were."""
        microseconds = by // timedelta(microseconds=1)
        planned = sa.type_coerce(sources.c.due_at, sa.BigInteger)
        with self._database.write() as connection:
            moved = sa.update(sources).where(sources.c.due_at.is_not(None))
            return connection.execute(moved.values(due_at=planned + microseconds)).rowcount

    def forget_impossible_plans(self, *, now: datetime, longest: timedelta) -> int:
        """Plan anew what lies beyond every schedule or was scraped 'tomorrow': the clock went back meanwhile."""
        with self._database.write() as connection:
            lost = (
                sa.update(sources)
                .where(
                    sources.c.is_enabled,
                    sa.or_(sources.c.due_at > now + longest, sources.c.scraped_at > now + timedelta(minutes=5)),
                )
                .values(
                    due_at=None,
                    scraped_at=sa.case(
                        (sources.c.scraped_at > now, sa.literal(now, Moment)), else_=sources.c.scraped_at
                    ),
                )
            )
            return connection.execute(lost).rowcount
