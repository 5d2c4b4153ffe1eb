"""Items that wait for an admin, or that one has called wrong: what a scrape remembers of them for the next one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from feedsvc.store import ADMITS, DISMISSED

#: The name under which the marks are remembered.
WAITING = "waiting"
#: Addresses that are remembered, at most.
_MOST = 2000


@dataclass(slots=True)
class Waiting:
    """What waits, and what an admin has said of it."""

    #: Marks of the addresses that wait, or were called wrong.
    marks: tuple[str, ...] = ()
    #: An admin has accepted what there is; or has called it wrong.
    admits: bool = False
    is_dismissed: bool = False
    #: Why items wait, "" where none do.
    reason: str = ""

    @classmethod
    def from_memory(cls, memory: Mapping[str, Any]) -> Waiting:
        """As the last scrape left it, and an admin has decided since."""
        return cls(
            marks=tuple(memory.get(WAITING) or ()),
            admits=bool(memory.get(ADMITS)),
            is_dismissed=bool(memory.get(DISMISSED)),
        )

    def as_memory(self) -> dict[str, Any]:
        """For the source's memory."""
        return {WAITING: list(self.marks), ADMITS: self.admits, DISMISSED: self.is_dismissed}

    def among(self, urls: Iterable[str]) -> frozenset[str]:
        """Those of these addresses that are to wait on: all that have waited, unless an admin lets them in."""
        waited = frozenset() if self.admits else frozenset(self.marks)
        return frozenset(url for url in urls if _mark(url) in waited)

    def add(self, urls: Iterable[str]) -> None:
        """Remember addresses, so that none of them comes in because the rest has gone away."""
        self.marks = tuple(dict.fromkeys((*map(_mark, urls), *self.marks)))[:_MOST]

    def hold(self, urls: Iterable[str], *, reason: str) -> None:
        """Items wait for an admin, and this is why, unless all of them are among those that one has called wrong."""
        urls = tuple(urls)
        self.is_dismissed = bool(urls) and self.is_dismissed and set(map(_mark, urls)) <= set(self.marks)
        self.reason = "" if self.is_dismissed or not urls else reason
        self.add(urls)


def _mark(url: str) -> str:
    """A short name of an address."""
    return sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:12]
