"""The tree of categories as an admin shapes it: what is declared, what was decided over it, moves and removals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from feedsvc.config import Config
from feedsvc.config.cadences import EXCLUSIVE, chosen_cadence
from feedsvc.config.category_tree import CADENCE_KEYS, CategoryTable, check_category_path
from feedsvc.config.writing import categories_toml
from feedsvc.log import get_logger
from feedsvc.model import DEFAULT_CATEGORY, Cadence, Category, FeedRef
from feedsvc.model.source import DEPTH_MAX
from feedsvc.protocols import Clock
from feedsvc.service.pacing import cadences_of, repace
from feedsvc.service.refusal import Unfit, Unknown, checked, sentence_of, unfit, unwritable
from feedsvc.service.saved import unfit_place
from feedsvc.store import Store
from feedsvc.store.category_overrides import Decided

#: What may be said of a category.
FIELDS = ("title", "description", "language", "image", "rights", "author", "content")
#: How ``Branch.overrides`` and ``reset`` call what it chooses for the sources below it.
CADENCE = "cadence"
_NAMED_MOST = 5

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One category with what belongs to it."""

    #: As in force.
    category: Category
    #: As the configuration has it, at its present path; None where it does not hold it.
    declared: Category | None
    #: Names of the fields that say something else than declared, "cadence" among them.
    overrides: tuple[str, ...]
    #: What it chooses for sources below it that choose nothing themselves; an empty one where that is nothing.
    cadence: Cadence
    #: The same as the configuration has it.
    declared_cadence: Cadence
    #: Entries that its feed shows, those below included.
    entries: int
    #: Keys of the sources that file exactly here.
    sources: tuple[str, ...]
    #: The source whose breadcrumbs made it, "" for none.
    made_by: str
    #: Paths whose addresses lead here.
    former: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What went along with a category."""

    entries: int
    sources: int
    #: Whether it became part of one that was there.
    is_merged: bool


class Categories:
    """Reads and changes the tree. Unknown paths raise Unknown, what will not do raises Unfit."""

    def __init__(self, store: Store, config: Callable[[], Config], *, clock: Clock) -> None:
        self._store, self._config, self._clock = store, config, clock

    def tree(self) -> tuple[Branch, ...]:
        """Every category, parents before children."""
        decided = self._store.categories_kept.decided()
        declared = _declared(self._config(), decided)
        entries = self._store.entries.counts("category")
        made_by = self._store.categories_kept.made_by()
        cadences = cadences_of(self._config(), decided)
        paces = cadences_of(self._config(), Decided(moves=decided.moves))
        sources: dict[str, list[str]] = defaultdict(list)
        for place in self._store.overview.places():
            if place.category:
                sources[place.category].append(place.key)
        former: dict[str, list[str]] = defaultdict(list)
        for feed in self._store.feeds.states():
            if feed.ref.kind == "category" and feed.gone_at is not None and feed.moved_to:
                former[feed.moved_to].append(feed.ref.key)
        return tuple(
            Branch(
                category=one,
                declared=declared.get(one.path),
                overrides=_overrides(one.path, declared, decided),
                cadence=cadences.get(one.path, Cadence()),
                declared_cadence=paces.get(one.path, Cadence()),
                entries=entries.get(one.path, 0),
                sources=tuple(sources[one.path]),
                made_by=made_by.get(one.path, ""),
                former=tuple(sorted(former[one.path])),
            )
            for one in self._store.categories()
        )

    def get(self, path: str) -> Branch:
        """One category."""
        found = next((one for one in self.tree() if one.category.path == path), None)
        if found is None:
            raise Unknown("there is no such category", subject=path[:200], remedy="see the tree for those there are")
        return found

    def toml(self) -> str:
        """The tree as a ``categories.toml`` that declares what is in force; what breadcrumbs made is left out."""
        branches = [one for one in self.tree() if not one.made_by or one.overrides]
        return categories_toml(
            [one.category for one in branches],
            {one.category.path: one.cadence for one in branches},
            {one.category.path: one.former for one in branches},
        )

    def create(self, path: str, texts: Mapping[str, str]) -> Category:
        """Make a category, and those above it."""
        if (
            fault := sentence_of(check_category_path, path)
            if path
            else "is missing: write a path, as company/releases."
        ):
            raise unfit("path", fault)
        _read(texts)
        ref = FeedRef(kind="category", key=path)
        with self._store.together():
            if self._store.categories_kept.get(path) is not None:
                raise unfit("path", "is there already: choose another, or edit that one.")
            if fault := unfit_place(path, self._config(), self._store):
                raise unfit("path", fault)
            self._store.categories_kept.make(path)
            self._store.feeds.ensure(ref, now=self._clock())
            self._say(self.get(path), texts)
        _log.info("category made", category=path)
        return self.get(path).category

    def edit(self, path: str, texts: Mapping[str, str]) -> Category:
        """Let a category say what ``texts`` say, and choose their cadence; what they do not name stays."""
        with self._store.together():
            changed = self._say(self.get(path), texts)
        if changed:
            _log.info("category edited", category=path, fields=", ".join(changed))
        return self.get(path).category

    def _say(self, branch: Branch, texts: Mapping[str, str]) -> tuple[str, ...]:
        """The names of what is otherwise now. What equals the declaration is no override. Raises Unfit."""
        kept, path, declared = self._store.categories_kept, branch.category.path, branch.declared
        said = _read(texts)
        changed = {n: value for n, value in said.items() if n in FIELDS and value != getattr(branch.category, n)}
        if changed:
            kept.say(path, changed, is_declared=declared is not None)
        if declared is not None and (same := [n for n, value in changed.items() if value == getattr(declared, n)]):
            kept.unsay(path, same, declared)
        cadence = _chosen(said, branch.cadence)
        if cadence == branch.cadence:
            return tuple(changed)
        self._pace(path, None if cadence == branch.declared_cadence else cadence)
        return (*changed, CADENCE)

    def _pace(self, path: str, cadence: Cadence | None) -> bool:
        """Let it choose this cadence, or with None what is declared; whether that is another one."""
        before = self._store.categories_kept.decided()
        if not self._store.categories_kept.pace(path, cadence):
            return False
        repace(self._store, self._config(), before=before)
        return True

    def reset(self, path: str, names: Iterable[str] | None = None) -> bool:
        """Let it say again what is declared, in these fields or in all; False where nothing is otherwise."""
        wanted = None if names is None else tuple(names)
        with self._store.together():
            branch = self.get(path)
            is_paced = (wanted is None or CADENCE in wanted) and self._pace(path, None)
            if branch.declared is None:
                return is_paced
            return self._store.categories_kept.unsay(path, wanted, branch.declared) or is_paced

    def move(self, path: str, to: str) -> Moved:
        """Rename a category, move it, or merge it into one that is there; all below goes along.

        Its addresses lead to the new one for ever.
        """
        with self._store.together():
            moved = self._move(path, to)
        _log.info("category moved", category=path, to=to, entries=moved.entries, sources=moved.sources)
        return moved

    def _move(self, path: str, to: str) -> Moved:
        self.get(path)
        known = [one.path for one in self._store.categories()]
        if fault := _unfit_target(path, to, known) or unfit_place(to, self._config(), self._store):
            raise unfit("to", fault)
        before = self._store.categories_kept.decided()
        entries = self._store.category_moves.move(path, to, now=self._clock())
        followers = [one.key for one in self._store.overview.places() if _is_below(one.category or "", path)]
        late = {source.key for source in self._store.sources.misfiled()}
        for key in followers:
            self._store.sources.tune(
                key, lambda source: replace(source, category=to + (source.category or path)[len(path) :])
            )
        self._store.sources.note_filed([key for key in followers if key not in late])
        for ref in (FeedRef(kind="category", key=one.path) for one in self._store.categories()):
            self._store.feeds.ensure(ref, now=self._clock())
        repace(self._store, self._config(), before=before)
        return Moved(entries=entries, sources=len(followers), is_merged=to in known)

    def remove(self, path: str) -> int:
        """Let a category and all below it end (410); its entries go to the one above. The number that go.

        Not while sources file there: they would make it again.
        """
        with self._store.together():
            moved = self._remove(path)
        _log.info("category removed", category=path, entries=moved)
        return moved

    def _remove(self, path: str) -> int:
        self.get(path)
        filing = [one.key for one in self._store.overview.places() if _is_below(one.category or "", path)]
        if filing:
            named = ", ".join(filing[:_NAMED_MOST]) + (" and others" if len(filing) > _NAMED_MOST else "")
            raise unfit("path", f"holds sources ({named}): give them another category first.")
        if path == DEFAULT_CATEGORY and self.get(path).entries:
            raise unfit("path", "is where entries go that have no other category: file its entries elsewhere first.")
        return self._store.category_moves.remove(path, now=self._clock())


def _declared(config: Config, decided: Decided) -> dict[str, Category]:
    """What the configuration says, at the paths of the present."""
    return {
        path: replace(category, path=path)
        for category in reversed(config.categories)
        if (path := decided.path(category.path))
    }


def _overrides(path: str, declared: Mapping[str, Category], decided: Decided) -> tuple[str, ...]:
    said = tuple(decided.parts.get(path, ())) if path in declared else ()
    return (*said, CADENCE) if path in decided.cadences else said


def _read(texts: Mapping[str, str]) -> dict[str, Any]:
    """What texts say of a category and choose for its sources. Raises Unfit."""
    known = (*FIELDS, *CADENCE_KEYS)
    strangers = [name for name in texts if name not in known]
    if strangers:
        raise Unfit({name: f"is no field of a category: use {', '.join(known)}." for name in strangers})
    if odd := unwritable(texts):
        raise Unfit(odd)
    stripped = {name: " ".join(text.split()) if name == "title" else text.strip() for name, text in texts.items()}
    if stripped.get("title") == "":
        raise unfit("title", "is empty: write what people call the category.")
    table = checked(CategoryTable, {name: text for name, text in stripped.items() if text})
    if len(chosen := chosen_cadence(table)) > 1:
        raise unfit(chosen[1], f"excludes {chosen[0]}: keep one of them.")
    return {name: getattr(table, name) for name in stripped}


def _chosen(said: Mapping[str, Any], before: Cadence) -> Cadence:
    """The cadence with what was said of it; one of every, cron and budget takes the place of the others."""
    values = {name: said[name] for name in CADENCE_KEYS if name in said}
    if any(values.get(name) is not None for name in EXCLUSIVE):
        values = {**dict.fromkeys(EXCLUSIVE), **values}
    return replace(before, **values)


def _unfit_target(path: str, to: str, known: Iterable[str]) -> str:
    """Why a category cannot go there; "" where it can."""
    if not to:
        return "is missing: write the path that it gets."
    if fault := sentence_of(check_category_path, to):
        return fault
    if to == path:
        return "is where it is: write another path."
    if _is_below(to, path):
        return "lies below the category itself: choose a place beside or above it."
    if _is_below(path, to):
        return "lies above the category itself: remove it instead, and its entries go there."
    deepest = max(one.count("/") - path.count("/") for one in known if _is_below(one, path))
    if to.count("/") + 1 + deepest > DEPTH_MAX:
        return f"is too deep for what lies below it: at most {DEPTH_MAX} levels are possible."
    return ""


def _is_below(path: str, above: str) -> bool:
    return f"{path}/".startswith(f"{above}/")
