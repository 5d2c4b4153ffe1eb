"""The tree of ``config/categories.toml``: tables within tables, each a category."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from feedsvc.config.cadences import Active, exclusive
from feedsvc.config.complaints import faults_of
from feedsvc.config.document import Document, Key
from feedsvc.config.fault import Fault, nearest, shown, wrong
from feedsvc.config.settings import Content, Cron, Language, Table, WebUrl
from feedsvc.config.values import Budget, Every, split_list
from feedsvc.model import DEFAULT_CATEGORY, Cadence, Category, segment
from feedsvc.model.source import DEPTH_MAX

#: Segments that addresses need for themselves; so do all that begin with "_".
RESERVED = ("all",)
#: What a category says to the sources filed below it rather than of itself.
CADENCE_KEYS = ("every", "cron", "budget", "active")


class CategoryTable(Table):
    """What a category says of itself; its sub-tables are its children."""

    title: str | None = Field(
        default=None, min_length=1, max_length=200, description="As people read it; default: from the name"
    )
    description: str = Field(default="", max_length=2000)
    language: Language | None = Field(default=None, description="Leave out where entries are in several languages")
    image: WebUrl | None = None
    rights: str | None = Field(default=None, max_length=2000)
    author: str | None = Field(default=None, max_length=200)
    content: Content | None = None
    every: Every | None = Field(default=None, description="A fixed interval, for sources below that choose none")
    cron: Cron | None = Field(default=None, description="A crontab line, for sources below that choose none")
    budget: Budget | None = Field(
        default=None, description="So many scrapes of each source a day or week, for sources below that choose none"
    )
    active: Active | None = Field(
        default=None, description="Hours in each source's zone, for sources below that name none"
    )
    was: Annotated[tuple[str, ...], BeforeValidator(split_list)] = Field(
        default=(), description="Paths that it had before; their addresses lead here for ever"
    )


@dataclass(frozen=True, slots=True)
class Tree:
    """What ``categories.toml`` declares."""

    #: Parents before children.
    categories: list[Category] = field(default_factory=list)
    #: Path -> the cadence that a category chooses for the sources below it; those that choose none are left out.
    cadences: dict[str, Cadence] = field(default_factory=dict)


def fault_of_segment(name: str) -> tuple[str, str] | None:
    """What is wrong with one segment of a category's path, and the remedy."""
    if not name:
        return "a part of the path is empty", "write words between the slashes, and none at its ends"
    if name in RESERVED or name.startswith("_"):
        return f"{name} is a reserved name", "choose another: all, and names that begin with _, serve addresses"
    made = segment(name)
    if made != name:
        return (
            f"{name} is not a path segment",
            f'write "{made}" and title = "{name}"' if made else "use letters or digits",
        )
    return None


def check_category_path(path: str) -> str:
    """A path in the tree: at most six segments, none reserved."""
    parts = path.split("/")
    if len(parts) > DEPTH_MAX:
        raise wrong(f"is {len(parts)} levels deep", f"at most {DEPTH_MAX} are possible")
    for part in parts:
        if fault := fault_of_segment(part):
            message, _ = fault
            suggestion = "/".join(segment(part) or "news" for part in parts if part) or "news"
            if part in RESERVED or part.startswith("_"):
                raise wrong(*fault)
            raise wrong(message, f'write "{suggestion}"')
    return path


def read_tree(document: Document) -> tuple[Tree, list[Fault]]:
    """The categories of a document, and everything that is wrong with it."""
    tree = Tree()
    faults: list[Fault] = []
    for key, value in _tables(document.values, ()):
        if not isinstance(value, Mapping):
            message, remedy = _stray(key)
            faults.append(document.fault(key, message=message, remedy=remedy, value=shown(value)))
            continue
        if fault := fault_of_segment(key[-1]):
            faults.append(document.fault(key, message=fault[0], remedy=fault[1]))
        elif len(key) > DEPTH_MAX:
            faults.append(document.fault(key, message=f"is {len(key)} levels deep", remedy=f"at most {DEPTH_MAX}"))
        own = {name: inner for name, inner in value.items() if not isinstance(inner, Mapping)}
        try:
            table = CategoryTable.model_validate(own)
        except ValidationError as error:
            found = faults_of(error, document.below(key), known=CategoryTable.model_fields)
            faults.extend(found)
            continue
        faults.extend(exclusive(table, document, key))
        category = _category(key, table)
        tree.categories.append(category)
        cadence = Cadence(**{name: getattr(table, name) for name in CADENCE_KEYS})
        if cadence != Cadence():
            tree.cadences[category.path] = cadence
    return tree, faults


def _tables(values: Mapping[str, Any], above: Key) -> Iterator[tuple[Key, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield (*above, name), value
            yield from _tables(value, (*above, name))
        elif not above:
            yield (name,), value


def _stray(key: Key) -> tuple[str, str]:
    known = nearest(key[0], CategoryTable.model_fields)
    if known:
        return "stands outside of any category", "put it below a [category] line"
    return "is not a table", f"write [{key[0]}] on a line of its own"


def _category(key: Key, table: CategoryTable) -> Category:
    values = table.model_dump(exclude=set(CADENCE_KEYS))
    return Category(path="/".join(key), **values | {"title": table.title or title_from(key[-1])})


def title_from(name: str) -> str:
    """A title for a segment nobody named: ``press-releases`` → ``Press releases``."""
    words = name.replace("-", " ")
    return words[:1].upper() + words[1:]


def completed(declared: Iterable[Category], wanted: Iterable[str | None]) -> tuple[Category, ...]:
    """The declared categories plus those that sources name, with all their parents, parents before children.

    A source without a category falls back to ``news``, so that one stands in the tree as soon as a source needs it.
    """
    given = {category.path: category for category in declared}
    known: dict[str, Category] = {}
    for path in [*given, *(path or DEFAULT_CATEGORY for path in wanted)]:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            upper = "/".join(parts[:depth])
            known.setdefault(upper, given.get(upper) or Category(path=upper, title=title_from(parts[depth - 1])))
    order = {path: number for number, path in enumerate(known)}
    return tuple(sorted(known.values(), key=lambda c: _place(c.path, order)))


def _place(path: str, order: Mapping[str, int]) -> tuple[int, ...]:
    parts = path.split("/")
    return tuple(order["/".join(parts[:depth])] for depth in range(1, len(parts) + 1))
