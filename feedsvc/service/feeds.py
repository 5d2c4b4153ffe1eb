"""Feeds as finished bytes: kept in the store, hot ones in memory, rendered once per change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from feedsvc.config import Config
from feedsvc.errors import StoreError
from feedsvc.log import get_logger
from feedsvc.model import Feed, FeedRef, Filter, Format, Rendering, StoredEntry
from feedsvc.protocols import Clock, Window
from feedsvc.publish.address import ARCHIVE_SEGMENT, archive_url, feed_url
from feedsvc.publish.assemble import FeedFacts, Variant, assemble, is_oversize
from feedsvc.publish.files import Written, write_files
from feedsvc.publish.opml import Outline, write_opml
from feedsvc.publish.rendering import compressed, etag_of, render
from feedsvc.publish.selection import select
from feedsvc.service.facts import Catalogue, archive_facts, facts_of, recipe_of, rights_of
from feedsvc.service.hot import Hot
from feedsvc.service.saved import in_force
from feedsvc.store import FeedState, Store, archive_variant

#: A feed asked for within this time is rendered when it changes, any other when it is next asked for.
ASKED_WITHIN = timedelta(days=7)
#: A saved feed looks through so many of the newest entries of each of its categories or sources.
CANDIDATES = 2000
#: How often other processes' changes are looked for, in seconds.
WATCH_EVERY = 1.0
#: How often it is written down who was asked for, in looks.
NOTE_EVERY = 60

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a feed in one format: the current one, a variant of it, or an archive."""

    ref: FeedRef
    format: Format
    variant: Variant = Variant()  # noqa: RUF009 - a frozen value
    archive: int | None = None

    @property
    def path(self) -> str:
        """Its address below the base URL, without what makes it a variant, not percent-encoded."""
        archive = f"/{ARCHIVE_SEGMENT}/{self.archive}" if self.archive is not None else ""
        return f"{self.ref.path}{archive}.{self.format.value}"

    @property
    def name(self) -> str:
        """What tells it from every other document: its address below the base URL."""
        return f"{self.path}?{self.variant.query}" if self.variant.query else self.path

    def url(self, base_url: str) -> str:
        """Its absolute address: rel=self."""
        if self.archive is not None:
            return archive_url(base_url, self.ref, self.format, self.archive)
        return feed_url(base_url, self.ref, self.format, variant=self.variant.query)

    @property
    def kept_as(self) -> str:
        """The variant under which the store keeps it."""
        return self.variant.query if self.archive is None else archive_variant(self.archive)


class FeedService:
    """Gives renderings. Safe to use from many threads; one object a process.

    ``watch`` starts the thread that notices, within a second, what this and other processes changed; without it,
    ``poll`` does the same once.
    """

    def __init__(self, store: Store, config: Callable[[], Config], *, clock: Clock, memory: int = 64 * 2**20) -> None:
        self._store, self._config, self._clock = store, config, clock
        self._hot: Hot[Document] = Hot(memory)
        self._asked: set[Document] = set()
        self._errands: list[Callable[[], None]] = []
        self._turns: dict[Document, threading.Lock] = {}
        self._guard = threading.Lock()
        self._watcher: threading.Thread | None = None
        self._stopping = threading.Event()
        self._seen: tuple[int, Config] | None = None
        self._known: Catalogue | None = None
        #: Grows whenever any rendering that was handed out may have become old.
        self.generation = 0
        #: Why the last look for changes failed, "" where it did not: feeds go on as they are.
        self.trouble = ""

    # What there is

    @property
    def catalogue(self) -> Catalogue:
        """Everything that has a feed, as last read."""
        if self._known is None:
            self.poll()
        if self._known is None:
            raise StoreError("nothing could be read yet", remedy="see the log for what is wrong with the database")
        return self._known

    @property
    def is_loaded(self) -> bool:
        """Whether feeds can be served."""
        return self._known is not None

    def entry(self, uuid: str) -> StoredEntry | None:
        """An entry with as much text as may be published, withdrawn ones included."""
        found = self._store.entry(uuid)
        return rights_of(self.catalogue).permit(found) if found is not None else None

    def history(self, ref: FeedRef, *, limit: int, offset: int = 0) -> tuple[StoredEntry, ...]:
        """Of all that a feed ever showed, newest first, for people's pages. Raises StoreError."""
        if ref.kind == "filter":
            wanted = self.catalogue.filters[ref.key]
            every = Window(minimum=CANDIDATES, maximum=CANDIDATES)
            found = select(self._candidates(wanted), wanted, every)[offset : offset + limit]
        else:
            found = self._store.entries.newest(ref, limit=limit, offset=offset)
        permits = rights_of(self.catalogue)
        return tuple(permits.permit(one) for one in found)

    def search(self, words: str, *, limit: int) -> tuple[StoredEntry, ...]:
        """The newest entries that hold all the words, with as much text as may be published."""
        found = self._store.entries.newest(FeedRef(kind="all"), words=words, limit=limit)
        permits = rights_of(self.catalogue)
        return tuple(permits.permit(one) for one in found)

    # Renderings

    def rendering(self, document: Document) -> Rendering | None:
        """The document's bytes, from memory, from the store, or made now; None for an archive that does not exist.

        Raises StoreError where the store cannot be read and nothing is in memory.
        """
        self._asked.add(document)
        hot = self._hot.get(document)
        if hot is not None:
            return hot
        with self._turn(document):
            return self._hot.get(document) or self._fresh(document)

    def is_next_archive(self, ref: FeedRef, number: int) -> bool:
        """Whether archive ``number`` will be the next that is closed. Raises StoreError."""
        return number == self._state(ref).archives + 1

    def _fresh(self, document: Document) -> Rendering | None:
        """The kept rendering where it is still true, else a new one; in memory from now on."""
        state = self._state(document.ref)
        if document.archive is not None and not 1 <= document.archive <= state.archives:
            return None
        recipe = recipe_of(self._facts_for(document, state))
        kept = self._store.renderings.get(document.ref, document.format, document.kept_as)
        if kept is not None and kept.version >= self._version(document) and kept.recipe == recipe:
            rendering = kept.rendering
        else:
            rendering = self._made(document, state, recipe)
        self._hot.put(document, rendering)
        return rendering

    def _made(self, document: Document, state: FeedState, recipe: str) -> Rendering:
        """A new rendering, kept for all processes where the store can be written."""
        now = self._clock()
        # Before the entries are read: a change in between makes what is kept stale at once, and not true for ever.
        version = self._version(document)
        feed = self._assemble(document, state)
        made = render(feed, document.format, changed_at=now)
        try:
            if document.archive is None and (state.identity.updated is None or feed.updated > state.identity.updated):
                self._store.feeds.raise_updated(document.ref, feed.updated)
            return self._store.renderings.keep(
                document.ref, document.format, document.kept_as, made, version=version, recipe=recipe, now=now
            )
        except StoreError as error:
            _log.error("rendering not kept", feed=document.ref.path, reason=str(error))
            return made

    def _version(self, document: Document) -> int:
        """Of what kept bytes must at least be. Any change may concern a saved feed."""
        if document.ref.kind == "filter":
            return self._store.feeds.changes()
        return self._store.renderings.version(document.ref, document.kept_as)

    def _assemble(self, document: Document, state: FeedState) -> Feed:
        facts = self._facts_for(document, state)
        if document.archive is not None:
            entries = self._store.entries.archive(document.ref, document.archive)
            return assemble(facts, entries, archive=document.archive)
        if document.ref.kind == "filter":
            return self._assemble_saved(document, facts)
        entries = self._store.entries.window(
            document.ref, self._window(document.variant), now=self._newest(document.ref)
        )
        return assemble(
            facts,
            entries,
            archives=state.archives,
            archived=self._archived(document.ref, state) if is_oversize(entries) else (),
            tombstones=self._store.entries.tombstones(document.ref),
            variant=document.variant,
        )

    def _assemble_saved(self, document: Document, facts: FeedFacts) -> Feed:
        """A saved feed shows what it lets through of the newest entries; it has no archives and claims no history."""
        wanted = self.catalogue.filters[document.ref.key]
        shown = select(self._candidates(wanted), wanted, self._window(document.variant))
        gone = {pair for ref in _bases(wanted) for pair in self._store.entries.tombstones(ref)}
        return replace(assemble(facts, shown, tombstones=gone, variant=document.variant), is_complete=False)

    def _candidates(self, wanted: Filter) -> tuple[StoredEntry, ...]:
        found = (self._store.entries.newest(ref, limit=CANDIDATES) for ref in _bases(wanted))
        return tuple({one.uuid: one for some in found for one in some}.values())

    def _newest(self, ref: FeedRef) -> datetime:
        """When the feed's newest entry was first seen.

        From there the window counts back, not from the present: so the same store gives the same bytes at any time.
        """
        newest = self._store.entries.newest(ref, limit=1)
        return newest[0].first_seen_at if newest else self._clock()

    def _facts_for(self, document: Document, state: FeedState) -> FeedFacts:
        facts = facts_of(document.ref, self.catalogue, state.identity)
        return facts if document.archive is None else archive_facts(facts)

    def _archived(self, ref: FeedRef, state: FeedState) -> Collection[str]:
        """Ids in the archives that a window can reach into."""
        numbers = range(max(1, state.archives - 1), state.archives + 1)
        return {stored.uuid for number in numbers for stored in self._store.entries.archive(ref, number)}

    def _window(self, variant: Variant) -> Window:
        feeds = self._config().settings.feeds
        if variant.limit is None:
            return Window(minimum=feeds.window_min, maximum=feeds.window_max, days=feeds.window_days)
        return Window(minimum=variant.limit, maximum=max(variant.limit, feeds.window_max), days=feeds.window_days)

    def _state(self, ref: FeedRef) -> FeedState:
        return self._store.feeds.ensure(ref, now=self._clock())

    def _turn(self, document: Document) -> threading.Lock:
        """One lock a document: of many requests at a time, one renders and the others wait for it."""
        with self._guard:
            if len(self._turns) > 10_000:
                self._turns = {key: lock for key, lock in self._turns.items() if lock.locked()}
            return self._turns.setdefault(document, threading.Lock())

    # Changes

    def poll(self, *, renew: bool = True) -> bool:
        """Take up what changed in store and configuration since the last look; whether anything did.

        Costs one cheap query where nothing did. What is in memory, and what was asked for lately, is rendered here
        and not in the way of a request; without ``renew`` it is only forgotten, and rendered when it is next wanted.
        A store that cannot be read changes nothing: what we have goes on.
        """
        try:
            seen = (self._store.feeds.changes(), self._config())
            self.trouble = ""
            if self._seen is not None and self._seen[0] == seen[0] and self._seen[1] is seen[1]:
                return False
            self._known = self._read_catalogue(seen[1])
            self._seen = seen
            self.generation += 1
            if renew:
                self._renew()
            else:
                self._hot.clear()
        except StoreError as error:
            if not self.trouble:
                _log.error("changes not read", reason=str(error))
            self.trouble = str(error)
            return False
        self.generation += 1
        return True

    def _renew(self) -> None:
        """Render what is hot, own categories before the feeds above them."""
        wanted = {document: None for document in self._hot.held() if self._exists(document.ref)}
        lately = self._store.renderings.stale(asked_since=self._clock() - ASKED_WITHIN)
        wanted |= {Document(ref=ref, format=format): None for ref, format in lately if self._exists(ref)}
        for document in sorted(wanted, key=lambda one: -len(one.ref.key.split("/")) if one.ref.key else 0):
            try:
                if self._fresh(document) is None:
                    self._hot.drop(document)
            except StoreError as error:
                _log.error("feed not rendered", feed=document.ref.path, reason=str(error))
        for document in self._hot.held():
            if not self._exists(document.ref):
                self._hot.drop(document)

    def _exists(self, ref: FeedRef) -> bool:
        return self.catalogue.find(ref.path) == ref and ref.path not in self.catalogue.gone

    def _read_catalogue(self, config: Config) -> Catalogue:
        categories = {category.path: category for category in self._store.categories()}
        decided = self._store.categories_kept.decided()
        declared = {category.path: category for category in decided.applied(config.categories)}
        sources = {state.key: state.source for state in self._store.sources.all()}
        filters = {one.name: one for one in in_force(config, self._store)}
        saved = {f"feeds/{name}" for name in filters}
        moves = {
            state.ref.path: FeedRef(kind=state.ref.kind, key=state.moved_to).path if state.moved_to else ""
            for state in self._store.feeds.states()
            if state.gone_at is not None and state.ref.path not in saved
        }
        gone = {path: _end_of(path, moves) for path in moves}
        return Catalogue(
            settings=config.settings,
            categories={path: one for path, one in (categories | declared).items() if f"feeds/{path}" not in gone},
            sources={source.key: source for source in config.sources} | sources,
            filters=filters,
            gone=gone,
        )

    def watch(self) -> None:
        """Start looking for changes every second, in a thread of its own; once a process."""
        with self._guard:
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="feedsvc-feeds", daemon=True)
                self._watcher.start()

    def close(self) -> None:
        """Stop looking."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join()

    def _watch(self) -> None:
        looks = 0
        while not self._stopping.wait(WATCH_EVERY):
            looks += 1
            self.poll()
            if looks % NOTE_EVERY == 0:
                self.run_errands()

    def each_minute(self, errand: Callable[[], None]) -> None:
        """Run ``errand`` once a minute, in the thread that looks for changes; a StoreError in it is logged."""
        self._errands.append(errand)

    def run_errands(self) -> None:
        """What is to be done each minute, now."""
        self.note_asked(now=self._clock())
        for errand in self._errands:
            try:
                errand()
            except StoreError as error:
                _log.error("errand failed", reason=str(error))

    def note_asked(self, *, now: datetime) -> None:
        """Write down what was asked for since the last time: such feeds are rendered when they change."""
        asked, self._asked = self._asked, set()
        with suppress(StoreError):
            self._store.renderings.note_asked([(one.ref, one.format, one.kept_as) for one in asked], now=now)

    # The list of all feeds

    def outlines(self) -> tuple[Outline, ...]:
        """Every feed, as OPML lists it."""
        known = self.catalogue
        return tuple(Outline(ref=ref, title=known.title(ref)) for ref in known.refs())

    def write_files(self, folder: Path) -> Written:
        """Every document of every feed, archives included, and the list of feeds, as files. Raises ServiceError."""
        return write_files(folder, self._files())

    def _files(self) -> Iterator[tuple[str, Rendering]]:
        for ref in self.catalogue.refs():
            numbers = (None, *range(1, self._state(ref).archives + 1))
            for document in (Document(ref=ref, format=one, archive=number) for number in numbers for one in Format):
                with self._turn(document):
                    rendering = self._hot.get(document) or self._fresh(document)
                if rendering is not None:
                    yield document.path, rendering
        yield "opml", self.opml()

    def opml(self) -> Rendering:
        """The list of all feeds as OPML with validators. Raises StoreError."""
        known = self.catalogue
        identity = self._store.feed_identity(FeedRef(kind="all"))
        body = write_opml(
            self.outlines(),
            title=known.settings.feeds.title,
            base_url=known.settings.server.base_url.rstrip("/"),
            created_at=identity.created_at,
            changed_at=identity.created_at,
        )
        return Rendering(
            content_type="text/x-opml; charset=utf-8",
            identity=body,
            gzip=compressed(body),
            brotli=b"",
            etag=etag_of(body),
            last_modified=identity.created_at,
            max_age=300,
        )


def _bases(wanted: Filter) -> tuple[FeedRef, ...]:
    """The feeds that hold whatever a saved feed may show."""
    if wanted.categories:
        return tuple(FeedRef(kind="category", key=path) for path in wanted.categories)
    if wanted.sources:
        return tuple(FeedRef(kind="source", key=key) for key in wanted.sources)
    return (FeedRef(kind="all"),)


def _end_of(path: str, moves: Mapping[str, str]) -> str:
    """Where a chain of moves ends, so that readers are sent there at once; "" where that is gone, too."""
    seen = {path}
    while (to := moves.get(path)) and to not in seen:
        seen.add(to)
        path = to
    return "" if path in moves else path
