"""Our own WebSub hub, the part that listens: who may subscribe to what, within which limits (WebSub section 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from feedsvc.config import Config
from feedsvc.errors import Refused
from feedsvc.protocols import Clock
from feedsvc.push.subscribing import BadRequest, SubscriptionRequest, read_request
from feedsvc.service.address import feed_file, read_query
from feedsvc.service.document import Document
from feedsvc.service.facts import Catalogue
from feedsvc.service.feeds import FeedService
from feedsvc.store import Store
from feedsvc.store.subscriptions import Crowded, SubscriptionLimits, Wanted

#: Seconds after which one may ask again, by the limit that was met.
_ASK_AGAIN = {Crowded.PENDING: 60, Crowded.TOPIC: 3600, Crowded.HOST: 3600}


@dataclass(frozen=True, slots=True, kw_only=True)
class HubAnswer:
    """What the hub says at once; whether the subscriber meant it is asked later."""

    status: int
    text: str
    #: Seconds, for 429.
    retry_after: int | None = None


class Hub:
    """Takes requests. They are verified, and changes delivered, by the process that holds the clock."""

    def __init__(self, store: Store, feeds: FeedService, config: Callable[[], Config], *, clock: Clock) -> None:
        self._store, self._feeds, self._config, self._clock = store, feeds, config, clock

    @property
    def is_on(self) -> bool:
        """Whether feeds name this hub."""
        settings = self._config().settings
        return settings.hub.enabled and not settings.feeds.hub

    def ask(self, body: bytes, content_type: str, *, asked_by: str) -> HubAnswer:
        """Answer a posted request from the network address ``asked_by``. Raises StoreError."""
        try:
            request = read_request(body, content_type)
            host = self._checked_host(request)
        except BadRequest as error:
            return HubAnswer(status=400, text=f"{error}\n")
        document = topic_of(request.topic, self._feeds.catalogue)
        rendering = self._feeds.rendering(document) if document is not None else None
        if document is None or rendering is None:
            return HubAnswer(status=404, text="hub.topic is not one of our feeds\n")
        wanted = Wanted(
            mode=request.mode,
            topic=document.name,
            callback=request.callback,
            host=host,
            secret=request.secret,
            lease=request.lease,
            asked_by=hashlib.sha256(asked_by.encode()).hexdigest()[:16],
            tag=rendering.etag,
        )
        met = self._store.subscriptions.ask(wanted, limits=self._limits(), now=self._clock())
        if met is not None:
            return HubAnswer(status=429, text=f"{met.value}\n", retry_after=_ASK_AGAIN[met])
        return HubAnswer(status=202, text="the callback will be asked whether this is meant\n")

    def _checked_host(self, request: SubscriptionRequest) -> str:
        """host:port of a callback that the guard lets pass; it is checked again at each connection."""
        # Not before somebody subscribes: a web worker fetches nothing, and stays light.
        from feedsvc.fetch.guard import allowed_pair, check_url

        pairs = frozenset(map(allowed_pair, self._config().settings.fetch.allow_targets))
        try:
            return check_url(request.callback, allow_targets=pairs).pair
        except Refused:
            raise BadRequest("hub.callback is an address that this hub does not send to") from None

    def _limits(self) -> SubscriptionLimits:
        hub = self._config().settings.hub
        return SubscriptionLimits(pending=hub.pending, per_topic=hub.per_topic, per_host=hub.per_host)


def topic_of(topic: str, catalogue: Catalogue) -> Document | None:
    """The current document, or a variant of it, whose rel=self is exactly this address; None where there is none."""
    base = catalogue.settings.server.base_url.rstrip("/")
    if not topic.startswith(f"{base}/"):
        return None
    document = document_named(unquote(topic[len(base) + 1 :].partition("?")[0]), topic.partition("?")[2], catalogue)
    return document if document is not None and document.url(base) == topic else None


def document_named(path: str, query: str, catalogue: Catalogue) -> Document | None:
    """The document of a living feed at this address below the base URL; archives never change and are no topics."""
    file = feed_file(f"/{path}")
    if file is None or file[1] is not None or file[0] in catalogue.gone:
        return None
    ref = catalogue.find(file[0])
    return Document(ref=ref, format=file[2], variant=read_query(query)[0]) if ref is not None else None
