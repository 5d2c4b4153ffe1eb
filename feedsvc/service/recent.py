"""Pages that looks fetched within the last minutes: whoever edits rules looks often, and the site is asked once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from feedsvc.errors import ScrapeError
from feedsvc.model import NotModified, Page, Validators
from feedsvc.service.preview import PreviewClient, Verdict

#: Seconds for which a page may stand in for itself, and what is kept at most in one process.
LIFETIME, PAGES_MOST, BYTES_MOST = 300.0, 100, 24 * 2**20
_Found = Page | NotModified | ScrapeError


class RecentPages:
    """What came of fetching an address lately, refusals and failures included. Safe to use from many threads."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: OrderedDict[str, tuple[float, _Found]] = OrderedDict()
        self._guard = threading.Lock()

    def before(self, client: PreviewClient, *, is_fresh: bool = False) -> PreviewClient:
        """``client``, asked only for what is not known here; with ``is_fresh`` asked for everything."""
        return _Remembering(client, self, is_fresh)

    def get(self, url: str) -> _Found | None:
        """What came of it, None where that is unknown or old."""
        with self._guard:
            at, found = self._kept.get(url, (0.0, None))
            return found if found is not None and self._monotonic() - at < LIFETIME else None

    def put(self, url: str, found: _Found) -> None:
        """Remember what came of it, and forget the oldest beyond the bounds."""
        with self._guard:
            self._kept.pop(url, None)
            self._kept[url] = self._monotonic(), found
            while len(self._kept) > PAGES_MOST or sum(_size(one) for _, one in self._kept.values()) > BYTES_MOST:
                self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Remembering:
    """Implements ``PreviewClient`` over another."""

    client: PreviewClient
    recent: RecentPages
    is_fresh: bool

    def fetch(self, url: str, *, validators: Validators | None = None) -> Page | NotModified:
        """The page, or the failure, as it was a moment ago; else as it is now."""
        found = None if self.is_fresh or validators is not None else self.recent.get(url)
        if found is None:
            try:
                found = self.client.fetch(url, validators=validators)
            except ScrapeError as error:
                found = error
            self.recent.put(url, found)
        if isinstance(found, ScrapeError):
            raise found.with_traceback(None)
        return found

    def robots_allows(self, url: str) -> Verdict:
        """As robots.txt says, which has a memory of its own."""
        return self.client.robots_allows(url)


def _size(found: _Found) -> int:
    return len(found.body) if isinstance(found, Page) else 0
