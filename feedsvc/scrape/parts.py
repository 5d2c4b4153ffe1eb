"""The further pages of an article, as its parts are fetched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from feedsvc.errors import NotAPage, ScrapeError
from feedsvc.model import Page
from feedsvc.scrape.listings import Visitor
from feedsvc.scrape.progress import raise_if_busy


@dataclass(slots=True, kw_only=True)
class Parts:
    """Fetches the further pages of one article, and notes how many came and why others did not."""

    visitor: Visitor
    #: Keeps a page, so that the whole can be replayed.
    keep: Callable[[Page], None]
    #: At the last attempt a page that does not come ends the article there, instead of the attempts.
    is_last: bool
    came: int = 0
    missing: list[ScrapeError] = field(default_factory=list)

    def __call__(self, url: str) -> Page:
        """The page. Raises ScrapeError, OutOfTime, HostBusy."""
        try:
            page = self.visitor.page(url)
        except ScrapeError as error:
            self.missing.append(error)
            if not self.is_last:
                raise
            raise_if_busy(error)
            raise NotAPage(error.message, subject=url, remedy="the article is told as far as it goes") from error
        self.keep(page)
        self.came += 1
        return page
