"""When a source is scraped: its cadence as a form, and what that comes to before it is saved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, request

from feedsvc.config.cadences import DEFAULT_BUDGET
from feedsvc.model import Cadence, Source
from feedsvc.service.source_form import CADENCES, FROM_CATEGORY, read_active, read_cadence, read_jitter, written
from feedsvc.service.week import DAYS, Week, week_of
from feedsvc.store import SourceState
from feedsvc.web.admin.fields import known_source
from feedsvc.web.admin.seen import STALE, is_stale, mark
from feedsvc.web.admin.words import away, span_words
from feedsvc.web.gate import desk, page, private, root, told

schedule = Blueprint("schedule", __name__)

#: How far back releases count, how far ahead scrapes are planned, and how many of them are listed.
PAST, AHEAD, LISTED = timedelta(days=182), timedelta(days=7), 12
_FIELDS = ("kind", *CADENCES, "active", "jitter", "paused_until")
#: Scrapes a day at the slider's end, where the budget is no larger.
_SLIDER_END = 144
#: Scrapes a week that a budget gives at most: one every 30 seconds.
_BUDGET_MOST = 20_160
_HINTS = {
    "every": ("Every", "30m, 1h30m"),
    "cron": ("Crontab line", "*/20 8-18 * * mon-fri"),
    "budget": ("Budget", "48/day: placed where releases wait least"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One hour of the heat map, placed."""

    x: int
    y: int
    opacity: str
    words: str


@schedule.get("/sources/<key>/schedule")
def show(key: str) -> Response:
    """The schedule in force."""
    state = known_source(key)
    return _show(state, _typed(state.source), {})


@schedule.post("/sources/<key>/schedule")
def change(key: str) -> Response:
    """Show what a schedule would come to, or put it in force."""
    state = known_source(key)
    typed = {name: request.form.get(name, "").strip()[:300] for name in _FIELDS}
    budget = request.form.get("try", "")[:30]
    slid = request.form.get("slide", "")
    if request.form.get("do") == "slide" and re.fullmatch(r"[1-9]\d{0,3}", slid):
        budget = f"{slid}/day"
    if budget:
        typed |= {"kind": "budget", "budget": budget}
    cadence, faults = _read(typed, state)
    if cadence is None:
        return _show(state, typed, faults, status=400)
    if budget or request.form.get("do") != "save":
        changed = replace(state, source=replace(state.source, cadence=cadence), due_at=None)
        return _show(changed if cadence != state.source.cadence else state, typed, {}, is_trial=True)

    def tune(now: Source) -> Source:
        return replace(now, cadence=cadence)

    with desk().store.together():
        if is_stale(_typed((state := known_source(key)).source)):
            return _show(state, typed, {}, problem=STALE, status=409)
        desk().tuning.change(key, tune)
    query = urlencode(told("Saved. The next scrape is planned anew within seconds."))
    return private(redirect(f"{root()}/admin/sources/{quote(key)}/schedule?{query}", 303))  # type: ignore[arg-type]


def _typed(source: Source) -> dict[str, str]:
    texts, until = written(source), source.cadence.paused_until
    kind = FROM_CATEGORY if source.cadence.from_category else next((name for name in CADENCES if texts[name]), "budget")
    local = until.astimezone(ZoneInfo(source.time_zone)) if until is not None and until > desk().clock() else None
    return {
        "kind": kind,
        **{name: texts[name] for name in CADENCES},
        "active": texts["active"],
        "jitter": texts["jitter"],
        "paused_until": f"{local:%Y-%m-%dT%H:%M}" if local is not None else "",
    }


def _read(typed: Mapping[str, str], state: SourceState) -> tuple[Cadence | None, dict[str, str]]:
    """The cadence that was typed, or what is wrong, by field."""
    source, kind = state.source, typed["kind"]
    if kind == FROM_CATEGORY and state.declared is None:
        return _left(typed, source)
    cadence, fault = read_cadence(kind, typed.get(kind, ""))
    active, active_fault = read_active(typed["active"])
    jitter, jitter_fault = read_jitter(typed["jitter"])
    until, until_fault = _read_until(typed["paused_until"], source.time_zone)
    place = typed["kind"] if typed["kind"] in CADENCES else "every"
    faults = {place: fault, "active": active_fault, "jitter": jitter_fault, "paused_until": until_fault}
    if cadence is None or any(faults.values()):
        return None, {name: words for name, words in faults.items() if words}
    return replace(cadence, active=active, jitter=jitter, paused_until=until), {}


def _left(typed: Mapping[str, str], source: Source) -> tuple[Cadence | None, dict[str, str]]:
    """The cadence that follows where it is left to the category, or what is wrong, by field."""
    jitter, jitter_fault = read_jitter(typed["jitter"])
    until, until_fault = _read_until(typed["paused_until"], source.time_zone)
    faults = {"jitter": jitter_fault, "paused_until": until_fault}
    if typed["active"] and typed["active"] != source.cadence.active:
        faults["active"] = "are left to the category, too: empty them, or choose how often here."
    if any(faults.values()):
        return None, {name: words for name, words in faults.items() if words}
    left = Cadence(jitter=jitter, paused_until=until, from_category=True)
    return desk().tuning.left(replace(source, cadence=left)).cadence, {}


def _read_until(text: str, zone: str) -> tuple[datetime | None, str]:
    if not text:
        return None, ""
    try:
        at = datetime.fromisoformat(text)
        local = at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(zone))
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None, "is not a date and time: write it as 2026-05-31T08:00, or leave it empty."
    if moment <= desk().clock():
        return None, "has passed: choose a moment that is still to come, or leave it empty."
    if moment > desk().clock() + timedelta(days=3660):
        return None, "is more than ten years ahead: stop the source instead."
    return moment, ""


def _show(
    state: SourceState,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    status: int = 200,
    is_trial: bool = False,
    problem: str = "",
) -> Response:
    now, source = desk().clock(), state.source
    plan = desk().schedule(state, ahead=AHEAD)
    releases = desk().store.overview.releases(state.key, since=now - PAST)
    week = week_of(releases, [due.at for due in plan.scrapes], zone=source.time_zone)
    zone = ZoneInfo(source.time_zone)
    wait = plan.lags[1].evenly if plan.is_cut else week.wait
    return page(
        "schedule.html",
        status=status,
        key=state.key,
        title=source.title or state.key,
        zone=source.time_zone,
        is_enabled=state.is_enabled,
        declared=written(state.declared) if state.declared is not None and "cadence" in state.overrides else None,
        typed=typed,
        faults=faults,
        problem=problem,
        seen=mark(_typed(known_source(state.key).source), is_told=problem == STALE),
        is_trial=is_trial,
        kinds=[(name, *_HINTS[name]) for name in CADENCES],
        may_be_left=state.declared is None,
        next=[
            (away(due.at - now), f"{due.at.astimezone(zone):%a %d %b %H:%M}", due.why) for due in plan.scrapes[:LISTED]
        ],
        number=f"{round(plan.scrapes_a_week) if plan.is_cut else len(plan.scrapes):,}",
        at_most=f"{round(plan.scrapes_a_week):,}" if plan.cadence == "budget" and not plan.is_cut else "",
        is_budget=plan.cadence == "budget",
        is_cut=plan.is_cut,
        slider=_slider(typed),
        week=week,
        wait=span_words(wait) if wait is not None else "",
        cells=_cells(week),
        dots=[] if plan.is_cut else [(f"{40 + hour * 24:.0f}", 20 + day * 24 + 21) for day, hour in week.scrapes],
        day_names=[(name[:3], 20 + place * 24 + 15) for place, name in enumerate(DAYS)],
        lags=[
            (
                lag.budget,
                f"{round(lag.scrapes_a_week):,}",
                _as_budget(lag.scrapes_a_week),
                span_words(lag.placed) if lag.placed else "",
                span_words(lag.evenly),
            )
            for lag in plan.lags
        ],
        hosts=[
            (
                host.host,
                *(f"{round(n):,}" for n in (host.sources, host.scrapes_a_day, host.requests_a_day, host.most_a_day)),
            )
            for host in plan.hosts
        ],
    )


def _slider(typed: Mapping[str, str]) -> tuple[int, int]:
    """Where the slider of scrapes a day stands, and where it ends; budgets by the hour and week are rounded."""
    cadence, _ = read_cadence("budget", typed["budget"])
    if cadence is None or cadence.budget is None:
        return DEFAULT_BUDGET[0], _SLIDER_END
    times, per = cadence.budget
    a_day = max(round(times * (timedelta(days=1) / per)), 1)
    return a_day, max(_SLIDER_END, a_day)


def _as_budget(scrapes_a_week: float) -> str:
    """The budget that comes to so many scrapes; "" where it would be more often than a budget may be."""
    number = max(round(scrapes_a_week), 1)
    if number > _BUDGET_MOST:
        return ""
    return f"{number // 7}/day" if number % 7 == 0 else f"{number}/week"


def _cells(week: Week) -> list[Cell]:
    most = max((number for row in week.releases for number in row), default=0)
    return [
        Cell(
            x=40 + hour * 24,
            y=20 + day * 24,
            opacity=f"{0.15 + 0.85 * number / most:.2f}",
            words=f"{DAYS[day]} {hour}:00: {number}",
        )
        for day, row in enumerate(week.releases)
        for hour, number in enumerate(row)
        if number
    ]
