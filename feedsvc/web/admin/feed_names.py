"""Feeds as forms name them: by their path below the address, "feeds/all", "feeds/company/releases", "sources/acme"."""

from __future__ import annotations

from feedsvc.model import FeedRef
from feedsvc.web.gate import desk

#: Names that a form suggests at most.
NAMES_MOST = 500


def feed_named(path: str) -> FeedRef | None:
    """The category's, source's or whole feed of this path; "" for the whole; None for an unknown one.

    A saved feed is a choice made on request: it has no list of its own.
    """
    kind, _, key = path.partition("/")
    if path in ("", "feeds/all"):
        return FeedRef(kind="all")
    if kind == "sources" and desk().store.sources.get(key) is not None:
        return FeedRef(kind="source", key=key)
    if kind == "feeds" and desk().store.categories_kept.get(key) is not None:
        return FeedRef(kind="category", key=key)
    return None


def feed_names() -> list[str]:
    """The paths to choose from."""
    categories = [FeedRef(kind="category", key=one.path).path for one in desk().store.categories()]
    keys = desk().store.sources.keys()
    sources = [FeedRef(kind="source", key=key).path for key in keys]
    return ["feeds/all", *categories, *sources][:NAMES_MOST]
