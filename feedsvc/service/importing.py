"""What other tools watch, as source files: checked like any, named, and without what is watched already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from feedsvc.config import Config
from feedsvc.config.category_tree import fault_of_segment
from feedsvc.config.source_file import free_key
from feedsvc.config.values import write_duration
from feedsvc.importers import Wish
from feedsvc.model import Source, segment
from feedsvc.model.source import DEPTH_MAX
from feedsvc.service.refusal import Unfit
from feedsvc.service.source_document import new_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of one wish."""

    url: str
    #: None where it was left out.
    source: Source | None = None
    #: Why it was left out, or what of it was.
    remark: str = ""


def imported(wishes: Iterable[Wish], config: Config, *, known: Iterable[Source] = ()) -> tuple[Imported, ...]:
    """Each wish as a source that can be added beside those of the configuration and ``known``; nothing is written."""
    here = [*config.sources, *known]
    watched = {_address(url): source.key for source in here for url in source.urls}
    keys = {source.key for source in here}
    found = []
    for wish in wishes:
        if (holder := watched.get(_address(wish.url))) is not None:
            found.append(Imported(url=wish.url, remark=f"is watched already: it is the source {holder}"))
            continue
        try:
            source = new_source(free_key(wish.url, keys), _values(wish), config)
        except Unfit as error:
            found.append(Imported(url=wish.url, remark="; ".join(_words(error))))
            continue
        watched[_address(wish.url)] = source.key
        keys.add(source.key)
        found.append(Imported(url=wish.url, source=source, remark=wish.remark))
    return tuple(found)


def _values(wish: Wish) -> dict[str, Any]:
    """The wish as a source file would write it."""
    values = {
        "url": wish.url,
        "title": " ".join(wish.title.split())[:200] or None,
        "category": _category(wish.folders) or None,
        "kind": wish.kind,
        "every": write_duration(wish.every) if wish.every is not None else None,
        "enabled": wish.is_enabled,
    }
    return {name: value for name, value in values.items() if value is not None}


def _category(folders: Iterable[str]) -> str:
    """A path made of folders; what no address can hold is left out."""
    parts = [part for part in map(segment, folders) if part and fault_of_segment(part) is None]
    return "/".join(parts[:DEPTH_MAX])


def _address(url: str) -> str:
    """What two spellings of one address share."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{parts.query}"


def _words(error: Unfit) -> Iterable[str]:
    return (f"{name} {sentence.rstrip('.')}" for name, sentence in error.faults.items())
