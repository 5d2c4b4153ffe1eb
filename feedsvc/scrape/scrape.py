"""One scrape of a source on its way: listing pages, decide, release pages, and what is remembered of it.

What a scrape still has to do is in the store before it is done: a scrape that is cut, or killed, is taken up by the
next one where it ended. Rules F11, F13, R1-R5 and D1 of specs/reliability.md.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from feedsvc.errors import BadStatus, FeedsvcError, NothingFound, NotNow, NoTurn, ScrapeError
from feedsvc.log import get_logger
from feedsvc.model import FeedRef
from feedsvc.protocols import Clock, Fetcher
from feedsvc.scrape.decide import Decision, Habits, Outcome, decide
from feedsvc.scrape.facts import Facts, facts_of, habits, unexplained
from feedsvc.scrape.further import Further
from feedsvc.scrape.listings import ListingsRead, ListingWalk, Visitor, known_stories, may_come
from feedsvc.scrape.outcome import Result, ScrapeOutcome
from feedsvc.scrape.progress import HostBusy, OutOfTime, Progress
from feedsvc.scrape.promises import Promises
from feedsvc.scrape.quarantine import AT_ONCE, NEVER, Fault, Health, State, health_after, judge, picture_of
from feedsvc.scrape.quarantine import Settings as Patience
from feedsvc.scrape.reading import Reading
from feedsvc.scrape.releases import Following, Tally
from feedsvc.scrape.retold import Told, retold, told_by
from feedsvc.scrape.settings import ScrapeSettings
from feedsvc.scrape.sightings import Known
from feedsvc.scrape.snapshots import Snapshots
from feedsvc.scrape.standing import HEALTH, evidence_of, health_from, kept_health, nothing_read, state_of
from feedsvc.scrape.turning import link_back
from feedsvc.scrape.waiting import Waiting
from feedsvc.scrape.ways import Way, choose, is_open
from feedsvc.store import CUT, PendingItem, SourceState, Store

_log = get_logger(__name__)

#: What a scrape remembers for the next one, by name.
_MOVED_TO, _WAY, _UNREAD, _PROMISES = "moved_to", "way", "unread", "promises"
_LEFT_AT, _UNLISTED, _NOTED = "left_at", "unlisted", "noted"
#: Stories whose titles release pages are compared with.
_STORIES = 200
#: Stories that are noted, at most.
_NOTED_MOST = 200
#: How long a first scrape waits for listing pages that do not come, and older items that it missed are its own.
_FIRST_MOST = timedelta(days=3)


@dataclass(frozen=True)
class Means:
    """What every scrape works with."""

    store: Store
    fetcher: Fetcher
    reading: Reading
    clock: Clock
    settings: ScrapeSettings


class Scrape:
    """One scrape on its way."""

    def __init__(
        self,
        means: Means,
        state: SourceState,
        *,
        owner: str,
        progress: Progress,
        started_at: datetime,
        recheck: bool,
    ) -> None:
        self.state = state
        self.owner = owner
        self.source = state.source
        self.health = health_from(state.memory.get(HEALTH))
        self._waiting = Waiting.from_memory(state.memory)
        #: Stories with other addresses than their links', as the last look found them.
        self._noted = list(state.memory.get(_NOTED) or ())
        self._has_seen_listing = False
        #: The further listing pages at which earlier scrapes had to stop.
        self._further = Further.from_json(state.memory.get(_LEFT_AT))
        #: A listing of several, or a further page, did not come.
        self._misses_a_listing = False
        #: Addresses that the listing shows, None where it was not read.
        self._listed: frozenset[str] | None = None
        #: Nothing of what waits stood in the listing when it was read last.
        self._is_unlisted = bool(state.memory.get(_UNLISTED))
        self._store, self._reading, self._clock = means.store, means.reading, means.clock
        self._settings = means.settings
        self._progress = progress
        self._started_at = started_at
        self._recheck = recheck
        self._visitor = Visitor(means.fetcher, progress)
        self._tally = Tally()
        self._facts: Facts | None = None
        self._not_before: datetime | None = None
        self._moved_to: str | None = None
        self._fresh_until: datetime | None = None
        self._is_relinked = False
        self._habits: Habits | None = None
        #: Known stories whose text the listing carries, as it is now.
        self._told: list[Told] = []
        self._way = Way.from_json(state.memory.get(_WAY), state.source)
        self._promised: Promises | None = None
        #: Why no release page could be read, "" where one could; it holds until one can or none is waited for.
        self._unread = str(state.memory.get(_UNREAD) or "")
        self.version = 0
        self._keep = Snapshots(
            self._store, per_page=self._settings.snapshots_per_page, total=self._settings.snapshots_total
        )

    def run(self) -> ScrapeOutcome:
        """The walk."""
        self.version = self._store.feeds.changes()
        try:
            # where the last scrape was cut, what waits has the host's first turn: with long intervals, the only one
            if self.state.memory.get(CUT) and (busy := self._follow()):
                return self._cut(busy)
            read = self._read_listings()
            self._has_seen_listing = read.is_unchanged or bool(read.visits)
            ended = None if read.is_unchanged else self._take_up(read)
            if ended is not None:
                return ended
            busy = self._follow()
        except OutOfTime as reason:
            return self._cut(reason.message)
        except NothingFound as given_up:  # it takes longer to read than a page may
            return self.ended(Result.FAILED, str(given_up))
        if busy:
            return self._cut(busy)
        if isinstance(read.left_for, NotNow):
            return self._put_off(read.left_for)
        if self._unread:
            return self.ended(Result.FAILED, self._unread)
        if read.is_unchanged:
            self._noted = []  # it is again as it was before something was noted
            if self._waiting.marks and self._store.scrapes.open_quarantine(self.source.key) is not None:
                self._recover()  # the page is again as it was before some of it was held
            return self.ended(Result.UNCHANGED)
        left = [f"{read.left_at[-1]} is read later: {read.left_for.message}"] if read.left_for is not None else []
        reasons = [*filter(None, [self._waiting.reason]), *(failure.message for failure in read.failures), *left]
        return self.ended(Result.WELL, "; ".join(reasons))

    def _cut(self, why: str) -> ScrapeOutcome:
        return self.ended(Result.CUT, f"cut: {why}; the rest follows at the next turn")

    def _put_off(self, error: NotNow) -> ScrapeOutcome:
        """The listing, or a further page of it, may not be asked for now."""
        self._not_before = self._clock() + error.wait if error.wait is not None else None
        return self.ended(Result.CUT, f"put off: {error.message}" + (f" ({error.remedy})" if error.remedy else ""))

    def _read_listings(self) -> ListingsRead:
        walk = ListingWalk(self._visitor, self._reading, self._store, limits=self._settings.limits)
        # a suspect page is read whole until it heals; a 304 would only say that it is as it was
        is_forced = self._recheck or self.health.state is not State.OK
        way = Way.from_json(self.state.memory.get(_WAY), self.source)
        by_way = way.applied_to(self.source) if way is not None else self.source
        read = walk.read(by_way, now=self._started_at, is_forced=is_forced, left_at=self._further.ways)
        if way is None and self.state.settled_at is None and (better := self._better_way(read)) is not None:
            way, read = better, walk.read(better.applied_to(self.source), now=self._started_at, is_forced=True)
        # a way that leads nowhere any more is forgotten: the next scrape begins at the declared address
        self._way = way if read.seen or read.is_unchanged or any(map(may_come, read.failures)) else None
        self._moved_to, self._fresh_until = read.moved_to, read.fresh_until
        for page in read.pages:
            self._keep(self.source.key, page, kind="listing")
        return read

    def _better_way(self, read: ListingsRead) -> Way | None:
        """A way that the listing declares and that shows as much as its own list, tried at the first scrape only."""
        if not is_open(self.source) or not read.pages or (read.look is not None and not read.seen):
            return None
        first = read.pages[0]
        plans = self._reading.plans(first, self._visitor.page)
        own = next((plan.listing.items for plan in plans if plan.kind == "html"), ())
        return choose(plans, own)

    def _take_up(self, read: ListingsRead) -> ScrapeOutcome | None:
        """Judge the listing and put down what is to be followed; an outcome where the scrape ends here."""
        if not read.visits:
            return self._failed(read.failures)
        now = self._clock()
        known = known_stories(self._store, self.source, [one.url for one in read.seen])
        past = self._past()
        last_good_at = self.state.succeeded_at if self.state.settled_at is not None else None
        waits, limits = self._waiting, self._settings.limits
        waiting, has_admitted = waits.among(one.url for one in read.seen), waits.admits
        if has_admitted:
            limits = replace(limits, flood=sys.maxsize)
        deciding = partial(
            decide,
            read.seen,
            known,
            now=now,
            last_good_at=last_good_at,
            is_young=self._is_young(now),
            front=read.front,
            habits=habits(past),
            limits=limits,
        )
        decision = deciding(waiting=waiting)
        self._facts = facts_of(
            decision,
            known,
            front=read.front,
            lists=tuple(read.fronts.values()),
            look=read.look,
            now=now,
            last_good_at=last_good_at,
        )
        verdict = judge(self._facts, past, is_partial=bool(read.failures))
        before = self.health.picture
        if picture_of(verdict, self._facts) != before and not verdict.is_ok:
            waits.admits = False  # that is not the page that an admin has seen
        patience = AT_ONCE if waits.admits else NEVER if waits.is_dismissed else Patience()
        self.health, verdict = health_after(verdict, self._facts, self.health, now=now, settings=patience)
        waits.admits = False
        if not verdict.is_ok:
            reason = f"{verdict.reason} ({read.reason})" if read.reason and not read.seen else verdict.reason
            waits.is_dismissed = waits.is_dismissed and self.health.picture == before
            if not waits.is_dismissed:
                evidence = evidence_of(decision.steps, verdict.evidence, fault=verdict.fault)
                self._store.scrapes.quarantine(self.source.key, reason=reason, evidence=evidence, now=now)
            if not waits.is_dismissed or verdict.fault is not Fault.UNEXPLAINED:
                return self.ended(Result.QUARANTINED, reason)
            # called wrong: those items go on to wait, and keep no news out; the page is as well as it will be
            self.health = Health(picture=self.health.picture)
            aside = {one.sighting.url for one in unexplained(decision.steps, now=now, last_good_at=last_good_at)}
            waits.add(aside)
            decision = deciding(waiting=waiting | aside)
        elif has_admitted:
            waits.marks = ()
        self._put_down(read, decision, known, now=now)
        self._note_reading(read, holds_back=bool(decision.of(Outcome.HELD)))
        if not decision.of(Outcome.HELD):
            self._recover("accepted" if verdict.reason else "recovered", reason=verdict.reason)
        return None

    def _past(self) -> list[Facts]:
        """The last good scrapes in numbers, the newest last."""
        return [Facts.from_json(one.facts) for one in reversed(self._store.scrapes.good(self.source.key)) if one.facts]

    def _note_reading(self, read: ListingsRead, *, holds_back: bool) -> None:
        """What is to be known of a listing that was sound, beside its items."""
        # what is held of a further page is looked for there, until an admin has decided
        self._further = self._further.after(
            left=read.left_at,
            empty=read.empty,
            wanted=read.resumed if holds_back else (),
            came=[page.url for page in read.pages],
        )
        self._listed = frozenset(one.url for one in read.seen)
        self._misses_a_listing = bool(read.failures) or bool(set(read.left_at) - set(read.empty))
        if read.failures:  # a part is no measure for the whole
            self._facts = None

    def _recover(self, resolution: str = "recovered", *, reason: str = "") -> None:
        """Nothing of the page is in doubt."""
        self._waiting.is_dismissed = False
        if self._store.scrapes.close_quarantine(self.source.key, resolution=resolution, now=self._clock()):
            _log.info("quarantine ended", source=self.source.key, resolution=resolution, reason=reason)

    def _put_down(self, read: ListingsRead, decision: Decision, known: Sequence[Known], *, now: datetime) -> None:
        """Everything that the listing tells is in the store from here on, and its validators with it."""
        self._is_relinked, self._habits = decision.is_relinked, decision.habits
        if decision.freed:
            self._store.entries.free_addresses(decision.freed)
        is_noted = self._link_back(decision, known)
        pending = {one.uuid for one in known if one.is_pending}
        for step in decision.of(Outcome.MOVED):
            if step.uuid and step.uuid not in pending:
                self._store.entries.relink(step.uuid, step.sighting.url, step.sighting.item.url)
        met = (*decision.of(Outcome.KNOWN), *decision.of(Outcome.MOVED))
        self._told = told_by(met, known)
        listed = [step.sighting.url for step in met]
        self._store.entries.note_listed(
            listed, source=self.source, now=now, is_first_scrape=self.state.settled_at is None
        )
        # those that wait for their page already are told again: their titles may have been wrong that day
        wanted = [
            (step.sighting.url, replace(step.sighting.item, position=place))
            for place, step in enumerate(decision.steps)
            if step.outcome in (Outcome.NEW, Outcome.LATER) or step.uuid in pending
        ]
        held = decision.of(Outcome.HELD)
        self._waiting.hold([step.sighting.url for step in held], reason=held[0].reason if held else "")
        if reason := self._waiting.reason:
            evidence = evidence_of(held, [reason])
            self._store.scrapes.quarantine(self.source.key, reason=reason, evidence=evidence, now=now)
        # while items are held back, the page must be read again even if it does not change
        visits = [] if held or read.failures or is_noted else read.visits
        self._store.visits.keep_listing(self.source.key, visits, wanted, now=now)

    def _link_back(self, decision: Decision, known: Sequence[Known]) -> bool:
        """Lead links where the list shows their stories; whether some are only noted, for the next look to confirm."""
        noted: list[str] = []
        for back in link_back([step.sighting for step in decision.steps], known):
            told = f"{back.uuid} {back.at.url}"
            if back.is_sure or told in self._noted:
                self._store.entries.link_back(back.uuid, back.at.item.url)
            else:
                noted.append(told)
        self._noted = noted[:_NOTED_MOST]
        return bool(noted)

    def _follow(self) -> str:
        """Release pages, new ones first, then those due again; why it stopped early, or ""."""
        limit = self._settings.limits.details
        now = self._clock()
        pending = self._store.visits.pending(self.source.key, now=now, limit=limit)
        again = self._store.visits.releases_to_check(
            self.source.key,
            now=None if self._recheck else now,
            limit=limit if self._recheck else max(limit - len(pending), 0),
        )
        retold_ones = retold(
            self._told,
            self._store,
            self.source.key,
            now=now,
            schedule=self._settings.rechecks,
        )
        following = Following(
            visitor=self._visitor,
            reading=self._reading,
            store=self._store,
            source=self.source,
            clock=self._clock,
            listed_at=self._clock(),
            rechecks=self._settings.rechecks,
            is_first_scrape=self.state.settled_at is None,
            missed_before=self.state.settled_at if self._is_young(self._clock()) else None,
            is_relinked=self._is_relinked,
            keep_snapshot=self._keep,
            promises=self._promises(pending) if pending or again or retold_ones else Promises(titles=()),
            is_listed=self._is_listed,
            habits=self._habits if self._habits is not None else habits(self._past()),
        )
        try:
            try:
                for item in pending:
                    following.follow(item, self._tally)
            except (HostBusy, OutOfTime):
                following.doubts.leave()
                raise
            following.doubts.settle()
            self._note_unread()
            for told in retold_ones:
                following.read_again(told, self._tally)
            for visit in again:
                following.look_again(visit, self._tally)
            following.doubts_again.settle()
        except HostBusy as busy:
            if busy.wait is not None:
                self._not_before = self._clock() + busy.wait
            return busy.reason
        return ""

    def _promises(self, pending: Sequence[PendingItem]) -> Promises:
        """What the listing has promised of the pages that are to be read."""
        known = self._store.entries.stories(self.source.key, (), limit=_STORIES)
        before = self._promised.as_json() if self._promised is not None else self.state.memory.get(_PROMISES)
        self._promised = Promises.of(known, [one.item for one in pending], before)
        return self._promised

    def _is_listed(self, url: str) -> bool:
        """Whether the listing shows an address; where it was not read, whether it showed anything of what waits."""
        return url in self._listed if self._listed is not None else not self._is_unlisted

    def _is_young(self, now: datetime) -> bool:
        """Whether the source's first looks, which may have shown a part of its list, were not long ago."""
        return self.state.settled_at is None or now - self.state.settled_at <= _FIRST_MOST

    def _note_unread(self) -> None:
        """See whether the pages that were followed came: a listing of pages that all fail is no good scrape."""
        tally = self._tally
        if tally.new or tally.changed or tally.unchanged or self._is_done() or self._has_unlisted_alone():
            self._unread = ""
        elif tally.failures:
            unread = nothing_read(tally.failures, is_first_scrape=self.state.settled_at is None)
            self._unread = unread or self._unread

    def _is_done(self) -> bool:
        """Whether nothing waits, and there is something: a source of which all was given up is not well."""
        if self._store.visits.count_pending(self.source.key):
            return False
        return not self._unread or self._store.entries.count(FeedRef(kind="source", key=self.source.key)) > 0

    def _has_unlisted_alone(self) -> bool:
        """Whether all that waits has left the listing: what stood there for a while says nothing of the source."""
        if self._listed is not None:
            self._is_unlisted = not self._listed & self._store.visits.pending_urls(self.source.key)
        return self._is_unlisted and self.state.settled_at is not None

    def _failed(self, failures: list[ScrapeError]) -> ScrapeOutcome:
        """No listing page came."""
        if not failures:
            return self.ended(Result.FAILED, "the source has no listing page: give it a url")
        first = failures[0]
        if isinstance(first, NoTurn):
            return self._put_off(first)
        if isinstance(first, BadStatus) and first.retry_after is not None:
            self._not_before = self._clock() + first.retry_after
        return self.ended(Result.FAILED, str(first))

    def ended(self, result: Result, reason: str = "") -> ScrapeOutcome:
        """The outcome as it stands now."""
        waiting = 0
        try:
            waiting = self._store.visits.count_pending(self.source.key)
        except FeedsvcError as error:
            reason = reason or str(error)
        return ScrapeOutcome(
            source=self.source.key,
            result=result,
            started_at=self._started_at,
            finished_at=self._clock(),
            reason=reason,
            new=tuple(self._tally.new),
            changed=tuple(self._tally.changed),
            unchanged=self._tally.unchanged,
            failures=tuple(self._tally.failures),
            requests=self._progress.requests,
            waiting=waiting,
            not_before=self._not_before,
            fresh_until=self._fresh_until,
            moved_to=self._moved_to,
            facts=self._facts.as_json() if self._facts is not None else {},
        )

    def state_after(self, outcome: ScrapeOutcome) -> dict[str, Any]:
        """The source's state columns after this scrape."""
        ended = outcome.finished_at
        memory = {**self.state.memory, HEALTH: kept_health(self.health)}
        memory[_WAY] = {**self._way.as_json(), "of": self.source.urls[0]} if self._way is not None else None
        memory |= self._waiting.as_memory()
        memory[_LEFT_AT] = self._further.as_json()
        memory[_UNREAD] = self._unread
        memory[_UNLISTED] = self._is_unlisted
        memory[_NOTED] = self._noted
        memory[CUT] = outcome.result is Result.CUT
        if self._promised is not None:
            memory[_PROMISES] = self._promised.as_json()
        memory[_MOVED_TO] = outcome.moved_to or memory.get(_MOVED_TO)
        values: dict[str, Any] = {
            "scraped_at": ended,
            "reason": outcome.reason,
            "not_before": outcome.not_before,
            "memory": {name: value for name, value in memory.items() if value},
            "failures": 0 if outcome.result.is_good else self.state.failures + 1,
            "state": state_of(
                outcome,
                self.health,
                self.state.failures,
                succeeded_at=self.state.succeeded_at,
                holds_back=bool(self._waiting.reason),
            ),
        }
        if outcome.result is Result.CUT and not self._has_seen_listing:  # what was put off says nothing of the source
            values |= {"failures": self.state.failures, "state": self.state.state}
        if outcome.is_store_failing:  # as it stood before: what this scrape learned may not be in the store
            values |= {
                "failures": self.state.failures,
                "state": self.state.state,
                "memory": dict(self.state.memory),
            }
        if outcome.result in (Result.WELL, Result.UNCHANGED):
            values["succeeded_at"] = ended
            if self.state.settled_at is None and self._is_through(ended):
                values["settled_at"] = ended
        return values

    def _is_through(self, now: datetime) -> bool:
        """Whether the first scrape has come to its end: all that it should read was read, or had its time to come."""
        if self._store.visits.pending(self.source.key, now=now, limit=1):
            return False
        return not self._misses_a_listing or now - self.state.added_at > _FIRST_MOST
