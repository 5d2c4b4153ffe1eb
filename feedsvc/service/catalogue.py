"""The catalogue of all that has a feed, read from configuration and store."""

from __future__ import annotations

from collections.abc import Mapping

from feedsvc.config import Config
from feedsvc.model import FeedRef
from feedsvc.service.facts import Catalogue
from feedsvc.service.saved import in_force
from feedsvc.store import Store


def read_catalogue(config: Config, store: Store, before: Catalogue | None = None) -> Catalogue:
    """Everything that has a feed at this moment, and where feeds went that are no more. Raises StoreError.

    What it shares with the one ``before`` takes no memory again.
    """
    categories = {category.path: category for category in store.categories()}
    decided = store.categories_kept.decided()
    declared = {category.path: category for category in decided.applied(config.categories)}
    sources = store.sources.in_force(before.sources if before is not None else {})
    filters = {one.name: one for one in in_force(config, store)}
    saved = {f"feeds/{name}" for name in filters}
    tree = {f"feeds/{path}" for path in categories}
    moves = {
        state.ref.path: FeedRef(kind=state.ref.kind, key=state.moved_to).path if state.moved_to else ""
        for state in store.feeds.ended()
        if state.ref.path not in (tree | saved if state.ref.kind == "filter" else saved)
    }
    gone = {path: _end_of(path, moves) for path in moves}
    return Catalogue(
        settings=config.settings,
        categories={path: one for path, one in (categories | declared).items() if f"feeds/{path}" not in gone},
        sources={source.key: source for source in config.sources} | sources,
        filters=filters,
        gone=gone,
    )


def _end_of(path: str, moves: Mapping[str, str]) -> str:
    """Where a chain of moves ends, so that readers are sent there at once; "" where that is gone, too."""
    seen = {path}
    while (to := moves.get(path)) and to not in seen:
        seen.add(to)
        path = to
    return "" if path in moves else path
