"""Renderings as files with ``.gz`` and ``.br`` beside them, for any static host. Nobody ever reads half a file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from uuid import uuid4

from feedsvc.errors import ServiceError
from feedsvc.model import Rendering

#: What we wrote last time: path -> tag. Only files named here are ever removed.
MANIFEST = ".feedsvc-files.json"
CODINGS = (".gz", ".br")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What one export did, in documents."""

    written: int
    unchanged: int
    removed: int


def write_files(folder: Path, documents: Iterable[tuple[str, Rendering]]) -> Written:
    """Bring ``folder`` to hold exactly these documents, beside whatever else is in it.

    Each is given by its path below ``folder``. A document whose tag is that of the last time is left alone. A file's
    modification time is the document's Last-Modified, which static servers send. Raises ServiceError where the folder
    cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = _read_manifest(folder)
        after: dict[str, str] = {}
        written = 0
        for name, rendering in documents:
            after[name] = rendering.etag
            if before.get(name) != rendering.etag or not (folder / name).is_file():
                _write_document(_inside(folder, name), rendering)
                written += 1
        gone = [name for name in before if name not in after]
        for name in gone:
            _remove_document(_inside(folder, name))
        _replace(folder / MANIFEST, json.dumps(after, ensure_ascii=False, indent=0, sort_keys=True).encode())
    except OSError as error:
        raise ServiceError(
            f"cannot be written: {(error.strerror or str(error)).lower()}",
            subject=str(error.filename or folder),
            remedy="name a folder that you may write to, on a disk with room",
        ) from error
    return Written(written=written, unchanged=len(after) - written, removed=len(gone))


def _inside(folder: Path, name: str) -> Path:
    """The file's path; a name that would lead out of the folder is our own fault."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or PurePosixPath(name).is_absolute():
        raise ValueError(f"not a path below the folder: {name!r}")
    return folder.joinpath(*parts)


def _read_manifest(folder: Path) -> Mapping[str, str]:
    with suppress(FileNotFoundError, ValueError):
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return {str(name): str(tag) for name, tag in found.items()}
    return {}


def _write_document(path: Path, rendering: Rendering) -> None:
    """Codings first: a server that prefers them must not find an old one beside a new plain file for long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    modified = rendering.last_modified.timestamp()
    for ending, body in ((".gz", rendering.gzip), (".br", rendering.brotli), ("", rendering.identity)):
        if body:
            _replace(path.with_name(path.name + ending), body, modified=modified)


def _replace(path: Path, body: bytes, *, modified: float | None = None) -> None:
    """Write under another name, flush to the disk, rename: readers see the old file or the new one."""
    draft = path.with_name(f".{path.name[:100]}.{uuid4().hex}")
    try:
        with draft.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        if modified is not None:
            os.utime(draft, (modified, modified))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _remove_document(path: Path) -> None:
    for ending in ("", *CODINGS):
        path.with_name(path.name + ending).unlink(missing_ok=True)
