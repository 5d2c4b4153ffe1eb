"""One entry: where each field came from, what it was before each change, and a way to withdraw it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, request

from feedsvc.model import StoredEntry
from feedsvc.publish.text import plain_words
from feedsvc.store import Revision
from feedsvc.web.admin.words import Moment
from feedsvc.web.gate import desk, page, private, root, told

entry = Blueprint("entry", __name__)

#: Changes that are shown, and lines of a text that are compared: comparing costs the square of them.
CHANGES_MAX, LINES_MAX = 10, 400
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
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
    stored, store, now = _known(uuid), desk().store, desk().clock()
    kept = stored.entry.provenance
    values = {
        "title": stored.entry.title,
        "link": stored.entry.link,
        "authors": ", ".join(stored.entry.authors),
        "publisher": stored.entry.publisher or "",
        "breadcrumb": " / ".join(stored.entry.category_path),
        "language": stored.entry.language or "",
        "flags": ", ".join(stored.entry.flags),
    }
    names = {"breadcrumb": "category_path"}
    return page(
        "entry.html",
        uuid=uuid,
        stored=stored,
        published=f"{stored.published:%Y-%m-%d %H:%M} UTC",
        seen=Moment.of(stored.first_seen_at, now=now),
        withdrawn=Moment.of(stored.withdrawn_at, now=now),
        fields=[
            (name, value, kept[names.get(name, name)].where if names.get(name, name) in kept else "")
            for name, value in values.items()
            if value
        ],
        changes=[
            Change(
                at=Moment.of(before.replaced_at, now=now),
                fields=before.changed,
                lines=tuple(_difference(before, after)),
            )
            for before, after in _steps(store.entries.revisions(uuid), stored)
        ],
    )


@entry.post("/entries/<uuid>")
def act(uuid: str) -> Response:
    """Withdraw the entry, or take that back."""
    _known(uuid)
    action, entries = request.form.get("do", ""), desk().store.entries
    if action == "withdraw":
        entries.withdraw(uuid, now=desk().clock())
        done = "Withdrawn: it leaves every feed, and no scrape brings it back."
    elif action == "reinstate":
        entries.reinstate(uuid)
        done = "It is back in its feeds, under its old id."
    else:
        done = "Nothing was changed: choose what to do."
    return private(redirect(f"{root()}/admin/entries/{uuid}?{urlencode(told(done))}", 303))  # type: ignore[arg-type]


def _known(uuid: str) -> StoredEntry:
    stored = desk().store.entry(uuid) if _UUID.fullmatch(uuid) else None
    if stored is None:
        abort(404)
    return stored


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
