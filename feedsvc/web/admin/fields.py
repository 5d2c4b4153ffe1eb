"""The fields of a source as its forms show them: what is in force, what is declared beside it, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from flask import abort, request

from feedsvc.config.settings import Content
from feedsvc.config.source_file import SourceFile
from feedsvc.service.source_form import FIELDS, written
from feedsvc.store import SourceState
from feedsvc.web.gate import desk

#: What the page of a source asks for, and what the page of its rules does.
SETTINGS = tuple(name for name in FIELDS if "." not in name)
RULES = tuple(name for name in FIELDS if "." in name)
#: Label and hint of each field; those of rules follow from their names.
_LABELS = {
    "url": ("Listing pages", "one a line"),
    "title": ("Title", ""),
    "category": ("Category", "a path, as company/releases; empty: the page's breadcrumb"),
    "language": ("Language", "of texts whose page names none: en, zh-CN"),
    "time_zone": ("Time zone", "of printed times without one: Asia/Shanghai"),
    "publisher": ("Publisher", "where the page names none"),
    "kind": ("Kind", ""),
    "content": ("Text in feeds", "summary or link where rights allow no more"),
    "rules.item": ("Item", "matches each release in the list: ul.list > li"),
    "rules.next": ("Next", "the link to older ones: a.next"),
    "rules.release.remove": ("Remove", "what is no part of the text, one selector a line"),
}
_CHOICES = {
    "kind": get_args(SourceFile.model_fields["kind"].annotation),
    "content": get_args(Content),
}
_LONG = ("url", "rules.release.remove")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    hint: str
    value: str
    #: What the configuration declares, where it is another value; None where it is the same or nothing is declared.
    declared: str | None
    fault: str
    choices: tuple[str, ...]
    is_long: bool


def known_source(key: str) -> SourceState:
    """The source that an address names; 404 where there is none."""
    state = desk().store.sources.get(key)
    if state is None:
        abort(404)
    return state


def typed(state: SourceState, names: Sequence[str]) -> dict[str, str]:
    """Every field of the source: those of ``names`` as the form has them, the others as they are in force."""
    return written(state.source) | {name: request.form.get(name, "") for name in names}


def in_form(state: SourceState, names: Sequence[str]) -> dict[str, str]:
    """What the fields of one form say in force."""
    values = written(state.source)
    return {name: values[name] for name in names}


def fields_of(
    state: SourceState, names: Sequence[str], values: Mapping[str, str], faults: Mapping[str, str]
) -> list[Field]:
    """The fields of one form."""
    declared = written(state.declared) if state.declared is not None else {}
    return [
        labelled(
            name,
            value := values.get(name, ""),
            faults.get(name, ""),
            declared=declared[name] if name in declared and declared[name] != value else None,
        )
        for name in names
    ]


def labelled(name: str, value: str, fault: str, *, declared: str | None = None) -> Field:
    """A field with its label and hint."""
    label, hint = _LABELS.get(name, (name.rpartition(".")[2].capitalize(), ""))
    return Field(
        name=name,
        label=label,
        hint=hint,
        value=value,
        declared=declared,
        fault=fault,
        choices=_CHOICES.get(name, ()),
        is_long=name in _LONG,
    )
