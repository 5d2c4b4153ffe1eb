"""What a webhook is sent: the entries of a feed that it does not know yet, as a JSON Feed of just those. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Characters of a digest: enough to tell two readings of one entry apart.
_DIGEST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What to send, and what the receiver knows once it has it."""

    #: b"" where nothing is new.
    body: bytes
    #: Entry id -> digest.
    known: Mapping[str, str]


def news(document: bytes, known: Mapping[str, str] | None) -> News:
    """The new and changed entries of a JSON Feed document for a receiver that has ``known``.

    A receiver that was never told anything (None) gets what comes from now on, not the history. Only what the document
    still shows is remembered, so what is kept stays small.
    """
    feed: dict[str, Any] = json.loads(document)
    digests = {item["id"]: _digest(item) for item in feed["items"]}
    if known is None:
        return News(body=b"", known=digests)
    fresh = [item for item in feed["items"] if known.get(item["id"]) != digests[item["id"]]]
    if not fresh:
        return News(body=b"", known=digests)
    told = {name: value for name, value in feed.items() if name not in ("hubs", "next_url")} | {"items": fresh}
    return News(body=json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), known=digests)


def _digest(item: Mapping[str, Any]) -> str:
    text = json.dumps(item, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGEST]
