"""A TOML file as read, with the line of every key: what faults point at."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from feedsvc.config.fault import Fault

#: A dotted key, taken apart.
Key = tuple[str, ...]

_PART = r"""(?:[A-Za-z0-9_\-\u00b7-\U0001ffff]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"^\s*\[\[?\s*({_DOTTED})\s*\]\]?")
_ASSIGNMENT = re.compile(rf"^\s*({_DOTTED})\s*=")
_POSITION = re.compile(r"\s*\(at line (\d+), column (\d+)\)|\s*\(at end of document\)")
_MULTILINE = re.compile(r'"""|' + "'''")


@dataclass(frozen=True, slots=True)
class Document:
    """One TOML file: its name as people know it, its values, and the line on which each key stands."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: Mapping[Key, int] = field(default_factory=dict)
    #: Keys that the environment or an option has set: what to name instead of the file.
    origins: Mapping[Key, str] = field(default_factory=dict)
    #: The table that is being looked at; keys of faults count from here.
    table: Key = ()

    def below(self, table: Key) -> Document:
        """The same document as seen from one of its tables."""
        return replace(self, table=table)

    def line(self, key: Key) -> int | None:
        """The line of a key, or of the nearest table around it."""
        for length in range(len(key), 0, -1):
            if key[:length] in self.lines:
                return self.lines[key[:length]]
        return None

    def fault(self, key: Key, *, message: str, remedy: str, value: str | None = None) -> Fault:
        """A fault of this document at ``key``."""
        key = (*self.table, *key)
        origin = next((self.origins[key[:n]] for n in range(len(key), 0, -1) if key[:n] in self.origins), None)
        if origin is not None:
            return Fault(file=origin, key=".".join(key), value=value, message=message, remedy=remedy)
        return Fault(
            file=self.name, line=self.line(key), key=_written(key), value=value, message=message, remedy=remedy
        )


def read(path: Path, *, name: str | None = None) -> Document | Fault:
    """The document in a file, or the one fault that keeps it from being read."""
    shown = name or str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return Fault(file=shown, message="is not UTF-8", remedy="save the file in UTF-8")
    except OSError as error:
        return Fault(file=shown, message=(error.strerror or "cannot be read").lower(), remedy="check its permissions")
    return parse(text, name=shown)


def parse(text: str, *, name: str) -> Document | Fault:
    """The document in a text, or the one fault that keeps it from being read."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _POSITION.search(str(error))
        line = int(found.group(1)) if found and found.group(1) else len(text.splitlines()) or 1
        written = text.splitlines()[line - 1].strip() if text.splitlines() else ""
        message = _POSITION.sub("", str(error))
        return Fault(
            file=name, line=line, message=f"is not TOML: {message[:1].lower()}{message[1:]}", remedy=_hint(written)
        )
    return Document(name, values, _lines(text))


def _hint(written: str) -> str:
    if re.match(rf"^{_DOTTED}\s*=\s*[^\s\"'\[{{0-9tf+-]", written):
        return f"text needs quotes; the line reads: {written}"
    if re.match(rf"^{_DOTTED}\s*=\s*(\"[^\"\\]*|'[^']*)$", written):
        return f"the quote is not closed; the line reads: {written}"
    if re.match(r"^\s*\[?[^\"'=\]]*[^\x00-\x7f]", written):
        return f"names beyond plain ASCII need quotes; the line reads: {written}"
    return f"the line reads: {written}"


def _lines(text: str) -> dict[Key, int]:
    """The first line of every table and key. Multi-line strings are stepped over, inline tables count as one key."""
    lines: dict[Key, int] = {}
    table: Key = ()
    within = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if within:
            within = "" if within in line else within
            continue
        if header := _HEADER.match(line):
            table = _parts(header.group(1))
            lines.setdefault(table, number)
        elif assignment := _ASSIGNMENT.match(line):
            lines.setdefault(table + _parts(assignment.group(1)), number)
            if (opened := _MULTILINE.search(line)) and line.count(opened.group()) == 1:
                within = opened.group()
    return lines


def _parts(dotted: str) -> Key:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))


def _written(key: Key) -> str:
    """A key as a person would write it; positions in lists count from one: ``url[2]``."""
    words = ""
    for part in key:
        words += f"[{int(part) + 1}]" if part.isdigit() and words else ("." if words else "") + part
    return words
