"""Finds out whose file it is, and reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from feedsvc.errors import ConfigError
from feedsvc.importers.changedetection import is_changedetection, read_changedetection
from feedsvc.importers.huginn import is_huginn, read_huginn
from feedsvc.importers.lines import read_lines
from feedsvc.importers.opml import read_opml
from feedsvc.importers.wish import Wish

#: No list that a person keeps is larger.
SIZE_MAX = 20 * 2**20
_KNOWN = "OPML, url-watches.json of changedetection.io, a scenario of Huginn, urls of newsboat, or addresses one a line"


def read(path: Path) -> tuple[Wish, ...]:
    """What the file asks for, in its order. Raises ConfigError where it cannot be read, or asks for nothing."""
    try:
        if path.stat().st_size > SIZE_MAX:
            raise ConfigError("is too large for a list", subject=str(path), remedy=f"at most {SIZE_MAX >> 20} MiB")
        data = path.read_bytes()
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise ConfigError(
            f"cannot be read: {words}", subject=str(path), remedy="name a file that you may read"
        ) from error
    found = tuple(_wishes(data, name=str(path)))
    if not found:
        raise ConfigError("names no website", subject=str(path), remedy=f"give {_KNOWN}")
    return found


def _wishes(data: bytes, *, name: str) -> Iterator[Wish]:
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<":
        return read_opml(data, name=name)
    if start in (b"{", b"["):
        return _json(data, name=name)
    try:
        return read_lines(data.decode("utf-8-sig"))
    except UnicodeError as error:
        raise ConfigError("is no text", subject=name, remedy=f"give {_KNOWN}") from error


def _json(data: bytes, *, name: str) -> Iterator[Wish]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"is not JSON: {error}", subject=name, remedy=f"give {_KNOWN}") from error
    if is_changedetection(document):
        return read_changedetection(document)
    if is_huginn(document):
        return read_huginn(document)
    raise ConfigError("is JSON of a tool that is not known", subject=name, remedy=f"give {_KNOWN}")
