"""A source as people fill it in: every field as text, checked by the rules of source files, faults beside fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from pydantic import ValidationError

from feedsvc.config.cadences import EXCLUSIVE
from feedsvc.config.loading import SOURCE_KEYS
from feedsvc.config.settings import Defaults
from feedsvc.config.source_file import ReleaseRulesTable, RulesTable, SourceFile, source_of
from feedsvc.config.values import write_budget, write_duration
from feedsvc.model import Cadence, Source
from feedsvc.service.refusal import sentences, unwritable

CADENCES = EXCLUSIVE
#: In place of one of them: an admin leaves it to the source's category.
FROM_CATEGORY = "category"
_LISTS = ("url", "rules.release.remove")
_RULES = tuple(f"rules.{name}" for name in RulesTable.model_fields if name != "release")
_RELEASE_RULES = tuple(f"rules.release.{name}" for name in ReleaseRulesTable.model_fields)
#: What the form of a source asks for; its schedule has a form of its own.
FIELDS = (
    "url", "title", "category", "language", "time_zone", "publisher", "kind", "content", *_RULES, *_RELEASE_RULES,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What came of a form: a source, or what is wrong, by field."""

    source: Source | None = None
    faults: Mapping[str, str] = ()  # type: ignore[assignment]


def written(source: Source) -> dict[str, str]:
    """Every field of a source as its form shows it; lists one a line."""
    cadence = source.cadence
    texts: dict[str, str | None] = {
        "url": "\n".join(source.urls),
        "title": source.title,
        "category": source.category,
        "language": source.language,
        "time_zone": source.time_zone,
        "publisher": source.publisher,
        "kind": source.kind,
        "content": source.content,
        "every": write_duration(cadence.every) if cadence.every else None,
        "cron": cadence.cron,
        "budget": write_budget(cadence.budget) if cadence.budget else None,
        "active": cadence.active,
        "jitter": write_duration(cadence.jitter) if cadence.jitter is not None else None,
    }
    for name in RulesTable.model_fields:
        if name != "release":
            texts[f"rules.{name}"] = getattr(source.rules, name)
    for name in ReleaseRulesTable.model_fields:
        value = getattr(source.rules.release, name)
        texts[f"rules.release.{name}"] = "\n".join(value) if isinstance(value, tuple) else value
    return {name: text or "" for name, text in texts.items()}


def read_source(key: str, texts: Mapping[str, str], *, base: Source) -> Filled:
    """The source that a form describes; its cadence and whether it is enabled come from ``base``."""
    if faults := unwritable({name: texts.get(name, "") for name in FIELDS}):
        return Filled(faults=faults)
    values: dict[str, object] = {}
    for name in FIELDS:
        text = texts.get(name, "").strip()
        if not text:
            continue
        target, *path = reversed(name.split("."))
        table = values
        for part in reversed(path):
            table = table.setdefault(part, {})  # type: ignore[assignment]
        table[target] = [line.strip() for line in text.splitlines() if line.strip()] if name in _LISTS else text
    file, faults = _validated(values)
    if file is None:
        return Filled(faults=faults)
    made = source_of(key, file, Defaults())
    return Filled(source=replace(made, cadence=base.cadence, is_enabled=base.is_enabled))


def read_cadence(kind: str, text: str) -> tuple[Cadence | None, str]:
    """``("every", "30m")`` as a cadence, or a sentence that says what is wrong."""
    if kind not in CADENCES:
        return None, "is none of every, cron and budget: choose one."
    if not text.strip():
        return None, 'is empty: write "30m", "*/20 8-18 * * mon-fri" or "48/day".'
    file, faults = _validated({"url": "https://host.example/", kind: text.strip()})
    if file is None:
        return None, faults[kind]
    return Cadence(every=file.every, cron=file.cron, budget=file.budget), ""


def read_active(text: str) -> tuple[str | None, str]:
    """Active hours, None for all hours; or a sentence that says what is wrong."""
    if not text.strip():
        return None, ""
    file, faults = _validated({"url": "https://host.example/", "active": text.strip()})
    return (file.active, "") if file is not None else (None, faults["active"])


def read_jitter(text: str) -> tuple[timedelta | None, str]:
    """By how much scrapes may come later, None for what suits the interval; or a sentence that says what is wrong."""
    if not text.strip():
        return None, ""
    file, faults = _validated({"url": "https://host.example/", "jitter": text.strip()})
    return (file.jitter, "") if file is not None else (None, faults["jitter"])


def read_category(text: str) -> tuple[str | None, str]:
    """A category's path, None for the page's own breadcrumb; or a sentence that says what is wrong."""
    if not text.strip():
        return None, ""
    file, faults = _validated({"url": "https://host.example/", "category": text.strip()})
    return (file.category, "") if file is not None else (None, faults["category"])


def _validated(values: Mapping[str, object]) -> tuple[SourceFile | None, dict[str, str]]:
    try:
        return SourceFile.model_validate(values), {}
    except ValidationError as error:
        found = sentences(error, values, known=SOURCE_KEYS)
        if "url" not in values:
            found["url"] = "is missing: name the page that lists the releases."
        return None, found
