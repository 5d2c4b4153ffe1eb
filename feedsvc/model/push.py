"""What an admin declares to be told of changes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that is sent the new and changed entries of one feed, as JSON."""

    #: Tells it from others; what it was sent is remembered under this name.
    name: str
    url: str
    #: ``FeedRef.path`` of the feed: "feeds/all", "feeds/company/releases", "sources/acme".
    feed: str
    #: What bodies are signed with, "" for none.
    secret: str = ""
