"""Figures for Prometheus, in its text format 0.0.4: numbers alone, no names of readers and no addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from flask import Blueprint, Response, current_app

metrics = Blueprint("metrics", __name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_Labels = tuple[tuple[str, str], ...]


@metrics.get("/metrics")
def figures() -> Response:
    """Today's deliveries (UTC) of all web processes, at most a minute old, and how things stand."""
    service = current_app.extensions["feedsvc"]
    feeds = service.feeds
    requests: Counter[_Labels] = Counter()
    readers: dict[tuple[str, str], int] = {}
    for fact in service.readership.of_day():
        requests[("feed", fact.feed), ("format", fact.format), ("status", str(fact.status))] += fact.requests
        software = (fact.feed, f"{fact.format} {fact.agent}")
        readers[software] = max(readers.get(software, 0), fact.subscribers)
    named: Counter[_Labels] = Counter()
    for (feed, _), count in readers.items():
        named[(("feed", feed),)] += count
    lines = [
        *_gauge("feedsvc_feed_requests_today", "Answers to readers of a feed since midnight UTC.", requests),
        *_gauge("feedsvc_feed_subscribers", "Subscribers that aggregators named today.", +named),
        *_gauge("feedsvc_websub_subscriptions", "Subscriptions at our hub.", {(): service.readership.subscriptions()}),
        *_gauge("feedsvc_feeds", "Feeds that are published.", {(): len(feeds.catalogue.refs())}),
        *_gauge("feedsvc_degraded", "1 while the store cannot be read.", {(): int(bool(feeds.trouble))}),
    ]
    response = Response("\n".join(lines) + "\n", content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _gauge(name: str, help_text: str, values: Mapping[_Labels, int]) -> Iterable[str]:
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} gauge"
    for labels, value in sorted(values.items()):
        pairs = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
        yield f"{name}{{{pairs}}} {value}" if pairs else f"{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
