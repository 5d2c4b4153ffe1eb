"""Where the running service of a data folder is reached: a note there, so that other commands name its address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedsvc.log import get_logger
from feedsvc.store.owner import is_dead, new_owner

NOTE = "served.json"

_log = get_logger(__name__)


def served_at(data: Path) -> str | None:
    """The base URL of the service that runs on this data folder; None where none does, or it left no note."""
    found = _read(data / NOTE)
    return found[0] if found is not None else None


@contextmanager
def noted(data: Path, base_url: str) -> Iterator[None]:
    """Leave the note while the context lasts, unless another living service has left one. Never fails for the note."""
    note, owner = data / NOTE, new_owner()
    try:
        if _read(note) is None:
            draft = note.with_name(f"{NOTE}.{owner.rpartition(':')[2]}")
            draft.write_text(json.dumps({"base_url": base_url, "owner": owner}), encoding="utf-8")
            draft.replace(note)
    except OSError as error:
        # A full or read-only disk: the service runs all the same, other commands name what is configured.
        _log.warning("address not noted", file=str(note), reason=error.strerror or str(error))
    try:
        yield
    finally:
        found = _read(note)
        if found is not None and found[1] == owner:
            note.unlink(missing_ok=True)


def _read(note: Path) -> tuple[str, str] | None:
    """(base URL, owner) of a living service."""
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        base_url, owner = str(kept["base_url"]), str(kept["owner"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None if is_dead(owner) else (base_url, owner)
