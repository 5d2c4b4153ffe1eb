"""Sums of all processes together, which only grow: counted in each, added up here now and then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from feedsvc.store.desk_schema import figures
from feedsvc.store.table import Table

#: Name and labels of a sum.
Figure = tuple[str, tuple[tuple[str, str], ...]]


class FigureTable(Table):
    """Adds up and gives sums."""

    def add(self, grown: Mapping[Figure, float]) -> None:
        """Add to what is known under the same name and labels."""
        with self._database.write() as connection:
            for (name, labels), value in grown.items():
                this = sa.and_(figures.c.name == name, figures.c.labels == dict(labels))
                more = sa.update(figures).where(this).values(value=figures.c.value + value)
                if not connection.execute(more).rowcount:
                    connection.execute(sa.insert(figures).values(name=name, labels=dict(labels), value=value))

    def all(self) -> Mapping[Figure, float]:
        """Every sum."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(figures)).all()
        return {(row.name, _labels(row.labels.items())): row.value for row in rows}


def _labels(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(pairs))
