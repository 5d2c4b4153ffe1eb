"""Push: verifies subscriptions, delivers changed topics, sends webhooks and pings hubs elsewhere.

Runs beside the clock, in threads of its own, and never in the way of a scrape. What is owed to whom stands in the
store: what this process does not deliver, the next one does.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from feedsvc.config import Config
from feedsvc.errors import FetchError, StoreError
from feedsvc.log import get_logger
from feedsvc.model import Format, Rendering, Webhook
from feedsvc.protocols import Clock, HttpClient
from feedsvc.push.delivery import Verdict, ping_body, retry_wait, signed, verdict
from feedsvc.push.subscribing import is_confirmed, verification_url
from feedsvc.push.webhook import news
from feedsvc.service.couriers import Couriers
from feedsvc.service.document import Document
from feedsvc.service.feeds import FeedService
from feedsvc.service.hub import document_named
from feedsvc.store import Store
from feedsvc.store.notices import Notice
from feedsvc.store.owner import is_dead, new_owner
from feedsvc.store.subscriptions import Subscription, Wanted

_log = get_logger(__name__)

#: The lease of the one process that delivers; seconds between two looks; looks between two renewals of the lease.
LEASE, LOOK_EVERY, RENEW_EVERY = "push", 1.0, 10
#: Deliveries begun in one look, over all topics.
BATCH = 500
_FORM = "application/x-www-form-urlencoded"


class Sends(Protocol):
    """What carries errands out; ``Couriers`` does so in threads."""

    def send(self, key: object, host: str, errand: Callable[[], None]) -> bool: ...


class Pusher:
    """Tells subscribers, webhooks and hubs what changed."""

    def __init__(
        self,
        store: Store,
        client: Callable[[], HttpClient],
        config: Callable[[], Config],
        *,
        clock: Clock,
        couriers: Sends | None = None,
        challenge: Callable[[], str] = lambda: secrets.token_urlsafe(32),
    ) -> None:
        self._store, self._client, self._config, self._clock = store, client, config, clock
        self._feeds = FeedService(store, config, clock=clock, memory=16 * 2**20)
        self._couriers: Sends = couriers or Couriers()
        self._challenge = challenge
        self._owner = new_owner()
        self._has_more = True
        self._trouble = ""

    def run(self, stop: threading.Event) -> None:
        """Look once a second until ``stop`` is set; of several processes one works, the others wait."""
        looks, leads = 0, False
        while not stop.wait(LOOK_EVERY):
            try:
                if looks % RENEW_EVERY == 0:
                    leads = self._take_lease()
                looks += 1
                if leads:
                    self.step()
                self._trouble = ""
            except StoreError as error:
                if not self._trouble:
                    _log.error("push waits", reason=str(error))
                self._trouble = str(error)
        try:
            self._store.leases.give_back(LEASE, self._owner)
        except StoreError as error:
            _log.warning("lease not given back", reason=str(error))

    def step(self) -> None:
        """One look: begin what is to be done. Raises StoreError.

        While there is nobody to tell, feeds are not looked at: knowing them all takes memory.
        """
        is_heard = self._is_heard()
        changed = is_heard and (self._feeds.poll(renew=False) or self._has_more)
        self._has_more = not is_heard
        self._verify()
        if is_heard:
            self._deliver(retries_only=not changed)
            self._send_webhooks(has_changed=changed)
            self._ping_hubs(has_changed=changed)

    def _is_heard(self) -> bool:
        """Whether anybody wants to hear of changes."""
        config = self._config()
        return bool(config.webhooks or config.settings.feeds.hub or self._store.subscriptions.topics(now=self._clock()))

    def _take_lease(self) -> bool:
        lease = self._store.leases.take(LEASE, self._owner)
        if lease.owner != self._owner and is_dead(lease.owner):
            self._store.leases.give_back(LEASE, lease.owner)
            lease = self._store.leases.take(LEASE, self._owner)
        self._store.subscriptions.forget(now=self._clock())
        return lease.owner == self._owner

    # Subscribers

    def _verify(self) -> None:
        for wanted in self._store.subscriptions.pending():
            self._couriers.send(("verify", wanted.number), wanted.host, lambda wanted=wanted: self._ask(wanted))  # type: ignore[misc]

    def _ask(self, wanted: Wanted) -> None:
        """Ask the callback whether it meant this request, and do as it says."""
        challenge = self._challenge()
        url = verification_url(
            callback=wanted.callback,
            mode=wanted.mode,
            topic=f"{self._base_url}/{wanted.topic}",
            challenge=challenge,
            lease=wanted.lease,
        )
        try:
            answer = self._client().request("GET", url, headers={"Accept": "text/plain, */*"})
            is_meant = is_confirmed(status=answer.status, body=answer.body, challenge=challenge)
        except FetchError as error:
            _log.info("subscription not verified", host=wanted.host, reason=error.message)
            is_meant = False
        if is_meant:
            self._store.subscriptions.confirm(wanted, now=self._clock())
            self._has_more = True
            _log.info("subscription verified", mode=wanted.mode, topic=wanted.topic, host=wanted.host)
        else:
            self._store.subscriptions.refuse(wanted, now=self._clock())

    def _deliver(self, *, retries_only: bool) -> None:
        now, begun = self._clock(), 0
        for topic in self._store.subscriptions.topics(now=now, retries_only=retries_only):
            rendering = self._rendering(topic)
            if rendering is None or not rendering.link:
                continue
            for owed in self._store.subscriptions.owed(topic, rendering.etag, now=now, limit=BATCH):
                if begun >= BATCH or not self._couriers.send(
                    ("deliver", owed.number), owed.host, self._delivery(owed, rendering)
                ):
                    self._has_more = True
                    continue
                begun += 1

    def _delivery(self, owed: Subscription, rendering: Rendering) -> Callable[[], None]:
        def deliver() -> None:
            headers = {"Content-Type": rendering.content_type, "Link": rendering.link}
            status = self._post(owed.callback, rendering.identity, headers, secret=owed.secret)
            now = self._clock()
            since = owed.failing_since or now
            table = self._store.subscriptions
            match verdict(status, failing_since=owed.failing_since, now=now):
                case Verdict.DELIVERED:
                    table.delivered(owed.number, rendering.etag)
                case Verdict.FAILED:
                    attempts = owed.attempts + 1
                    table.failed(
                        owed.number, attempts=attempts, retry_at=now + retry_wait(attempts), failing_since=since
                    )
                case Verdict.ENDED:
                    table.drop(owed.number)
                    _log.info("subscription dropped", topic=owed.topic, host=owed.host, status=status)

        return deliver

    # Webhooks

    def _send_webhooks(self, *, has_changed: bool) -> None:
        due = {notice.name for notice in self._store.notices.retries("webhook", now=self._clock())}
        for hook in self._config().webhooks:
            if has_changed or hook.name in due:
                self._couriers.send(
                    ("webhook", hook.name),
                    urlsplit(hook.url).netloc,
                    lambda hook=hook: self._send_webhook(hook),  # type: ignore[misc]
                )

    def _send_webhook(self, hook: Webhook) -> None:
        """Send what a webhook does not know yet; what it never got stays owed, together with what comes after."""
        rendering = self._rendering(f"{hook.feed}.json")
        if rendering is None:
            return
        notice, now = self._store.notices.get("webhook", hook.name), self._clock()
        if notice.retry_at is not None and notice.retry_at > now:
            return
        found = news(rendering.identity, notice.known)
        if not found.body:
            if found.known != notice.known:
                self._store.notices.put(replace(notice, known=dict(found.known)))
            return
        headers = {"Content-Type": rendering.content_type}
        status = self._post(hook.url, found.body, headers, secret=hook.secret)
        self._note(notice, status, known=dict(found.known))

    # Hubs elsewhere

    def _ping_hubs(self, *, has_changed: bool) -> None:
        hubs = self._config().settings.feeds.hub
        if not hubs:
            return
        if has_changed:
            wanted = [
                Document(ref=ref, format=format)
                for ref in self._feeds.catalogue.refs()
                for format in Format
                # What nobody ever asked for, no hub has subscribers of.
                if self._store.renderings.is_kept(ref, format)
            ]
        else:
            names = {notice.name.partition(" ")[2] for notice in self._store.notices.retries("hub", now=self._clock())}
            wanted = [one for name in names if (one := self._document(name)) is not None]
        for document in wanted:
            if (rendering := self._feeds.rendering(document)) is not None:
                for hub in hubs:
                    self._ping_hub(hub, document, rendering.etag)

    def _ping_hub(self, hub: str, document: Document, tag: str) -> None:
        notice = self._store.notices.get("hub", f"{hub} {document.name}")
        waits = notice.retry_at is not None and notice.retry_at > self._clock()
        if notice.known != tag and not waits:
            errand = self._ping(hub, document, notice, tag)
            if not self._couriers.send(("hub", notice.name), urlsplit(hub).netloc, errand):
                self._has_more = True

    def _ping(self, hub: str, document: Document, notice: Notice, tag: str) -> Callable[[], None]:
        def ping() -> None:
            form = urlencode(ping_body(document.url(self._base_url))).encode()
            status = self._post(hub, form, {"Content-Type": _FORM}, secret="")
            self._note(notice, status, known=tag)

        return ping

    # Common to all

    def _post(self, url: str, body: bytes, headers: dict[str, str], *, secret: str) -> int | None:
        """The status of the answer, None where none came."""
        try:
            return (
                self._client().request("POST", url, headers=signed(headers, secret=secret, body=body), body=body).status
            )
        except FetchError as error:
            _log.info("push not delivered", host=urlsplit(url).netloc, reason=error.message)
            return None

    def _note(self, notice: Notice, status: int | None, *, known: object) -> None:
        now = self._clock()
        if status is not None and 200 <= status < 300:
            self._store.notices.put(Notice(kind=notice.kind, name=notice.name, known=known))
            return
        attempts = notice.attempts + 1
        _log.warning("push failed", kind=notice.kind, to=notice.name, status=status, attempts=attempts)
        self._store.notices.put(
            replace(
                notice,
                attempts=attempts,
                retry_at=now + retry_wait(attempts),
                failing_since=notice.failing_since or now,
            )
        )

    def _rendering(self, name: str) -> Rendering | None:
        document = self._document(name)
        return self._feeds.rendering(document) if document is not None else None

    def _document(self, name: str) -> Document | None:
        path, _, query = name.partition("?")
        return document_named(path, query, self._feeds.catalogue)

    @property
    def _base_url(self) -> str:
        return self._config().settings.server.base_url.rstrip("/")
