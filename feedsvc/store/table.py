"""What every part of the store is: something over one database."""

from __future__ import annotations

from feedsvc.store.database import Database


class Table:
    """Reads and writes rows of one noun."""

    def __init__(self, database: Database) -> None:
        self._database = database
