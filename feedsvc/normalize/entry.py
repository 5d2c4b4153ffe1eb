"""A Draft (what a page prints) to an Entry (dated, identified, safe). Every field says where it came from.

specs/feeds.md 1 and 2; rules C1-C6 of specs/reliability.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from feedsvc.errors import NothingFound
from feedsvc.lexicon.pagelooks import Look, look_of
from feedsvc.model import Draft, Entry, Found, ListingItem, Provenance, Source, When
from feedsvc.normalize.address import Address, address_of, is_front_page
from feedsvc.normalize.dates import choose
from feedsvc.normalize.identity import share_words, title_key, words_of
from feedsvc.normalize.media import enclosures_of, image_of
from feedsvc.normalize.names import person_names
from feedsvc.normalize.sanitize import sanitize
from feedsvc.normalize.text import SUMMARY_MAX, body_text, line, plain, shorten, summary_of, xml_safe
from feedsvc.normalize.urls import canonicalize

#: Voices that print markup, or text in which characters are escaped; all others give text that is decoded already.
MARKUP_VOICES = ("jsonld", "json", "feed", "rss", "atom", "wordpress", "state", "sitemap")
#: A date may lie this far ahead; one further ahead is unknown (rule C6).
_AHEAD = timedelta(hours=24)
_TAGS_MAX, _AUTHORS_MAX, _PATH_MAX = 50, 50, 6
#: A description shorter than this says less than the text's own beginning.
_TELLING = 40
_TITLE_FROM_TEXT = 80
#: Words in the title of a wall, or Han characters, at most.
_WALL_MOST, _WALL_HAN_MOST = 3, 8
#: What a page of few words looks like.
_FEW_WORDS = (Look.EMPTY, Look.APP_SHELL)


def normalize(draft: Draft, *, item: ListingItem | None, source: Source, now: datetime) -> Entry:
    """The entry that a release page holds; ``item`` is what its listing said, and fills what the page leaves open.

    ``now`` is when the page was fetched. Raises NothingFound where the page is not a release: it led to the home page
    or to a listing, it is an error or login page under another title than promised, or it has neither title nor text.
    """
    _refuse_detours(draft, item, source)
    work = _Normalizing(draft=draft, item=item, source=source, now=now)
    address = work.address()
    content = sanitize(
        draft.body.text if draft.body else item.body.text if item and item.body else "", base_url=draft.url
    )
    title = work.title(content)
    _refuse_stand_ins(title, content, item, draft)
    published = work.published()
    return Entry(
        link=address.link,
        canonical_url=address.canonical_url,
        aliases=address.aliases,
        title=title,
        subtitle=work.text("subtitle", draft.subtitle) or None,
        published=published,
        updated=work.updated(published),
        authors=work.authors(),
        publisher=work.text("publisher", draft.publisher) or source.publisher,
        category_path=work.category_path(),
        tags=_distinct(map(_text, draft.tags), _TAGS_MAX),
        summary=work.summary(title, content),
        content=content,
        raw_content=work.raw_content(),
        image=image_of(draft.image or (item.image if item else None), base_url=draft.url),
        enclosures=enclosures_of(draft.enclosures, base_url=draft.url),
        language=work.language(),
        provenance=work.provenance,
        flags=tuple(work.flags),
    )


def entry_from_item(item: ListingItem, *, source: Source, now: datetime) -> Entry:
    """The entry that a listing alone gives: from a feed's full text, or where robots.txt closes the release page."""
    draft = Draft(
        url=item.url,
        title=item.title,
        published=item.published,
        authors=item.authors,
        tags=tuple(Found(text=one, where="listing") for one in item.categories),
        summary=item.summary,
        body=item.body,
        image=item.image,
    )
    return normalize(draft, item=None, source=source, now=now)


def _refuse_detours(draft: Draft, item: ListingItem | None, source: Source) -> None:
    """A release link that ends at the home page or a listing is a story that is not there (yet, or any more)."""
    if item is None or canonicalize(item.url) == canonicalize(draft.url):
        return
    listings = {canonicalize(url) for url in source.urls}
    if is_front_page(draft.url) or canonicalize(draft.url) in listings:
        raise NothingFound(
            f"the release page leads to {draft.url}, which is no release", subject=item.url, remedy="tried again later"
        )


def _refuse_stand_ins(title: str, content: str, item: ListingItem | None, draft: Draft) -> None:
    """Errors are never entries: a page that is not titled as promised, and looks like an error, is one.

    A consent wall stands before the very page that was asked for, and may bear its title: it is told by its text alone.
    """
    promised, given = (title_key(_text(item.title)) if item and item.title else ""), words_of(title)
    look = look_of(title, body_text(content))
    if not promised:
        # releases are about logins, too: a page whose title says that alone, without a day or a word of its address, is
        # a wall
        is_dated = any(found not in (item.published if item else ()) for found in draft.published)
        is_long = len(given) > (_WALL_MOST if title.isascii() else _WALL_HAN_MOST)
        is_telling = is_dated or is_long or bool(set(given) & set(words_of(urlsplit(draft.url).path)))
        look = None if is_telling or look_of(title, "") in _FEW_WORDS else look
    elif share_words(promised, " ".join(given)):
        look = Look.CONSENT if look_of("", body_text(content)) is Look.CONSENT else None
    if look:
        raise NothingFound(
            f"instead of the release there is a page that looks like this: {look.value}", subject=draft.url
        )


@dataclass(slots=True)
class _Normalizing:
    """One draft on its way; notes where each field came from, and what admins should know."""

    draft: Draft
    item: ListingItem | None
    source: Source
    now: datetime
    provenance: dict[str, Provenance] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)

    def address(self) -> Address:
        canonical = self.draft.canonical
        address = address_of(
            self.draft.url,
            canonical=canonical.text if canonical else None,
            requested=self.item.url if self.item else None,
            listing_urls=self.source.urls,
        )
        if address is None:
            raise NothingFound("the release page's address is no link to publish", subject=self.draft.url)
        if address.refusal and canonical:
            self.flags.append(f"canonical: {line(canonical.text, limit=200)} not believed, {address.refusal}")
        return address

    def text(self, name: str, *candidates: Found | None) -> str:
        """The first candidate that says anything, as one line; its voice is noted under ``name``."""
        for found in candidates:
            if found and (text := _text(found)):
                self.note(name, found)
                return text
        return ""

    def note(self, name: str, found: Found) -> None:
        self.provenance[name] = Provenance(where=found.where, confidence=found.confidence)

    def title(self, content: str) -> str:
        title = self.text("title", self.draft.title, self.item.title if self.item else None)
        if title:
            return title
        if beginning := shorten(body_text(content[:4096], captions=False).partition("\n")[0], _TITLE_FROM_TEXT):
            self.flags.append("title: none found, taken from the text's beginning")
            return beginning
        raise NothingFound("the page has neither a title nor text", subject=self.draft.url)

    def published(self) -> When | None:
        candidates = (*self.draft.published, *(self.item.published if self.item else ()))
        chosen = self._choose(candidates)
        if chosen is None:
            if candidates:
                self.flags.append(f"published: {line(candidates[0].text, limit=100)!r} is no date that can be")
            return None
        when, found = chosen
        if when.at > self.now + _AHEAD:
            self.flags.append(f"published: {when.at.isoformat()} is in the future, unknown")
            return None
        self.note("published", found)
        return when

    def updated(self, published: When | None) -> When | None:
        chosen = self._choose(self.draft.updated)
        if chosen is None or chosen[0].at > self.now + _AHEAD or (published and chosen[0].at < published.at):
            return None
        self.note("updated", chosen[1])
        return chosen[0]

    def _choose(self, candidates: Sequence[Found]) -> tuple[When, Found] | None:
        language = self.language()
        return choose(
            candidates,
            now=self.now,
            time_zone=self.source.time_zone,
            languages=(language,) if language else (),
            other_dates=self.draft.other_dates,
        )

    def authors(self) -> tuple[str, ...]:
        found = self.draft.authors or (self.item.authors if self.item else ())
        if found:
            self.note("authors", found[0])
        return _distinct(person_names(map(_text, found)), _AUTHORS_MAX)

    def category_path(self) -> tuple[str, ...]:
        if self.draft.category_path:
            self.note("category_path", self.draft.category_path[0])
        return _distinct(map(_text, self.draft.category_path), _PATH_MAX)

    def summary(self, title: str, content: str) -> str:
        for found in (self.draft.summary, self.item.summary if self.item else None):
            # Descriptions are HTML in feeds and now and then elsewhere.
            text = plain(found.text, limit=10 * SUMMARY_MAX) if found else ""
            if found and text and title_key(text) != title_key(title) and (len(text) >= _TELLING or not content):
                self.note("summary", found)
                return shorten(text, SUMMARY_MAX)
        return summary_of(content)

    def raw_content(self) -> str:
        body = self.draft.body or (self.item.body if self.item else None)
        if body is None:
            return ""
        self.note("content", body)
        return xml_safe(body.text)

    def language(self) -> str | None:
        found = self.draft.language
        if found and (tag := _language(found.text)):
            self.note("language", found)
            return tag
        return _language(self.source.language or "")


def _text(found: Found | None) -> str:
    if found is None:
        return ""
    return plain(found.text) if found.where.startswith(MARKUP_VOICES) else line(found.text)


def _distinct(texts: Iterable[str], limit: int) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for text in texts:
        if text:
            kept.setdefault(text.casefold(), text)
    return tuple(kept.values())[:limit]


def _language(tag: str) -> str | None:
    """A language tag in its usual form (RFC 5646 section 2.1.1), or None where it is none: "zh_cn" gives "zh-CN"."""
    parts = tag.strip().replace("_", "-").split("-")
    if not re.fullmatch(r"[A-Za-z]{2,3}", parts[0]) or any(not re.fullmatch(r"[A-Za-z0-9]{1,8}", one) for one in parts):
        return None
    cased = (one.upper() if len(one) == 2 else one.title() if len(one) == 4 else one.lower() for one in parts[1:])
    return "-".join([parts[0].lower(), *cased])
