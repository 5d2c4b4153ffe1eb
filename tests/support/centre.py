"""A news centre in memory, and a service on it: the real walk with nothing replaced but the network."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from feedsvc.errors import BadStatus
from feedsvc.fetch import page_from_bytes
from feedsvc.model import NotModified, Page, Source, Validators
from feedsvc.scrape import Progress, ScrapeOutcome, Scraper, ScrapeSettings
from feedsvc.service.reading import PageReader
from feedsvc.store import Store

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
SOURCE = Source(key="acme", urls=("https://news.example/releases/",), title="Acme", category="company")
_WORDS = "harbour engine granite lantern orchard signal meadow copper violin glacier window timber".split()


@dataclass(slots=True)
class SiteInMemory:
    """Releases by number, newest last; implements ``protocols.Fetcher``."""

    releases: dict[int, str] = field(default_factory=dict)
    #: Whole pages in place of what the site would serve, and statuses of broken ones, by path.
    pages: dict[str, str] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    on_fetch: Callable[[str], None] = lambda _url: None

    def publish(self, *numbers: int) -> None:
        """Bring out releases."""
        for number in numbers:
            self.releases[number] = f"Release {number} on the {_WORDS[number % 12]} and the {_WORDS[number // 12 % 12]}"

    def fetch(self, url: str, *, validators: Validators | None = None) -> Page | NotModified:
        """As a client would."""
        self.asked.append(url)
        self.on_fetch(url)
        path = urlsplit(url).path
        if path in self.broken:
            raise BadStatus(f"answered {self.broken[path]}", status=self.broken[path], subject=url)
        body = self.pages.get(path) or (self.listing() if path.endswith("/") else self.release_page(path))
        etag = hashlib.sha256(body.encode()).hexdigest()[:16]
        current = Validators(etag=f'"{etag}"')
        if validators == current:
            return NotModified(url=url, validators=current, fetched_at=NOON)
        return page_from_bytes(
            body.encode(), url=url, content_type="text/html; charset=utf-8", fetched_at=NOON, validators=current
        )

    def listing(self) -> str:
        """The listing page as it would be served."""
        items = "".join(
            f'<li class="release"><a href="/releases/{number}.html">{title}</a>'
            f'<span class="date">{self._day(number)}</span><p>What release {number} is about.</p></li>'
            for number, title in sorted(self.releases.items(), reverse=True)
        )
        return f"<html><head><title>Releases</title></head><body><h1>Releases</h1><ul>{items}</ul></body></html>"

    def release_page(self, path: str) -> str:
        """A release page as it would be served."""
        number = int(path.rpartition("/")[2].removesuffix(".html"))
        title = self.releases[number]
        text = "".join(
            f"<p>{title}: paragraph {n} tells of {_WORDS[(number + n) % 12]} and more.</p>" for n in range(4)
        )
        return (
            f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
            f'<p class="date">Release date: {self._day(number)}</p>{text}</article></body></html>'
        )

    def _day(self, number: int) -> str:
        return (NOON - timedelta(days=40) + timedelta(days=number)).date().isoformat()


def scrape(
    store: Store, site: SiteInMemory, *, now: datetime = NOON, source: Source = SOURCE, **options: object
) -> ScrapeOutcome:
    """One scrape at ``now``."""
    store.sources.sync([source], now=now)
    scraper = Scraper(store, site, PageReader(), clock=lambda: now, settings=ScrapeSettings())
    recheck = bool(options.get("recheck", False))
    return scraper.scrape(source.key, owner="test:1:a", progress=Progress(cut_after=None), recheck=recheck)
