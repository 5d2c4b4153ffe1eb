"""A store in a real SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from feedsvc.store import Store
from tests.support.stores import NOON


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store, its clock standing at NOON."""
    opened = Store.open(f"sqlite:///{tmp_path / 'feedsvc.sqlite3'}", clock=lambda: NOON)
    yield opened
    opened.close()
