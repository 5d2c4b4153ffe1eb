"""The organisation that a page credits: 'Source: Example Bureau', '来源：新华社'; else the site itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedsvc.extract.labels import Labelled
from feedsvc.extract.metadata import Metadata
from feedsvc.model import Found

_ADDRESS = re.compile(r"^(?:https?://|www\.)")


def find_publisher(labels: Sequence[Labelled], metadata: Metadata, *, title_at: int | None) -> Found | None:
    """The credited source as printed near the title, else as the head states it, else the site's own name."""
    at = title_at or 0
    facts = [fact for fact in labels if fact.kind == "publisher" and not _ADDRESS.match(fact.value)]
    facts.sort(key=lambda fact: (fact.is_weak, fact.is_aside, fact.index < at - 6, abs(fact.index - at)))
    for fact in facts:
        is_near = at - 6 <= fact.index <= at + 20
        if is_near or (not fact.is_weak and not fact.is_aside):
            return Found(text=fact.value, where=f"label:{fact.label}", confidence=0.9 if is_near else 0.7)
    stated = metadata.first("publisher")
    if stated and not _ADDRESS.match(stated.text):
        return Found(text=stated.text, where=stated.where, confidence=0.8)
    site = metadata.first("site")
    return Found(text=site.text, where=site.where, confidence=0.3) if site and not site.text.startswith("@") else None
