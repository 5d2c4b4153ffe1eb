"""Which entries a saved feed shows: by words, author, category, source and age. Pure.

Patterns are those of RE2, whose matching takes time linear in the text, whatever the pattern and the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from feedsvc.lexicon.patterns import compiled
from feedsvc.model import Filter, StoredEntry
from feedsvc.protocols import Window
from feedsvc.publish.text import plain_words


def select(entries: Iterable[StoredEntry], wanted: Filter, window: Window) -> tuple[StoredEntry, ...]:
    """Those of ``entries`` that ``wanted`` lets through and its window holds, the one first seen last at the head.

    Age and window count back from the newest entry, never from a clock: equal entries give an equal feed.
    """
    found = sorted(
        (one for one in entries if shows(wanted, one)), key=lambda one: (one.first_seen_at, one.uuid), reverse=True
    )
    if wanted.age is not None and found:
        oldest = max(one.published for one in found) - wanted.age
        found = [one for one in found if one.published >= oldest]
    if not found:
        return ()
    young = found[0].first_seen_at - timedelta(days=window.days)
    return tuple(
        one for at, one in enumerate(found[: window.maximum]) if at < window.minimum or one.first_seen_at >= young
    )


def shows(wanted: Filter, stored: StoredEntry) -> bool:
    """Whether one entry is among those wanted, its age aside, and not withdrawn."""
    return stored.withdrawn_at is None and wants(wanted, stored)


def wants(wanted: Filter, stored: StoredEntry) -> bool:
    """Whether one entry is among those wanted, its age aside, also where it was withdrawn."""
    if wanted.sources and not set(wanted.sources) & set(stored.sources):
        return False
    if wanted.categories and not any(
        f"{own}/".startswith(f"{path}/") for own in stored.categories for path in wanted.categories
    ):
        return False
    names = " ".join((*stored.entry.authors, stored.entry.publisher or "")).casefold()
    if wanted.authors and not any(author.casefold() in names for author in wanted.authors):
        return False
    if not wanted.words and not wanted.without:
        return True
    text = "\n".join((stored.entry.title, stored.entry.summary or "", plain_words(stored.entry.content)))
    return (not wanted.words or _occurs(wanted.words, text)) and not _occurs(wanted.without, text)


def _occurs(patterns: tuple[str, ...], text: str) -> bool:
    return any(compiled(pattern).search(text) is not None for pattern in patterns)
