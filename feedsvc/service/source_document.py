"""A source as programs write it: the very keys and values of a source file, checked by the same rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from feedsvc.config import Config
from feedsvc.config.cadences import EXCLUSIVE, chosen_cadence
from feedsvc.config.loading import SOURCE_KEYS
from feedsvc.config.settings import Defaults
from feedsvc.config.source_file import SourceFile, check_key, rules_from, source_of
from feedsvc.config.writing import source_values
from feedsvc.model import Rules, Source
from feedsvc.service.refusal import Unfit, sentence_of, sentences, unfit


def read_key(key: str) -> str:
    """A key that a source can have. Raises Unfit."""
    if fault := sentence_of(check_key, key):
        raise unfit("key", fault)
    return key


def new_source(key: str, values: Mapping[str, Any], config: Config) -> Source:
    """The source that a file of these values would declare beside those of ``config``. Raises Unfit.

    One that chooses no cadence leaves it to its category.
    """
    file = _file(values)
    made = source_of(read_key(key), file, config.settings.defaults, config.cadences)
    is_left = not chosen_cadence(file) and file.active is None
    return replace(made, cadence=replace(made.cadence, from_category=is_left))


def changed_source(source: Source, patch: Mapping[str, Any]) -> Source:
    """The source with a part of its file's values changed: a JSON merge patch (RFC 7396). Raises Unfit.

    One of every, cron and budget takes the place of the others.
    """
    before = source_values(source)
    if any(patch.get(name) is not None for name in EXCLUSIVE):
        before = {name: value for name, value in before.items() if name not in EXCLUSIVE}
    made = source_of(source.key, _file(_merged(before, patch)), Defaults())
    is_left = source.cadence.from_category and not any(patch.get(name) for name in (*EXCLUSIVE, "active"))
    cadence = replace(source.cadence, jitter=made.cadence.jitter) if is_left else made.cadence
    return replace(made, cadence=replace(cadence, paused_until=source.cadence.paused_until))


def read_rules(values: Mapping[str, Any]) -> Rules:
    """Rules as a source file writes them. Raises Unfit."""
    try:
        return rules_from(values)
    except ValidationError as error:
        found = sentences(error, values, known=SOURCE_KEYS)
        raise Unfit({f"rules.{name}": sentence for name, sentence in found.items()}) from error


def differing(declared: Source, now: Source) -> tuple[str, ...]:
    """Dotted keys whose values are others than declared."""
    before, after = dict(_flat(source_values(declared))), dict(_flat(source_values(now)))
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def _file(values: Mapping[str, Any]) -> SourceFile:
    try:
        file = SourceFile.model_validate(dict(values))
    except ValidationError as error:
        raise Unfit(sentences(error, values, known=SOURCE_KEYS)) from error
    if len(chosen := chosen_cadence(file)) > 1:
        raise unfit(chosen[1], f"excludes {chosen[0]}: keep one of them.")
    return file


def _merged(before: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(before)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            old = merged.get(name)
            merged[name] = _merged(old if isinstance(old, Mapping) else {}, value)
        else:
            merged[name] = value
    return merged


def _flat(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
