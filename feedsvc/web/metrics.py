"""Figures for Prometheus: sums of all processes from the store, and how things stand; no addresses of anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from feedsvc.errors import StoreError
from feedsvc.service.feeds import FeedService
from feedsvc.service.figures import HTTP, METRICS, counted, observed
from feedsvc.service.readership import Readership
from feedsvc.service.standing import disk_troubles
from feedsvc.store import Store

metrics = Blueprint("metrics", __name__)


@metrics.get("/metrics")
def figures() -> Response:
    """Everything that is counted, at most a minute old."""
    service = current_app.extensions["feedsvc"]
    registry = CollectorRegistry()
    registry.register(Standing(service.store, service.feeds, service.readership))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    response = Response(encode(registry), content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def count_answer(response: Response) -> Response:
    """Count an answer of Flask's; feeds are counted where they are answered."""
    part = (request.blueprint or "other") if request.endpoint else "other"
    current_app.extensions["feedsvc"].feeds.figures.count(HTTP, part, str(response.status_code))
    return response


class Standing(Collector):
    """The sums in the store, and how things stand. A store that cannot be read leaves only that to be said."""

    def __init__(self, store: Store, feeds: FeedService, readership: Readership) -> None:
        self._store, self._feeds, self._readership = store, feeds, readership

    def describe(self) -> Iterable[Metric]:
        """Nothing ahead of time: a registry must not read the store to be made."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Every figure."""
        try:
            found = [*self._sums(), *self._sources(), *self._readers()]
        except StoreError:
            found = []
        degraded = bool(self._feeds.trouble or disk_troubles(self._store)) or not found
        yield from found
        yield GaugeMetricFamily("feedsvc_degraded", "1 while the store cannot be read or written.", value=int(degraded))

    def _sums(self) -> Iterator[Metric]:
        sums = self._store.figures.all()
        for metric in METRICS:
            if metric.buckets:
                histogram = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
                for one in observed(metric, sums):
                    histogram.add_metric(one.labels, list(one.buckets), one.sum)
                yield histogram
            else:
                counter = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
                for labels, value in counted(metric, sums):
                    counter.add_metric(labels, value)
                yield counter

    def _sources(self) -> Iterator[Metric]:
        now = self._feeds.now()
        sources = GaugeMetricFamily("feedsvc_sources", "Sources, by condition.", labels=("condition",))
        for condition, number in self._store.overview.conditions(now=now).items():
            sources.add_metric((condition.value,), number)
        yield sources
        held = self._store.leases.holder("clock") is not None
        yield GaugeMetricFamily("feedsvc_clock", "1 while a process scrapes by the clock.", value=int(held))
        yield GaugeMetricFamily("feedsvc_feeds", "Feeds that are published.", value=len(self._feeds.catalogue.refs()))

    def _readers(self) -> Iterator[Metric]:
        requests: Counter[tuple[str, str, str]] = Counter()
        named: dict[tuple[str, str], int] = {}
        for fact in self._readership.of_day():
            requests[fact.feed, fact.format, str(fact.status)] += fact.requests
            software = (fact.feed, f"{fact.format} {fact.agent}")
            named[software] = max(named.get(software, 0), fact.subscribers)
        today = GaugeMetricFamily(
            "feedsvc_feed_requests_today",
            "Answers to readers of a feed since midnight UTC.",
            labels=("feed", "format", "status"),
        )
        for labels, number in sorted(requests.items()):
            today.add_metric(labels, number)
        yield today
        subscribers: Counter[str] = Counter()
        for (feed, _), count in named.items():
            subscribers[feed] += count
        readers = GaugeMetricFamily(
            "feedsvc_feed_subscribers", "Subscribers that aggregators named today.", labels=("feed",)
        )
        for feed, count in sorted((+subscribers).items()):
            readers.add_metric((feed,), count)
        yield readers
        yield GaugeMetricFamily(
            "feedsvc_websub_subscriptions", "Subscriptions at our hub.", value=self._readership.subscriptions()
        )
