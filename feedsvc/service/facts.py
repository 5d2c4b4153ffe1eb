"""What a feed says of itself, from configuration and store: pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property, lru_cache

from feedsvc.config import Settings
from feedsvc.model import Cadence, Category, FeedRef, Filter, Source
from feedsvc.normalize.urls import absolute
from feedsvc.protocols import FeedIdentity
from feedsvc.publish.assemble import FeedFacts, Rights

#: Bounds of Cache-Control's max-age in seconds (specs/feeds.md 7.6).
MAX_AGE_LEAST, MAX_AGE_MOST = 60, 900
#: How long an archive may be believed: it changes by edits and withdrawals only.
ARCHIVE_MAX_AGE = 86_400
#: The gap taken where a source plans none by itself (cron lines, automatic pace).
USUAL_GAP = timedelta(minutes=20)
#: Grows when the writers change, so that kept renderings of an older program are made anew.
WRITERS_VERSION = 5


class SourceNames(Mapping[str, tuple[str, str]]):
    """The title and the address of each source as feeds name them, made when one is asked for.

    Each document is made with all of them at hand, and shows a few. It is written out as a digest of all, so that what
    depends on them is known to have changed with any.
    """

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources

    def __getitem__(self, key: str) -> tuple[str, str]:
        source = self._sources[key]
        if not source.urls:
            raise KeyError(key)
        return source.title or key, _uri(source.urls[0])

    def __iter__(self) -> Iterator[str]:
        return (key for key, source in self._sources.items() if source.urls)

    def __len__(self) -> int:
        return sum(1 for _key in self)

    @cached_property
    def digest(self) -> str:
        """Changes with any name, and with nothing else."""
        whole = hashlib.sha256()
        for key, source in self._sources.items():
            whole.update(repr((key, source.title, source.urls[:1])).encode("utf-8", "replace"))
        return whole.hexdigest()

    def __repr__(self) -> str:
        return f"SourceNames({self.digest})"


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything that has a feed, as configuration and store name it at one moment."""

    settings: Settings
    #: Path -> category, parents before children.
    categories: Mapping[str, Category] = field(default_factory=dict)
    #: Key -> source, as in force.
    sources: Mapping[str, Source] = field(default_factory=dict)
    #: Name -> saved feed.
    filters: Mapping[str, Filter] = field(default_factory=dict)
    #: ``FeedRef.path`` of feeds that are no more -> the path they went to, "" for nowhere.
    gone: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def names(self) -> SourceNames:
        """How feeds name sources."""
        return SourceNames(self.sources)

    @cached_property
    def rights(self) -> Rights:
        """How much of an entry's text may be published."""
        return Rights(
            sources={key: source.content for key, source in self.sources.items() if source.content != "full"},
            categories={
                path: category.content
                for path, category in self.categories.items()
                if category.content not in (None, "full")
            },
        )

    def planned_gap(self, ref: FeedRef) -> timedelta:
        """The shortest time between two planned scrapes of the sources that may add to a feed."""
        gap = self._gaps.get(ref)
        if gap is None:
            gap = planned_gap(source.cadence for source in self.sources_of(ref) if source.is_enabled)
            self._gaps[ref] = gap
        return gap

    @cached_property
    def _gaps(self) -> dict[FeedRef, timedelta]:
        return {}

    def refs(self) -> tuple[FeedRef, ...]:
        """Every feed: all, then the categories, then saved feeds, then the sources."""
        return (
            FeedRef(kind="all"),
            *(FeedRef(kind="category", key=path) for path in self.categories),
            *(FeedRef(kind="filter", key=name) for name in self.filters),
            *(FeedRef(kind="source", key=key) for key in self.sources),
        )

    def find(self, path: str) -> FeedRef | None:
        """The feed at ``feeds/<path>`` or ``sources/<key>``, or None. No query, whatever is asked for."""
        kind, _, key = path.partition("/")
        if kind == "feeds":
            if key == "all":
                return FeedRef(kind="all")
            if key in self.filters:
                return FeedRef(kind="filter", key=key)
            return FeedRef(kind="category", key=key) if key in self.categories else None
        return FeedRef(kind="source", key=key) if kind == "sources" and key in self.sources else None

    def sources_of(self, ref: FeedRef) -> tuple[Source, ...]:
        """The sources that may add to a feed; one whose pages name their own category may add to any."""
        if ref.kind == "source":
            return (self.sources[ref.key],) if ref.key in self.sources else ()
        if ref.kind == "all":
            return tuple(self.sources.values())
        if ref.kind == "filter":
            return self._sources_of_filter(self.filters[ref.key])
        return tuple(
            source
            for source in self.sources.values()
            if source.category is None or f"{source.category}/".startswith(f"{ref.key}/")
        )

    def _sources_of_filter(self, wanted: Filter) -> tuple[Source, ...]:
        if wanted.sources:
            return tuple(self.sources[key] for key in wanted.sources if key in self.sources)
        refs = [FeedRef(kind="category", key=path) for path in wanted.categories] or [FeedRef(kind="all")]
        return tuple({source.key: source for ref in refs for source in self.sources_of(ref)}.values())

    def takes_deltas(self, ref: FeedRef) -> bool:
        """Whether the settings let readers of this feed ask for what is new alone."""
        name = {"all": "all", "source": f"source:{ref.key}"}.get(ref.kind, ref.key)
        return name in self.settings.feeds.deltas

    def title(self, ref: FeedRef) -> str:
        """What people call the feed."""
        if ref.kind == "all":
            return self.settings.feeds.title
        if ref.kind == "source":
            return self.sources[ref.key].title or ref.key
        if ref.kind == "filter":
            return self.filters[ref.key].title
        return self.categories[ref.key].title or ref.key

    def description(self, ref: FeedRef) -> str:
        """What the feed is about, "" where nobody said."""
        if ref.kind == "filter":
            return self.filters[ref.key].description
        return self.categories[ref.key].description if ref.kind == "category" else ""


def facts_of(ref: FeedRef, catalogue: Catalogue, identity: FeedIdentity) -> FeedFacts:
    """Everything that the feed's document says besides its entries."""
    feeds = catalogue.settings.feeds
    line = _ancestry(ref, catalogue.categories)
    source = catalogue.sources.get(ref.key) if ref.kind == "source" else None
    gap = catalogue.planned_gap(ref)
    return FeedFacts(
        ref=ref,
        identity=identity,
        title=catalogue.title(ref),
        description=catalogue.description(ref),
        base_url=catalogue.settings.server.base_url.rstrip("/"),
        language=source.language if source else next((one.language for one in line if one.language), None),
        author=next((one.author for one in line if one.author), None) or feeds.author or feeds.title,
        rights=next((one.rights for one in line if one.rights), None) or feeds.rights,
        image=next((one.image for one in line if one.image), None) or feeds.image,
        hubs=hubs_of(catalogue.settings),
        sources=catalogue.names,
        categories={path: category.title for path, category in catalogue.categories.items()},
        permits=catalogue.rights,
        ttl_minutes=max(1, round(gap.total_seconds() / 60)),
        max_age=max_age(gap),
    )


def hubs_of(settings: Settings) -> tuple[str, ...]:
    """The hubs that feeds name: those elsewhere that the settings give, else our own where it is on."""
    if settings.feeds.hub or not settings.hub.enabled:
        return settings.feeds.hub
    return (f"{settings.server.base_url.rstrip('/')}/hub",)


def archive_facts(facts: FeedFacts) -> FeedFacts:
    """The same feed's facts for an archive, which may be believed longer."""
    return replace(facts, max_age=ARCHIVE_MAX_AGE)


def planned_gap(cadences: Iterable[Cadence]) -> timedelta:
    """The shortest time between two planned scrapes of these."""
    return min(map(_gap, cadences), default=USUAL_GAP)


def max_age(gap: timedelta) -> int:
    """A quarter of the gap in seconds, within bounds: readers wait that long, so a long one is late news."""
    return int(min(max(gap.total_seconds() / 4, MAX_AGE_LEAST), MAX_AGE_MOST))


def recipe_of(facts: FeedFacts, *choices: object) -> str:
    """Changes when anything but the entries changes what a document says, or which of them it shows (``choices``)."""
    facts = replace(facts, identity=replace(facts.identity, updated=None))
    return hashlib.sha256(f"{WRITERS_VERSION}:{facts!r}:{choices!r}".encode("utf-8", "replace")).hexdigest()[:32]


@lru_cache(maxsize=10_000)
def _uri(url: str) -> str:
    """A configured address, which people write as they read it, in the form that RSS asks for (RFC 3986)."""
    return absolute(url, base_url=url) or url


def _gap(cadence: Cadence) -> timedelta:
    if cadence.every is not None:
        return cadence.every
    if cadence.budget is not None:
        count, per = cadence.budget
        return per / max(count, 1)
    return USUAL_GAP


def _ancestry(ref: FeedRef, categories: Mapping[str, Category]) -> tuple[Category, ...]:
    """A category and all above it, itself first: what it leaves unsaid, they say."""
    if ref.kind != "category":
        return ()
    parts = ref.key.split("/")
    paths = ("/".join(parts[:depth]) for depth in range(len(parts), 0, -1))
    return tuple(categories[path] for path in paths if path in categories)
