"""What holds for all tests: a busy machine makes none of them fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.serving import Serving, serving

SLOW_IS_NO_FAULT = [HealthCheck.too_slow]
#: The same examples every time, so that a change is judged by what it changes.
settings.register_profile("feedsvc", deadline=None, suppress_health_check=SLOW_IS_NO_FAULT, derandomize=True)
#: New examples every time (``.ci/run --full``), to find what nobody has thought of.
settings.register_profile("searching", deadline=None, suppress_health_check=SLOW_IS_NO_FAULT)
settings.load_profile("feedsvc")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Serving]:
    """A store with releases, and the feeds of it, without processes of their own."""
    made = serving(tmp_path)
    yield made
    made.feeds.close()
    made.store.close()
