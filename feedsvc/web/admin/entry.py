"""One entry: where each field came from, what it was before each change, and a way to withdraw it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, request

from feedsvc.model import StoredEntry
from feedsvc.publish.text import plain_words
from feedsvc.service.refusal import Unfit, Unknown
from feedsvc.store import Revision
from feedsvc.web.admin.entries import state_words
from feedsvc.web.admin.words import Moment
from feedsvc.web.gate import desk, page, private, root, told

entry = Blueprint("entry", __name__)

#: Changes that are shown, and lines of a text that are compared: comparing costs the square of them.
CHANGES_MAX, LINES_MAX = 10, 400
#: Fields that people know by another name.
_NAMES = {"category_path": "breadcrumb"}
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of an entry."""

    at: Moment | None
    fields: tuple[str, ...]
    #: ("+", "-" or " ", line) where title, link or text differ.
    lines: tuple[tuple[str, str], ...]


@entry.get("/entries/<uuid>")
def show(uuid: str) -> Response:
    """Everything about one entry, withdrawn ones included."""
    return _show(_known(uuid))


@entry.post("/entries/<uuid>")
def act(uuid: str) -> Response:
    """Withdraw, hide, file elsewhere, merge; or take any of that back."""
    stored = _known(uuid)
    action = _ACTIONS.get(request.form.get("do", ""))
    if action is None:
        return _show(stored, problem="Choose what to do.", status=400)
    try:
        done = action(uuid)
    except Unfit as refused:
        return _show(stored, faults=refused.faults, status=400)
    except Unknown:
        return _show(stored, faults={"other": "is the id of no entry: take it from the entry's address."}, status=400)
    return private(redirect(f"{root()}/admin/entries/{uuid}?{urlencode(told(done))}", 303))  # type: ignore[arg-type]


def _withdraw(uuid: str) -> str:
    desk().editing.withdraw(uuid)
    return "Withdrawn: it leaves every feed, and no scrape brings it back."


def _reinstate(uuid: str) -> str:
    desk().editing.reinstate(uuid)
    return "It is back in its feeds, under its old id."


def _hide(uuid: str) -> str:
    desk().editing.hide(uuid)
    return "Hidden: it is in no feed, list or search, and its own page stays."


def _unhide(uuid: str) -> str:
    desk().editing.show(uuid)
    return "It is shown again."


def _file(uuid: str) -> str:
    path = request.form.get("category", "").strip() or None
    desk().editing.file_under(uuid, path)
    return f"Filed under {path}." if path else "Filed where its sources file it."


def _merge(uuid: str) -> str:
    desk().editing.merge(uuid, request.form.get("other", "").strip().removeprefix("urn:uuid:"))
    return "Merged: the other entry's addresses lead here."


_ACTIONS: Mapping[str, Callable[[str], str]] = {
    "withdraw": _withdraw,
    "reinstate": _reinstate,
    "hide": _hide,
    "show": _unhide,
    "file": _file,
    "merge": _merge,
}


def _known(uuid: str) -> StoredEntry:
    try:
        return desk().editing.get(uuid)
    except Unknown:
        abort(404)


def _show(
    stored: StoredEntry, *, faults: Mapping[str, str] | None = None, problem: str = "", status: int = 200
) -> Response:
    store, now, uuid = desk().store, desk().clock(), stored.uuid
    return page(
        "entry.html",
        status=status,
        uuid=uuid,
        stored=stored,
        state=state_words(stored),
        published=f"{stored.published:%Y-%m-%d %H:%M} UTC",
        seen=Moment.of(stored.first_seen_at, now=now),
        withdrawn=Moment.of(stored.withdrawn_at, now=now),
        hidden=Moment.of(stored.hidden_at, now=now),
        fields=list(_fields(stored)),
        changes=[
            Change(
                at=Moment.of(before.replaced_at, now=now),
                fields=before.changed,
                lines=tuple(_difference(before, after)),
            )
            for before, after in _steps(store.entries.revisions(uuid), stored)
        ],
        duplicates=desk().editing.duplicates(uuid) if stored.withdrawn_at is None else (),
        faults=faults or {},
        problem=problem,
        category=request.form.get("category", "") if faults else stored.filed_under or "",
        other=request.form.get("other", "") if faults else "",
        categories=[category.path for category in store.categories()][:300],
    )


def _fields(stored: StoredEntry) -> Iterator[tuple[str, str, str]]:
    """(name, value, where it stood) of each field that has one."""
    entry, kept = stored.entry, stored.entry.provenance
    values = {
        "title": entry.title,
        "link": entry.link,
        "published": f"{stored.published:%Y-%m-%d %H:%M} UTC",
        "authors": ", ".join(entry.authors),
        "publisher": entry.publisher or "",
        "category_path": " / ".join(entry.category_path),
        "summary": entry.summary,
        "image": entry.image.url if entry.image else "",
        "language": entry.language or "",
        "flags": ", ".join(entry.flags),
    }
    for name, value in values.items():
        if value:
            yield _NAMES.get(name, name), value, kept[name].where if name in kept else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """What two states of an entry are compared by."""

    title: str
    link: str
    content: str


def _steps(revisions: Sequence[Revision], stored: StoredEntry) -> list[tuple[Revision, Revision | _Text]]:
    """Each former state with the one that followed it, the latest first."""
    now = _Text(title=stored.entry.title, link=stored.entry.link, content=stored.entry.content)
    following: list[Revision | _Text] = [*revisions[1:], now]
    return list(zip(revisions, following, strict=False))[: -CHANGES_MAX - 1 : -1]


def _difference(before: Revision, after: Revision | _Text) -> Iterator[tuple[str, str]]:
    one, other = _lines(before), _lines(after)
    for line in difflib.unified_diff(one, other, n=1, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            yield line[0], line[1:]


def _lines(state: Revision | _Text) -> list[str]:
    sentences = _SENTENCE_END.split(" ".join(plain_words(state.content).split()))
    return [state.title, state.link, *sentences][:LINES_MAX]
