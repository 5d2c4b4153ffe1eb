"""Stores as older programs left them: SQL under ``tests/store/schemas``, one file a schema.

Before a migration is added, ``python -m tests.support.old_stores`` writes the store of the program as it is now.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from feedsvc.model import FeedRef
from feedsvc.store import Store, migrate
from feedsvc.store.database import Database
from tests.support.centre import NOON, SiteInMemory, scrape

FOLDER = Path(__file__).parents[1] / "store" / "schemas"
SCRIPTS = Path(migrate.__file__).with_name("migrations")
#: Every schema of which a store is kept.
REVISIONS = tuple(sorted(path.stem for path in FOLDER.glob("*.sql")))
REFS = (FeedRef(kind="all"), FeedRef(kind="category", key="company"), FeedRef(kind="source", key="acme"))
#: When the last scrape of these stores was.
SCRAPED_AT = NOON + timedelta(hours=2)


def site() -> SiteInMemory:
    """The website as they last saw it: a fifth release, and one whose title was corrected."""
    made = SiteInMemory()
    made.publish(1, 2, 3, 4, 5)
    made.releases[2] += ", corrected"
    return made


def old_sqlite(revision: str, path: Path) -> None:
    """The store as a SQLite file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((FOLDER / f"{revision}.sql").read_text(encoding="utf-8"))


def old_server(revision: str, url: str) -> set[str]:
    """The same in an empty PostgreSQL database: the tables by the migrations of then, the rows from the file.

    Gives the ids that its feeds show.
    """
    database = Database(url)
    with closing(sqlite3.connect(":memory:")) as kept, database.write() as connection:
        kept.row_factory = sqlite3.Row
        kept.executescript((FOLDER / f"{revision}.sql").read_text(encoding="utf-8"))
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        tables = sa.MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            rows = [dict(row) for row in kept.execute(f"SELECT * FROM {table.name}")]
            if rows and table.name != "alembic_version":
                connection.execute(sa.insert(table), rows)
            if "id" in table.c:
                sequence = sa.func.pg_get_serial_sequence(table.name, "id")
                connection.execute(
                    sa.select(sa.func.setval(sequence, max((row["id"] for row in rows), default=0) + 1, False))
                )
        ids = {row[0] for row in kept.execute("SELECT uuid FROM entries WHERE withdrawn_at IS NULL")}
    database.close()
    return ids


def write(target: Path) -> None:
    """A store of the program as it is now, after two scrapes and a few decisions of an admin."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite3"
        store = Store.open(f"sqlite:///{path}", clock=lambda: NOON)
        seen = SiteInMemory()
        seen.publish(1, 2, 3, 4)
        scrape(store, seen, now=NOON)
        for ref in REFS:
            store.feed_identity(ref)
        scrape(store, site(), now=SCRAPED_AT, recheck=True)
        store.entries.withdraw(store.entries.newest(REFS[0], limit=9)[-1].uuid, now=SCRAPED_AT)
        store.access.add("ada", "not a hash", now=SCRAPED_AT)
        store.close()
        with closing(sqlite3.connect(path)) as connection:
            lines = "\n".join(connection.iterdump()).splitlines()
    target.write_text("".join(f"{line.rstrip()}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    write(FOLDER / f"{migrate.HEAD}.sql")
