"""When a changed feed is rendered: what is closest to the change at once, the rest when a scrape has come to rest.

A scrape commits entry by entry. The category of an entry is rendered within a second of each commit; the feeds above it
(its parents, "all", its source, saved feeds) take the changes of the whole scrape together, yet wait no longer than
``LONGEST`` for its end. Pure: the moments are arguments, in seconds of the monotonic clock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from feedsvc.model import FeedRef

#: So long, in seconds, changes are collected while more come in.
LONGEST = 3.0


class Waiting:
    """Feeds that changed and are not rendered yet, each since its first change. Safe to use from threads."""

    def __init__(self) -> None:
        self._since: dict[FeedRef, float] = {}

    def add(self, changed: Collection[FeedRef], *, now: float) -> None:
        """These changed."""
        for ref in changed:
            self._since.setdefault(ref, now)

    def take(self, own: Collection[FeedRef], *, now: float, is_at_rest: bool) -> frozenset[FeedRef]:
        """Those whose turn it is; they wait no more. ``own``: those closest to the change.

        ``is_at_rest``: nothing changed since the last look.
        """
        waiting = list(self._since.items())
        due = frozenset(ref for ref, since in waiting if is_at_rest or ref in own or now - since >= LONGEST)
        for ref in due:
            self._since.pop(ref, None)
        return due


def closest(versions: Mapping[FeedRef, int], named: Collection[str]) -> frozenset[FeedRef]:
    """Of changed feeds and the versions they changed to, the categories that the changed entries are filed under.

    A parent changes in one transaction with its child, to one version; it counts as closest only where no child
    changed so, or where it is among ``named``: the categories that sources file their entries under.
    """
    categories = {ref.key: version for ref, version in versions.items() if ref.kind == "category"}
    above = {
        (parent, version)
        for path, version in categories.items()
        for parent in (path[:at] for at, letter in enumerate(path) if letter == "/")
    }
    return frozenset(
        FeedRef(kind="category", key=path)
        for path, version in categories.items()
        if path in named or (path, version) not in above
    )
