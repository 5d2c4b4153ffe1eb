"""Documents as values: what the store holds of a feed, put together as configuration and rights say."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from feedsvc.model import Feed, FeedRef, Filter, StoredEntry
from feedsvc.protocols import Clock, Window
from feedsvc.publish.assemble import FeedFacts, Variant, assemble, is_oversize
from feedsvc.publish.selection import select
from feedsvc.service.document import Document
from feedsvc.service.facts import Catalogue, archive_facts, facts_of, recipe_of
from feedsvc.store import FeedState, Store

#: A saved feed looks through so many of the newest entries of each of its categories or sources.
CANDIDATES = 2000


class Assembler:
    """Reads what a document is made of. Every method raises StoreError."""

    def __init__(self, store: Store, catalogue: Callable[[], Catalogue], *, clock: Clock) -> None:
        self._store, self._catalogue, self._clock = store, catalogue, clock

    def state(self, ref: FeedRef) -> FeedState:
        """Where a feed stands; minted at the first call."""
        return self._store.feeds.ensure(ref, now=self._clock())

    def recipe(self, document: Document, state: FeedState) -> str:
        """Changes when anything but the entries changes what the document says."""
        known = self._catalogue()
        choices = known.takes_deltas(document.ref), None if document.archive else self._window(document.variant)
        saved = known.filters.get(document.ref.key) if document.ref.kind == "filter" else None
        return recipe_of(self._facts(document, state), *choices, saved)

    def version(self, document: Document) -> int:
        """Of what kept bytes must at least be. Any change may concern a saved feed."""
        if document.ref.kind == "filter":
            return self._store.feeds.changes()
        return self._store.renderings.version(document.ref, document.kept_as)

    def feed(self, document: Document, state: FeedState) -> Feed:
        """The document as a value."""
        facts = self._facts(document, state)
        if document.archive is not None:
            entries = self._store.entries.archive(document.ref, document.archive)
            return assemble(facts, entries, archive=document.archive)
        if document.ref.kind == "filter":
            return self._saved(document, facts)
        entries = self._store.entries.window(
            document.ref, self._window(document.variant), now=self._newest(document.ref)
        )
        return assemble(
            facts,
            entries,
            archives=state.archives,
            archived=self._archived(document.ref, state) if is_oversize(entries) else (),
            tombstones=self._store.entries.tombstones(document.ref),
            variant=document.variant,
        )

    # Entries for people's pages, with as much text as may be published

    def entry(self, uuid: str) -> StoredEntry | None:
        """One entry, withdrawn ones included."""
        found = self._store.entry(uuid)
        return self._catalogue().rights.permit(found) if found is not None else None

    def history(self, ref: FeedRef, *, limit: int, offset: int = 0) -> tuple[StoredEntry, ...]:
        """Of all that a feed ever showed, newest first."""
        if ref.kind == "filter":
            wanted = self._catalogue().filters[ref.key]
            every = Window(minimum=CANDIDATES, maximum=CANDIDATES)
            found = select(self._candidates(wanted), wanted, every)[offset : offset + limit]
        else:
            found = self._store.entries.newest(ref, limit=limit, offset=offset)
        permits = self._catalogue().rights
        return tuple(permits.permit(one) for one in found)

    def search(self, words: str, *, limit: int) -> tuple[StoredEntry, ...]:
        """The newest entries that hold all the words."""
        found = self._store.entries.newest(FeedRef(kind="all"), words=words, limit=limit)
        permits = self._catalogue().rights
        return tuple(permits.permit(one) for one in found)

    def _saved(self, document: Document, facts: FeedFacts) -> Feed:
        """A saved feed shows what it lets through of the newest entries; it has no archives and claims no history."""
        wanted = self._catalogue().filters[document.ref.key]
        shown = select(self._candidates(wanted), wanted, self._window(document.variant))
        gone = {pair for ref in _bases(wanted) for pair in self._store.entries.tombstones(ref)}
        return replace(assemble(facts, shown, tombstones=gone, variant=document.variant), is_complete=False)

    def _candidates(self, wanted: Filter) -> tuple[StoredEntry, ...]:
        found = (self._store.entries.newest(ref, limit=CANDIDATES) for ref in _bases(wanted))
        return tuple({one.uuid: one for some in found for one in some}.values())

    def _newest(self, ref: FeedRef) -> datetime:
        """When the feed's newest entry was first seen.

        From there the window counts back, not from the present: so the same store gives the same bytes at any time.
        """
        newest = self._store.entries.newest(ref, limit=1)
        return newest[0].first_seen_at if newest else self._clock()

    def _facts(self, document: Document, state: FeedState) -> FeedFacts:
        facts = facts_of(document.ref, self._catalogue(), state.identity)
        return facts if document.archive is None else archive_facts(facts)

    def _archived(self, ref: FeedRef, state: FeedState) -> Collection[str]:
        """Ids in the archives that a window can reach into."""
        numbers = range(max(1, state.archives - 1), state.archives + 1)
        return {stored.uuid for number in numbers for stored in self._store.entries.archive(ref, number)}

    def _window(self, variant: Variant) -> Window:
        feeds = self._catalogue().settings.feeds
        if variant.limit is None:
            return Window(minimum=feeds.window_min, maximum=feeds.window_max, days=feeds.window_days)
        return Window(minimum=variant.limit, maximum=max(variant.limit, feeds.window_max), days=feeds.window_days)


def _bases(wanted: Filter) -> tuple[FeedRef, ...]:
    """The feeds that hold whatever a saved feed may show."""
    if wanted.categories:
        return tuple(FeedRef(kind="category", key=path) for path in wanted.categories)
    if wanted.sources:
        return tuple(FeedRef(kind="source", key=key) for key in wanted.sources)
    return (FeedRef(kind="all"),)
