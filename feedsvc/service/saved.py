"""Saved feeds as an admin makes them: those of ``filters.toml``, changed or not, and those made at the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from feedsvc.config import Config
from feedsvc.config.filter_file import FilterTable, check_name, filter_of
from feedsvc.log import get_logger
from feedsvc.model import DEFAULT_CATEGORY, FeedRef, Filter
from feedsvc.protocols import Clock
from feedsvc.service.refusal import FIELD_MAX, Unfit, Unknown, checked, sentence_of, unfit, unwritable
from feedsvc.store import Store
from feedsvc.store.category_overrides import Decided

#: What may be said of a saved feed; those that are lists are written one a line.
FIELDS = tuple(FilterTable.model_fields)
LISTS = ("categories", "sources", "words", "without", "authors")

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """One saved feed."""

    #: As in force.
    filter: Filter
    #: As the configuration has it; None where it was made at the desk.
    declared: Filter | None

    @property
    def is_overridden(self) -> bool:
        """Whether an admin changed what is declared."""
        return self.declared is not None and self.declared != self.filter


def in_force(config: Config, store: Store) -> tuple[Filter, ...]:
    """Every saved feed, by name: what was saved at the desk stands over what is declared.

    They follow the categories that they name wherever an admin moved those.
    """
    decided = store.categories_kept.decided()
    found = {one.name: one for one in config.filters} | {one.name: one for one in store.saved_feeds.all()}
    return tuple(_followed(found[name], decided) for name in sorted(found))


def _followed(one: Filter, decided: Decided) -> Filter:
    # a category that was removed still narrows: it lets nothing through, instead of everything
    paths = tuple(dict.fromkeys(decided.path(path) or path for path in one.categories))
    return one if paths == one.categories else replace(one, categories=paths)


def unfit_place(path: str | None, config: Config, store: Store) -> str:
    """Why no category may be there, as saved feeds stand in the way; "" where one may."""
    if not path or store.categories_kept.get(path) is not None:
        return ""
    name = path.partition("/")[0]
    is_taken = name in {one.name for one in config.filters} | {one.name for one in store.saved_feeds.all()}
    return f"is at the address of the saved feed {name}: choose another." if is_taken else ""


class SavedFeeds:
    """Reads and changes saved feeds. Unknown names raise Unknown, what will not do raises Unfit."""

    def __init__(self, store: Store, config: Callable[[], Config], *, clock: Clock) -> None:
        self._store, self._config, self._clock = store, config, clock

    def all(self) -> tuple[Saved, ...]:
        """Every one, by name."""
        declared = {one.name: one for one in self._config().filters}
        return tuple(
            Saved(filter=one, declared=declared.get(one.name)) for one in in_force(self._config(), self._store)
        )

    def get(self, name: str) -> Saved:
        """One by name."""
        found = next((one for one in self.all() if one.filter.name == name), None)
        if found is None:
            raise Unknown("there is no such saved feed", subject=name[:60], remedy="see the list for those there are")
        return found

    def save(self, name: str, texts: Mapping[str, str | Sequence[str]], *, is_new: bool = False) -> Filter:
        """Make a saved feed, or unless ``is_new`` put another choice in its place. A list may be written one a line."""
        if not name:
            raise unfit("name", "is missing: write a name, as big-fish.")
        if fault := sentence_of(check_name, name):
            raise unfit("name", fault)
        with self._store.together():
            if self._store.categories_kept.get(name) is not None:
                raise unfit("name", "is the path of a category: choose another.")
            before = next((one.filter for one in self.all() if one.filter.name == name), None)
            if before is None and name == DEFAULT_CATEGORY:
                raise unfit("name", "is where entries go that have no category: choose another.")
            if before is None and (to := self._store.renderings.gone(f"feeds/{name}")):
                raise unfit(
                    "name", f"is an old address of {to.partition('/')[2]}: its readers go there; choose another."
                )
            if is_new and before is not None:
                raise unfit("name", "is taken by another saved feed: choose another, or change that one.")
            wanted = filter_of(name, self._table(texts, before=before))
            self._store.saved_feeds.put(wanted)
            ref = FeedRef(kind="filter", key=name)
            self._store.feeds.restore(ref)
            self._store.feeds.ensure(ref, now=self._clock())
        _log.info("saved feed kept", feed=name)
        return wanted

    def reset(self, name: str) -> bool:
        """Let a declared one be as declared; False where nothing is otherwise."""
        found = self.get(name)
        return found.declared is not None and self._store.saved_feeds.remove(name)

    def remove(self, name: str) -> None:
        """End one that was made at the desk (410). Raises Unfit for a declared one."""
        if self.get(name).declared is not None:
            raise unfit("name", "is declared in filters.toml: remove it there, or reset it to what is declared.")
        self._store.saved_feeds.remove(name)
        self._store.feeds.remove(FeedRef(kind="filter", key=name), now=self._clock())
        _log.info("saved feed removed", feed=name)

    def _table(self, texts: Mapping[str, str | Sequence[str]], *, before: Filter | None) -> FilterTable:
        """What was written; what the feed named ``before`` may be named on, also where it has ended meanwhile."""
        strangers = [name for name in texts if name not in FIELDS]
        if strangers:
            raise Unfit({name: f"is no field of a saved feed: use {', '.join(FIELDS)}." for name in strangers})
        written = {name: text if isinstance(text, str) else "\n".join(text) for name, text in texts.items()}
        if odd := unwritable(written):
            raise Unfit(odd)
        values: dict[str, object] = {}
        for name, text in texts.items():
            if not isinstance(text, str):
                values[name] = list(text)
            elif name in LISTS:
                values[name] = [line.strip() for line in text.splitlines() if line.strip()]
            elif text.strip():
                values[name] = text.strip()
        table = checked(FilterTable, values)
        faults = {}
        known = {*self._store.sources.keys(), *(before.sources if before else ())}
        if strange := [key for key in table.sources if key not in known]:
            faults["sources"] = f"names no source: {', '.join(strange)[:FIELD_MAX]}: use keys of sources there are."
        paths = {*(one.path for one in self._store.categories()), *(before.categories if before else ())}
        if strange := [path for path in table.categories if path not in paths]:
            faults["categories"] = f"names no category: {', '.join(strange)[:FIELD_MAX]}: use paths of the tree."
        if faults:
            raise Unfit(faults)
        return table
