"""Saved feeds: a choice of entries that an admin declares, published under a name of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a saved feed shows. What is left empty narrows nothing; so one of several categories is a combined feed."""

    #: Its path below ``/feeds/``: one segment, as categories have.
    name: str
    title: str
    description: str = ""
    #: Paths; entries of any of them, and of all below.
    categories: tuple[str, ...] = ()
    #: Keys of sources; entries of any of them.
    sources: tuple[str, ...] = ()
    #: Patterns; at least one occurs in title, summary or text, and none of ``without``.
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    #: Words of names; one occurs in an author or in the publisher.
    authors: tuple[str, ...] = ()
    #: Released within this time before the newest entry.
    age: timedelta | None = None
