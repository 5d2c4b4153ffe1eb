"""One source: how it is and why, what is declared and what was tuned, its history, its entries, its quarantine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, redirect, request

from feedsvc.config.writing import source_toml
from feedsvc.model import FeedRef, Format, Source
from feedsvc.publish.address import feed_url, page_url
from feedsvc.service.origin import cadence_from
from feedsvc.service.refusal import FIELD_MAX, Unfit
from feedsvc.service.source_form import read_source, written
from feedsvc.store import SourceState
from feedsvc.web.admin.fields import SETTINGS, fields_of, in_form, known_source, typed
from feedsvc.web.admin.seen import STALE, is_stale, mark
from feedsvc.web.admin.words import Moment, cadence_words, condition_of, condition_words, why_of
from feedsvc.web.gate import base_url, desk, page, private, root, told
from feedsvc.web.security import secure

source = Blueprint("source", __name__)

HISTORY, ENTRIES = 20, 10


@source.get("/sources/<key>")
def show(key: str) -> Response:
    """Everything about one source."""
    return _show(known_source(key))


@source.post("/sources/<key>")
def edit(key: str) -> Response:
    """Put the form in force; with a fault, show it again as it was typed."""
    state = known_source(key)
    values = typed(state, SETTINGS)
    filled = read_source(key, values, base=state.source)
    if filled.source is None:
        return _show(state, values=values, faults=filled.faults, status=400)
    wanted = filled.source

    def change(now: Source) -> Source:
        # what the form does not show stays as it is at this moment
        return replace(wanted, rules=now.rules, cadence=now.cadence, is_enabled=now.is_enabled)

    try:
        with desk().store.together():
            if is_stale(in_form(state := known_source(key), SETTINGS)):
                return _show(state, values=values, problem=STALE, status=409)
            desk().tuning.change(key, change)
    except Unfit as refused:
        return _show(state, values=values, faults=refused.faults, status=400)
    return _back(key, "Saved. It holds from the next scrape on.")


@source.post("/sources/<key>/do")
def act(key: str) -> Response:
    """Run, pause, resume, reset, accept, dismiss."""
    state = known_source(key)
    if request.form.get("do") == "remove":
        return _remove(state)
    action = _ACTIONS.get(request.form.get("do", ""))
    if action is None:
        return _show(state, problem="Choose what to do.", status=400)
    return _back(key, action(key))


@source.get("/sources/<key>/source.toml")
def export(key: str) -> Response:
    """What is in force as a source file, to be put into config/sources/."""
    state = known_source(key)
    answer = Response(source_toml(state.source), content_type="application/toml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{key}.toml"'
    return private(secure(answer))


def _remove(state: SourceState) -> Response:
    try:
        desk().tuning.remove(state.key)
    except Unfit as refused:
        return _show(state, problem=f"The source {next(iter(refused.faults.values()))}", status=400)
    said = urlencode(told(f"{state.source.title or state.key} is forgotten: its feed has ended, its entries stay."))
    return private(redirect(f"{root()}/admin/?{said}", 303))  # type: ignore[arg-type]


def _run(key: str) -> str:
    asked = desk().tuning.run_now([key])
    return "It will be scraped now." if asked else "It is stopped: resume it first."


def _stop(key: str) -> str:
    desk().tuning.pause([key], until=None)
    return "Stopped until you resume it."


def _resume(key: str) -> str:
    desk().tuning.resume([key])
    return "Resumed."


def _reset(key: str) -> str:
    if desk().tuning.reset(key):
        return "Everything is as the configuration declares it."
    return "Nothing is declared to go back to: this source was added here."


def _reset_one(key: str) -> str:
    name = request.form.get("name", "").partition(".")[0]
    field = {"url": "urls", "schedule": "cadence"}.get(name, name)
    desk().tuning.reset(key, [field])
    return "Back to what the configuration declares."


_SCRAPED_NOW = "It is being scraped at this moment: try again when that has ended."


def _accept(key: str) -> str:
    try:
        is_taken = desk().tuning.accept(key)
    except Unfit as refused:
        return f"The quarantine {refused.faults['quarantine']}"
    if not is_taken:
        return _SCRAPED_NOW
    when = "it is being read again now" if known_source(key).is_enabled else "when it is resumed, as it is stopped"
    return f"The page is taken as it is: {when}."


def _dismiss(key: str) -> str:
    try:
        is_dismissed = desk().tuning.dismiss(key)
    except Unfit as refused:
        return f"The quarantine {refused.faults['quarantine']}"
    if not is_dismissed:
        return _SCRAPED_NOW
    return "Dismissed: the feed stays as it is. You are asked again if the page looks wrong in another way."


_ACTIONS: Mapping[str, Callable[[str], str]] = {
    "run": _run,
    "stop": _stop,
    "resume": _resume,
    "reset": _reset,
    "reset-one": _reset_one,
    "accept": _accept,
    "dismiss": _dismiss,
}


def _back(key: str, done: str) -> Response:
    return private(redirect(f"{root()}/admin/sources/{quote(key)}?{urlencode(told(done))}", 303))  # type: ignore[arg-type]


def _show(
    state: SourceState,
    *,
    values: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    store, now, key = desk().store, desk().clock(), state.key
    ref = FeedRef(kind="source", key=key)
    condition = condition_of(state, now=now)
    fields = fields_of(state, SETTINGS, values or written(state.source), faults or {})
    quarantine = desk().tuning.quarantine(state)
    is_running = state.claimed_until is not None and state.claimed_until > now
    return page(
        "source.html",
        status=status,
        state=state,
        key=key,
        title=state.source.title or key,
        condition=condition.value,
        condition_words=condition_words(condition),
        why=why_of(state, now=now),
        is_running=is_running,
        is_moving=is_running or (state.is_enabled and state.due_at is not None and state.due_at <= now),
        waiting=store.visits.count_pending(key),
        last=Moment.of(state.scraped_at, now=now),
        next=Moment.of(state.due_at, now=now) if state.is_enabled else None,
        cadence=cadence_words(state.source.cadence),
        cadence_from=cadence_from(state, desk().paced()),
        fields=fields,
        seen=mark(in_form(state, SETTINGS), is_told=values is None or problem == STALE),
        problem=problem or ("Nothing was saved: look at the fields marked below." if faults else ""),
        quarantine=quarantine,
        opened=Moment.of(quarantine.opened_at, now=now) if quarantine else None,
        evidence=_evidence(quarantine.evidence) if quarantine else None,
        history=[(Moment.of(one.started_at, now=now), one) for one in store.scrapes.history(key, limit=HISTORY)],
        entries=store.entries.newest(ref, limit=ENTRIES),
        number=store.entries.count(ref),
        withdrawn=[(uuid, Moment.of(at, now=now)) for uuid, at in store.entries.tombstones(ref)],
        pages=page_url(base_url(), ref),
        feeds=[(format.value, feed_url(base_url(), ref, format)) for format in Format],
        categories=[category.path for category in store.categories()][:300],
        field_max=FIELD_MAX,
    )


def _evidence(kept: Mapping[str, Any]) -> dict[str, list[str]]:
    """What looked wrong, as lines: comparisons, and the items that the page showed."""
    shown = kept.get("items")
    items = [_item(one) for one in shown] if isinstance(shown, list) else []
    return {"comparison": [str(line) for line in kept.get("comparison", ())], "shown": items[:20]}


def _item(kept: object) -> str:
    if not isinstance(kept, Mapping):
        return str(kept)
    return f"{kept.get('title') or kept.get('url', '')} {kept.get('day') or ''}".strip()
