"""Delivery facts: how often each feed was asked for, by what software, and how often nothing was new.

Counted in memory, a dictionary entry a kind of request; no addresses of people are seen here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from feedsvc.service.feeds import Document

#: Different (feed, status, software) kept between two readings; further software counts as "other".
KINDS_MAX = 20_000
AGENT_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How many requests of one kind there were."""

    path: str
    format: str
    status: int
    agent: str
    requests: int


class Delivery:
    """Counts answers. Adding is one dictionary step, which other threads cannot tear."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[Document, int, str]] = Counter()

    def note(self, document: Document, status: int, agent: str) -> None:
        """One answer was given."""
        counts, kind = self._counts, (document, status, agent)
        if kind not in counts and len(counts) >= KINDS_MAX:
            kind = (document, status, "other")
        counts[kind] += 1

    def take(self) -> tuple[Delivered, ...]:
        """What was counted since the last time, which begins anew."""
        counts, self._counts = self._counts, Counter()
        return tuple(
            Delivered(
                path=document.ref.path,
                format=document.format.value,
                status=status,
                agent=agent[:AGENT_MAX],
                requests=requests,
            )
            for (document, status, agent), requests in counts.items()
        )
