"""Feeds for whoever serves them: what there is, its bytes, and what changed since the last look."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

from feedsvc.config import Config
from feedsvc.errors import StoreError
from feedsvc.log import get_logger
from feedsvc.model import FeedRef, Format, Rendering, StoredEntry
from feedsvc.protocols import Clock
from feedsvc.publish.files import Written, write_files
from feedsvc.service.assembling import Assembler
from feedsvc.service.catalogue import read_catalogue
from feedsvc.service.deltas import Delta, Deltas
from feedsvc.service.demand import Demand
from feedsvc.service.document import Document
from feedsvc.service.facts import Catalogue
from feedsvc.service.figures import Figures
from feedsvc.service.outlines import outline_rendering
from feedsvc.service.renderer import Renderer
from feedsvc.service.waiting import Waiting, closest
from feedsvc.service.watcher import Watcher
from feedsvc.store import Store

_log = get_logger(__name__)


class FeedService:
    """Gives renderings. Safe to use from many threads; one object a process.

    ``watch`` starts the thread that notices, twice a second, what this and other processes changed; without it,
    ``poll`` does the same once.
    """

    def __init__(
        self,
        store: Store,
        config: Callable[[], Config],
        *,
        clock: Clock,
        memory: int = 64 * 2**20,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._config, self._clock, self._monotonic = store, config, clock, monotonic
        #: What documents and people's pages are made of.
        self.assembler = Assembler(store, lambda: self.catalogue, clock=clock)
        self._deltas = Deltas(store, clock=clock)
        #: What this process counted and has not yet added to the sums of all.
        self.figures = Figures()
        self._renderer = Renderer(
            store,
            self.assembler,
            self._deltas,
            catalogue=lambda: self.catalogue,
            figures=self.figures,
            clock=clock,
            memory=memory,
        )
        #: What readers ask for.
        self.demand = Demand(store, clock=clock)
        #: Of feeds whose archives were asked for: the generation in which they were counted, and their number.
        self._archives: dict[FeedRef, tuple[int, int]] = {}
        self._waiting = Waiting()
        #: What could not be rendered when it changed, and was said to be so.
        self._failing: set[Document] = set()
        self._seen: tuple[int, Config] | None = None
        self._known: Catalogue | None = None
        self._listed: tuple[int, Rendering | None] = (0, None)
        self._watcher = Watcher(self.look)
        self._watcher.each_minute(self.demand.keep)
        #: Grows whenever any rendering that was handed out may have become old.
        self.generation = 0
        #: Why the last look for changes failed, "" where it did not: feeds go on as they are.
        self.trouble = ""

    def now(self) -> datetime:
        """The present moment, as this service has it."""
        return self._clock()

    # What there is

    @property
    def catalogue(self) -> Catalogue:
        """Everything that has a feed, as last read."""
        if self._known is None:
            self.notice()
        if self._known is None:
            raise StoreError("nothing could be read yet", remedy="see the log for what is wrong with the database")
        return self._known

    @property
    def is_loaded(self) -> bool:
        """Whether feeds can be served."""
        return self._known is not None

    def entry(self, uuid: str) -> StoredEntry | None:
        """An entry with as much text as may be published, withdrawn ones included. Raises StoreError."""
        return self.assembler.entry(uuid)

    def history(self, ref: FeedRef, *, limit: int, offset: int = 0) -> tuple[StoredEntry, ...]:
        """Of all that a feed ever showed, newest first, for people's pages. Raises StoreError."""
        return self.assembler.history(ref, limit=limit, offset=offset)

    def search(self, words: str, *, limit: int) -> tuple[StoredEntry, ...]:
        """The newest entries that hold all the words, with as much text as may be published. Raises StoreError."""
        return self.assembler.search(words, limit=limit)

    # Renderings

    def rendering(self, document: Document) -> Rendering | None:
        """The document's bytes, from memory, from the store, or made now; None for an archive that does not exist.

        Raises StoreError where the store cannot be read and nothing is in memory.
        """
        found = self._renderer.hot.get(document)
        if found is None and (document.archive is None or document.archive <= self._archives_of(document.ref)):
            found = self._renderer.rendering(document)
        if found is not None:
            self.demand.note([document])
        return found

    def is_next_archive(self, ref: FeedRef, number: int) -> bool:
        """Whether archive ``number`` will be the next that is closed. Raises StoreError."""
        return number == self._archives_of(ref) + 1

    def _archives_of(self, ref: FeedRef) -> int:
        """How many archives a feed has: asked of the store once between two changes, whatever numbers are invented."""
        generation = self.generation
        counted = self._archives.get(ref)
        if counted is None or counted[0] != generation:
            counted = self._archives[ref] = generation, self.assembler.state(ref).archives
        return counted[1]

    def takes_deltas(self, document: Document) -> bool:
        """Whether readers of this document may ask for what is new alone (``feeds.deltas``). Archives have no news."""
        return document.archive is None and self.catalogue.takes_deltas(document.ref)

    def delta(self, document: Document, etags: Collection[str], *, etag: str) -> Delta | None:
        """What is new since the last of the renderings ``etags``, beside the current one with the tag ``etag``.

        None where none of them is remembered, or the store cannot be read: then the whole document is right as well.
        """
        try:
            base = self._deltas.base(document, etags)
            if base is None:
                return None
            feed = self.assembler.feed(document, self.assembler.state(document.ref))
            return self._deltas.made(document, feed, base, etag=etag)
        except StoreError as error:
            _log.error("delta not made", feed=document.ref.path, reason=str(error))
            return None

    # Changes

    def notice(self) -> None:
        """Know at once what there is now; the bytes of what changed follow at the next look."""
        try:
            self._look_round()
        except StoreError as error:
            self._say(error)

    def look(self) -> bool:
        """``poll`` as the watching thread does it: what is closest to a change now, the rest as ``Waiting`` says."""
        return self._take_up(renew=True, is_patient=True)

    def poll(self, *, renew: bool = True) -> bool:
        """Take up all that changed in store and configuration since the last look; whether anything did.

        Costs one cheap query where nothing did. What was asked for lately is rendered here and not in the way of a
        request; all else, and without ``renew`` everything, is only forgotten, and rendered when it is next wanted.
        A store that cannot be read changes nothing: what we have goes on.
        """
        return self._take_up(renew=renew, is_patient=False)

    def _take_up(self, *, renew: bool, is_patient: bool) -> bool:
        due: frozenset[FeedRef] = frozenset()
        try:
            own, is_at_rest = self._look_round()
            due = self._waiting.take(own, now=self._monotonic(), is_at_rest=is_at_rest or not is_patient)
            done = bool(due) and self._show(due, renew=renew)
        except StoreError as error:
            self._waiting.add(due, now=self._monotonic())
            self._say(error)
            return False
        if done or not is_at_rest:
            self.generation += 1
        return done or not is_at_rest

    def _look_round(self) -> tuple[frozenset[FeedRef], bool]:
        """The feeds closest to what changed since the last look, and whether nothing did. Raises StoreError."""
        before, seen = self._seen, (self._store.feeds.changes(), self._config())
        self.trouble = ""
        if before is not None and before[0] == seen[0] and before[1] is seen[1]:
            return frozenset(), True
        return self._read_changes(before, seen), False

    def _say(self, error: StoreError) -> None:
        """Changes could not be read: once in the log, and for who asks as long as it lasts."""
        if not self.trouble:
            _log.error("changes not read", reason=str(error))
        self.trouble = str(error)

    def _read_changes(self, before: tuple[int, Config] | None, seen: tuple[int, Config]) -> frozenset[FeedRef]:
        """Let what changed wait to be rendered; the feeds closest to it, all where the catalogue itself changed."""
        known = read_catalogue(seen[1], self._store, self._known)
        is_same = before is not None and before[1] is seen[1] and known == self._known
        # Any change may concern a saved feed, which is a choice among the entries of others.
        waiting = {FeedRef(kind="filter", key=name) for name in known.filters}
        if before is not None and is_same:
            changed = self._store.feeds.versions(changed_since=before[0])
            waiting |= changed.keys()
            own = closest(changed, {source.category for source in known.sources.values() if source.category})
        else:  # all may have; of a hundred thousand those matter that somebody has or wants
            self._known = known
            waiting |= {document.ref for document in (*self._renderer.hot.held(), *self.demand.stale())}
            own = frozenset(waiting)
        self._renderer.changed()
        self._waiting.add(waiting, now=self._monotonic())
        self._seen = seen
        self.generation += 1
        return own

    def _show(self, due: Collection[FeedRef], *, renew: bool) -> bool:
        """Let the new bytes of these feeds be served, or none till they are asked for; whether anything is new."""
        is_new = False
        for document in self._renderer.hot.held():
            is_wanted = renew and self.demand.is_for(document)
            if not self._exists(document.ref) or (document.ref in due and not is_wanted):
                self._renderer.hot.drop(document)
                is_new = True
        return self._render(self._wanted(due)) or is_new if renew else True

    def _wanted(self, due: Collection[FeedRef]) -> set[Document]:
        """Of these feeds, the documents that were asked for lately."""
        asked = (document for document in self.demand.stale() if self._exists(document.ref))
        return {document for document in (*self._renderer.hot.held(), *asked) if document.ref in due}

    def _render(self, wanted: Collection[Document]) -> bool:
        """Render these, own categories before the feeds above them, each served from then on; whether any is new.

        What failed for want of the store waits for the next look, its old bytes meanwhile stay.
        """
        is_new = False
        for document in sorted(wanted, key=lambda one: -len(one.ref.key.split("/")) if one.ref.key else 0):
            try:
                if self._renderer.renew(document):
                    self.generation += 1
                    is_new = True
            except StoreError as error:
                if document not in self._failing:
                    _log.error("feed not rendered", feed=document.ref.path, reason=str(error))
                self._failing.add(document)
                self._waiting.add([document.ref], now=self._monotonic())
            except Exception:  # noqa: BLE001 - one feed that cannot be written must not end the watch over all others
                # Ours to repair: trying again before the feed changes would fail again.
                _log.critical("feed not rendered", feed=document.ref.path, exc_info=True)
                self._failing.discard(document)
            else:
                self._failing.discard(document)
        return is_new

    def _exists(self, ref: FeedRef) -> bool:
        return self.catalogue.find(ref.path) == ref and ref.path not in self.catalogue.gone

    def watch(self) -> None:
        """Start looking for changes twice a second, in a thread of its own; once a process.

        What changed while this process was not there is rendered by the first look, and not before the first answer.
        """
        self.notice()
        self._watcher.start()

    def close(self) -> None:
        """Stop looking."""
        self._watcher.close()

    def each_minute(self, errand: Callable[[], None]) -> None:
        """Run ``errand`` once a minute, in the thread that looks for changes; a StoreError in it is logged."""
        self._watcher.each_minute(errand)

    def run_errands(self) -> None:
        """What is to be done each minute, now."""
        self._watcher.run_errands()

    # All feeds together

    def write_files(self, folder: Path) -> Written:
        """Every document of every feed, archives included, and the list of feeds, as files. Raises ServiceError."""
        return write_files(folder, self._files())

    def opml(self) -> Rendering:
        """The list of all feeds as OPML with validators. Raises StoreError where it was never read."""
        generation, known = self._listed
        if known is None or generation != self.generation:
            try:
                generation = self.generation
                known = outline_rendering(self.catalogue, self._store, now=self._clock())
            except StoreError:
                if known is None:
                    raise
            else:
                self._listed = generation, known
        return known

    def _files(self) -> Iterator[tuple[str, Rendering]]:
        for ref in self.catalogue.refs():
            numbers = (None, *range(1, self.assembler.state(ref).archives + 1))
            for document in (Document(ref=ref, format=one, archive=number) for number in numbers for one in Format):
                rendering = self._renderer.rendering(document)
                if rendering is not None:
                    yield document.path, rendering
        yield "opml", self.opml()
