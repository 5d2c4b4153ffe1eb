"""What a scrape reads pages with: extraction and normalization, one tree a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from feedsvc.errors import BadStatus, NotAPage, NothingFound, NotNow, Refused
from feedsvc.extract.document import Document
from feedsvc.extract.induce import induce
from feedsvc.extract.listing import ReadListing, as_far_as_read
from feedsvc.extract.plans import find_plans
from feedsvc.extract.release import read_release
from feedsvc.lexicon.pagelooks import Look
from feedsvc.model import Draft, Entry, FoundMedia, ListingItem, Page, Plan, Source
from feedsvc.normalize.entry import normalize
from feedsvc.service.heavy import HeavyReader, is_heavy
from feedsvc.service.lists import look_at, read_list

#: Endings of files that are linked in place of a release page, and their media types.
_FILES = {
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


#: Markup of more characters is normalized by the process for heavy pages, too.
_LONG = 300_000
#: What a page of few words looks like.
_FEW_WORDS = (Look.EMPTY, Look.APP_SHELL)
#: One process for all readers: pages so heavy are rare.
_heavy = HeavyReader()


class PageReader:
    """Implements ``scrape.Reading``; heavy pages are read in a process that can be killed (rule F6)."""

    def __init__(self, heavy: HeavyReader | None = _heavy) -> None:
        self._heavy = heavy

    def document(self, page: Page) -> Document:
        """A page as a tree."""
        return Document.parse(page)

    def listing(self, page: Page, source: Source) -> ReadListing:
        """The items of a listing page, and what it looks like where it looks like something else.

        Raises NothingFound for a page that takes too long to read.
        """
        page = as_far_as_read(page)
        if self._heavy is not None and is_heavy(page):
            return self._heavy.listing(page, source)
        return read_list(page, source)

    def listing_like(self, page: Page, source: Source, like: Page) -> ReadListing:
        """A further page, read by the rules that the items of another page of its list give."""
        has_rules = source.rules.item is not None or source.rules.link is not None
        is_too_heavy = self._heavy is not None and (is_heavy(page) or is_heavy(like))
        rules = None if has_rules or is_too_heavy else induce(Document.parse(like))
        if rules is None:
            return self.listing(page, source)
        found = self.listing(page, replace(source, rules=rules))
        # so few words make a page look empty; what the list's own rules find in it is there
        return replace(found, look=None) if found.listing.items and found.look in _FEW_WORDS else found

    def plans(self, page: Page, fetch: Callable[[str], Page]) -> tuple[Plan, ...]:
        """The ways in that a listing page declares, tried with ``fetch``; none for a page too heavy to look twice."""
        if self._heavy is not None and is_heavy(page):
            return ()
        return find_plans(page, fetch, is_thorough=False)

    def ways(self, page: Page, fetch: Callable[[str], Page]) -> tuple[Plan, ...]:
        """Every way in, also those that the page does not declare, tried with ``fetch``."""
        if self._heavy is not None and is_heavy(page):
            return (self._only_plan(page, self._heavy),)
        return find_plans(page, fetch)

    def draft(self, page: Page, item: ListingItem | None, source: Source) -> Draft:
        """A release page as printed."""
        if self._heavy is not None and is_heavy(page):
            return self._heavy.draft(page, item, source)[0]
        return read_release(Document.parse(page), source.rules.release, item)

    def printed(self, page: Page, item: ListingItem | None, source: Source) -> Draft:
        """A release page as printed. Raises NothingFound where the page stands in for it."""
        document = Document.parse(page)
        draft = read_release(document, source.rules.release, item)
        if draft.body is None and (look := look_at(document)) is not None:
            raise NothingFound(
                f"no release but a page that looks like this: {look.value}",
                subject=page.url,
                remedy="it is tried again at later scrapes",
            )
        return draft

    def release(
        self,
        page: Page,
        item: ListingItem | None,
        source: Source,
        *,
        now: datetime,
        further: Callable[[str], Page] | None = None,
    ) -> Entry:
        """The entry of a release page and its further pages. Raises NothingFound where the page stands in for it."""
        spent = 0.0
        if self._heavy is not None and is_heavy(page):
            draft, spent = self._heavy.draft(page, item, source)
        else:
            draft = self.printed(page, item, source)
        if further is not None and draft.body is not None:
            draft = self._joined(draft, source, further)
        return self._entry(draft, item, source, now=now, spent=spent)

    def item(self, item: ListingItem, source: Source, *, now: datetime) -> Entry:
        """The entry of an item whose listing says all there is."""
        return self._entry(draft_of(item), item, source, now=now)

    def _entry(
        self, draft: Draft, item: ListingItem | None, source: Source, *, now: datetime, spent: float = 0.0
    ) -> Entry:
        """A draft normalized, a long one in what its page left of the process's time."""
        if self._heavy is not None and draft.body is not None and len(draft.body.text) > _LONG:
            return self._heavy.entry(draft, item, source, now=now, spent=spent)
        return normalize(draft, item=item, source=source, now=now)

    def _joined(self, draft: Draft, source: Source, further: Callable[[str], Page]) -> Draft:
        """The draft with the bodies of its further pages behind its own.

        A page that is not there or may not be read ends the joining; one that does not come now raises, so that no
        half of an article is taken for the whole.
        """
        assert draft.body is not None
        parts, enclosures = [draft.body.text], list(draft.enclosures)
        for url in draft.next_urls:
            try:
                page = further(url)
            except NotNow:
                raise
            except (NotAPage, Refused):
                break
            except BadStatus as error:
                if error.status in (404, 410):
                    break
                raise
            more = self.draft(page, None, source)
            if more.body is None or more.body.text in parts:
                break
            parts.append(more.body.text)
            enclosures.extend(file for file in more.enclosures if file not in enclosures)
        return replace(draft, body=replace(draft.body, text="\n".join(parts)), enclosures=tuple(enclosures))

    def _only_plan(self, page: Page, heavy: HeavyReader) -> Plan:
        """What a page shows that is too heavy to look for other ways in."""
        listing = heavy.listing(page, Source(key="", urls=(page.url,), title="", category="")).listing
        note = "the page's own list; it is too large to look for other ways in"
        return Plan(kind="html", url=page.url, listing=listing, agreement=1.0 if listing.items else None, note=note)


def draft_of(item: ListingItem) -> Draft:
    """An item as if it were a page of its own; a linked file becomes its enclosure."""
    ending = item.url.partition("?")[0].rpartition(".")[2].casefold()
    file = FoundMedia(url=item.url, where="listing", type=_FILES[ending]) if ending in _FILES else None
    return Draft(
        url=item.url,
        title=item.title,
        published=item.published,
        authors=item.authors,
        summary=item.summary,
        body=item.body,
        image=item.image,
        enclosures=(file,) if file else (),
    )
