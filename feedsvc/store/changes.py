"""What changed between two readings of one story, and whether a subscriber would want to see it (specs/feeds.md 1.5).

Significant: title, text, link, enclosure, as ``StoryIdentity.significant_digest`` weighs them. Silent: everything else
that is worth keeping, such as a repaired byline. Nothing at all: white space, counters of views and comments, addresses
signed anew, fields that a later reading failed to find.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from feedsvc.model import Entry, Media
from feedsvc.protocols import StoryIdentity

_SIGNIFICANT = ("title", "link", "content", "enclosures")
_SILENT = ("subtitle", "authors", "publisher", "category_path", "tags", "summary", "image", "language")
_ADDRESS = re.compile(r"""(?:src|href|poster)="([^"]*)\"""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Names of the fields that changed, and whether subscribers should see the entry as updated."""

    fields: tuple[str, ...] = ()
    is_significant: bool = False


def merged(old: Entry, new: Entry, *, identity: StoryIdentity, is_known_address: bool) -> Entry:
    """The entry to keep: what the new reading found, else what the old one had; addresses that only seem new stay.

    ``is_known_address`` says that the new canonical URL already belonged to the story.
    """
    same_text = not new.content or _says_the_same(old, new, identity)
    return replace(
        new,
        canonical_url=old.canonical_url,
        link=old.link if is_known_address else new.link,
        title=new.title or old.title,
        subtitle=new.subtitle or old.subtitle,
        published=old.published or new.published,
        authors=new.authors or old.authors,
        publisher=new.publisher or old.publisher,
        category_path=new.category_path or old.category_path,
        tags=new.tags or old.tags,
        summary=old.summary if same_text and old.summary else new.summary,
        content=old.content if same_text else new.content,
        raw_content=old.raw_content if same_text else new.raw_content,
        image=_medium(old.image, new.image) if new.image else old.image,
        enclosures=_enclosures(old.enclosures, new.enclosures),
        language=new.language or old.language,
    )


def difference(old: Entry, kept: Entry, *, identity: StoryIdentity) -> Difference:
    """What changed from ``old`` to ``kept``, as ``merged`` made it."""
    fields = tuple(name for name in (*_SIGNIFICANT, *_SILENT) if getattr(old, name) != getattr(kept, name))
    is_telling = any(name in _SIGNIFICANT for name in fields)
    return Difference(
        fields=fields,
        is_significant=is_telling and identity.significant_digest(old) != identity.significant_digest(kept),
    )


def _says_the_same(old: Entry, new: Entry, identity: StoryIdentity) -> bool:
    """Whether the new content has the same words, links and images: then the old bytes stay."""
    if old.content == new.content:
        return True
    alone = replace(old, content=new.content)
    return identity.significant_digest(old) == identity.significant_digest(alone) and _addresses(
        old.content
    ) == _addresses(new.content)


def _addresses(content: str) -> list[str]:
    return [_unsigned(html.unescape(url)) for url in _ADDRESS.findall(content)]


def _unsigned(url: str) -> str:
    """A media URL without its query, which sites sign anew at every visit."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.netloc}{parts.path}"


def _medium(old: Media | None, new: Media) -> Media:
    return old if old is not None and _unsigned(old.url) == _unsigned(new.url) else new


def _enclosures(old: tuple[Media, ...], new: tuple[Media, ...]) -> tuple[Media, ...]:
    if not new or [_unsigned(media.url) for media in old] == [_unsigned(media.url) for media in new]:
        return old
    known = {_unsigned(media.url): media for media in old}
    return tuple(known.get(_unsigned(media.url), media) for media in new)
