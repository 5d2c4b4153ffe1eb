"""What an admin decides about entries: withdrawn, hidden, filed elsewhere, merged. One transaction each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from feedsvc.config import Config
from feedsvc.config.category_tree import check_category_path
from feedsvc.log import get_logger
from feedsvc.model import FeedRef, Filter, StoredEntry
from feedsvc.normalize import identity
from feedsvc.protocols import Clock
from feedsvc.publish.selection import wants
from feedsvc.service.refusal import Unknown, sentence_of, unfit
from feedsvc.service.saved import in_force, unfit_place
from feedsvc.store import EntryPage, Store

#: Entries that may be the same story, shown at most.
DUPLICATES_MAX = 20
#: Entries that are looked through for those of a saved feed, and how many at a time.
LOOKED_THROUGH, _AT_A_TIME = 20_000, 200
_ALL = FeedRef(kind="all")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_log = get_logger(__name__)


class Editing:
    """Changes entries; readers notice within a second. Every id that is not known raises Unknown."""

    def __init__(self, store: Store, config: Callable[[], Config], *, clock: Clock) -> None:
        self._store, self._config, self._clock = store, config, clock

    def get(self, uuid: str) -> StoredEntry:
        """One entry, whatever was decided about it."""
        found = self._store.entry(uuid) if _UUID.fullmatch(uuid) else None
        if found is None:
            raise Unknown("there is no such entry", subject=uuid[:60], remedy="take the id from its page or feed")
        return found

    def find(self, wanted: EntryPage) -> tuple[StoredEntry, ...]:
        """Some entries, the latest recorded first; those of a saved feed among the newest, its age aside."""
        if wanted.feed.kind == "category":
            for saved in in_force(self._config(), self._store):
                if saved.name == wanted.feed.key:
                    return self._chosen(saved, wanted)
        return self._store.entries.page(wanted)

    def _chosen(self, saved: Filter, wanted: EntryPage) -> tuple[StoredEntry, ...]:
        found: list[StoredEntry] = []
        before = wanted.before
        for _ in range(LOOKED_THROUGH // _AT_A_TIME):
            page = self._store.entries.page(replace(wanted, feed=_ALL, limit=_AT_A_TIME, before=before))
            found.extend(one for one in page if wants(saved, one))
            if len(found) >= wanted.limit or len(page) < _AT_A_TIME:
                break
            before = page[-1].sequence
        return tuple(found[: wanted.limit])

    def withdraw(self, uuid: str) -> bool:
        """Leave a tombstone (410), announced to readers; False where there is one already."""
        return self._done("withdrawn", uuid, self._store.entries.withdraw(self.get(uuid).uuid, now=self._clock()))

    def reinstate(self, uuid: str) -> bool:
        """Take a withdrawal or a merge back; False where there was none."""
        return self._done("reinstated", uuid, self._store.entries.reinstate(self.get(uuid).uuid))

    def hide(self, uuid: str) -> bool:
        """Keep it out of every feed, list and search, quietly; its own page stays."""
        return self._done("hidden", uuid, self._store.entries.hide(self.get(uuid).uuid, now=self._clock()))

    def show(self, uuid: str) -> bool:
        """End the hiding; False where it was not hidden."""
        return self._done("shown", uuid, self._store.entries.show(self.get(uuid).uuid))

    def file_under(self, uuid: str, path: str | None) -> bool:
        """File it under one category, made where it is new; None: where its sources file it. Raises Unfit."""
        if path is not None and (fault := sentence_of(check_category_path, path)):
            raise unfit("category", fault)
        with self._store.together():
            if fault := unfit_place(path, self._config(), self._store):
                raise unfit("category", fault)
            filed = self._store.entries.file_entry(self.get(uuid).uuid, path, now=self._clock())
        return self._done("filed elsewhere", uuid, filed)

    def merge(self, kept: str, other: str) -> StoredEntry:
        """Say that ``other`` is the story ``kept``; the kept one, which took over. Raises Unfit."""
        one, two = self.get(kept), self.get(other)
        if one.uuid == two.uuid:
            raise unfit("other", "is the entry itself: choose another.")
        if one.withdrawn_at is not None:
            raise unfit("kept", "is withdrawn: reinstate it first, or keep the other one.")
        self._done("merged", other, self._store.entries.merge(one.uuid, two.uuid, now=self._clock()))
        return self.get(kept)

    def duplicates(self, uuid: str) -> tuple[StoredEntry, ...]:
        """Entries that are likely the same story: of the same title, those with alike text first."""
        this = self.get(uuid)
        sketch = identity.fingerprint(this.entry.content)
        namesakes = self._store.entries.namesakes(uuid, limit=DUPLICATES_MAX)
        alike = [identity.alike(identity.fingerprint(one.entry.content), sketch) for one in namesakes]
        return tuple(one for _, one in sorted(zip(alike, namesakes, strict=True), key=lambda pair: not pair[0]))

    def _done(self, what: str, uuid: str, is_done: bool) -> bool:
        if is_done:
            _log.info(f"entry {what}", entry=uuid)
        return is_done
