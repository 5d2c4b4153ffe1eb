"""Documents as finished bytes: from memory, from the store, or made now, once for however many wait for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from feedsvc.errors import StoreError
from feedsvc.log import get_logger
from feedsvc.model import Rendering
from feedsvc.protocols import Clock
from feedsvc.publish.rendering import render
from feedsvc.service.assembling import Assembler
from feedsvc.service.deltas import Deltas
from feedsvc.service.document import Document
from feedsvc.service.facts import Catalogue
from feedsvc.service.figures import RENDERINGS, Figures
from feedsvc.service.hot import Hot
from feedsvc.store import FeedState, Store

#: So often a document is rendered again for one reader while changes come in.
_ATTEMPTS = 3

_log = get_logger(__name__)


class Renderer:
    """Renders each document once per change. Safe to use from many threads; every method raises StoreError."""

    def __init__(
        self,
        store: Store,
        assembler: Assembler,
        deltas: Deltas,
        *,
        catalogue: Callable[[], Catalogue],
        figures: Figures,
        clock: Clock,
        memory: int,
    ) -> None:
        self._store, self._assembler, self._deltas = store, assembler, deltas
        self._catalogue, self._figures, self._clock = catalogue, figures, clock
        #: What is in memory, and what is served from there.
        self.hot: Hot[Document] = Hot(memory)
        self._turns: dict[Document, threading.Lock] = {}
        self._guard = threading.Lock()
        self._changes = 0

    def changed(self) -> None:
        """Something changed, and what is in memory from now on will be looked at for it.

        What is being made at this moment is not there yet, and is looked at again before it is served to others.
        """
        self._changes += 1

    def rendering(self, document: Document) -> Rendering | None:
        """The document as it was last made, or is made now; None for an archive that does not exist."""
        found = self.hot.get(document)
        if found is None:
            with self._turn(document):
                found = self.hot.get(document) or self._fresh(document)
        return found

    def renew(self, document: Document) -> bool:
        """Let memory hold the document as it is now, or not at all where it is no more; whether that is news."""
        with self._turn(document):
            before, fresh = self.hot.get(document), self._fresh(document)
        if fresh is None:
            self.hot.drop(document)
        return fresh != before

    def _fresh(self, document: Document) -> Rendering | None:
        """The kept rendering where it is still true, else a new one; in memory from now on.

        Where changes come in faster than it is made, it is true enough for who waits, and for nobody after them.
        """
        rendering = None
        for _ in range(_ATTEMPTS):
            changes, rendering = self._changes, self._current(document)
            if rendering is not None:
                self.hot.put(document, rendering)
            if rendering is None or changes == self._changes:
                return rendering
        self.hot.drop(document)
        return rendering

    def _current(self, document: Document) -> Rendering | None:
        state = self._assembler.state(document.ref)
        if document.archive is not None and not 1 <= document.archive <= state.archives:
            return None
        recipe = self._assembler.recipe(document, state)
        kept = self._store.renderings.get(document.ref, document.format, document.kept_as)
        if kept is not None and kept.version >= self._assembler.version(document) and kept.recipe == recipe:
            return kept.rendering
        return self._made(document, state, recipe, now=self._clock())

    def _made(self, document: Document, state: FeedState, recipe: str, *, now: datetime) -> Rendering:
        """A new rendering, kept for all processes where the store can be written."""
        # Before the entries are read: a change in between makes what is kept stale at once, and not true for ever.
        version = self._assembler.version(document)
        feed = self._assembler.feed(document, state)
        made = render(feed, document.format, changed_at=now)
        self._figures.count(RENDERINGS, document.format.value)
        try:
            if document.archive is None and (state.identity.updated is None or feed.updated > state.identity.updated):
                self._store.feeds.raise_updated(document.ref, feed.updated)
            if document.archive is None and self._catalogue().takes_deltas(document.ref):
                self._deltas.remember(document, feed, made)
            return self._store.renderings.keep(
                document.ref, document.format, document.kept_as, made, version=version, recipe=recipe, now=now
            )
        except StoreError as error:
            _log.error("rendering not kept", feed=document.ref.path, reason=str(error))
            return made

    def _turn(self, document: Document) -> threading.Lock:
        """One lock a document: of many requests at a time, one renders and the others wait for it."""
        with self._guard:
            if len(self._turns) > 10_000:
                self._turns = {key: lock for key, lock in self._turns.items() if lock.locked()}
            return self._turns.setdefault(document, threading.Lock())
