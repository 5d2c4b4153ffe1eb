"""New rules for a source whose page has changed: proposed with their evidence, adopted or left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, redirect, request

from feedsvc.errors import ScrapeError, ServiceError
from feedsvc.service.source_form import read_source, written
from feedsvc.store import SourceState
from feedsvc.web.admin.fields import RULES, known_source, typed
from feedsvc.web.gate import desk, page, private, root, told

if TYPE_CHECKING:
    from feedsvc.scrape.repair import Repair

repair = Blueprint("repair", __name__)


@repair.get("/sources/<key>/repair")
def show(key: str) -> Response:
    """What a repair is, and the way to one."""
    return _show(known_source(key))


@repair.post("/sources/<key>/repair")
def act(key: str) -> Response:
    """Look for new rules, or adopt those that were proposed."""
    state = known_source(key)
    if request.form.get("do") == "adopt":
        return _adopt(state)
    try:
        return _show(state, found=desk().repair(key))
    except (ScrapeError, ServiceError) as error:
        said = f"No rules could be looked for: {error.message}" + (f" ({error.remedy})" if error.remedy else "") + "."
        return _show(state, problem=said, status=400)


def _adopt(state: SourceState) -> Response:
    filled = read_source(state.key, typed(state, RULES), base=state.source)
    if filled.source is None:
        return _show(state, problem="These are no rules: have them looked for again.", status=400)
    desk().adopt(state.key, filled.source.rules)
    said = urlencode(told("Adopted: the next scrape reads by the new rules."))
    return private(redirect(f"{root()}/admin/sources/{quote(state.key)}/rules?{said}", 303))  # type: ignore[arg-type]


def _show(state: SourceState, *, found: Repair | None = None, problem: str = "", status: int = 200) -> Response:
    new = written(replace(state.source, rules=found.new)) if found is not None and found.new is not None else {}
    old = written(state.source)
    return page(
        "repair.html",
        status=status,
        key=state.key,
        title=state.source.title or state.key,
        found=found,
        problem=problem,
        proposed={name: new[name] for name in RULES} if new else {},
        differences=_differences(old, new) if new else [],
    )


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(rule, in force, proposed) of those that differ."""
    return [(name.removeprefix("rules."), old[name], new[name]) for name in RULES if old[name] != new[name]]
