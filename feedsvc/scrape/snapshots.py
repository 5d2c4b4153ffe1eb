"""Keeping pages for replay and repair, within the limits of the settings."""

from __future__ import annotations

from feedsvc.model import Page
from feedsvc.store import Store


class Snapshots:
    """Keeps release pages within the limits of the settings."""

    def __init__(self, store: Store, *, per_page: int, total: int) -> None:
        self._store = store
        self._per_page = per_page
        self._total = total

    def __call__(self, source: str, page: Page, kind: str = "release") -> None:
        """Keep one page."""
        self._store.snapshots.keep(source, kind, page, per_page=self._per_page, total=self._total)
