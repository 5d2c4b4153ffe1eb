"""What an admin decided about categories, over what the configuration declares of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from feedsvc.model import Cadence, Category
from feedsvc.model.codec import decode
from feedsvc.store.desk_schema import category_overrides
from feedsvc.store.feeds import parents

#: In a decision: what the category chooses for the sources below it, beside what it says of itself.
CADENCE = "cadence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """All decisions at one moment."""

    #: Path -> names of Category's fields and their values.
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: Path -> where it and all below it went; "" for nowhere.
    moves: Mapping[str, str] = field(default_factory=dict)
    #: Path -> what an admin chose for the sources below it; an empty cadence where that is nothing.
    cadences: Mapping[str, Cadence] = field(default_factory=dict)

    def path(self, path: str) -> str:
        """Where a path is now; "" where it was removed."""
        for above in parents(path):
            if (to := self.moves.get(above)) is not None:
                return f"{to}{path[len(above) :]}" if to else ""
        return path

    def applied(self, declared: Sequence[Category]) -> tuple[Category, ...]:
        """Declared categories as they are in force: at their present paths, saying what an admin made them say."""
        found: dict[str, Category] = {}
        for category in declared:
            if path := self.path(category.path):
                found.setdefault(path, replace(category, path=path, **self.parts.get(path, {})))
        return tuple(found.values())


def decided(connection: Connection) -> Decided:
    """Every decision."""
    rows = connection.execute(sa.select(category_overrides)).all()
    parts = {row.path: {name: value for name, value in row.part.items() if name != CADENCE} for row in rows}
    return Decided(
        parts={path: part for path, part in parts.items() if part},
        moves={row.path: row.moved_to for row in rows if row.moved_to is not None},
        cadences={row.path: decode(Cadence, row.part[CADENCE]) for row in rows if CADENCE in row.part},
    )


def part_of(connection: Connection, path: str) -> dict[str, Any]:
    """Everything that was decided about one category, as kept."""
    table = category_overrides
    return dict(connection.execute(sa.select(table.c.part).where(table.c.path == path)).scalar() or {})


# Asked for each release: SQLAlchemy puts a statement together in as long as SQLite takes to run it.
_MOVES = sa.select(category_overrides.c.path, category_overrides.c.moved_to).where(
    category_overrides.c.moved_to.is_not(None)
)


def moves(connection: Connection) -> Decided:
    """What was moved and removed; nothing else that was decided."""
    return Decided(moves={row.path: row.moved_to for row in connection.execute(_MOVES)})


def reopen(connection: Connection, paths: Iterable[str]) -> None:
    """These paths are categories again, wherever they went before."""
    table = category_overrides
    connection.execute(sa.update(table).where(table.c.path.in_(tuple(paths))).values(moved_to=None))
    connection.execute(sa.delete(table).where(table.c.moved_to.is_(None), table.c.part == {}))


def put(connection: Connection, path: str, **values: Any) -> None:
    """Set a decision's columns."""
    table = category_overrides
    if not connection.execute(sa.update(table).where(table.c.path == path).values(**values)).rowcount:
        connection.execute(sa.insert(table).values(**{"path": path, "part": {}, "moved_to": None} | values))


def lead(connection: Connection, old: str, new: str) -> None:
    """``old`` and all below it went to ``new`` ("" for nowhere), and so did whatever led there before."""
    table = category_overrides
    for row in connection.execute(sa.select(table)).all():
        if f"{row.path}/".startswith(f"{old}/"):
            if row.part and new:
                put(connection, new + row.path[len(old) :], part=row.part)
            connection.execute(sa.delete(table).where(table.c.path == row.path))
        elif row.moved_to and f"{row.moved_to}/".startswith(f"{old}/"):
            put(connection, row.path, moved_to=f"{new}{row.moved_to[len(old) :]}" if new else "")
    reopen(connection, parents(new) if new else ())
    put(connection, old, moved_to=new)
