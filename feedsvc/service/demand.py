"""What readers ask for: a feed asked for lately is rendered when it changes, any other when it is next asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from feedsvc.protocols import Clock
from feedsvc.service.document import Document
from feedsvc.store import Store

#: So long after it was last asked for, a feed is rendered when it changes.
ASKED_WITHIN = timedelta(days=7)


class Demand:
    """Who asked for what and when, in this process at once, and in all of them after the next ``keep``.

    Safe to use from many threads.
    """

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._asked_at: dict[Document, datetime] = {}
        self._kept_until: datetime | None = None

    def note(self, documents: Iterable[Document]) -> None:
        """These were asked for just now."""
        now = self._clock()
        for document in documents:
            self._asked_at[document] = now

    def is_for(self, document: Document) -> bool:
        """Whether this process was asked for it lately. Variants and archives are never in demand."""
        at = self._asked_at.get(document)
        return at is not None and document.is_current and at >= self._clock() - ASKED_WITHIN

    def stale(self) -> tuple[Document, ...]:
        """What any process was asked for lately and is kept no more as it should be. Raises StoreError."""
        found = self._store.renderings.stale(asked_since=self._clock() - ASKED_WITHIN)
        return tuple(Document(ref=ref, format=format) for ref, format in found)

    def keep(self) -> None:
        """Tell all processes, and the next start, what was asked for since the last time. Raises StoreError."""
        now = self._clock()
        asked = list(self._asked_at.items())
        fresh = [one for one, at in asked if self._kept_until is None or at >= self._kept_until]
        self._store.renderings.note_asked([(one.ref, one.format, one.kept_as) for one in fresh], now=now)
        self._kept_until = now
        for document, at in asked:
            if at < now - ASKED_WITHIN and self._asked_at.get(document) == at:
                del self._asked_at[document]
