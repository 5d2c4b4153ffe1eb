"""What admins declare: sources, their rules and cadence, and the category tree."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: Longest path segment in characters and deepest path (specs/interfaces.md).
SEGMENT_MAX, DEPTH_MAX = 60, 6
#: The category of entries whose source names none and whose page has no breadcrumb.
DEFAULT_CATEGORY = "news"


def segment(words: str) -> str:
    """The path segment for a category's printed title: NFKC, lower case, all but letters and digits become ``-``.

    Unicode letters stay; "" where nothing is left. ``segment("2023 CIIE Stories") == "2023-ciie-stories"``.
    """
    text = unicodedata.normalize("NFKC", words).casefold()
    text = unicodedata.normalize("NFC", text)
    return re.sub(r"[\W_]+", "-", text).strip("-")[:SEGMENT_MAX].strip("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A topic that people subscribe to; its path's parents roll it up."""

    #: "company/releases"; segments as made by ``segment``.
    path: str
    #: As printed or declared.
    title: str
    description: str = ""
    language: str | None = None
    image: str | None = None
    rights: str | None = None
    author: str | None = None
    content: str | None = None
    #: Paths it had before: their addresses lead here for ever.
    was: tuple[str, ...] = ()
    #: Declared in config (or by an admin), not made from a breadcrumb.
    is_declared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How often a source is scraped: one of ``every``, ``cron``, ``budget``; the rest narrows it."""

    every: timedelta | None = None
    cron: str | None = None
    #: (scrapes, per): (48, 1 day).
    budget: tuple[int, timedelta] | None = None
    #: "06:00-23:00" or "mon-fri 06:00-23:00", in the source's zone.
    active: str | None = None
    #: Scrapes come up to this much later than planned; None: as much as suits the interval.
    jitter: timedelta | None = None
    paused_until: datetime | None = None
    #: An admin left all of it to the source's category, and it changes with that. What a file leaves unsaid is no
    #: concern of this: it is settled whenever the configuration is taken up.
    from_category: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRules:
    """CSS selectors for a release page; None means: find it automatically."""

    title: str | None = None
    subtitle: str | None = None
    body: str | None = None
    published: str | None = None
    updated: str | None = None
    author: str | None = None
    publisher: str | None = None
    category: str | None = None
    image: str | None = None
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """CSS selectors for a listing page, and those of its release pages; None means: find it automatically."""

    item: str | None = None
    link: str | None = None
    title: str | None = None
    published: str | None = None
    summary: str | None = None
    image: str | None = None
    next: str | None = None
    release: ReleaseRules = field(default_factory=ReleaseRules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A section of a website that we watch, as in force: declared in config, with an admin's overrides applied."""

    key: str
    urls: tuple[str, ...]
    title: str
    category: str | None = None
    language: str | None = None
    #: IANA name, or None: the default's.
    time_zone: str = "UTC"
    publisher: str | None = None
    cadence: Cadence = field(default_factory=Cadence)
    is_enabled: bool = True
    #: "auto" | "html" | "feed" | "sitemap" | "json" | "wordpress", or the name of a pinned plan.
    kind: str = "auto"
    #: "full" | "summary" | "link".
    content: str = "full"
    rules: Rules = field(default_factory=Rules)
