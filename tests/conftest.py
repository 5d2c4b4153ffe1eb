"""What holds for all tests: a busy machine makes none of them fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.serving import Serving, serving

settings.register_profile("feedsvc", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("feedsvc")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Serving]:
    """A store with releases, and the feeds of it, without processes of their own."""
    made = serving(tmp_path)
    yield made
    made.feeds.close()
    made.store.close()
