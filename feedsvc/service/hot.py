"""Renderings in memory: the ones asked for last, within a bound of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

from feedsvc.model import Rendering

Key = TypeVar("Key")


class Hot(Generic[Key]):
    """A least-recently-used cache of renderings of at most ``limit`` bytes. Safe to use from threads."""

    def __init__(self, limit: int) -> None:
        self._limit, self._size = limit, 0
        self._kept: OrderedDict[Key, Rendering] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Rendering | None:
        """The rendering, which is now the one asked for last."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Key, rendering: Rendering) -> None:
        """Keep a rendering in place of an older one; those not asked for longest make room."""
        with self._lock:
            self._remove(key)
            self._kept[key] = rendering
            self._size += _bytes(rendering)
            while self._size > self._limit and len(self._kept) > 1:
                self._remove(next(iter(self._kept)))

    def drop(self, key: Key) -> None:
        """Forget a rendering."""
        with self._lock:
            self._remove(key)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._size = 0

    def held(self) -> tuple[Key, ...]:
        """What is held, the one asked for last at the end."""
        with self._lock:
            return tuple(self._kept)

    def _remove(self, key: Key) -> None:
        old = self._kept.pop(key, None)
        if old is not None:
            self._size -= _bytes(old)


def _bytes(rendering: Rendering) -> int:
    return len(rendering.identity) + len(rendering.gzip) + len(rendering.brotli)
