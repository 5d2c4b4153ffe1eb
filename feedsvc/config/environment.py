"""Environment variables and options: they stand above the files, key by key.

``FEEDSVC_<TABLE>_<KEY>`` sets any key of feedsvc.toml; the variables below are promised short names.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from feedsvc.config.document import Document, Key
from feedsvc.config.fault import nearest
from feedsvc.config.folders import CONFIG_VARIABLE, DATA_VARIABLE
from feedsvc.config.settings import Settings

_PREFIX = "FEEDSVC_"
#: The variables people know, and the keys that they set.
SHORT_NAMES: Mapping[str, Key] = {
    "FEEDSVC_BASE_URL": ("server", "base_url"),
    "FEEDSVC_HOST": ("server", "host"),
    "FEEDSVC_PORT": ("server", "port"),
    "FEEDSVC_ALLOW_TARGETS": ("fetch", "allow_targets"),
    "FEEDSVC_HOST_INTERVAL": ("fetch", "host_interval"),
    "FEEDSVC_DATABASE_URL": ("database", "url"),
}
#: Variables that are no keys of feedsvc.toml.
_OTHERS = frozenset({CONFIG_VARIABLE, DATA_VARIABLE})


def setting_keys() -> Iterator[Key]:
    """Every key of feedsvc.toml: ("server", "port"), ..."""
    for table, info in Settings.model_fields.items():
        model = info.annotation
        for name in getattr(model, "model_fields", {}):
            yield table, name


def variables() -> Mapping[str, Key]:
    """Every environment variable that sets a key; the promised short names first."""
    long_names = {_PREFIX + "_".join(key).upper(): key for key in setting_keys()}
    return {**SHORT_NAMES, **{name: key for name, key in long_names.items() if name not in SHORT_NAMES}}


def overlaid(document: Document, environ: Mapping[str, str], overrides: Mapping[str, object]) -> Document:
    """The document with the environment's and then the options' values laid over it; each remembers its origin.

    ``overrides`` maps dotted keys ("server.port") to values; None means: not given. An empty variable is not given.
    """
    values: dict[str, Any] = copy.deepcopy(document.values)
    origins: dict[Key, str] = {}
    for name, key in reversed(list(variables().items())):
        if environ.get(name):
            _put(values, key, environ[name])
            origins[key] = name
    for dotted, value in overrides.items():
        if value is not None:
            key = tuple(dotted.split("."))
            _put(values, key, value)
            origins[key] = f"--{key[-1].replace('_', '-')}"
    return Document(document.name, values, document.lines, origins)


def unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each variable that looks like ours and sets nothing."""
    known = {*variables(), *_OTHERS}
    for name in sorted(environ):
        if name.startswith(_PREFIX) and name not in known:
            close = nearest(name, known)
            yield f"{name} sets nothing" + (f" (did you mean {close}?)" if close else " (remove it)")


def _put(values: dict[str, Any], key: Key, value: object) -> None:
    table = values.setdefault(key[0], {})
    if isinstance(table, dict):
        table[key[1]] = value
