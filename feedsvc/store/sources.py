"""Sources as the store keeps them: declared and overridden, and their state."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from feedsvc.model import Cadence, Source
from feedsvc.model.codec import decode, difference, encode, merge
from feedsvc.store.claims import Claims, is_free
from feedsvc.store.entry_rows import batches
from feedsvc.store.feeds import next_change
from feedsvc.store.plans import Plans
from feedsvc.store.schema import listing_pages, pending_items, quarantines, release_pages, sources
from feedsvc.store.source_state import SourceState, state_of

#: Declared sources that are compared with their rows at a time.
_AT_A_TIME = 500
#: In a source's memory: an admin has looked at what is held back or suspect, and the next scrape takes it.
ADMITS = "admits"
#: The same: an admin has called it wrong, and nothing is to be said of it again before it changes.
DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What taking up a configuration changed: keys of sources."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class SourceTable(Plans, Claims):
    """Reads, declares, overrides, claims sources and plans when they are due."""

    def sync(self, declared: Sequence[Source], *, now: datetime) -> Synced:
        """Bring the declared sources in line with the configuration, in one transaction.

        Those that the configuration no longer holds are disabled; their entries stay. New ones are due at once.
        """
        added, changed = [], []
        with self._database.write() as connection:
            for source, row in self._beside(connection, declared):
                encoded = encode(source)
                if row is None:
                    connection.execute(sa.insert(sources).values(**_new_row(source, encoded, {}, now=now)))
                    added.append(source.key)
                elif row.declared != encoded:
                    self._put(connection, row, encoded, row.overrides)
                    changed.append(source.key)
            kept = {source.key for source in declared}
            were_declared = connection.execute(sa.select(sources.c.key).where(sources.c.declared.is_not(None)))
            removed = [key for key in were_declared.scalars() if key not in kept]
            over = {"declared": None, "is_enabled": False, "due_at": None, "due_why": ""}
            for key in removed:
                connection.execute(sa.update(sources).where(sources.c.key == key).values(**over))
            if added or changed or removed:
                # Whoever serves looks again: it may have read the new files before this was written.
                next_change(connection)
        return Synced(added=tuple(added), changed=tuple(changed), removed=tuple(removed))

    def _beside(self, connection: Connection, declared: Sequence[Source]) -> Iterator[tuple[Source, Row[Any] | None]]:
        """Each declared source with its row, a few hundred read at a time: thousands of them need not fit in memory."""
        columns = (sources.c.key, sources.c.declared, sources.c.overrides, sources.c.in_force)
        for begin in range(0, len(declared), _AT_A_TIME):
            some = declared[begin : begin + _AT_A_TIME]
            query: sa.Select[Any] = sa.select(*columns).where(sources.c.key.in_([source.key for source in some]))
            rows: dict[str, Row[Any]] = {row.key: row for row in connection.execute(query)}
            for source in some:
                yield source, rows.get(source.key)

    def override(self, key: str, part: Mapping[str, Any]) -> bool:
        """Put ``part`` (names of Source's fields and encoded values) in force over what is declared."""
        with self._database.write() as connection:
            row = connection.execute(sa.select(sources).where(sources.c.key == key)).first()
            if row is None:
                return False
            next_change(connection)
            self._put(connection, row, row.declared or row.in_force, merge(row.overrides, part), row.declared is None)
            return True

    def tune(self, key: str, change: Callable[[Source], Source]) -> Source | None:
        """Put ``change`` of what is in force in force; what then differs from the declared is the override.

        Gives the source as it is now, None where there is no such source.
        """
        found = self.tune_many((key,), change)
        return found[0][1] if found else None

    def tune_many(self, keys: Sequence[str], change: Callable[[Source], Source]) -> tuple[tuple[Source, Source], ...]:
        """The same for several sources in one transaction: each that there is, as it was and as it is now."""
        found = []
        with self._database.write() as connection:
            for row in connection.execute(sa.select(sources).where(sources.c.key.in_(keys))).all():
                before = replace(decode(Source, row.in_force), is_enabled=row.is_enabled)
                wanted = change(before)
                found.append((before, wanted))
                if wanted == before:
                    continue
                if row.declared is None:
                    self._put(connection, row, encode(wanted), {}, is_undeclared=True)
                else:
                    self._put(connection, row, row.declared, difference(decode(Source, row.declared), wanted))
            if any(before != wanted for before, wanted in found):
                next_change(connection)
        return tuple(found)

    def pace(self, cadences: Mapping[str, Cadence]) -> int:
        """Let sources have another cadence than was declared, or left to their category, so far; how many do now.

        What an admin chose for a source itself stays in force.
        """
        changed = 0
        with self._database.write() as connection:
            for keys in batches(tuple(cadences)):
                for row in connection.execute(sa.select(sources).where(sources.c.key.in_(keys))).all():
                    base = row.declared or row.in_force
                    paced = {**base, "cadence": encode(cadences[row.key])}
                    if paced != base:
                        self._put(connection, row, paced, row.overrides, row.declared is None)
                        changed += 1
            if changed:
                next_change(connection)
        return changed

    def reset(self, key: str, names: Sequence[str] | None = None) -> bool:
        """Take back overrides: those of ``names``, or all of them."""
        with self._database.write() as connection:
            row = connection.execute(sa.select(sources).where(sources.c.key == key)).first()
            if row is None or row.declared is None:
                return False
            kept = {} if names is None else {name: value for name, value in row.overrides.items() if name not in names}
            next_change(connection)
            self._put(connection, row, row.declared, kept)
            return True

    def _put(
        self,
        connection: Connection,
        row: Row[Any],
        declared: Mapping[str, Any],
        overrides: Mapping[str, Any],
        is_undeclared: bool = False,
    ) -> None:
        in_force = merge(declared, overrides)
        source = decode(Source, in_force)
        values = {
            "declared": None if is_undeclared else declared,
            "overrides": overrides,
            "in_force": in_force,
            "is_enabled": source.is_enabled,
            "due_at": sa.case((sources.c.run_asked_at.is_not(None), sources.c.due_at), else_=None),
            "due_why": "changed" if source.is_enabled else "",
        }
        if row.in_force.get("category") != in_force.get("category"):
            values["is_misfiled"] = True
        if _hosts(source.urls) != _hosts(row.in_force["urls"]):  # the new one did not ask to be left alone
            values["not_before"] = None
        connection.execute(sa.update(sources).where(sources.c.key == row.key).values(**values))

    def add(self, source: Source, *, now: datetime) -> bool:
        """Keep a source that no configuration declares (made by an admin or for one command); False if it is known."""
        with self._database.write() as connection:
            if connection.execute(sa.select(sources.c.key).where(sources.c.key == source.key)).scalar() is not None:
                return False
            connection.execute(sa.insert(sources).values(**_new_row(source, None, {}, now=now)))
            next_change(connection)
            return True

    def forget(self, key: str) -> bool:
        """Forget a source and what its scrapes left for the next one; its entries stay. False while one goes on."""
        with self._database.write() as connection:
            now = self._database.now(connection)
            if not connection.execute(sa.delete(sources).where(sources.c.key == key, is_free(now=now))).rowcount:
                return False
            for table in (listing_pages, pending_items, release_pages):
                connection.execute(sa.delete(table).where(table.c.source == key))
            closed = sa.update(quarantines).where(quarantines.c.source == key, quarantines.c.closed_at.is_(None))
            connection.execute(closed.values(closed_at=now, resolution="dismissed"))
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

    def in_force(self, known: Mapping[str, Source] = MappingProxyType({})) -> dict[str, Source]:
        """Every source as it is in force, by key and in its order, without where it stands.

        What equals a ``known`` one is that very one. Equal parts, too, are one in memory: of a hundred thousand sources
        most leave their cadence and rules to others.
        """
        query = sa.select(sources.c.key, sources.c.in_force).order_by(sources.c.key)
        shared: dict[Hashable, Any] = {}

        def share(part: Hashable) -> Any:
            return shared.setdefault(part, part)

        with self._database.read() as connection:
            found: dict[str, Source] = {}
            for row in connection.execute(query):
                one, before = decode(Source, row.in_force), known.get(row.key)
                found[row.key] = (
                    before
                    if before == one
                    else replace(one, category=share(one.category), cadence=share(one.cadence), rules=share(one.rules))
                )
            return found

    def has_declared(self) -> bool:
        """Whether the configuration that was taken up last declared any source."""
        query = sa.select(sources.c.key).where(sources.c.declared.is_not(None)).limit(1)
        with self._database.read() as connection:
            return connection.execute(query).scalar() is not None

    def note_filed(self, keys: Sequence[str]) -> None:
        """The entries of these sources are where they belong."""
        with self._database.write() as connection:
            for some in batches(tuple(keys)):
                connection.execute(sa.update(sources).where(sources.c.key.in_(some)).values(is_misfiled=None))

    def misfiled(self) -> tuple[Source, ...]:
        """Sources whose entries are still to be moved to their category (``EntryTable.refile``), by key."""
        query = sa.select(sources).where(sources.c.is_misfiled).order_by(sources.c.key)
        with self._database.read() as connection:
            return tuple(state_of(row).source for row in connection.execute(query))

    def keys(self, *, enabled_only: bool = False) -> tuple[str, ...]:
        """The keys of every source, in order."""
        query = sa.select(sources.c.key).order_by(sources.c.key)
        if enabled_only:
            query = query.where(sources.c.is_enabled)
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def left_to_category(self) -> tuple[Source, ...]:
        """Sources that no file declares and whose cadence an admin left to their category, by key."""
        named = sa.type_coerce(sources.c.in_force, sa.Text).like('%"from_category"%')
        query = sa.select(sources).where(named).order_by(sources.c.key)
        with self._database.read() as connection:
            found = tuple(state_of(row) for row in connection.execute(query))
        return tuple(one.source for one in found if one.declared is None and one.source.cadence.from_category)

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


def _hosts(urls: Sequence[str]) -> set[str]:
    return {urlsplit(url).netloc.casefold() for url in urls}


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
