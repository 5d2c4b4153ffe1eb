"""Model values to JSON and back: sources and listing items by their type hints, entries by hand (often read)."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from feedsvc.model.entry import Entry, Media, Precision, Provenance, When

Value = TypeVar("Value")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def moment_of(microseconds: int) -> datetime:
    """The aware UTC moment that is kept as ``microseconds`` since 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


def microseconds_of(moment: datetime) -> int:
    """What is kept for an aware moment; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a zone cannot be stored: {moment}")
    return (moment - _EPOCH) // _MICROSECOND


def encode(value: Any) -> Any:
    """A model value as JSON: dataclasses become objects without their default values, tuples lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            name: encode(found)
            for name, default in _defaults(type(value))
            if (found := getattr(value, name)) != default
        }
    if isinstance(value, datetime):
        return microseconds_of(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    return value


def decode(kind: type[Value], data: Any) -> Value:
    """The value of ``kind`` that ``encode`` wrote; fields that this version does not know are left out."""
    return cast("Value", _decoded(kind, data))


def _decoded(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        return _decoded(next(choice for choice in get_args(kind) if choice is not type(None)), data)
    if origin is tuple:
        choices = get_args(kind)
        if choices[-1] is Ellipsis:
            return tuple(_decoded(choices[0], item) for item in data)
        return tuple(_decoded(choice, item) for choice, item in zip(choices, data, strict=True))
    if dataclasses.is_dataclass(kind):
        hints = _hints(cast("type", kind))
        return cast("type", kind)(**{name: _decoded(hints[name], item) for name, item in data.items() if name in hints})
    if kind is datetime:
        return moment_of(data)
    if kind is timedelta:
        return timedelta(seconds=data)
    return data


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    """(name, default value) of a dataclass' fields; where there is none, a value that equals no other."""
    return tuple((field.name, _default(field)) for field in dataclasses.fields(kind))


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not dataclasses.MISSING else dataclasses.MISSING


def difference(base: Any, wanted: Any) -> dict[str, Any]:
    """What ``merge`` needs to make ``wanted`` of ``base``: the fields that differ, with every value written out."""
    part: dict[str, Any] = {}
    for field in dataclasses.fields(wanted):
        old, new = getattr(base, field.name), getattr(wanted, field.name)
        if old != new:
            part[field.name] = difference(old, new) if dataclasses.is_dataclass(new) else encode(new)
    return part


def merge(base: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with the values of ``part`` in force, objects merged member by member."""
    merged = dict(base)
    for key, value in part.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def entry_fields(entry: Entry) -> dict[str, Any]:
    """What the column ``fields`` keeps of an entry: all that has no column of its own."""
    kept: dict[str, Any] = {
        "subtitle": entry.subtitle,
        "published": _when_out(entry.published),
        "updated": _when_out(entry.updated),
        "authors": entry.authors,
        "publisher": entry.publisher,
        "category_path": entry.category_path,
        "tags": entry.tags,
        "summary": entry.summary,
        "image": _media_out(entry.image) if entry.image else None,
        "enclosures": [_media_out(media) for media in entry.enclosures],
        "language": entry.language,
        "provenance": {name: [found.where, found.confidence] for name, found in entry.provenance.items()},
        "flags": entry.flags,
    }
    return {name: value for name, value in kept.items() if value}


def entry_from(
    fields: Mapping[str, Any], *, link: str, canonical_url: str, title: str, content: str, raw_content: str = ""
) -> Entry:
    """The entry that ``fields`` and the columns keep; aliases stay in their own table."""
    get = fields.get
    image = get("image")
    return Entry(
        link=link,
        canonical_url=canonical_url,
        title=title,
        content=content,
        raw_content=raw_content,
        subtitle=get("subtitle"),
        published=_when_in(get("published")),
        updated=_when_in(get("updated")),
        authors=tuple(get("authors", ())),
        publisher=get("publisher"),
        category_path=tuple(get("category_path", ())),
        tags=tuple(get("tags", ())),
        summary=get("summary", ""),
        image=Media(**image) if image else None,
        enclosures=tuple(Media(**media) for media in get("enclosures", ())),
        language=get("language"),
        provenance={
            name: Provenance(where=where, confidence=sure) for name, (where, sure) in get("provenance", {}).items()
        },
        flags=tuple(get("flags", ())),
    )


def _media_out(media: Media) -> dict[str, Any]:
    return cast("dict[str, Any]", encode(media))


def _when_out(when: When | None) -> list[Any] | None:
    return None if when is None else [microseconds_of(when.at), when.precision.value, when.day]


def _when_in(kept: list[Any] | None) -> When | None:
    return None if kept is None else When(at=moment_of(kept[0]), precision=Precision(kept[1]), day=kept[2])
