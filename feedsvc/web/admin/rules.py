"""The rules of a source, tried on the pages that are kept before they are saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, redirect, request

from feedsvc.errors import ServiceError
from feedsvc.model import Source
from feedsvc.service.refusal import FIELD_MAX
from feedsvc.service.source_form import read_source, written
from feedsvc.store import SourceState
from feedsvc.web.admin.fields import RULES, fields_of, in_form, known_source, typed
from feedsvc.web.admin.seen import STALE, is_stale, mark
from feedsvc.web.admin.words import Moment
from feedsvc.web.gate import desk, page, private, root, told

if TYPE_CHECKING:
    from feedsvc.service.replaying import Replay

rules = Blueprint("rules", __name__)

#: Kept release pages that rules are tried on while somebody waits, and characters of a text that are shown.
RELEASES, SHOWN = 10, 300


@rules.get("/sources/<key>/rules")
def show(key: str) -> Response:
    """The rules in force beside the declared ones."""
    state = known_source(key)
    return _show(state, written(state.source), {})


@rules.post("/sources/<key>/rules")
def change(key: str) -> Response:
    """Try the rules on what is kept, or put them in force."""
    state = known_source(key)
    values = typed(state, RULES)
    filled = read_source(key, values, base=state.source)
    if filled.source is None:
        return _show(state, values, filled.faults, status=400)
    if request.form.get("do") != "save":
        return _try(state, values, filled.source)
    with desk().store.together():
        if is_stale(in_form(state := known_source(key), RULES)):
            return _show(state, values, {}, stale=STALE, status=409)
        _put_in_force(key, filled.source)
    said = urlencode(told("Saved. The next scrape reads by these rules."))
    return private(redirect(f"{root()}/admin/sources/{quote(key)}/rules?{said}", 303))  # type: ignore[arg-type]


def _try(state: SourceState, values: Mapping[str, str], wanted: Source) -> Response:
    try:
        replay = desk().replay(state.key, wanted.rules, releases=RELEASES)
    except ServiceError as error:
        problem = f"{error.message}: {error.remedy}." if error.remedy else f"{error.message}."
        return _show(state, values, {}, problem=problem[:1].upper() + problem[1:])
    return _show(state, values, {}, replay=replay)


def _put_in_force(key: str, wanted: Source) -> None:
    """From now on the source is read by the rules of ``wanted``, and its listing is asked for as a whole."""
    desk().tuning.change(key, lambda now: replace(now, rules=wanted.rules))
    desk().store.visits.forget_listings(key)


def _show(
    state: SourceState,
    values: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    replay: Replay | None = None,
    problem: str = "",
    stale: str = "",
    status: int = 200,
) -> Response:
    fields = fields_of(state, RULES, values, faults)
    now = desk().clock()
    return page(
        "rules.html",
        status=status,
        key=state.key,
        title=state.source.title or state.key,
        listing_fields=[field for field in fields if not field.name.startswith("rules.release.")],
        release_fields=[field for field in fields if field.name.startswith("rules.release.")],
        faults=faults,
        seen=mark(in_form(state, RULES), is_told=bool(stale)),
        replay=replay,
        problem=problem,
        stale=stale,
        read=len(replay.listings) + len(replay.releases) if replay else 0,
        otherwise=_otherwise(replay) if replay else 0,
        fetched={one.url: Moment.of(one.fetched_at, now=now) for one in replay.listings} if replay else {},
        field_max=FIELD_MAX,
        shown=SHOWN,
    )


def _otherwise(replay: Replay) -> int:
    """Pages that would be read otherwise than they are by the rules in force."""
    lists = sum(bool(one.lost or one.gained) for one in replay.listings)
    return lists + sum(bool(one.changes or one.problem) for one in replay.releases)
