"""Looks at one page with many rules: the site is asked once, and failures are remembered, too."""

from __future__ import annotations

import pytest

from feedsvc.errors import FetchError
from feedsvc.model import NotModified, Page, Validators
from feedsvc.service import recent
from feedsvc.service.preview import Verdict
from feedsvc.service.recent import RecentPages
from tests.support.stores import NOON


class Asked:
    """A client that counts, and whose /gone fails."""

    def __init__(self) -> None:
        self.urls: list[str] = []

    def fetch(self, url: str, *, validators: Validators | None = None) -> Page | NotModified:
        self.urls.append(url)
        if url.endswith("/gone"):
            raise FetchError("no answer", subject=url)
        body = b"x" * recent.BYTES_MOST if url.endswith("/huge") else b"<p>x"
        return Page(url=url, requested_url=url, body=body, text="", media_type="text/html", fetched_at=NOON)

    def robots_allows(self, url: str) -> Verdict:
        raise NotImplementedError


@pytest.fixture
def asked() -> Asked:
    return Asked()


def test_a_page_is_fetched_once_until_it_is_old_or_wanted_fresh(asked: Asked) -> None:
    now = [0.0]
    pages = RecentPages(monotonic=lambda: now[0])
    client = pages.before(asked)
    first = client.fetch("https://x.example/")
    assert client.fetch("https://x.example/") is first
    assert pages.before(asked, is_fresh=True).fetch("https://x.example/") is not first
    assert len(asked.urls) == 2
    now[0] = recent.LIFETIME + 1
    client.fetch("https://x.example/")
    assert len(asked.urls) == 3


def test_a_failure_is_remembered_as_one(asked: Asked) -> None:
    client = RecentPages().before(asked)
    for _ in range(3):
        with pytest.raises(FetchError, match="no answer"):
            client.fetch("https://x.example/gone")
    assert len(asked.urls) == 1


def test_what_is_kept_is_bounded(asked: Asked) -> None:
    pages = RecentPages()
    client = pages.before(asked)
    for number in range(recent.PAGES_MOST + 5):
        client.fetch(f"https://x.example/{number}")
    assert pages.get("https://x.example/4") is None
    assert pages.get("https://x.example/5") is not None
    client.fetch("https://x.example/huge")
    client.fetch("https://y.example/")
    assert pages.get("https://x.example/huge") is None
