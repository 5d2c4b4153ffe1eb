"""A configuration into the store: categories and sources declared, feeds of what went removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedsvc.config import Config
from feedsvc.config.watch import LOST_FOLDER
from feedsvc.log import get_logger
from feedsvc.model import Category, FeedRef
from feedsvc.service.pacing import follow, paced
from feedsvc.service.saved import in_force
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
    again comes back with its old identity. One that says what it ``was`` takes over identity, entries and archives, and
    the old addresses lead to it for ever (301). ``step`` is called between transactions. Where the whole folder of
    sources is not there, all stays as it is: a disk that is away ends no feed.
    """
    if config.lacks_sources and store.sources.has_declared():
        _log.error("configuration not taken up", fault=str(LOST_FOLDER))
        return TakenUp(sources=Synced(), categories_added=(), categories_removed=())
    decided = store.categories_kept.decided()
    tree = decided.applied(config.categories)
    renamed = _rename(store, tree, now=now)
    synced = store.sources.sync(paced(config, decided).sources, now=now)
    follow(store, config)
    came, went = store.categories_kept.declare(tree)
    for path in went:
        if path not in renamed:
            store.feeds.remove(FeedRef(kind="category", key=path), now=now)
            _log.info("category removed", category=path)
    for path in came:
        ref = FeedRef(kind="category", key=path)
        store.feeds.restore(ref)
        store.feeds.ensure(ref, now=now)
    for key in synced.added:
        store.feeds.ensure(FeedRef(kind="source", key=key), now=now)
    saved = {one.name for one in in_force(config, store)}
    for state in store.feeds.states(kind="filter"):
        if state.gone_at is None and state.ref.key not in saved:
            store.feeds.remove(state.ref, now=now)
            _log.info("saved feed removed", feed=state.ref.key)
    for name in saved:
        ref = FeedRef(kind="filter", key=name)
        store.feeds.restore(ref)
        store.feeds.ensure(ref, now=now)
    file_again(store, now=now, step=step)
    return TakenUp(sources=synced, categories_added=came, categories_removed=went)


def file_again(store: Store, *, now: datetime, step: Callable[[], None] = lambda: None) -> None:
    """Move the entries of sources whose category is another one now, as far as nobody has done so yet."""
    for source in store.sources.misfiled():
        step()
        if moved := store.entries.refile(source, now=now):
            _log.info("entries moved to another category", source=source.key, entries=moved)


def _rename(store: Store, categories: Sequence[Category], *, now: datetime) -> set[str]:
    """Let former paths of categories, and all below them, lead to where they are now; the paths that went."""
    wanted = [(old, category.path) for category in categories for old in category.was]
    if not wanted:
        return set()
    declared = {category.path for category in categories}
    renamed = set()
    for state in store.feeds.states(kind="category"):
        path = state.ref.key
        if path in declared or (state.gone_at is not None and state.moved_to):
            continue
        for old, new in wanted:
            if f"{path}/".startswith(f"{old}/"):
                _move(store, state.ref, FeedRef(kind="category", key=new + path[len(old) :]), now=now)
                renamed.add(path)
                break
    return renamed


def _move(store: Store, old: FeedRef, new: FeedRef, *, now: datetime) -> None:
    if store.entries.count(new):
        # Both have readers: the new one goes on as it is, and the old one's are sent there.
        store.feeds.remove(old, now=now, moved_to=new.key)
    else:
        store.feeds.rename(old, new, now=now)
    _log.info("category renamed", category=old.key, to=new.key)
