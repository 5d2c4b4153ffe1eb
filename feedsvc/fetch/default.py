"""Fetching one page without a service: the default guard, limits and manners."""

from __future__ import annotations

from functools import cache

from feedsvc.errors import Unreachable
from feedsvc.fetch.client import Client
from feedsvc.model import Page


def fetch(url: str) -> Page:
    """The page at ``url`` under the default guard; raises FetchError or NotAPage (README, section "Security").

    Private and local targets are refused, without exception; robots.txt and one second between requests to a host hold.
    """
    answer = _client().fetch(url)
    if isinstance(answer, Page):
        return answer
    raise Unreachable("the server answered 304 to a question without validators", subject=url)


@cache
def _client() -> Client:
    return Client()
