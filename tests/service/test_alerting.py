"""Troubles of real scrapes are told once at their begin and once at their end, and stand in the status feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from feedsvc.config import Config, Settings
from feedsvc.errors import ServiceError
from feedsvc.notify import Alert
from feedsvc.scrape import ScrapeOutcome
from feedsvc.service import Service
from feedsvc.service.alerting import MEMORY, Alerting, Channel
from feedsvc.service.lookup import Lookup
from feedsvc.service.status import status_feed
from feedsvc.web.application import create_app
from tests.support.centre import NOON, SOURCE, SiteInMemory, scrape

KEY = "0123456789abcdefghij"


class Inbox(Alerting):
    """Delivers to a list; may be told to fail."""

    def __init__(self, service: Service) -> None:
        super().__init__(service.store, lambda: service.config, lambda: service.client)
        self.got: list[Alert] = []
        self.reaches = True

    def _channels(self) -> Mapping[str, Channel]:
        return {"list": self}

    def send(self, alert: Alert) -> None:
        """As a channel does."""
        if not self.reaches:
            raise ServiceError("nobody there")
        self.got.append(alert)

    @property
    def subjects(self) -> list[str]:
        return [alert.subject for alert in self.got]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    settings = Settings.model_validate({"alerts": {"status_key": KEY}})
    config = Config(directory=tmp_path, data=tmp_path, settings=settings, categories=(), sources=(SOURCE,))
    with Service.open(config, clock=lambda: NOON) as opened:
        yield opened


@pytest.fixture
def inbox(service: Service) -> Inbox:
    return Inbox(service)


@pytest.fixture
def site() -> SiteInMemory:
    made = SiteInMemory()
    made.publish(*range(28, 40))
    return made


def scraped(inbox: Inbox, service: Service, site: SiteInMemory, now: datetime) -> ScrapeOutcome:
    outcome = scrape(service.store, site, now=now)
    inbox.after(outcome)
    return outcome


def test_a_bad_day_is_two_messages_at_its_begin_and_one_at_its_end(
    service: Service, inbox: Inbox, site: SiteInMemory
) -> None:
    scraped(inbox, service, site, NOON)
    site.pages["/releases/"] = "<html><body><p>Nothing here.</p></body></html>"
    for hour in range(1, 7):
        scraped(inbox, service, site, NOON + timedelta(hours=hour))
    assert inbox.subjects == ["acme is suspect", "acme is broken"]
    site.pages.clear()
    site.publish(40)
    scraped(inbox, service, site, NOON + timedelta(hours=8))
    assert inbox.subjects[2:] == ["acme is no longer broken"]


def test_what_reached_nobody_is_told_at_the_next_scrape(service: Service, inbox: Inbox, site: SiteInMemory) -> None:
    scraped(inbox, service, site, NOON)
    site.pages["/releases/"] = "<html><body><p>Nothing here.</p></body></html>"
    inbox.reaches = False
    scraped(inbox, service, site, NOON + timedelta(hours=1))
    inbox.reaches = True
    scraped(inbox, service, site, NOON + timedelta(hours=2))
    assert inbox.subjects == ["acme is suspect"]
    assert inbox.got[0].since == NOON + timedelta(hours=1)


def test_an_end_that_reached_nobody_is_told_later_also_without_a_scrape(
    service: Service, inbox: Inbox, site: SiteInMemory
) -> None:
    scraped(inbox, service, site, NOON)
    good = site.listing()
    site.pages["/releases/"] = "<html><body><p>Nothing here.</p></body></html>"
    scraped(inbox, service, site, NOON + timedelta(hours=1))
    site.pages["/releases/"] = good
    inbox.reaches = False
    scraped(inbox, service, site, NOON + timedelta(hours=2))
    inbox.reaches = True
    inbox.settle(now=NOON + timedelta(hours=3))
    inbox.settle(now=NOON + timedelta(hours=4))
    assert inbox.subjects == ["acme is suspect", "acme is no longer suspect"]
    assert inbox.got[1].at == NOON + timedelta(hours=2)


def test_a_source_that_is_no_longer_watched_is_in_no_trouble(
    service: Service, inbox: Inbox, site: SiteInMemory
) -> None:
    scraped(inbox, service, site, NOON)
    site.pages["/releases/"] = "<html><body><p>Nothing here.</p></body></html>"
    scraped(inbox, service, site, NOON + timedelta(hours=1))
    service.store.sources.sync([], now=NOON)
    assert feedparser.parse(status_feed(service.store, service.config.settings).identity).entries == []
    inbox.settle(now=NOON + timedelta(hours=2))
    assert inbox.subjects == ["acme is suspect", "acme is no longer suspect"]
    (entry,) = feedparser.parse(status_feed(service.store, service.config.settings).identity).entries
    assert entry.title == "acme is no longer suspect"


def test_a_trouble_that_grew_worse_is_not_said_to_have_ended(
    service: Service, inbox: Inbox, site: SiteInMemory
) -> None:
    scraped(inbox, service, site, NOON)
    site.pages["/releases/"] = "<html><body><p>Nothing here.</p></body></html>"
    for hour in range(1, 5):
        scraped(inbox, service, site, NOON + timedelta(hours=hour))
    entries = feedparser.parse(status_feed(service.store, service.config.settings).identity).entries
    assert [entry.title for entry in entries] == ["acme is broken"]


def test_what_an_earlier_version_remembered_is_not_told_again(
    service: Service, inbox: Inbox, site: SiteInMemory
) -> None:
    scraped(inbox, service, site, NOON)
    page = site.listing()
    site.pages["/releases/"] = "<html><body><p>Nothing here.</p></body></html>"
    scrape(service.store, site, now=NOON + timedelta(hours=1))
    old = {"now": {"suspect": [NOON.isoformat(), "no items", True]}, "past": [], "slow": 0}
    service.store.sources.remember("acme", {MEMORY: old})
    scraped(inbox, service, site, NOON + timedelta(hours=2))
    assert inbox.subjects == []
    site.pages["/releases/"] = page
    scraped(inbox, service, site, NOON + timedelta(hours=3))
    assert inbox.subjects == ["acme is no longer suspect"]


def test_silence_beyond_the_rhythm_is_told_and_ends_with_the_next_release(
    service: Service, inbox: Inbox, site: SiteInMemory
) -> None:
    scraped(inbox, service, site, NOON)
    scraped(inbox, service, site, NOON + timedelta(days=9))
    assert inbox.subjects == ["acme is silent"]
    assert inbox.got[0].reason == "nothing new for 10 days, and the longest silence before was 24 hours"
    site.publish(49)
    scraped(inbox, service, site, NOON + timedelta(days=9, hours=1))
    assert inbox.subjects[1:] == ["acme is no longer silent"]


def test_slow_scrapes_are_told_after_three_in_a_row(service: Service, inbox: Inbox, site: SiteInMemory) -> None:
    scraped(inbox, service, site, NOON)
    for hour in range(1, 5):
        outcome = scrape(service.store, site, now=NOON + timedelta(hours=hour))
        inbox.after(replace(outcome, started_at=outcome.started_at - timedelta(minutes=3)))
        assert ("acme is slow" in inbox.subjects) == (hour >= 3)
    scraped(inbox, service, site, NOON + timedelta(hours=6))
    assert inbox.subjects == ["acme is slow", "acme is no longer slow"]


def test_the_status_feed_has_one_entry_a_trouble_under_one_id(
    service: Service, inbox: Inbox, site: SiteInMemory
) -> None:
    scraped(inbox, service, site, NOON)
    site.pages["/releases/"] = "<html><body><p>Nothing here.</p></body></html>"
    scraped(inbox, service, site, NOON + timedelta(hours=1))
    begun = feedparser.parse(status_feed(service.store, service.config.settings).identity)
    site.pages.clear()
    site.publish(40)
    scraped(inbox, service, site, NOON + timedelta(hours=2))
    ended = feedparser.parse(status_feed(service.store, service.config.settings).identity)
    assert not begun.bozo
    assert [entry.title for entry in begun.entries] == ["acme is suspect"]
    assert [entry.title for entry in ended.entries] == ["acme is no longer suspect"]
    assert begun.entries[0].id == ended.entries[0].id
    assert ended.entries[0].updated > begun.entries[0].updated


def test_the_links_of_the_status_feed_lead_to_itself_and_to_health(service: Service) -> None:
    links = feedparser.parse(status_feed(service.store, service.config.settings).identity).feed.links
    base = service.config.settings.server.base_url.rstrip("/")
    assert {link.rel: link.href for link in links} == {
        "self": f"{base}/feeds/_status.atom?key={KEY}",
        "alternate": f"{base}/admin/health",
    }


@pytest.mark.parametrize(
    ("query", "status"), [(f"key={KEY}", "200"), ("", "404"), ("key=", "404"), ("key=%ff", "404"), ("key=x", "404")]
)
def test_the_status_feed_opens_with_its_key_alone(service: Service, query: str, status: str) -> None:
    lookup = Lookup(lambda: service.config, service.store, clock=service.clock)
    lookup.feeds.poll()
    app = create_app(lookup)
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/feeds/_status.atom",
        "QUERY_STRING": query,
        "SERVER_NAME": "x",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "x",
        "wsgi.url_scheme": "http",
    }
    b"".join(app(environ, lambda line, _headers, _exc=None: said.append(line)))  # type: ignore[arg-type,return-value]
    assert said[0].startswith(status)


def test_an_error_between_two_wrong_pages_is_no_end(service: Service, inbox: Inbox, site: SiteInMemory) -> None:
    scraped(inbox, service, site, NOON)
    site.pages["/releases/"] = "<html><body><p>Nothing here.</p></body></html>"
    for hour in range(1, 4):
        scraped(inbox, service, site, NOON + timedelta(hours=hour))
    site.broken["/releases/"] = 500
    scraped(inbox, service, site, NOON + timedelta(hours=5))
    site.broken.clear()
    scraped(inbox, service, site, NOON + timedelta(hours=6))
    assert inbox.subjects == ["acme is suspect", "acme is broken"]


def test_slow_scrapes_with_fast_ones_between_are_not_in_a_row(
    service: Service, inbox: Inbox, site: SiteInMemory
) -> None:
    scraped(inbox, service, site, NOON)
    for hour, minutes in enumerate((3, 3, 0, 0, 3), start=1):
        outcome = scrape(service.store, site, now=NOON + timedelta(hours=hour))
        inbox.after(replace(outcome, started_at=outcome.started_at - timedelta(minutes=minutes)))
    assert inbox.subjects == []
