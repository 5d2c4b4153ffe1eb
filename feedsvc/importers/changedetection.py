"""changedetection.io: ``url-watches.json`` of its data folder or of a backup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from feedsvc.importers.wish import Wish

_UNITS = ("weeks", "days", "hours", "minutes", "seconds")


def is_changedetection(document: object) -> bool:
    """Whether a JSON document is one of its."""
    return isinstance(document, Mapping) and isinstance(document.get("watching"), Mapping)


def read_changedetection(document: Mapping[str, Any]) -> Iterator[Wish]:
    """Its watches; a tag becomes a folder."""
    tags = _tags(document)
    for watch in document["watching"].values():
        if not isinstance(watch, Mapping) or not isinstance(watch.get("url"), str):
            continue
        filters = [text for text in watch.get("include_filters") or () if isinstance(text, str) and text.strip()]
        yield Wish(
            url=watch["url"].strip(),
            title=str(watch.get("title") or watch.get("page_title") or "").strip(),
            folders=_folders(watch, tags),
            every=None if watch.get("time_between_check_use_default") else _every(watch.get("time_between_check")),
            is_enabled=not watch.get("paused"),
            remark=f"its filter ({filters[0][:60]}) is not taken over: the list is found by itself" if filters else "",
        )


def _tags(document: Mapping[str, Any]) -> dict[str, str]:
    try:
        kept = document["settings"]["application"]["tags"]
        return {key: str(tag["title"]) for key, tag in kept.items()}
    except (KeyError, TypeError, AttributeError):
        return {}


def _folders(watch: Mapping[str, Any], tags: Mapping[str, str]) -> tuple[str, ...]:
    named = watch.get("tags")
    if isinstance(named, list) and named:
        title = tags.get(str(named[0]), "")
        return (title,) if title else ()
    old = watch.get("tag")
    return (old.partition(",")[0].strip(),) if isinstance(old, str) and old.strip() else ()


def _every(kept: object) -> timedelta | None:
    if not isinstance(kept, Mapping):
        return None
    spans = {unit: kept[unit] for unit in _UNITS if isinstance(kept.get(unit), int) and 0 <= kept[unit] < 10**6}
    return timedelta(**spans) or None
