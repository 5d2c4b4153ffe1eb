"""Saved feeds: a choice by words, authors, categories, sources and age, under a name of its own."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, abort, current_app, redirect, request

from feedsvc.config.values import write_duration
from feedsvc.model import FeedRef, Filter, Format
from feedsvc.publish.address import feed_url, page_url
from feedsvc.service.refusal import FIELD_MAX, Unfit, Unknown
from feedsvc.service.saved import FIELDS, LISTS, Saved
from feedsvc.web.admin.seen import CHANGED, STALE, is_stale, mark
from feedsvc.web.gate import base_url, desk, page, private, root, told

saved = Blueprint("saved", __name__)

_LABELS = {
    "title": ("Title", "empty: from the name"),
    "description": ("Description", ""),
    "categories": ("Categories", "paths, one a line: entries of any of them"),
    "sources": ("Sources", "keys, one a line: entries of any of them"),
    "words": ("With", "patterns, one a line: at least one occurs in title, summary or text"),
    "without": ("Without", "patterns, one a line: none occurs"),
    "authors": ("Authors", "one a line: one occurs in an author's or the publisher's name"),
    "age": ("Not older than", "30d, before the newest"),
}


@saved.get("/saved")
def listed() -> Response:
    """Every saved feed."""
    return page(
        "saved.html", saved=[(one, page_url(base_url(), _ref(one.filter.name))) for one in desk().filters.all()]
    )


@saved.get("/saved/new")
def ask() -> Response:
    """An empty form."""
    return _show(None, {}, {})


@saved.post("/saved/new")
def create() -> Response:
    """Keep a new one."""
    return _save(None, request.form.get("name", "").strip())


@saved.get("/saved/<name>")
def show(name: str) -> Response:
    """One of them."""
    found = _known(name)
    return _show(found, _written(found.filter), {})


@saved.post("/saved/<name>")
def act(name: str) -> Response:
    """Save, reset or remove it."""
    found, action = _known(name), request.form.get("do", "")
    if action == "reset":
        desk().filters.reset(name)
        return _to(f"/saved/{quote(name)}", "It is as the configuration declares it.")
    if action == "remove":
        try:
            with desk().store.together():
                if is_stale(_written((found := _known(name)).filter)):
                    return _show(found, _written(found.filter), {}, problem=CHANGED, status=409)
                desk().filters.remove(name)
        except Unfit as refused:
            return _show(found, _written(found.filter), refused.faults, status=400)
        return _to("/saved", "Removed: its feed has ended.")
    return _save(found, name)


def _save(found: Saved | None, name: str) -> Response:
    texts = {field: request.form.get(field, "") for field in FIELDS}
    said = {field: text for field, text in texts.items() if text.strip()}
    typed = {**texts, "name": name}
    try:
        with desk().store.together():
            if found is not None and is_stale(_written((found := _known(name)).filter)):
                return _show(found, typed, {}, problem=STALE, status=409)
            desk().filters.save(name, said, is_new=found is None)
    except Unfit as refused:
        return _show(found, typed, _by_field(refused.faults), status=400)
    current_app.extensions["feedsvc"].feeds.notice()
    return _to(f"/saved/{quote(name)}", "Saved. The feed is live.")


def _by_field(faults: Mapping[str, str]) -> dict[str, str]:
    """A fault of one line of a list stands beside the list."""
    return {name.partition("[")[0].partition(".")[0]: words for name, words in faults.items()}


def _known(name: str) -> Saved:
    try:
        return desk().filters.get(name)
    except Unknown:
        abort(404)


def _to(where: str, said: str) -> Response:
    return private(redirect(f"{root()}/admin{where}?{urlencode(told(said))}", 303))  # type: ignore[arg-type]


def _ref(name: str) -> FeedRef:
    return FeedRef(kind="filter", key=name)


def _written(one: Filter) -> dict[str, str]:
    texts = {name: "\n".join(getattr(one, name)) for name in LISTS}
    return texts | {
        "name": one.name,
        "title": one.title,
        "description": one.description,
        "age": write_duration(one.age) if one.age else "",
    }


def _show(
    found: Saved | None,
    values: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    declared = _written(found.declared) if found is not None and found.declared is not None else {}
    name = found.filter.name if found is not None else ""
    return page(
        "saved_feed.html",
        status=status,
        found=found,
        name=name,
        values=values,
        seen=mark(_written(found.filter), is_told=problem in (STALE, CHANGED)) if found is not None else "",
        faults=faults,
        problem=problem or ("Nothing was saved: look at the fields marked below." if faults else ""),
        fields=[
            (field, *_LABELS[field], field in LISTS, declared.get(field) if declared else None) for field in FIELDS
        ],
        pages=page_url(base_url(), _ref(name)) if found else "",
        feeds=[(format.value, feed_url(base_url(), _ref(name), format)) for format in Format] if found else [],
        entries=_shown(found.filter) if found else (),
        field_max=FIELD_MAX,
    )


def _shown(one: Filter) -> tuple[tuple[str, str], ...]:
    """(id, title) of what the feed lets through now, the newest."""
    feeds = current_app.extensions["feedsvc"].feeds
    feeds.notice()
    ref = _ref(one.name)
    if one.name not in feeds.catalogue.filters:
        return ()
    return tuple((stored.uuid, stored.entry.title) for stored in feeds.history(ref, limit=20))
