"""Further listing pages that did not come: where the next scrapes go on, and which of them are given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Addresses that are remembered, at most, and scrapes that look for one of them; one that came empty counts for more.
_MOST, _TRIES, _EMPTY_COUNTS = 20, 20, 10


@dataclass(frozen=True, slots=True)
class Further:
    """Addresses of further pages, with how many scrapes have looked for each in vain."""

    tries: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_json(cls, kept: Any) -> Further:
        """As kept; earlier versions kept one address alone."""
        return cls({kept: 1} if isinstance(kept, str) and kept else dict(kept or {}))

    def as_json(self) -> dict[str, int]:
        """For the source's memory."""
        return dict(self.tries)

    @property
    def ways(self) -> tuple[str, ...]:
        """Those to go on at."""
        return tuple(way for way, count in self.tries.items() if count <= _TRIES)

    def after(
        self, *, left: Sequence[str], empty: Sequence[str], wanted: Sequence[str], came: Sequence[str]
    ) -> Further:
        """What a scrape leaves: it missed ``left``, wants ``wanted`` again although they came, and read ``came``.

        Those ``empty`` came without items. Those that were given up are remembered, so that nobody begins with them
        again.
        """
        given_up = {way: count for way, count in self.tries.items() if count > _TRIES and way not in came}
        missed = {**dict.fromkeys(wanted, 0), **dict.fromkeys(left, 1), **dict.fromkeys(empty, _EMPTY_COUNTS)}
        looked_for = {way: self.tries.get(way, 0) + count for way, count in missed.items()}
        return Further(dict(list((given_up | looked_for).items())[:_MOST]))
