"""What of a feed is new to a reader that has an earlier rendering of it (RFC 3229, manipulation "feed"). Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from feedsvc.model import Feed
from feedsvc.publish.jsonfeed import json_item

#: Characters of a digest: enough to tell two readings of one entry apart.
_DIGEST = 16


def digests(feed: Feed) -> dict[str, str]:
    """Bare UUID -> digest of all that the document says of the entry, the same in every format."""
    return {stored.uuid: _digest(json_item(feed, stored)) for stored in feed.entries}


def since(feed: Feed, known: Mapping[str, str]) -> Feed:
    """The feed with those entries alone that a reader who has ``known`` (``digests``) does not have like this.

    It is never complete: what it leaves out is still part of the feed.
    """
    mine = digests(feed)
    fresh = tuple(stored for stored in feed.entries if known.get(stored.uuid) != mine[stored.uuid])
    return replace(feed, entries=fresh, is_complete=False)


def _digest(item: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(item, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:_DIGEST]
