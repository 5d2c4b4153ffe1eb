"""The tree of categories: made, renamed, moved, merged, described and removed, with what each of that moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, abort, redirect, request

from feedsvc.config.cadences import EXCLUSIVE, cadence_of, cadence_origin, chosen_cadence
from feedsvc.config.settings import Content
from feedsvc.config.source_file import SourceFile
from feedsvc.config.writing import cadence_values
from feedsvc.model import FeedRef, Format
from feedsvc.publish.address import feed_url, page_url
from feedsvc.service.categories import CADENCE, FIELDS, Branch
from feedsvc.service.refusal import FIELD_MAX, Unfit, Unknown
from feedsvc.service.source_form import read_active, read_cadence
from feedsvc.web.admin.seen import STALE, is_stale, mark
from feedsvc.web.admin.words import cadence_words, pace_words
from feedsvc.web.gate import base_url, desk, page, private, root, told
from feedsvc.web.security import secure

categories = Blueprint("categories", __name__)

_LABELS = {
    "title": ("Title", "what people call it"),
    "description": ("Description", ""),
    "language": ("Language", "en, zh-CN; empty where it is mixed"),
    "image": ("Image", "address of a picture"),
    "rights": ("Rights", ""),
    "author": ("Author", "empty: the service's title"),
    "content": ("Text in feeds", "empty: as its sources have it"),
}
_CHOICES = {"content": ("", *get_args(Content))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the form."""

    name: str
    label: str
    hint: str
    value: str
    declared: str | None
    fault: str
    choices: tuple[str, ...]


@categories.get("/categories")
def tree() -> Response:
    """The tree, and a form for one more."""
    return _tree({}, {})


@categories.post("/categories")
def create() -> Response:
    """Make a category."""
    typed = {name: request.form.get(name, "").strip() for name in ("path", "title", "description")}
    try:
        texts = {name: typed[name] for name in ("title", "description") if typed[name]}
        made = desk().categories.create(typed["path"], texts)
    except Unfit as refused:
        return _tree(typed, refused.faults, status=400)
    return _to(f"/categories/{quote(made.path)}", "Made. Its feed is live, and empty until something is filed there.")


@categories.get("/categories/<path:path>")
def show(path: str) -> Response:
    """One category."""
    return _show(_known(path))


@categories.post("/categories/<path:path>")
def act(path: str) -> Response:
    """Save what it says, move it, take back what was decided, or remove it."""
    branch, action = _known(path), request.form.get("do", "")
    try:
        if action in ("save", "pace"):
            return _edit(path, action)
        if action == "move":
            to = request.form.get("to", "").strip()
            moved = desk().categories.move(path, to)
            how = "Merged" if moved.is_merged else "Moved"
            along = f"{moved.entries} entries and {moved.sources} sources"
            said = f"{how}, with {along}. The old addresses lead here for ever."
            return _to(f"/categories/{quote(to)}", said)
        if action == "reset":
            desk().categories.reset(path, FIELDS)
            return _to(f"/categories/{quote(path)}", "It says again what the configuration declares.")
        if action == "reset-pace":
            desk().categories.reset(path, (CADENCE,))
            return _to(f"/categories/{quote(path)}", "Its sources follow again what the configuration declares.")
        if action == "remove":
            number = desk().categories.remove(path)
            above = path.rpartition("/")[0] or "news"
            return _to("/categories", f"Removed. {number} entries are filed under {above} now.")
    except Unfit as refused:
        return _show(branch, faults=refused.faults, status=400)
    return _show(branch, problem="Choose what to do.", status=400)


@categories.get("/categories.toml")
def export() -> Response:
    """The tree in force as a file of the configuration."""
    answer = Response(desk().categories.toml(), content_type="application/toml; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="categories.toml"'
    return private(secure(answer))


def _edit(path: str, action: str) -> Response:
    """Let it say or choose what was typed, unless somebody changed it meanwhile. Raises Unfit."""
    with desk().store.together():
        branch = _known(path)
        if is_stale(_says(branch) if action == "save" else _chooses(branch)):
            return _show(branch, problem=STALE, status=409)
        if action == "pace":
            return _pace(path)
        desk().categories.edit(path, {name: request.form.get(name, "") for name in FIELDS})
    return _to(f"/categories/{quote(path)}", "Saved.")


def _says(branch: Branch) -> dict[str, str]:
    return {name: getattr(branch.category, name) or "" for name in FIELDS}


def _chooses(branch: Branch) -> dict[str, str]:
    cadence = branch.cadence
    kind = next(iter(chosen_cadence(cadence)), "")
    value = str(cadence_values(cadence)[kind]) if kind else ""
    return {"kind": kind, "value": value, "active": cadence.active or ""}


def _pace(path: str) -> Response:
    """Let the category choose a cadence for its sources. Raises Unfit."""
    kind, value = request.form.get("kind", ""), request.form.get("value", "")
    texts = {**dict.fromkeys(EXCLUSIVE, ""), "active": request.form.get("active", "")}
    if kind:
        _, fault = read_cadence(kind, value)
        _, hours = read_active(texts["active"])
        if fault or hours:
            raise Unfit({name: words for name, words in (("value", fault), ("active", hours)) if words})
        texts[kind] = value
    desk().categories.edit(path, texts)
    return _to(f"/categories/{quote(path)}", "Saved. Sources that choose nothing themselves follow within seconds.")


def _paced(branch: Branch, faults: Mapping[str, str], *, is_typed: bool, is_told: bool) -> dict[str, Any]:
    """The form of its cadence: as typed or in force, what is declared, and what holds where it chooses nothing."""
    now = _chooses(branch)
    typed = {name: request.form.get(name, "")[: FIELD_MAX + 1] for name in now} if is_typed else now
    above = dict(desk().paced().cadences)
    above.pop(branch.category.path, None)
    file = SourceFile.model_construct(url=(), category=branch.category.path)
    return {
        "typed": typed,
        "faults": faults,
        "seen": mark(now, is_told=is_told),
        "declared": pace_words(branch.declared_cadence) if CADENCE in branch.overrides else None,
        "otherwise": cadence_words(cadence_of(file, above, desk().config().settings.defaults)),
        "otherwise_from": cadence_origin(file, above, desk().config().settings.defaults),
    }


def _known(path: str) -> Branch:
    try:
        return desk().categories.get(path)
    except Unknown:
        abort(404)


def _to(where: str, said: str) -> Response:
    return private(redirect(f"{root()}/admin{where}?{urlencode(told(said))}", 303))  # type: ignore[arg-type]


def _tree(typed: Mapping[str, str], faults: Mapping[str, str], *, status: int = 200) -> Response:
    return page(
        "categories.html",
        status=status,
        branches=[(branch, branch.category.path.count("/")) for branch in desk().categories.tree()],
        typed=typed,
        faults=faults,
    )


def _show(branch: Branch, *, faults: Mapping[str, str] | None = None, problem: str = "", status: int = 200) -> Response:
    path, faults = branch.category.path, faults or {}
    ref = FeedRef(kind="category", key=path)
    did = request.form.get("do") if status != 200 else ""
    is_typed = did == "save"
    says = _says(branch)
    values = {name: request.form.get(name, "") if is_typed else says[name] for name in FIELDS}
    said = {name: getattr(branch.declared, name) or "" for name in FIELDS} if branch.declared else {}
    fields = [
        Field(
            name=name,
            label=_LABELS[name][0],
            hint=_LABELS[name][1],
            value=values[name],
            declared=said[name] if name in said and said[name] != values[name] else None,
            fault=faults.get(name, ""),
            choices=_CHOICES.get(name, ()),
        )
        for name in FIELDS
    ]
    return page(
        "category.html",
        status=status,
        branch=branch,
        path=path,
        fields=fields,
        seen=mark(says, is_told=did != "save" or problem == STALE),
        pace=_paced(branch, faults, is_typed=did == "pace", is_told=did != "pace" or problem == STALE),
        kinds=EXCLUSIVE,
        is_retold=any(name in branch.overrides for name in FIELDS),
        to=request.form.get("to", path) if status != 200 else path,
        faults=faults,
        problem=problem or (f"It {faults['path']}" if "path" in faults else ""),
        pages=page_url(base_url(), ref),
        feed=ref.path,
        feeds=[(format.value, feed_url(base_url(), ref, format)) for format in Format],
        parents=["/".join(path.split("/")[:depth]) for depth in range(1, path.count("/") + 1)],
        paths=[one.path for one in desk().store.categories()][:300],
        field_max=FIELD_MAX,
    )
