"""Figures of this service for Prometheus: what is counted, counted in this process, and added up in the store.

Every process counts for itself and adds what it counted to the store now and then: so any process can tell the sums of
all, on one machine or many, and over restarts. What a process counted since it last did so is lost if it is killed.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feedsvc.store import Store
from feedsvc.store.figures import Figure

SECONDS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
LAGS = (60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 14_400.0, 43_200.0, 86_400.0, 604_800.0)
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One thing that is counted; with ``buckets``, one whose values are."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


SCRAPES = Metric(name="feedsvc_scrapes", help="Scrapes that ended, by outcome.", labels=("result",))
SCRAPE_SECONDS = Metric(name="feedsvc_scrape_seconds", help="How long scrapes took.", buckets=SECONDS)
ENTRIES = Metric(name="feedsvc_entries_recorded", help="Entries found new or changed.", labels=("meeting",))
LAG = Metric(
    name="feedsvc_lag_seconds",
    help="From a printed time of release to when a scrape found it; first scrapes are left out.",
    buckets=LAGS,
)
CONFIDENCE = Metric(
    name="feedsvc_extraction_confidence",
    help="How sure extraction was of fields of new entries, 0 to 1.",
    labels=("field",),
    buckets=SHARES,
)
FETCHES = Metric(
    name="feedsvc_fetches", help='Requests to websites, by status; "none" where no answer came.', labels=("status",)
)
RENDERINGS = Metric(name="feedsvc_renderings", help="Documents rendered, by format.", labels=("format",))
HTTP = Metric(
    name="feedsvc_http_requests", help="Requests that were answered, by part and status.", labels=("part", "status")
)
METRICS = (SCRAPES, SCRAPE_SECONDS, ENTRIES, LAG, CONFIDENCE, FETCHES, RENDERINGS, HTTP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The values of a metric with buckets, under one set of labels."""

    labels: tuple[str, ...]
    #: (upper bound, how many were at or below it), "+Inf" last.
    buckets: tuple[tuple[str, float], ...]
    sum: float


class Figures:
    """Counts. Safe to use from many threads."""

    def __init__(self) -> None:
        self._grown: Counter[Figure] = Counter()
        self._guard = threading.Lock()

    def count(self, metric: Metric, *labels: str, by: int = 1) -> None:
        """``by`` more."""
        with self._guard:
            self._grown[_figure(metric, labels)] += by

    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        """One value more."""
        bound = next((repr(bound) for bound in metric.buckets if value <= bound), "+Inf")
        with self._guard:
            self._grown[_figure(metric, labels, le=bound)] += 1
            self._grown[_figure(metric, labels, suffix="_sum")] += value  # type: ignore[assignment]

    def keep(self, store: Store) -> None:
        """Add what was counted to the sums of all. Raises StoreError; then it is counted still."""
        with self._guard:
            grown, self._grown = self._grown, Counter()
        if not grown:
            return
        try:
            store.figures.add(grown)
        except BaseException:
            with self._guard:
                self._grown.update(grown)
            raise


def counted(metric: Metric, sums: Mapping[Figure, float]) -> Iterable[tuple[tuple[str, ...], float]]:
    """(values of its labels, sum) of a metric without buckets."""
    for (name, labels), value in sorted(sums.items()):
        if name == metric.name:
            named = dict(labels)
            yield tuple(named.get(label, "") for label in metric.labels), value


def observed(metric: Metric, sums: Mapping[Figure, float]) -> Iterable[Observed]:
    """The values of a metric with buckets."""
    groups: dict[tuple[str, ...], dict[str, float]] = {}
    totals: Counter[tuple[str, ...]] = Counter()
    for (name, labels), value in sums.items():
        named = dict(labels)
        key = tuple(named.get(label, "") for label in metric.labels)
        if name == f"{metric.name}_sum":
            totals[key] += value  # type: ignore[assignment]
        elif name == metric.name:
            groups.setdefault(key, {})[named.get("le", "+Inf")] = value
    for key, found in sorted(groups.items()):
        below = 0.0
        buckets = []
        for bound in (*map(repr, metric.buckets), "+Inf"):
            below += found.get(bound, 0.0)
            buckets.append((bound, below))
        yield Observed(labels=key, buckets=tuple(buckets), sum=totals[key])


def _figure(metric: Metric, labels: tuple[str, ...], *, le: str = "", suffix: str = "") -> Figure:
    named = dict(zip(metric.labels, labels, strict=True)) | ({"le": le} if le else {})
    return f"{metric.name}{suffix}", tuple(sorted(named.items()))
