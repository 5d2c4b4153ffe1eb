"""Feeds that carry the whole text: what is corrected there is taken over, and what varies by itself is not news."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape

from feedsvc.fetch import page_from_bytes
from feedsvc.model import FeedRef, Page, Source, Validators
from feedsvc.scrape import Progress, ScrapeOutcome, Scraper
from feedsvc.service.reading import PageReader
from feedsvc.store import Store
from tests.support.centre import NOON

FEED = "https://harbour.example/feed"
SOURCE = Source(key="harbour", urls=(FEED,), title="Harbour", category="town")
ALL = FeedRef(kind="all")


@dataclass
class Feed:
    """A feed of five posts; implements ``protocols.Fetcher``."""

    texts: dict[int, str] = field(
        default_factory=lambda: {
            post: "".join(
                f"<p>Post {post} tells of quay {part}, and of all that was seen there.</p>" for part in range(9)
            )
            for post in range(5)
        }
    )
    tail: str = ""
    now: datetime = NOON

    def fetch(self, url: str, *, validators: Validators | None = None) -> Page:
        """The feed, whole."""
        items = "".join(
            f"<item><title>What was seen at quay {post}</title><link>https://harbour.example/{post}</link>"
            f"<content:encoded>{escape(text + self.tail)}</content:encoded></item>"
            for post, text in self.texts.items()
        )
        space = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
        body = f"<rss version='2.0' {space}><channel><title>Harbour</title>{items}</channel></rss>".encode()
        return page_from_bytes(body, url=url, content_type="application/rss+xml", fetched_at=self.now)


def scrape(store: Store, feed: Feed, hours: float) -> ScrapeOutcome:
    feed.now = NOON + timedelta(hours=hours)
    store.sources.sync([SOURCE], now=NOON)
    scraper = Scraper(store, feed, PageReader(), clock=lambda: feed.now)
    return scraper.scrape("harbour", owner="test:1:a", progress=Progress(cut_after=None))


def text_of(store: Store, post: int) -> str:
    return next(one.entry.content for one in store.entries.newest(ALL, limit=9) if one.entry.link.endswith(f"/{post}"))


def test_a_correction_is_taken_over_at_the_next_scrape(store: Store) -> None:
    feed = Feed()
    scrape(store, feed, 0)
    feed.texts[3] += "<p>Correction: it was the fourth quay.</p>"
    assert len(scrape(store, feed, 2).changed) == 1
    assert "the fourth quay" in text_of(store, 3)
    assert scrape(store, feed, 3).changed == ()


def test_what_varies_from_fetch_to_fetch_changes_an_entry_as_rarely_as_its_page_is_read(store: Store) -> None:
    feed, changed = Feed(), 0
    for hours in range(0, 10 * 24, 2):
        feed.tail = f"<p>Read more about vessel {hours} and its long way from port to port.</p>"
        changed += len(scrape(store, feed, hours).changed)
    assert changed <= 5 * 4


def test_a_text_that_a_feed_cuts_stays_whole(store: Store) -> None:
    feed = Feed()
    scrape(store, feed, 0)
    whole = text_of(store, 2)
    feed.texts[2] = feed.texts[2][: len(feed.texts[2]) // 2] + "… Read more"
    cut = scrape(store, feed, 30)
    assert (cut.changed, cut.failures) == ((), ()), "that feeds cut what is no longer new is nobody's fault"
    assert text_of(store, 2) == whole


def test_another_text_at_a_known_address_is_no_correction(store: Store) -> None:
    feed = Feed()
    scrape(store, feed, 0)
    before = [text_of(store, post) for post in feed.texts]
    for post in feed.texts:
        feed.texts[post] = "<p>We are moving our feeds to another house, and will be back with you before long.</p>" * 9
    assert scrape(store, feed, 2).changed == ()
    assert [text_of(store, post) for post in feed.texts] == before
