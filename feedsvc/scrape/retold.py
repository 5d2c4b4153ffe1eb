"""Known stories whose text their listing carries (feeds): which of them say something else than before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedsvc.model import Entry, ListingItem, StoredEntry
from feedsvc.normalize.identity import words_of
from feedsvc.normalize.text import xml_safe
from feedsvc.scrape.decide import Step
from feedsvc.scrape.sightings import Known
from feedsvc.store import Store

#: A text with less than this share of its characters is not whole any more.
_WHOLE = 0.9


@dataclass(frozen=True, slots=True)
class Told:
    """A known story as its listing tells it now."""

    uuid: str
    item: ListingItem
    first_seen_at: datetime
    #: Characters of its text so far.
    length: int = 0

    def is_cut_to(self, entry: Entry) -> bool:
        """Whether only a part of the text is left: feeds cut what is no longer new."""
        return len(entry.content) < _WHOLE * self.length


def told_by(steps: Sequence[Step], known: Sequence[Known]) -> list[Told]:
    """The known stories whose text the items of a listing carry."""
    seen_at = {one.uuid: one.first_seen_at for one in known}
    return [
        Told(step.uuid, step.sighting.item, since)
        for step in steps
        if step.uuid and step.sighting.item.body and (since := seen_at.get(step.uuid)) is not None
    ]


def retold(
    told: Sequence[Told], store: Store, source: str, *, now: datetime, schedule: Sequence[timedelta]
) -> list[Told]:
    """Those of a source's stories whose text or title is another, for as long as pages are looked at again.

    Each may change once between two appointments that a page would have (rule F13): of some feeds something around the
    texts varies from fetch to fetch.
    """
    others = []
    for one in told:
        stored = store.entry(one.uuid) if now <= one.first_seen_at + max(schedule, default=timedelta(0)) else None
        if stored is None:
            continue
        since = _last_appointment(one.first_seen_at, now=now, schedule=schedule)
        has_changed = one.first_seen_at < stored.updated >= since
        if not has_changed and _says_another(stored, one.item, source):
            others.append(replace(one, length=len(stored.entry.content)))
    return others


def _last_appointment(first_seen_at: datetime, *, now: datetime, schedule: Sequence[timedelta]) -> datetime:
    passed = [first_seen_at + after for after in schedule if first_seen_at + after <= now]
    return max(passed, default=first_seen_at)


def _says_another(stored: StoredEntry, item: ListingItem, source: str) -> bool:
    """Whether an entry of this source has its text from the listing, which says something else now."""
    if item.body is None or stored.source != source or stored.withdrawn_at or stored.merged_into:
        return False
    text = stored.entry.provenance.get("content")
    if text is None or text.where != item.body.where:
        return False
    is_retitled = item.title is not None and words_of(item.title.text) != words_of(stored.entry.title)
    return is_retitled or stored.entry.raw_content != xml_safe(item.body.text)
