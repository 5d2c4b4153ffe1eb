"""What stands in paths: keys, ids, names; what does not look like one is not found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from feedsvc.web.api.problem import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One kind of name in a path."""

    pattern: str
    description: str
    #: Flask's converter.
    converter: str = "string"


PARAMETERS: Mapping[str, Parameter] = {
    "key": Parameter(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$", description="A source's key"),
    "uuid": Parameter(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", description="An entry's bare UUID"),
    "path": Parameter(
        pattern=r"^[^/\x00-\x1f\x7f][^\x00-\x1f\x7f]{0,365}$",
        description="A category's path; its slashes may be percent-encoded",
        converter="path",
    ),
    "feed": Parameter(pattern=r"^[^/\x00-\x1f\x7f]{1,60}$", description="A saved feed's name"),
    "token": Parameter(pattern=r"^[A-Za-z0-9_.@-]{1,60}$", description="A token's name"),
    "number": Parameter(pattern=r"^[1-9][0-9]{0,17}$", description="A number, as the list gives it"),
}
_COMPILED = {name: re.compile(one.pattern.removesuffix("$") + r"\Z") for name, one in PARAMETERS.items()}


def rule_of(path: str) -> str:
    """The path as Flask's router reads it."""
    for name, one in PARAMETERS.items():
        path = path.replace(f"{{{name}}}", f"<{one.converter}:{name}>")
    return path


def check(values: Mapping[str, str]) -> None:
    """Raises Refused (404) for a name that nothing can have."""
    for name, value in values.items():
        if not _COMPILED[name].match(value):
            raise Refused(404, f"there is nothing of this {name}", kind="unknown")
