"""Sanitizes the kept originals again, so that a better sanitizer reaches old entries too (rule C1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from feedsvc.normalize.sanitize import sanitize
from feedsvc.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Resanitized:
    """What came of it: entries whose original is kept, and those whose text is another now."""

    entries: int
    changed: tuple[str, ...]


def resanitize(store: Store, *, step: Callable[[int], None] = lambda _done: None) -> Resanitized:
    """Every kept original once more; ids, dates and ``updated`` stay. ``step`` hears how many are done.

    Raises StoreError; what was done until then stays done.
    """
    done, row, changed = 0, 0, []
    while batch := store.entries.originals(after=row):
        for number, uuid, link, content, raw in batch:
            row, done = number, done + 1
            clean = sanitize(raw, base_url=link)
            if clean != content:
                store.entries.replace_content(uuid, clean)
                changed.append(uuid)
            step(done)
    return Resanitized(entries=done, changed=tuple(changed))
