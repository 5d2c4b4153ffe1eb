"""The first half of a scrape: a source's listing pages, conditionally, as far as they bring something new."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from feedsvc.errors import BadStatus, NotAPage, NotNow, ScrapeError, Unreachable
from feedsvc.extract.listing import ReadListing
from feedsvc.lexicon.pagelooks import Look
from feedsvc.model import Listing, NotModified, Page, Source, Validators
from feedsvc.protocols import Fetcher
from feedsvc.scrape.decide import Limits
from feedsvc.scrape.edits import is_cut, is_fragment
from feedsvc.scrape.progress import Progress
from feedsvc.scrape.reading import Reading
from feedsvc.scrape.sightings import Known, Sighting, sightings
from feedsvc.scrape.turning import turn_page
from feedsvc.store import ListingVisit, Store


class Visitor:
    """Fetches for one scrape: every failure is a value, every fetch a sign of life."""

    def __init__(self, fetcher: Fetcher, progress: Progress) -> None:
        self._fetcher = fetcher
        self.progress = progress

    def visit(self, url: str, validators: Validators | None = None) -> Page | NotModified | ScrapeError:
        """The page, the news that it has not changed, or why it did not come. Raises OutOfTime."""
        self.progress.step()
        try:
            answer: Page | NotModified | ScrapeError = self._fetcher.fetch(url, validators=validators)
        except ScrapeError as error:
            answer = as_value(error)
        if not isinstance(answer, NotNow):  # that was never sent
            self.progress.requests += 1
        return answer

    def page(self, url: str) -> Page:
        """The page at ``url``. Raises ScrapeError, OutOfTime."""
        answer = self.visit(url)
        if isinstance(answer, ScrapeError):
            raise answer
        if isinstance(answer, NotModified):
            raise NotAPage("the server answered 'not modified' to a first request", subject=url)
        return answer


def as_value(error: ScrapeError) -> ScrapeError:
    """The error without the frames that it came through: they hold pages, and would hold them until it is forgotten."""
    return error.with_traceback(None)


@dataclass(slots=True, kw_only=True)
class ListingsRead:
    """What a source's listing pages hold."""

    #: Items in order, each address once; and the addresses on the first page of each listing.
    seen: list[Sighting] = field(default_factory=list)
    front: set[str] = field(default_factory=set)
    #: The latter listing by listing, for those that earlier scrapes have read.
    fronts: dict[str, set[str]] = field(default_factory=dict)
    look: Look | None = None
    #: Why a page holds no items, in the reader's words.
    reason: str = ""
    #: First pages that were read whole, to be remembered with their validators.
    visits: list[ListingVisit] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    #: First pages that did not come.
    failures: list[ScrapeError] = field(default_factory=list)
    is_unchanged: bool = False
    #: Further pages that did not come and may come later, and why the last did not: there the next scrape goes on.
    left_at: list[str] = field(default_factory=list)
    left_for: ScrapeError | None = None
    #: Those of them that came without any item: they may be the end of the list.
    empty: list[str] = field(default_factory=list)
    #: Those of an earlier scrape that came now.
    resumed: list[str] = field(default_factory=list)
    moved_to: str | None = None
    #: The earliest end of HTTP freshness of the first pages that said one.
    fresh_until: datetime | None = None

    def leave(self, way: str, error: ScrapeError) -> None:
        """A further page did not come, or something else came in its place."""
        self.left_at.append(way)
        self.left_for = error


#: Indexes of sitemaps that lead to one another, at most; sitemaps.org allows one.
_INDEXES_MAX = 2
#: With fewer items a sitemap of an index has only just begun (a new month): the one before it belongs to the list.
_BEGUN = 10
_DIGITS = re.compile(r"[\d_-]*\d[\d_-]*")


class ListingWalk:
    """Reads the listing pages of one source."""

    def __init__(self, visitor: Visitor, reading: Reading, store: Store, *, limits: Limits) -> None:
        self._visitor = visitor
        self._reading = reading
        self._store = store
        self._limits = limits

    def read(self, source: Source, *, now: datetime, is_forced: bool, left_at: Sequence[str] = ()) -> ListingsRead:
        """Every listing of the source; nothing is parsed where none of them has changed (304). Raises OutOfTime.

        Where one of several has changed, the others are fetched too: a scrape is judged as a whole. ``left_at`` are the
        further pages that did not come last time: they are read after them.
        """
        read = ListingsRead()
        arrived = [self._first(source, url, is_forced=is_forced or bool(left_at)) for url in source.urls]
        ends = [answer.fresh_until for _at, answer in arrived if not isinstance(answer, ScrapeError)]
        read.fresh_until = min((end for end in ends if end is not None), default=None)
        if all(isinstance(answer, NotModified) for _at, answer in arrived):
            read.is_unchanged = True
            return read
        for at, answer in arrived:
            page = self._visitor.visit(at) if isinstance(answer, NotModified) else answer
            if isinstance(page, Page):
                if at in source.urls:
                    read.moved_to = read.moved_to or page.moved_to
                self._walk(source, at, page, read, now=now)
            elif isinstance(page, ScrapeError):
                read.failures.append(page)
        for way in left_at:
            self._resume(source, way, read, now=now)
        return read

    def _resume(self, source: Source, way: str, read: ListingsRead, *, now: datetime) -> None:
        """Go on at a further page that did not come before, unless others may not come either."""
        if way in read.left_at or way in {one.url for one in read.pages}:
            return
        if read.failures or isinstance(read.left_for, NotNow):
            read.left_at.append(way)
            return
        further = self._next([way], set(), read)
        if further is not None:
            read.resumed.append(way)
            self._walk(source, way, further[1], read, now=now, is_first=False)

    def _first(
        self, source: Source, url: str, *, is_forced: bool, indexes: int = 0
    ) -> tuple[str, Page | NotModified | ScrapeError]:
        """What came from ``url``, or from the sitemap to which an index there leads that has not changed."""
        before = None if is_forced else self._store.visits.listing(source.key, url)
        answer = self._visitor.visit(url, before.validators if before is not None and before.validators else None)
        if before is None or before.led_to is None or not isinstance(answer, NotModified) or indexes == _INDEXES_MAX:
            return url, answer
        at, led = self._first(source, before.led_to, is_forced=False, indexes=indexes + 1)
        if isinstance(led, ScrapeError):  # the index, asked for whole, may know another
            return url, self._visitor.visit(url)
        return at, led

    def _walk(
        self, source: Source, url: str, page: Page, read: ListingsRead, *, now: datetime, is_first: bool = True
    ) -> None:
        """One listing from its first page on, or from where it was left, as long as pages bring something new."""
        begun, is_known = len(read.visits), self._store.visits.listing(source.key, url) is not None
        if is_first:
            read.visits.append(_visit(url, page, now=now))
        like = page if is_first else next(iter(read.pages), page)
        pages, visited, indexes = 1, {url, page.url}, 0
        siblings: tuple[str, ...] = ()  # the other sitemaps of the same kind, of an index
        goes_back, here_at = False, url  # to the sitemap before the first
        while True:
            try:
                found = self._reading.listing(page, source)
                if not is_first and not found.listing.items:
                    found = self._reading.listing_like(page, source, like)
            except ScrapeError as error:
                if is_first:  # a page that cannot be read is no visit: nothing of it is remembered
                    del read.visits[begun:]
                    read.failures.append(as_value(error))
                return
            if is_first and _is_index(found.listing):
                family = _family(found.listing.next_urls) if indexes < _INDEXES_MAX else ()
                at, led = self._by_surest(family, visited)
                if isinstance(led, ScrapeError) and may_come(led):  # nothing was read of this listing
                    del read.visits[begun:]
                    read.failures.append(led)
                    return
                if isinstance(led, Page):
                    page, indexes, siblings = led, indexes + 1, family
                    read.visits[-1] = replace(read.visits[-1], led_to=at)
                    read.visits.append(_visit(at, page, now=now))
                    continue
                read.visits[-1] = replace(read.visits[-1], validators=Validators())  # that it stays so tells nothing
            read.pages.append(page)
            here = self._sightings(found.listing, source, now=now)
            if not is_first and (stands_in := self._stands_in(found, here, read, source, at=here_at)):
                read.leave(here_at, stands_in)
                read.empty += [] if here else [here_at]
                read.pages.pop()
                return
            if is_first or (goes_back and pages == 2):
                read.front.update(one.url for one in here)
                if is_known:
                    read.fronts.setdefault(url, set()).update(one.url for one in here)
                read.look = read.look or found.look
                read.reason = read.reason or found.listing.reason
            known = self._known(source, here)
            goes_back = is_first and _goes_back(here, known) if siblings else False
            further = (*found.listing.next_urls, *(siblings if goes_back else ()))
            ways = [way for way in further if way not in visited]
            turn = turn_page(
                read.seen,
                here,
                known,
                pages=pages,
                has_next=bool(ways),
                is_alone=len(source.urls) == 1,
                limits=self._limits,
            )
            is_whole = is_first or is_cut(like) or is_fragment(page) or not is_cut(page)
            if not is_whole:  # what is missing of it may lead on
                read.leave(here_at, NotAPage("a page that ends in its middle", subject=here_at))
            met = {one.url for one in read.seen}
            read.seen.extend(one for one in here if one.url not in met)
            if not turn.goes_on and not goes_back:
                return
            following = self._next(ways, visited, read)
            if following is None:
                return
            (here_at, page), is_first, pages = following, False, pages + 1

    def _next(self, ways: Sequence[str], visited: set[str], read: ListingsRead) -> tuple[str, Page] | None:
        """The next listing page by the surest way that leads to one, and its address; one that failed is noted."""
        at, answer = self._by_surest(ways, visited)
        if isinstance(answer, ScrapeError):
            read.leave(at, answer)
        return (at, answer) if isinstance(answer, Page) else None

    def _by_surest(self, ways: Sequence[str], visited: set[str]) -> tuple[str, Page | ScrapeError | None]:
        """What came by the first of two ways that leads to a page not seen before, or may do so at another time.

        Else the first failure; None where both lead in circles. With the address.
        """
        failed: tuple[str, ScrapeError] | None = None
        for way in ways[:2]:
            visited.add(way)
            answer = self._visitor.visit(way)
            if isinstance(answer, Page) and answer.url not in visited - {way}:
                visited.add(answer.url)
                return way, answer
            if isinstance(answer, ScrapeError):
                if may_come(answer):
                    return way, answer
                failed = failed or (way, answer)
        return failed or ("", None)

    def _sightings(self, listing: Listing, source: Source, *, now: datetime) -> tuple[Sighting, ...]:
        languages = (source.language,) if source.language else ()
        return sightings((listing,), now=now, time_zone=source.time_zone, languages=languages)

    def _stands_in(
        self, found: ReadListing, here: Sequence[Sighting], read: ListingsRead, source: Source, *, at: str
    ) -> NotAPage | None:
        """What is wrong with a further page that shows something else in place of older items, or nothing."""
        shown = {one.url for one in here}
        if not shown:
            return NotAPage(f"a page without items ({found.look.value if found.look else 'an empty list'})", subject=at)
        known = {url for story in self._known(source, here) for url in story.urls}
        is_list = bool(shown & known) and not shown <= {one.url for one in read.seen}
        if found.look is None or is_list:
            return None
        return NotAPage(f"a page that looks like this: {found.look.value}", subject=at)

    def _known(self, source: Source, here: Sequence[Sighting]) -> tuple[Known, ...]:
        return known_stories(self._store, source, [one.url for one in here])


def _visit(url: str, page: Page, *, now: datetime) -> ListingVisit:
    return ListingVisit(url=url, validators=page.validators, visited_at=now, fresh_until=page.fresh_until)


def may_come(error: ScrapeError) -> bool:
    """Whether a page that did not come may come at another time."""
    if isinstance(error, BadStatus):
        return error.status == 429 or error.status >= 500
    return isinstance(error, NotNow | Unreachable)


def _goes_back(here: Sequence[Sighting], known: Sequence[Known]) -> bool:
    """Whether a sitemap of an index has only just begun, so that the one before it belongs to the list.

    Its dates must say so: an old one that was edited last proves nothing.
    """
    newest = max((story.day for story in known), default="")
    return 0 < len(here) < _BEGUN and all(one.day for one in here) and max(one.day for one in here) >= newest


def _family(ways: Sequence[str]) -> tuple[str, ...]:
    """The first sitemap of an index with those that differ from it by their numbers alone (months, parts).

    The others are other kinds of pages: of authors, of tags, about the house.
    """
    kinds = [_DIGITS.sub("", way) for way in ways]
    return tuple(way for way, kind in zip(ways, kinds, strict=True) if kind == kinds[0])


def _is_index(listing: Listing) -> bool:
    """Whether a page names sitemaps instead of releases."""
    return listing.plan == "sitemap" and not listing.items and bool(listing.next_urls)


def known_stories(store: Store, source: Source, urls: Sequence[str]) -> tuple[Known, ...]:
    """What the store knows of this source, and each item still waiting for its release page as a story of its own."""
    stories = store.entries.stories(source.key, urls)
    known = [
        Known(
            uuid=one.uuid,
            title=one.title,
            day=one.day,
            urls=one.urls,
            listed_urls=one.listed_urls,
            canonical_url=one.canonical_url,
            link=one.link,
            listed_title=one.listed_title,
            first_seen_at=one.first_seen_at,
        )
        for one in stories
    ]
    pending = sorted(store.visits.pending_urls(source.key))
    return (*known, *(Known(uuid=f"{_PENDING}{url}", title="", urls=(url,), is_pending=True) for url in pending))


#: What stands before the address of a waiting item in place of an id.
_PENDING = "pending:"
