"""Saved feeds that an admin made, or changed over what the configuration declares."""

from __future__ import annotations

import sqlalchemy as sa

from feedsvc.model import Filter
from feedsvc.model.codec import decode, encode
from feedsvc.store.desk_schema import saved_feeds
from feedsvc.store.feeds import next_change
from feedsvc.store.table import Table


class SavedFeedTable(Table):
    """Keeps saved feeds by name."""

    def all(self) -> tuple[Filter, ...]:
        """Every one, by name."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(saved_feeds.c.document).order_by(saved_feeds.c.name)).scalars()
            return tuple(decode(Filter, document) for document in rows)

    def put(self, saved: Filter) -> None:
        """Keep one, in the place of any of the same name."""
        with self._database.write() as connection:
            connection.execute(sa.delete(saved_feeds).where(saved_feeds.c.name == saved.name))
            connection.execute(sa.insert(saved_feeds).values(name=saved.name, document=encode(saved)))
            next_change(connection)

    def remove(self, name: str) -> bool:
        """Forget one; False where it was not kept."""
        with self._database.write() as connection:
            next_change(connection)
            return connection.execute(sa.delete(saved_feeds).where(saved_feeds.c.name == name)).rowcount > 0
