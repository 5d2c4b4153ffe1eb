"""The service's own health as a feed that an admin subscribes to: an entry for each trouble, changed when it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from feedsvc.config import Settings
from feedsvc.model import Entry, FeedRef, Format, Precision, Rendering, StoredEntry
from feedsvc.normalize.sanitize import sanitize
from feedsvc.normalize.text import xml_safe
from feedsvc.notify import Alert
from feedsvc.protocols import FeedIdentity
from feedsvc.publish.assemble import FeedFacts, assemble
from feedsvc.publish.rendering import render
from feedsvc.service.alerting import alerts_of
from feedsvc.store import Store

#: The feed's place among feeds; names that begin with _ are reserved.
REF = FeedRef(kind="category", key="_status")
#: Troubles that the feed shows at most, the latest first.
_MOST = 100
#: Seconds for which a copy of it may be believed.
_MAX_AGE = 60
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def status_feed(store: Store, settings: Settings) -> Rendering:
    """The status feed as it is now. Raises StoreError."""
    found = chain.from_iterable(alerts_of(state) for state in store.sources.troubled())
    alerts = sorted(found, key=lambda alert: (alert.at, alert.source, alert.trouble), reverse=True)[:_MOST]
    base_url = settings.server.base_url.rstrip("/")
    facts = FeedFacts(
        ref=REF,
        identity=FeedIdentity(uuid=str(uuid5(NAMESPACE_URL, f"{base_url}/feeds/_status")), created_at=_BEGIN),
        title=f"{settings.feeds.title}: status",
        description="Sources that are suspect, broken, silent or slow, and since when",
        base_url=base_url,
        language="en",
        author=settings.feeds.title,
        max_age=_MAX_AGE,
    )
    feed = assemble(facts, [_entry(alert, base_url) for alert in alerts])
    # who subscribes at rel=self needs the key, as who came here had it
    key = quote(settings.alerts.status_key.get_secret_value(), safe="")
    return render(replace(feed, variant=f"key={key}", page=f"{base_url}/admin/health"), Format.ATOM)


def _entry(alert: Alert, base_url: str) -> StoredEntry:
    """A trouble is one entry for ever; its end is an edit."""
    began = alert.since.isoformat()
    name = f"{base_url}/feeds/_status#{alert.source}/{alert.trouble.value}/{began}"
    uuid = str(uuid5(NAMESPACE_URL, name))
    link = f"{base_url}/sources/{alert.source}"
    lines = "".join(f"<p>{xml_safe(line)}</p>" for line in _escaped(alert.text).splitlines())
    return StoredEntry(
        uuid=uuid,
        entry=Entry(
            link=link,
            canonical_url=link,
            title=xml_safe(alert.subject),
            content=sanitize(lines, base_url=base_url),
            summary=xml_safe(alert.reason),
        ),
        published=alert.since.replace(microsecond=0),
        published_precision=Precision.SECOND,
        published_day="",
        updated=_moment(alert.at, uuid),
        first_seen_at=alert.since,
        source=alert.source,
        sources=(alert.source,),
        categories=(),
    )


def _moment(at: datetime, uuid: str) -> datetime:
    """When a trouble changed, with a fraction of its own: one scrape may find many, and no two may share a moment."""
    return at.replace(microsecond=int(uuid[:8], 16) % 1000 * 1000)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
