"""Where each setting in force comes from: the file, the environment, an option, or nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feedsvc.config.document import Document
from feedsvc.config.environment import setting_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who set a key."""

    #: "default" | "file" | "environment" | "option"
    kind: str = "default"
    #: "feedsvc.toml, line 12", "FEEDSVC_HOST_INTERVAL", "--port"; "" for a default.
    where: str = ""


def origins_of(document: Document, *, file: str) -> Mapping[str, Origin]:
    """Dotted key -> origin, of every key that was set; ``file`` is what people call the document."""
    found: dict[str, Origin] = {}
    for key in setting_keys():
        if (name := document.origins.get(key)) is not None:
            found[".".join(key)] = Origin(kind="option" if name.startswith("--") else "environment", where=name)
        elif key[1] in document.values.get(key[0], {}):
            line = document.line(key)
            found[".".join(key)] = Origin(kind="file", where=f"{file}, line {line}" if line else file)
    return found
