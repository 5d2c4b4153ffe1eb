"""What can be wrong with a configuration: every fault at once, each with file, line, key, value and remedy."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from feedsvc.errors import ConfigError

#: Longest value that a message repeats.
_VALUE_MAX = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong, where it stands, and what to do about it."""

    #: The file, environment variable or option that holds the value.
    file: str
    line: int | None = None
    #: Dotted key, "" where the fault is about the file as a whole.
    key: str = ""
    #: The value as written, None where there is none to show.
    value: str | None = None
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        subject = f"{place}: {self.key}" if self.key else place
        if self.key and self.value is not None:
            subject += f" = {self.value}"
        return f"{subject}: {self.message} ({self.remedy})"


class ConfigErrors(ConfigError):
    """Every fault of a configuration; ``str()`` gives one line for each."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} in the configuration", remedy="run `feedsvc check`")

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


def wrong(message: str, remedy: str) -> PydanticCustomError:
    """The error that a validator raises: one clause, and what to write instead."""
    # Pydantic fills braces from the context, so both texts travel there.
    return PydanticCustomError("feedsvc", "{message}", {"message": message, "remedy": remedy})


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that somebody who wrote ``word`` probably meant."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def shown(value: object) -> str:
    """A value as a message repeats it: as TOML writes it, shortened, control characters escaped."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= _VALUE_MAX else text[: _VALUE_MAX - 1] + "…"
