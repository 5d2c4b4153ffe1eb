"""The category tree: declared in config, or made from the breadcrumbs of a source's pages below the source's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from feedsvc.model import DEFAULT_CATEGORY, Cadence, Category, Source, segment
from feedsvc.model.codec import encode
from feedsvc.model.source import DEPTH_MAX
from feedsvc.store.category_overrides import CADENCE, Decided, decided, moves, part_of, put, reopen
from feedsvc.store.database import Database
from feedsvc.store.feeds import next_change, parents, restore_feeds
from feedsvc.store.schema import categories, feeds

#: Categories that the breadcrumbs of one source may make.
MADE_MAX = 50
# Asked for each release: SQLAlchemy puts a statement together in as long as SQLite takes to run it.
_TITLES = sa.select(categories.c.path, categories.c.title).where(
    categories.c.path.in_(sa.bindparam("paths", expanding=True))
)
#: Segments that mean something else in addresses.
RESERVED = frozenset({"all"})


class CategoryTable:
    """Reads and declares categories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Category, ...]:
        """Every category, declared or made from a breadcrumb, parents before children."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(categories).order_by(categories.c.position, categories.c.path)).all()
        by_path = {row.path: row for row in rows}
        placed = sorted(rows, key=lambda row: _place(row.path, by_path))
        return tuple(_category(row) for row in placed)

    def get(self, path: str) -> Category | None:
        """One category by its path."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(categories).where(categories.c.path == path)).first()
        return _category(row) if row is not None else None

    def declare(self, declared: Sequence[Category]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Bring the declared tree in line with the configuration: paths that came, paths that went.

        Parents that nobody declared are made. A category that went is deleted here; its feed's fate is the caller's.
        """
        wanted: dict[str, Category] = {}
        for category in declared:
            for path in reversed(parents(category.path)):
                wanted.setdefault(path, Category(path=path, title=path.rsplit("/", 1)[-1]))
            wanted[category.path] = category
        with self._database.write() as connection:
            rows = {row.path: row for row in connection.execute(sa.select(categories))}
            gone = [path for path, row in rows.items() if row.is_declared and path not in wanted]
            is_changed = bool(gone)
            for position, (path, category) in enumerate(wanted.items()):
                values = _columns(category, position)
                row = rows.get(path)
                if row is None:
                    connection.execute(sa.insert(categories).values(path=path, **values))
                elif any(getattr(row, name) != value for name, value in values.items()):
                    connection.execute(sa.update(categories).where(categories.c.path == path).values(**values))
                else:
                    continue
                is_changed = True
            if is_changed:
                next_change(connection)
            if gone:
                connection.execute(sa.delete(categories).where(categories.c.path.in_(gone)))
        came = tuple(path for path in wanted if path not in rows or not rows[path].is_declared)
        return came, tuple(gone)

    def make(self, path: str, title: str = "") -> None:
        """Make a category at an admin's wish, with those above it; one that is there stays as it is."""
        with self._database.write() as connection:
            make_path(connection, path, title)

    # What an admin decided

    def decided(self) -> Decided:
        """What an admin decided, over what the configuration declares."""
        with self._database.read() as connection:
            return decided(connection)

    def made_by(self) -> dict[str, str]:
        """Path -> key of the source whose pages' breadcrumbs made the category."""
        query = sa.select(categories.c.path, categories.c.made_by).where(categories.c.made_by.is_not(None))
        with self._database.read() as connection:
            return {row.path: row.made_by for row in connection.execute(query)}

    def say(self, path: str, part: Mapping[str, Any], *, is_declared: bool) -> None:
        """Let a category say something else: over its declaration, or for good where nothing declares it."""
        with self._database.write() as connection:
            next_change(connection)
            connection.execute(sa.update(categories).where(categories.c.path == path).values(**part))
            if is_declared:
                put(connection, path, part={**part_of(connection, path), **part})

    def pace(self, path: str, cadence: Cadence | None) -> bool:
        """Let a category choose this cadence for the sources below it; None: what is declared. Whether that is new."""
        with self._database.write() as connection:
            before = part_of(connection, path)
            kept = {name: value for name, value in before.items() if name != CADENCE}
            after = kept if cadence is None else {**kept, CADENCE: encode(cadence)}
            if after != before:
                put(connection, path, part=after)
            return after != before

    def unsay(self, path: str, names: Sequence[str] | None, declared: Category) -> bool:
        """Let a category say again what is ``declared``: in these fields, or in all; False where nothing changes."""
        with self._database.write() as connection:
            before = part_of(connection, path)
            cadence = {CADENCE: before.pop(CADENCE)} if CADENCE in before else {}
            kept = {} if names is None else {name: value for name, value in before.items() if name not in names}
            if kept == before:
                return False
            next_change(connection)
            back = {name: getattr(declared, name) for name in before if name not in kept}
            connection.execute(sa.update(categories).where(categories.c.path == path).values(**back))
            put(connection, path, part={**kept, **cadence})
            return True


def make_path(connection: Connection, path: str, title: str = "") -> None:
    """Make a category with those above it, wherever they and their feeds went before; one that is there stays."""
    reopen(connection, parents(path))
    restore_feeds(connection, "category", parents(path))
    for above in reversed(parents(path)):
        _make(connection, above, title if title and above == path else above.rsplit("/", 1)[-1], None)


def file_under(connection: Connection, source: Source, breadcrumb: Sequence[str]) -> str:
    """The category path of an entry: its breadcrumb below the source's own category, made where there is room.

    Without a category of its own, a source files under the breadcrumb itself, or else under "news". At most MADE_MAX
    categories a source and DEPTH_MAX levels; what goes beyond is filed under the source's own. What an admin moved or
    removed stays so: its entries go where it went, or to the category above.
    """
    decided = moves(connection)
    own = decided.path(source.category) if source.category else ""
    fallback = own or DEFAULT_CATEGORY
    steps = [(title, part) for title in breadcrumb if (part := _segment(title))]
    # wherever the steps below its own begin, which its title decides: one look for all that may be wanted
    possible = [path for at in range(len(steps)) for path, _title in _present(decided, own, steps[at:])]
    titles = _titles(connection, [*parents(fallback), *possible])
    for parent in reversed(parents(fallback)):
        if parent not in titles:
            titles[parent] = parent.rsplit("/", 1)[-1]
            _make(connection, parent, titles[parent], None)
    wanted = _present(decided, own, _below(own, titles.get(own, ""), steps))
    if not wanted:
        return fallback
    missing = [(one, title) for one, title in wanted if one not in titles]
    if missing and not (_is_free(connection, missing[0][0]) and _may_make(connection, source.key, len(missing))):
        return fallback
    for one, title in missing:
        _make(connection, one, title, source.key)
    return wanted[-1][0]


def _is_free(connection: Connection, path: str) -> bool:
    """Whether no saved feed has the address at which a new category would begin."""
    saved = sa.and_(feeds.c.kind == "filter", feeds.c.key == path.partition("/")[0], feeds.c.gone_at.is_(None))
    return connection.execute(sa.select(feeds.c.id).where(saved)).scalar() is None


def _present(decided: Decided, own: str, steps: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The present paths of the steps below ``own``, with their titles, up to the first that was removed."""
    found: list[tuple[str, str]] = []
    path = own
    for title, part in steps:
        path = f"{path}/{part}" if path else part
        now = decided.path(path)
        if path.count("/") >= DEPTH_MAX or not now:
            break
        found.append((now, title))
    return found


def _below(own: str, title: str, steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The breadcrumb's steps that lead below the source's own category.

    A crumb that means the own category, by its path or by its printed title, ends what leads to it: below
    "observatory/research", the breadcrumb News Centre > Research > Comets says Comets.
    """
    names = {own.rsplit("/", 1)[-1], segment(title)} - {""}
    for at in range(len(steps), 0, -1):
        if steps[at - 1][1] in names:
            return steps[at:]
    return steps


def _titles(connection: Connection, paths: Sequence[str]) -> dict[str, str]:
    """Path -> printed title of those of ``paths`` that are there."""
    return {row.path: row.title for row in connection.execute(_TITLES, {"paths": paths})}


def _segment(title: str) -> str:
    part = segment(title)
    return "" if part in RESERVED or part.startswith("_") else part


def _may_make(connection: Connection, source: str, count: int) -> bool:
    made = connection.execute(
        sa.select(sa.func.count()).select_from(categories).where(categories.c.made_by == source)
    ).scalar_one()
    return int(made) + count <= MADE_MAX


def _make(connection: Connection, path: str, title: str, made_by: str | None) -> None:
    if _titles(connection, [path]):
        return
    made = Category(path=path, title=" ".join(title.split()), is_declared=False)
    connection.execute(sa.insert(categories).values(path=path, made_by=made_by, **_columns(made, position=_LAST)))


#: Categories made from breadcrumbs stand after the declared ones.
_LAST = 1_000_000


def _columns(category: Category, position: int) -> dict[str, Any]:
    return {
        "title": category.title,
        "description": category.description,
        "language": category.language,
        "image": category.image,
        "rights": category.rights,
        "author": category.author,
        "content": category.content,
        "is_declared": category.is_declared,
        "position": position,
    }


def _category(row: Row[Any]) -> Category:
    return Category(
        path=row.path,
        title=row.title,
        description=row.description,
        language=row.language,
        image=row.image,
        rights=row.rights,
        author=row.author,
        content=row.content,
        is_declared=row.is_declared,
    )


def _place(path: str, rows: dict[str, Row[Any]]) -> tuple[tuple[int, str], ...]:
    """Sorts parents before children and siblings by declaration, then by name."""
    return tuple((rows[one].position if one in rows else _LAST, one) for one in reversed(parents(path)))
