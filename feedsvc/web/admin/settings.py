"""What is in force and where each value comes from; and a backup of everything to take away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from flask import Blueprint, Response

from feedsvc.errors import StoreError
from feedsvc.web.gate import desk, page, private
from feedsvc.web.security import secure

settings = Blueprint("settings", __name__)

#: Bytes of a backup that are sent at a time.
_PIECE = 256 * 1024


@settings.get("/settings")
def listed() -> Response:
    """Every setting, table by table."""
    return _show()


@settings.post("/settings/backup")
def backup() -> Response:
    """Everything in one file, made now; it is gone from here once it was sent."""
    try:
        path = desk().back_up()
    except StoreError as error:
        remedy = f" ({error.remedy})" if error.remedy else ""
        return _show(problem=f"No backup was made: {error.message}{remedy}.", status=503)
    answer = Response(_pieces(path), content_type="application/vnd.sqlite3")
    answer.headers["Content-Length"] = str(path.stat().st_size)
    answer.headers["Content-Disposition"] = f'attachment; filename="feedsvc-{desk().clock():%Y%m%dT%H%M%SZ}.sqlite3"'
    return private(secure(answer))


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
    finally:
        path.unlink(missing_ok=True)


def _show(*, problem: str = "", status: int = 200) -> Response:
    found = desk().settings()
    return page(
        "settings.html",
        status=status,
        problem=problem,
        directory=desk().config().directory,
        data=desk().config().data,
        tables=[(table, list(rows)) for table, rows in groupby(found, key=lambda one: one.key.partition(".")[0])],
        chosen=[one for one in found if one.origin.kind != "default"],
        warnings=desk().config().warnings,
    )
