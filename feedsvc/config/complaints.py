"""Turns what pydantic finds into faults that a person can act on."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from feedsvc.config.document import Document, Key
from feedsvc.config.fault import Fault, nearest, shown


def faults_of(error: ValidationError, document: Document, *, known: Iterable[str] = ()) -> list[Fault]:
    """The faults in a pydantic error, each placed in its document. ``known`` are all keys, for 'did you mean'."""
    names = tuple(known)
    return [
        _fault(details, document, names)
        for details in error.errors(include_url=False)
        # A default that follows from another key is no fault of its own where that one is wrong.
        if details["type"] != "default_factory_not_called"
    ]


def _fault(details: ErrorDetails, document: Document, known: tuple[str, ...]) -> Fault:
    key = tuple(str(part) for part in details["loc"])
    message, remedy = _words(details, key, known)
    value = None if details["type"] in {"missing", "extra_forbidden"} else shown(details["input"])
    return document.fault(key, message=message, remedy=remedy, value=value)


def _words(details: ErrorDetails, key: Key, known: tuple[str, ...]) -> tuple[str, str]:
    context = details.get("ctx") or {}
    kind = details["type"]
    if kind == "feedsvc":
        return str(context["message"]), str(context["remedy"])
    if kind == "extra_forbidden":
        return "unknown key", _did_you_mean(key, known)
    if kind == "missing":
        return "is missing", f"add {key[-1]} = ..."
    if kind in {"tuple_type", "list_type"}:
        return "is not a list", _remedy_for(kind, context)
    message = details["msg"]
    return message[0].lower() + message[1:], _remedy_for(kind, context)


def _did_you_mean(key: Key, known: tuple[str, ...]) -> str:
    parent, name = ".".join(key[:-1]), key[-1]
    siblings = [full.rpartition(".")[2] for full in known if full.rpartition(".")[0] == parent]
    elsewhere = next((full.rpartition(".")[0] for full in known if full.rpartition(".")[2] == name), None)
    if elsewhere is not None:
        return f"it belongs into [{elsewhere}]" if elsewhere else "it belongs above the first [table]"
    if close := nearest(name, siblings):
        return f"did you mean {close}?"
    return f"known here: {', '.join(sorted(siblings))}" if siblings else "remove it"


def _remedy_for(kind: str, context: dict[str, object]) -> str:
    if kind.startswith("int"):
        return "write a whole number without quotes"
    if kind.startswith("bool"):
        return "write true or false"
    if kind.startswith("string"):
        return 'write it in quotes, as "text"'
    if kind == "literal_error":
        return f"write one of {context.get('expected')}"
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        return "write it as a [table]"
    if kind.startswith(("tuple", "list")):
        return 'write a list, as ["one", "two"]'
    if kind.startswith(("greater", "less")):
        bound = next(iter(context.values()), "")
        return f"the limit is {bound}"
    return "see the comment beside this key in config/feedsvc.toml"
