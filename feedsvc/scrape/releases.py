"""The second half of a scrape: release pages, followed for the first time or looked at again. One entry at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial

from feedsvc.errors import BadStatus, NotAPage, NothingFound, ScrapeError
from feedsvc.model import Entry, ListingItem, NotModified, Page, Source, Validators
from feedsvc.normalize import identity
from feedsvc.protocols import Clock
from feedsvc.scrape.decide import SLACK, Habits
from feedsvc.scrape.doubts import Doubt, Doubts
from feedsvc.scrape.edits import has_words_of, is_cut, is_edit
from feedsvc.scrape.listings import Visitor
from feedsvc.scrape.outcome import PageFailure
from feedsvc.scrape.parts import Parts
from feedsvc.scrape.progress import raise_if_busy
from feedsvc.scrape.promises import Promises, prints_day_of
from feedsvc.scrape.reading import Reading
from feedsvc.scrape.rechecks import next_recheck
from feedsvc.scrape.retold import Told
from feedsvc.scrape.snapshots import Snapshots
from feedsvc.store import Meeting, PendingItem, Recorded, ReleaseVisit, Store

#: How long a release page that failed is left alone, attempt by attempt; after the last it is given up.
RETRIES = tuple(timedelta(hours=hours) for hours in (0.25, 1, 4, 12, 24, 48))
#: Attempts, over five hours, at which a page of a source that keeps its word is not believed under another title.
_EARLY = 3
#: The status that says a page is gone for good: it is not looked at again.
_GONE = 410
#: When a page whose last look failed is looked at once more, and how often for each appointment that it had.
_ONCE_MORE, _CHECKS_MOST = timedelta(days=1), 2
#: Statuses of pages that have been taken down.
_NOT_THERE = (401, 403, 404)
#: How often a page waits because a scrape ended before it could be compared with others.
_NOT_COMPARED_MOST = 2


class _Kept(Enum):
    """How a page keeps what its listing promised."""

    #: It bears the title.
    WELL = auto()
    #: It does not; neither do others of its source.
    BADLY = auto()
    #: It does not, as the first of its source, but bears the day.
    PERHAPS = auto()


@dataclass(slots=True)
class Tally:
    """What following came to so far."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    failures: list[PageFailure] = field(default_factory=list)

    def count(self, recorded: Recorded) -> None:
        """Add one recorded entry."""
        if recorded.meeting is Meeting.NEW:
            self.new.append(recorded.uuid)
        elif recorded.meeting is Meeting.CHANGED:
            self.changed.append(recorded.uuid)
        else:
            self.unchanged += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Follows items of one source and records what is there."""

    visitor: Visitor
    reading: Reading
    store: Store
    source: Source
    clock: Clock
    #: When the listing was read. All that it brought was first seen then, so that its order decides among equal dates.
    listed_at: datetime
    rechecks: tuple[timedelta, ...]
    is_first_scrape: bool
    #: What was released days before this moment belongs to the first scrape, which has missed it.
    missed_before: datetime | None
    is_relinked: bool
    #: Keeps a page for replay.
    keep_snapshot: Snapshots
    promises: Promises
    habits: Habits
    #: Whether the listing shows an address, as far as is known.
    is_listed: Callable[[str], bool]
    doubts: Doubts = field(default_factory=Doubts)
    doubts_again: Doubts = field(default_factory=Doubts)

    def follow(self, pending: PendingItem, tally: Tally) -> None:
        """Read one item's release page and record it; a failure costs this entry until its next turn.

        Raises OutOfTime, HostBusy.
        """
        item = pending.item
        if item.body is not None:
            self._record_item(pending, tally)
            return
        answer = self.visitor.visit(item.url)
        if isinstance(answer, NotAPage) and item.title is not None:
            self._record_item(pending, tally)
            return
        now, text = self.clock(), answer.text if isinstance(answer, Page) else ""
        try:
            page = _page(answer)
            parts = self._parts(is_last=_is_last(pending))
            entry = self.reading.release(page, item, self.source, now=now, further=parts)
            kept = self._refuse_a_stand_in(pending, entry, page)
            self._refuse_a_stranger(pending, entry)
        except ScrapeError as error:
            self.doubts.refuse_page(text)
            self._postpone(pending, error, tally, now=now)
            return
        check_at = next_recheck(now, checked_at=now, schedule=self.rechecks)
        keep = self._keeping(page, parts, item=item, url=item.url, checks=0, now=now, check_at=check_at)

        is_perhaps = kept is _Kept.PERHAPS

        def record() -> None:
            self.promises.broken += is_perhaps
            tally.count(self._record(entry, now=now, pending=pending, beside=keep))

        def refuse() -> None:
            why = _not_compared if is_perhaps else _same_as_others
            self._postpone(pending, why(entry, item.url), tally, now=self.clock())

        def put_off() -> None:
            is_enough = not self.promises.is_telling(item) or pending.attempts >= _NOT_COMPARED_MOST
            if is_enough and not is_perhaps:
                record()
            else:
                self._postpone(pending, _not_compared(entry, item.url), tally, now=self.clock())

        if kept is _Kept.WELL:
            record()
        else:
            self.doubts.weigh(
                Doubt(
                    entry,
                    record,
                    refuse,
                    put_off,
                    is_promised=self.promises.is_telling(item),
                    needs_others=is_perhaps and not self.promises.have_headlines,
                    page=hash(page.text),
                    size=len(page.text),
                )
            )

    def look_again(self, visit: ReleaseVisit, tally: Tally) -> None:
        """Ask whether a release page has changed since (rule F13), and record what has. Raises OutOfTime, HostBusy."""
        answer = self.visitor.visit(visit.url, visit.validators or None)
        now = self.clock()
        check_at = next_recheck(visit.first_seen_at, checked_at=now, schedule=self.rechecks)
        if isinstance(answer, NotModified):
            self.store.visits.postpone_check(visit.entry_id, checks=visit.checks + 1, now=now, check_at=check_at)
            tally.unchanged += 1
            return
        try:
            page = _page(answer)
            parts = self._parts()
            entry = self.reading.release(page, visit.item, self.source, now=now, further=parts)
            self._refuse_a_part(visit, entry, page, parts.missing)
            is_edit = self._refuse_another_story(visit.uuid, entry, at=visit.url)
        except ScrapeError as error:
            raise_if_busy(error)
            tally.failures.append(PageFailure(url=visit.url, reason=error.message))
            status = error.status if isinstance(error, BadStatus) else None
            if status == _GONE:
                check_at = None
            elif check_at is None and status not in _NOT_THERE and visit.checks < _CHECKS_MOST * len(self.rechecks):
                check_at = now + _ONCE_MORE  # the last look fell on a bad day
            self.store.visits.postpone_check(visit.entry_id, checks=visit.checks + 1, now=now, check_at=check_at)
            return
        keep = self._keeping(
            page,
            parts,
            item=visit.item,
            url=visit.url,
            checks=visit.checks + 1,
            now=now,
            check_at=check_at,
            of=visit.entry_id,
        )

        def record() -> None:
            tally.count(self._record(entry, now=now, pending=None, uuid=visit.uuid, beside=keep))

        def refuse() -> None:
            tally.failures.append(PageFailure(url=visit.url, reason=_same_as_others(entry, visit.url).message))
            self.store.visits.postpone_check(visit.entry_id, checks=visit.checks + 1, now=now, check_at=check_at)

        if is_edit:
            record()
        else:
            self.doubts_again.weigh(Doubt(entry, record, refuse, lambda: None, is_promised=True, is_titled=False))

    def read_again(self, told: Told, tally: Tally) -> None:
        """Record what has changed in the text that a listing carries."""
        now, uuid, url = self.clock(), told.uuid, told.item.url
        try:
            entry = self.reading.item(told.item, self.source, now=now)
            if told.is_cut_to(entry):
                return
            is_edit = self._refuse_another_story(uuid, entry, at=url)
        except ScrapeError as error:
            tally.failures.append(PageFailure(url=url, reason=error.message))
            return

        def record() -> None:
            tally.count(self._record(entry, now=now, pending=None, uuid=uuid))

        if is_edit:
            record()
        else:
            failure = PageFailure(url=url, reason=_same_as_others(entry, url).message)
            refuse = partial(tally.failures.append, failure)
            self.doubts_again.weigh(Doubt(entry, record, refuse, lambda: None, is_promised=True, is_titled=False))

    def _keeping(
        self,
        page: Page,
        parts: Parts,
        *,
        item: ListingItem | None,
        url: str,
        checks: int,
        now: datetime,
        check_at: datetime | None,
        of: int | None = None,
    ) -> Callable[[Recorded], None]:
        """Keeps a page, and when to look at it again, beside the entry ``of`` this row, else the one recorded."""

        def keep(recorded: Recorded) -> None:
            self.keep_snapshot(self.source.key, page)
            self.store.visits.keep_release(
                self.source.key,
                recorded.entry_id if of is None else of,
                url=url,
                item=item,
                # the first page does not tell whether a further one has changed
                validators=Validators() if parts.came else page.validators,
                checks=checks,
                now=now,
                check_at=check_at,
                is_new=recorded.meeting is Meeting.NEW,
            )

        return keep

    def _parts(self, *, is_last: bool = False) -> Parts:
        keep = partial(self.keep_snapshot, self.source.key, kind="further")
        return Parts(visitor=self.visitor, keep=keep, is_last=is_last)

    def _refuse_a_part(self, visit: ReleaseVisit, entry: Entry, page: Page, missing: Sequence[ScrapeError]) -> None:
        """An article does not become shorter because its page, or a further one, has not come whole this time."""
        stored = self.store.entry(visit.uuid) if missing or is_cut(page) else None
        if stored is None or len(entry.content) >= len(stored.entry.content):
            return
        if missing:
            raise missing[0]
        if identity.is_beginning(entry.content, stored.entry.content):
            raise NotAPage("the page ends in the middle of its text", subject=visit.url, remedy="nothing was changed")

    def _record_item(self, pending: PendingItem, tally: Tally) -> None:
        """Record an item by what its listing says: it carries the text, or its page is a file."""
        now = self.clock()
        try:
            entry = self.reading.item(pending.item, self.source, now=now)
        except ScrapeError as error:
            self._postpone(pending, error, tally, now=now)
            return
        tally.count(self._record(entry, now=now, pending=pending))

    def _record(
        self,
        entry: Entry,
        *,
        now: datetime,
        pending: PendingItem | None,
        uuid: str = "",
        beside: Callable[[Recorded], None] | None = None,
    ) -> Recorded:
        if uuid:
            entry = self._known_as(entry, uuid)
        return self.store.entries.record(
            entry,
            source=self.source,
            identity=identity,
            now=self.listed_at if pending is not None else now,
            position=pending.item.position if pending is not None else 0,
            is_first_scrape=self.is_first_scrape or self._is_missed(entry),
            is_relinked=self.is_relinked,
            pending_url=pending.url if pending is not None else None,
            beside=beside,
        )

    def _is_missed(self, entry: Entry) -> bool:
        if self.missed_before is None or entry.published is None:
            return False
        return entry.published.at < self.missed_before - SLACK

    def _known_as(self, entry: Entry, uuid: str) -> Entry:
        """A page that was looked at again is the story that it was, whatever it calls its address now."""
        stored = self.store.entry(uuid)
        if stored is None:
            return entry
        return replace(
            entry,
            canonical_url=stored.entry.canonical_url,
            aliases=tuple(dict.fromkeys((entry.canonical_url, *entry.aliases))),
        )

    def _refuse_a_stand_in(self, pending: PendingItem, entry: Entry, page: Page) -> _Kept:
        """A page that is not what the listing promised waits: once it were an entry, it would be wrong for good."""
        kept = self.promises.kept
        breach = self.promises.breach(pending.item, entry, page.text, is_last=_is_last(pending))
        if breach is None:
            return _Kept.WELL if self.promises.kept > kept else _Kept.BADLY
        # lists may be out hours before their pages, and topics stand there meanwhile
        is_open = breach.may_be_it and (pending.attempts >= _EARLY or not self.promises.kept)
        if is_open and prints_day_of(pending.item, page, time_zone=self.source.time_zone):
            return _Kept.PERHAPS
        self.doubts.refuse_all_like(entry)
        raise NothingFound(breach.reason, subject=page.url, remedy="it is tried again at later scrapes")

    def _refuse_a_stranger(self, pending: PendingItem, entry: Entry) -> None:
        """An undated page where no item of this source led is no release of one whose releases print their days."""
        if _is_last(pending) and self.is_listed(pending.url):  # days later it still stands there
            return
        if entry.published is None and self.promises.are_dated and self.habits.leads_elsewhere(pending.url):
            raise NothingFound(
                "it leads where no item of this source led, and bears no date as they do",
                subject=pending.item.url,
                remedy="it is tried again at later scrapes",
            )

    def _refuse_another_story(self, uuid: str, entry: Entry, *, at: str) -> bool:
        """A page that suddenly tells something else altogether is a site's bad day, not an edit.

        Gives whether its text is the old one, give or take edits.
        """
        stored = self.store.entry(uuid)
        if stored is None or not stored.entry.content:
            return True
        old = stored.entry
        if identity.title_key(old.title) == identity.title_key(entry.title):
            return has_words_of(old, entry)
        titles = identity.title_key(old.title), identity.title_key(entry.title)
        if self.promises.is_of_another(*titles) or not is_edit(old, entry):
            raise NotAPage("the page tells another story than before", subject=at, remedy="nothing was changed")
        return True

    def _postpone(self, pending: PendingItem, error: ScrapeError, tally: Tally, *, now: datetime) -> None:
        raise_if_busy(error)
        # also where it is not there, or refused: lists run ahead of their pages, and bad days last for hours
        retry_at = now + RETRIES[pending.attempts] if not _is_last(pending) else None
        self.store.visits.postpone(self.source.key, pending.url, retry_at=retry_at, reason=str(error))
        tally.failures.append(PageFailure(url=pending.item.url, reason=error.message))


def _same_as_others(entry: Entry, url: str) -> NothingFound:
    return NothingFound(
        f"several pages say the same in place of releases: {entry.title}",
        subject=url,
        remedy="they are tried again at later scrapes",
    )


def _not_compared(entry: Entry, url: str) -> NothingFound:
    return NothingFound(
        f"the page bears another title than its listing gives it, and no other was read to compare: {entry.title}",
        subject=url,
        remedy="it is tried again at later scrapes",
    )


def _is_last(pending: PendingItem) -> bool:
    """Whether an item is given up where it fails once more."""
    return pending.attempts >= len(RETRIES)


def _page(answer: Page | NotModified | ScrapeError) -> Page:
    if isinstance(answer, ScrapeError):
        raise answer
    if isinstance(answer, NotModified):
        raise NotAPage("the server answered 'not modified' to a first request", subject=answer.url)
    return answer
