"""Delivery facts: how often each feed was asked for, by what software, and how often nothing was new.

Counted in memory, one entry for each kind of request; no addresses of people are seen here.
"""

from __future__ import annotations

from feedsvc.service.document import Document
from feedsvc.service.readership import Delivered

#: Different (status, software) of one document kept between two readings; further software counts as OTHER.
KINDS_MAX, OTHER = 1000, "other"
#: Letters of a User-Agent that are kept, from the moment it is seen.
AGENT_MAX = 200


#: (status, software) -> requests, of one document.
Tally = dict[tuple[int, str], int]


class Delivery:
    """Counts answers by document. Now and then two threads may count one for two: these are facts, not money."""

    def __init__(self) -> None:
        self._tallies: dict[Document, Tally] = {}

    def tally(self, document: Document) -> Tally:
        """Where the answers about a document are counted; stays the same object."""
        return self._tallies.setdefault(document, {})

    @staticmethod
    def note(tally: Tally, status: int, agent: str) -> None:
        """One answer was given."""
        kind = (status, agent[:AGENT_MAX])
        if kind not in tally and len(tally) >= KINDS_MAX:
            kind = (status, OTHER)
        tally[kind] = tally.get(kind, 0) + 1

    def asked(self) -> tuple[Document, ...]:
        """What was asked for since the last ``take``."""
        return tuple(document for document, tally in list(self._tallies.items()) if tally)

    def take(self) -> tuple[Delivered, ...]:
        """What was counted since the last time, which begins anew."""
        return tuple(
            Delivered(
                path=document.ref.path,
                format=document.format.value,
                status=kind[0],
                agent=kind[1],
                requests=tally.pop(kind),
            )
            for document, tally in list(self._tallies.items())
            for kind in list(tally)
        )
