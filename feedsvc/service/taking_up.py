"""A configuration into the store: categories and sources declared, feeds of what went removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from feedsvc.config import Config
from feedsvc.log import get_logger
from feedsvc.model import FeedRef
from feedsvc.store import Store, Synced

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenUp:
    """What taking up a configuration changed."""

    sources: Synced
    categories_added: tuple[str, ...]
    categories_removed: tuple[str, ...]


def take_up(store: Store, config: Config, *, now: datetime, step: Callable[[], None] = lambda: None) -> TakenUp:
    """Bring sources and categories in line with ``config``; entries stay, whatever goes. Raises StoreError.

    A category that is no longer declared is gone (410) unless a source still files below it; one that is declared
    again comes back with its old identity. ``step`` is called between transactions.
    """
    synced = store.sources.sync(config.sources, now=now)
    came, went = store.categories_kept.declare(config.categories)
    for path in came:
        ref = FeedRef(kind="category", key=path)
        store.feeds.restore(ref)
        store.feeds.ensure(ref, now=now)
    for key in synced.added:
        store.feeds.ensure(FeedRef(kind="source", key=key), now=now)
    saved = {one.name for one in config.filters}
    for state in store.feeds.states():
        if state.ref.kind == "filter" and state.gone_at is None and state.ref.key not in saved:
            store.feeds.remove(state.ref, now=now)
            _log.info("saved feed removed", feed=state.ref.key)
    for name in saved:
        ref = FeedRef(kind="filter", key=name)
        store.feeds.restore(ref)
        store.feeds.ensure(ref, now=now)
    by_key = {source.key: source for source in config.sources}
    for key in synced.refiled:
        step()
        moved = store.entries.refile(by_key[key], now=now)
        _log.info("entries moved to another category", source=key, entries=moved)
    for path in went:
        store.feeds.remove(FeedRef(kind="category", key=path), now=now)
        _log.info("category removed", category=path)
    return TakenUp(sources=synced, categories_added=came, categories_removed=went)
