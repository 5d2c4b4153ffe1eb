"""Deltas: to a reader that has an earlier rendering of a feed, only what is new since (RFC 3229, ``A-IM: feed``)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from feedsvc.model import Feed, Rendering
from feedsvc.protocols import Clock
from feedsvc.publish.delta import digests, since
from feedsvc.publish.rendering import render
from feedsvc.service.document import Document
from feedsvc.service.hot import Hot
from feedsvc.store import Store
from feedsvc.store.deltas import Held

#: Bytes of deltas held in memory: readers that polled at the same time ask for the same one.
_MEMORY = 8 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What is new, and the tag (without quotes and coding) of the rendering since which it is."""

    base: str
    rendering: Rendering


class Deltas:
    """Remembers what renderings held, and makes deltas. Every method raises StoreError."""

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._hot: Hot[tuple[Document, str, str]] = Hot(_MEMORY)

    def remember(self, document: Document, feed: Feed, rendering: Rendering) -> None:
        """Know these bytes again when a reader says that it has them."""
        held = Held(etag=rendering.etag, entries=digests(feed))
        self._store.deltas.keep(document.name, held, now=self._clock())

    def base(self, document: Document, etags: Collection[str]) -> Held | None:
        """What the last of these renderings held, or None where we know none of them."""
        return self._store.deltas.latest(document.name, etags) if etags else None

    def made(self, document: Document, feed: Feed, base: Held, *, etag: str) -> Delta:
        """What ``feed``, whose whole rendering has the tag ``etag``, holds beyond ``base``."""
        key = (document, base.etag, etag)
        rendering = self._hot.get(key)
        if rendering is None:
            rendering = render(since(feed, base.entries), document.format)
            self._hot.put(key, rendering)
        return Delta(base=base.etag, rendering=rendering)
