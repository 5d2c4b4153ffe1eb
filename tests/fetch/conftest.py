from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from feedsvc.fetch import Client, FetchSettings
from tests.support.sites import Canary, Listener, Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def canary() -> Iterator[Canary]:
    with Canary() as canary:
        yield canary
        assert canary.connections == 0, "something connected to a forbidden address"


@pytest.fixture
def client_for() -> Iterator[Callable[..., Client]]:
    """A client that may reach the given sites; limits are short, the host interval is none."""
    clients: list[Client] = []

    def make(*sites: Listener, **settings: object) -> Client:
        allowed = tuple(site.pair for site in sites)
        defaults: dict[str, object] = {"host_interval": 0.0, "allow_targets": allowed, "timeout": 2.0}
        edges = {key: settings.pop(key) for key in ("clock", "resolver", "monotonic", "sleep") if key in settings}
        client = Client(FetchSettings(**(defaults | settings)), **edges)  # type: ignore[arg-type]
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()
