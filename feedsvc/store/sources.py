"""Sources as the store keeps them: declared and overridden, their state, when they are due, who scrapes them.

A *claim* lets one process scrape a source; it ends by itself if that process dies. Whatever time is compared between
processes comes from the database's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from feedsvc.model import Source
from feedsvc.store.codec import decode, difference, encode, merge
from feedsvc.store.columns import Moment
from feedsvc.store.database import Database
from feedsvc.store.feeds import next_change
from feedsvc.store.schema import sources

#: In a source's memory: an admin has looked at what is held back or suspect, and the next scrape takes it.
ADMITS = "admits"
#: How long a claim holds without a sign of life: longer than any one step of a scrape may take.
CLAIM_TERM = timedelta(seconds=80)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """One source with everything that the store knows of it."""

    #: As in force: declared, with the overrides applied.
    source: Source
    #: As the configuration has it; None for one that it does not hold.
    declared: Source | None
    #: The part that an admin changed: names of Source's fields and their values as JSON.
    overrides: Mapping[str, Any] = field(default_factory=dict)
    #: Whether the clock scrapes it: as in force, and false once the configuration dropped it.
    is_enabled: bool = True
    #: "new" | "well" | "failing" | "suspect" | "broken"
    state: str = "new"
    #: Why, in one sentence for an admin.
    reason: str = ""
    #: Failed scrapes in a row.
    failures: int = 0
    added_at: datetime
    scraped_at: datetime | None = None
    succeeded_at: datetime | None = None
    #: When the first scrape had followed everything; None while it still goes on.
    settled_at: datetime | None = None
    due_at: datetime | None = None
    due_why: str = ""
    #: The site asked not to be visited before (Retry-After, freshness).
    not_before: datetime | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    #: What scrapes remember for the next one.
    memory: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The source's key."""
        return self.source.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What taking up a configuration changed: keys of sources."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    #: Those whose own category is another one now.
    refiled: tuple[str, ...] = ()


class SourceTable:
    """Reads, declares, overrides, claims sources and plans when they are due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # What they are

    def sync(self, declared: Sequence[Source], *, now: datetime) -> Synced:
        """Bring the declared sources in line with the configuration, in one transaction.

        Those that the configuration no longer holds are disabled; their entries stay. New ones are due at once.
        """
        added, changed, refiled = [], [], []
        with self._database.write() as connection:
            rows = {
                row.key: row
                for row in connection.execute(
                    sa.select(sources.c.key, sources.c.declared, sources.c.overrides, sources.c.in_force)
                )
            }
            for source in declared:
                row, encoded = rows.get(source.key), encode(source)
                if row is None:
                    connection.execute(sa.insert(sources).values(**_new_row(source, encoded, {}, now=now)))
                    added.append(source.key)
                elif row.declared != encoded:
                    self._put(connection, source.key, encoded, row.overrides)
                    changed.append(source.key)
                    if row.in_force.get("category") != merge(encoded, row.overrides).get("category"):
                        refiled.append(source.key)
            kept = {source.key for source in declared}
            removed = [key for key, row in rows.items() if key not in kept and row.declared is not None]
            for key in removed:
                connection.execute(
                    sa.update(sources).where(sources.c.key == key).values(declared=None, is_enabled=False, due_at=None)
                )
            if added or changed or removed:
                # Whoever serves looks again: it may have read the new files before this was written.
                next_change(connection)
        return Synced(added=tuple(added), changed=tuple(changed), removed=tuple(removed), refiled=tuple(refiled))

    def override(self, key: str, part: Mapping[str, Any]) -> bool:
        """Put ``part`` (names of Source's fields and encoded values) in force over what is declared."""
        with self._database.write() as connection:
            row = connection.execute(sa.select(sources).where(sources.c.key == key)).first()
            if row is None:
                return False
            next_change(connection)
            self._put(connection, key, row.declared or row.in_force, merge(row.overrides, part), row.declared is None)
            return True

    def tune(self, key: str, change: Callable[[Source], Source]) -> Source | None:
        """Put ``change`` of what is in force in force; what then differs from the declared is the override.

        Gives the source as it is now, None where there is no such source.
        """
        with self._database.write() as connection:
            row = connection.execute(sa.select(sources).where(sources.c.key == key)).first()
            if row is None:
                return None
            next_change(connection)
            wanted = change(replace(decode(Source, row.in_force), is_enabled=row.is_enabled))
            if row.declared is None:
                self._put(connection, key, encode(wanted), {}, is_undeclared=True)
            else:
                self._put(connection, key, row.declared, difference(decode(Source, row.declared), wanted))
            return wanted

    def reset(self, key: str, names: Sequence[str] | None = None) -> bool:
        """Take back overrides: those of ``names``, or all of them."""
        with self._database.write() as connection:
            row = connection.execute(sa.select(sources).where(sources.c.key == key)).first()
            if row is None or row.declared is None:
                return False
            kept = {} if names is None else {name: value for name, value in row.overrides.items() if name not in names}
            next_change(connection)
            self._put(connection, key, row.declared, kept)
            return True

    def _put(
        self,
        connection: Connection,
        key: str,
        declared: Mapping[str, Any],
        overrides: Mapping[str, Any],
        is_undeclared: bool = False,
    ) -> None:
        in_force = merge(declared, overrides)
        source = decode(Source, in_force)
        connection.execute(
            sa.update(sources)
            .where(sources.c.key == key)
            .values(
                declared=None if is_undeclared else declared,
                overrides=overrides,
                in_force=in_force,
                is_enabled=source.is_enabled,
                due_at=sa.case((sources.c.run_asked_at.is_not(None), sources.c.due_at), else_=None),
                due_why="changed" if source.is_enabled else "",
            )
        )

    def add(self, source: Source, *, now: datetime) -> bool:
        """Keep a source that no configuration declares (made by an admin or for one command); False if it is known."""
        with self._database.write() as connection:
            if connection.execute(sa.select(sources.c.key).where(sources.c.key == source.key)).scalar() is not None:
                return False
            connection.execute(sa.insert(sources).values(**_new_row(source, None, {}, now=now)))
            next_change(connection)
            return True

    def get(self, key: str) -> SourceState | None:
        """One source by its key."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(sources).where(sources.c.key == key)).first()
        return state_of(row) if row is not None else None

    def all(self, *, enabled_only: bool = False, mentioning: str = "") -> tuple[SourceState, ...]:
        """Every source, by key; ``mentioning``: those whose declaration holds these words somewhere, as an address."""
        query = sa.select(sources).order_by(sources.c.key)
        if enabled_only:
            query = query.where(sources.c.is_enabled)
        if mentioning:
            query = query.where(sa.type_coerce(sources.c.in_force, sa.Text).icontains(mentioning, autoescape=True))
        with self._database.read() as connection:
            return tuple(state_of(row) for row in connection.execute(query))

    def keys(self, *, enabled_only: bool = False) -> tuple[str, ...]:
        """The keys of every source, in order."""
        query = sa.select(sources.c.key).order_by(sources.c.key)
        if enabled_only:
            query = query.where(sources.c.is_enabled)
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def remember(self, key: str, part: Mapping[str, Any]) -> None:
        """Put ``part`` into what the source remembers, name by name."""
        with self._database.write() as connection:
            memory = connection.execute(sa.select(sources.c.memory).where(sources.c.key == key)).scalar()
            if memory is not None:
                kept = {**memory, **part}
                connection.execute(sa.update(sources).where(sources.c.key == key).values(memory=kept))

    def troubled(self) -> tuple[SourceState, ...]:
        """Sources whose memory names troubles, now or in the past, by key."""
        named = sa.type_coerce(sources.c.memory, sa.Text).like('%"troubles"%')
        with self._database.read() as connection:
            rows = connection.execute(sa.select(sources).where(named).order_by(sources.c.key))
            return tuple(state_of(row) for row in rows)

    # When they are due

    def due(self, *, now: datetime, limit: int) -> tuple[str, ...]:
        """Keys of enabled sources whose time has come and that nobody is scraping, the longest overdue first."""
        query = (
            sa.select(sources.c.key)
            .where(sources.c.is_enabled, sources.c.due_at <= now)
            .order_by(sources.c.due_at)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def unplanned(self, *, limit: int) -> tuple[SourceState, ...]:
        """Enabled sources that have no time yet: new, changed, enabled again."""
        query = sa.select(sources).where(sources.c.is_enabled, sources.c.due_at.is_(None)).limit(limit)
        with self._database.read() as connection:
            return tuple(state_of(row) for row in connection.execute(query))

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

    # Who scrapes them

    def claim(self, key: str, owner: str) -> SourceState | None:
        """Take the right to scrape a source, or None where another process has it. It must be renewed or released.

        A claim from beyond the possible future was made before the clock went back, and holds nothing.
        """
        with self._database.write() as connection:
            now = self._database.now(connection)
            taken = (
                sa.update(sources)
                .where(
                    sources.c.key == key,
                    sa.or_(
                        sources.c.claimed_by.is_(None),
                        sources.c.claimed_until < now,
                        sources.c.claimed_until > now + 2 * CLAIM_TERM,
                    ),
                )
                .values(claimed_by=owner, claimed_until=now + CLAIM_TERM)
            )
            if connection.execute(taken).rowcount == 0:
                return None
            return state_of(connection.execute(sa.select(sources).where(sources.c.key == key)).one())

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
            row = connection.execute(
                sa.select(sources.c.memory).where(
                    sources.c.key == key, sa.or_(sources.c.claimed_by.is_(None), sources.c.claimed_until < now)
                )
            ).first()
            if row is None:
                return False
            connection.execute(sa.update(sources).where(sources.c.key == key).values(memory={**row.memory, **part}))
            return True

    def release(self, key: str, owner: str) -> None:
        """Give the claim back without an outcome."""
        with self._database.write() as connection:
            connection.execute(
                sa.update(sources)
                .where(sources.c.key == key, sources.c.claimed_by == owner)
                .values(claimed_by=None, claimed_until=None)
            )

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


def _new_row(source: Source, declared: Any, overrides: Any, *, now: datetime) -> dict[str, Any]:
    return {
        "key": source.key,
        "declared": declared,
        "overrides": overrides,
        "in_force": encode(source),
        "is_enabled": source.is_enabled,
        "state": "new",
        "reason": "",
        "failures": 0,
        "added_at": now,
        "due_why": "",
        "memory": {},
    }


def state_of(row: Row[Any]) -> SourceState:
    return SourceState(
        source=decode(Source, row.in_force),
        declared=decode(Source, row.declared) if row.declared is not None else None,
        overrides=row.overrides,
        is_enabled=row.is_enabled,
        state=row.state,
        reason=row.reason,
        failures=row.failures,
        added_at=row.added_at,
        scraped_at=row.scraped_at,
        succeeded_at=row.succeeded_at,
        settled_at=row.settled_at,
        due_at=row.due_at,
        due_why=row.due_why,
        not_before=row.not_before,
        claimed_by=row.claimed_by,
        claimed_until=row.claimed_until,
        memory=row.memory,
    )
