"""Writes sources and categories back as TOML; comments and order of an existing source file stay (tomlkit)."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Table as TomlTable

from feedsvc.config.loading import SOURCES_FOLDER
from feedsvc.config.source_file import ReleaseRulesTable, RulesTable
from feedsvc.config.values import write_budget, write_duration
from feedsvc.model import Cadence, Category, Rules, Source

#: What a category's table says of itself.
_CATEGORY_KEYS = ("title", "description", "language", "image", "rights", "author", "content")


def source_path(directory: Path, key: str) -> Path:
    """Where the file of a source stands."""
    return directory / SOURCES_FOLDER / f"{key}.toml"


def source_toml(source: Source, *, existing: str = "") -> str:
    """A source file that declares ``source``, laid over the text of an existing one; unset keys are left out.

    A cadence that was left to the category is left to it in the file, too.
    """
    if source.cadence.from_category:
        source = replace(source, cadence=Cadence(jitter=source.cadence.jitter))
    document = tomlkit.parse(existing)
    if not existing:
        document.add(tomlkit.comment(":schema ../schema/source.schema.json"))
    for name, value in _top(source).items():
        _set(document, name, value)
    tables = _rules(source.rules)
    if tables or "rules" in document:
        table = document.setdefault("rules", tomlkit.table())
        release = tables.pop("release", {})
        for name in RulesTable.model_fields:
            if name != "release":
                _set(table, name, tables.get(name))
        if release or "release" in table:
            inner: TomlTable = table.setdefault("release", tomlkit.table())
            for name in ReleaseRulesTable.model_fields:
                _set(inner, name, release.get(name))
    return tomlkit.dumps(document)


def categories_toml(
    categories: Iterable[Category], cadences: Mapping[str, Cadence], former: Mapping[str, Sequence[str]]
) -> str:
    """A ``categories.toml`` that declares these, parents before children; unset keys are left out.

    ``cadences``: path -> what a category chooses for the sources below it; ``former``: path -> paths it had before.
    """
    document = tomlkit.document()
    document.add(tomlkit.comment(":schema ./schema/categories.schema.json"))
    tables: dict[str, Any] = {}
    for category in categories:
        above, _, name = category.path.rpartition("/")
        table = tables[category.path] = tomlkit.table()
        values = {key: getattr(category, key) or None for key in _CATEGORY_KEYS}
        paced = cadence_values(cadences.get(category.path, Cadence()))
        for key, value in {**values, **paced, "was": list(former.get(category.path, ())) or None}.items():
            _set(table, key, value)
        tables.get(above, document).append(name, table)
    return tomlkit.dumps(document)


def keep_categories(path: Path, names: Collection[str]) -> None:
    """Leave only these top categories, with all below them, in a ``categories.toml``; its comments stay."""
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    for name in [name for name in document if name not in names]:
        document.remove(name)
    path.write_text(tomlkit.dumps(document).rstrip() + "\n", encoding="utf-8")


def source_values(source: Source) -> dict[str, Any]:
    """What a source file that declares ``source`` holds, as plain values; unset keys are left out."""
    rules = _rules(source.rules)
    return {name: value for name, value in {**_top(source), "rules": rules or None}.items() if value is not None}


def rules_values(rules: Rules) -> dict[str, Any]:
    """What ``[rules]`` holds, as plain values."""
    return _rules(rules)


def rules_toml(rules: Rules) -> str:
    """The ``[rules]`` of a source file as TOML; "" for none."""
    tables = _rules(rules)
    return tomlkit.dumps({"rules": tables}) if tables else ""


def write_source(directory: Path, source: Source) -> Path:
    """Write the source's file whole or not at all, and return its path."""
    path = source_path(directory, source.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = source_toml(source, existing=path.read_text(encoding="utf-8") if path.exists() else "")
    beside = path.with_suffix(".toml.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return path


def _top(source: Source) -> dict[str, Any]:
    urls = list(source.urls)
    return {
        "url": urls[0] if len(urls) == 1 else urls,
        "title": source.title,
        "category": source.category,
        "language": source.language,
        "time_zone": source.time_zone,
        "publisher": source.publisher,
        **cadence_values(source.cadence),
        "enabled": source.is_enabled,
        "kind": source.kind if source.kind != "auto" else None,
        "content": source.content if source.content != "full" else None,
    }


def cadence_values(cadence: Cadence) -> dict[str, str | None]:
    """A cadence by the keys of files; None for what is not said."""
    return {
        "every": write_duration(cadence.every) if cadence.every else None,
        "cron": cadence.cron,
        "budget": write_budget(cadence.budget) if cadence.budget else None,
        "active": cadence.active,
        "jitter": write_duration(cadence.jitter) if cadence.jitter is not None else None,
    }


def _rules(rules: Rules) -> dict[str, Any]:
    own = {name: getattr(rules, name) for name in RulesTable.model_fields if name != "release"}
    release = {name: getattr(rules.release, name) for name in ReleaseRulesTable.model_fields}
    release = {name: list(value) if isinstance(value, tuple) else value for name, value in release.items() if value}
    return {name: value for name, value in {**own, "release": release}.items() if value}


def _set(table: Any, name: str, value: object) -> None:
    if value is None:
        table.pop(name, None)
    elif table.get(name) != value:
        table[name] = value
