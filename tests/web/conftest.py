"""The web side over a real store, asked through WSGI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from feedsvc.web import create_app
from tests.support.serving import Serving, serving


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Serving]:
    made = serving(tmp_path)
    yield made
    made.feeds.close()
    made.store.close()


@pytest.fixture
def client(service: Serving) -> Client:
    return Client(create_app(service))
