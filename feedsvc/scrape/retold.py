"""Known stories whose text their listing carries (feeds): which of them say something else than before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedsvc.model import Entry, ListingItem, StoredEntry
from feedsvc.normalize.identity import words_of
from feedsvc.normalize.text import xml_safe
from feedsvc.scrape.rechecks import next_recheck
from feedsvc.store import Store

#: So many texts that differ at once may be edits, whatever share of all they are.
_FEW = 2
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


def retold(
    told: Sequence[Told],
    store: Store,
    source: str,
    *,
    now: datetime,
    before: datetime | None,
    schedule: Sequence[timedelta],
) -> list[Told]:
    """Those of a source's stories whose text or title is another, for as long as pages are looked at again.

    Where most are others at once, something around the texts varies from fetch to fetch: then they are read when pages
    would be (rule F13), at the first scrape after each appointment. ``before`` is when the last scrape was.
    """
    young = [one for one in told if now <= one.first_seen_at + max(schedule, default=timedelta(0))]
    others = []
    for one in young:
        stored = store.entry(one.uuid)
        if stored is not None and _says_another(stored, one.item, source):
            others.append(replace(one, length=len(stored.entry.content)))
    if before is None or len(others) <= max(_FEW, len(young) / 2):
        return others
    return [one for one in others if _is_due(one.first_seen_at, before, now=now, schedule=schedule)]


def _says_another(stored: StoredEntry, item: ListingItem, source: str) -> bool:
    """Whether an entry of this source has its text from the listing, which says something else now."""
    if item.body is None or stored.source != source or stored.withdrawn_at or stored.merged_into:
        return False
    text = stored.entry.provenance.get("content")
    if text is None or text.where != item.body.where:
        return False
    is_retitled = item.title is not None and words_of(item.title.text) != words_of(stored.entry.title)
    return is_retitled or stored.entry.raw_content != xml_safe(item.body.text)


def _is_due(first_seen_at: datetime, before: datetime, *, now: datetime, schedule: Sequence[timedelta]) -> bool:
    due_at = next_recheck(first_seen_at, checked_at=before, schedule=schedule)
    return due_at is not None and due_at <= now
