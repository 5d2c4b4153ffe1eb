"""What categories choose for the sources below them: declared in files, or decided by an admin over that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from feedsvc.config import Config
from feedsvc.config.cadences import cadence_of, cadence_origin
from feedsvc.config.settings import Defaults
from feedsvc.config.source_file import SourceFile
from feedsvc.model import Cadence, Source
from feedsvc.store import Store
from feedsvc.store.category_overrides import Decided


def cadences_of(config: Config, decided: Decided) -> Mapping[str, Cadence]:
    """Path -> what a category chooses now, at its present path; those that choose nothing are left out."""
    declared = {path: cadence for old, cadence in config.cadences.items() if (path := decided.path(old))}
    return {path: cadence for path, cadence in {**declared, **decided.cadences}.items() if cadence != Cadence()}


def paced(config: Config, decided: Decided) -> Config:
    """The configuration with the cadences that follow from what an admin decided about categories."""
    cadences, defaults = cadences_of(config, decided), config.settings.defaults
    if cadences == config.cadences and not decided.moves:
        return config
    files = {key: _placed(file, decided) for key, file in config.files.items()}
    chosen = {key: cadence_of(file, cadences, defaults) for key, file in files.items()}
    return replace(
        config,
        cadences=cadences,
        sources=tuple(replace(one, cadence=chosen.get(one.key, one.cadence)) for one in config.sources),
        cadence_origins={
            key: origin for key, file in files.items() if (origin := cadence_origin(file, cadences, defaults))
        },
    )


def left_to_category(source: Source, cadences: Mapping[str, Cadence], defaults: Defaults) -> Source:
    """A source whose cadence was left to its category, with what follows from that; any other as it is."""
    if not source.cadence.from_category:
        return source
    chosen = cadence_of(_unsaid(source), cadences, defaults)
    kept = source.cadence
    return replace(
        source,
        cadence=replace(chosen, jitter=kept.jitter, paused_until=kept.paused_until, from_category=True),
    )


def origin_of_left(source: Source, cadences: Mapping[str, Cadence], defaults: Defaults) -> str:
    """Who chose the cadence of a source that was left to its category, in words."""
    return cadence_origin(_unsaid(source), cadences, defaults)


def follow(store: Store, config: Config) -> int:
    """Bring sources that were left to their category in line with it; how many changed. Raises StoreError."""
    left = store.sources.left_to_category()
    if not left:
        return 0
    cadences = cadences_of(config, store.categories_kept.decided())
    now = {source.key: left_to_category(source, cadences, config.settings.defaults) for source in left}
    return store.sources.pace({source.key: now[source.key].cadence for source in left if now[source.key] != source})


def repace(store: Store, config: Config, *, before: Decided) -> int:
    """Bring sources in line with what was decided since ``before``; how many got another cadence. Raises StoreError.

    Of declared sources only those are touched for which the decisions make a difference: another process may know
    newer files.
    """
    decided = store.categories_kept.decided()
    was = {source.key: source.cadence for source in paced(config, before).sources}
    now = {source.key: source.cadence for source in paced(config, decided).sources}
    changed = {key: cadence for key, cadence in now.items() if cadence != was[key]}
    return (store.sources.pace(changed) if changed else 0) + follow(store, config)


def _placed(file: SourceFile, decided: Decided) -> SourceFile:
    """The file as if it named the present path of its category."""
    path = decided.path(file.category) if file.category else None
    return file.model_copy(update={"category": path}) if path and path != file.category else file


def _unsaid(source: Source) -> SourceFile:
    """A file that says nothing of a cadence."""
    return SourceFile.model_construct(url=source.urls, category=source.category)
