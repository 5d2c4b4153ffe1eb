"""Every source at a glance: what is well, what is not and why; and what can be done to many at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from feedsvc.service.refusal import Unfit, unfit
from feedsvc.service.source_form import read_cadence, read_category
from feedsvc.store import Condition, Order, SourceState, Wanted
from feedsvc.web.admin.bars import bars
from feedsvc.web.admin.health import troubles
from feedsvc.web.admin.words import Moment, cadence_words, condition_of, condition_words, why_of
from feedsvc.web.gate import desk, page, private, root, told

overview = Blueprint("overview", __name__)

PAGE_SIZE, DAYS, DAYS_OF_ALL, ALERTS = 50, 14, 42, 5
_WORDS_MAX = 200
#: What the filter calls several conditions at once.
_GROUPS = {"trouble": (Condition.BROKEN, Condition.SUSPECT, Condition.FAILING)}
_PAUSES = {"1h": timedelta(hours=1), "1d": timedelta(days=1), "7d": timedelta(days=7), "": None}
#: Sources that one form changes at most.
_ALL_MAX = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One source in the table."""

    key: str
    title: str
    category: str
    condition: str
    condition_words: str
    why: str
    last: Moment | None
    next: Moment | None
    next_why: str
    is_running: bool
    is_tuned: bool
    cadence: str
    new: int
    chart: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What of the table is looked at, as its address says."""

    state: str
    category: str
    words: str
    order: Order
    number: int

    @classmethod
    def of_request(cls) -> Look:
        """As the query says; what is unknown or out of bounds is ignored."""
        args = request.args
        state, order, number = args.get("state", ""), args.get("sort", ""), args.get("page", "1")
        return cls(
            state=state if state in _GROUPS or state in set(Condition) else "",
            category=args.get("category", "").strip("/ ")[:_WORDS_MAX],
            words=" ".join(args.get("q", "")[:_WORDS_MAX].split()),
            order=Order(order) if order in set(Order) else Order.ATTENTION,
            number=int(number) if re.fullmatch(r"[1-9][0-9]{0,4}", number) else 1,
        )

    @property
    def wanted(self) -> Wanted:
        """The same for the store."""
        conditions = _GROUPS.get(self.state) or ((Condition(self.state),) if self.state else ())
        return Wanted(conditions=conditions, category=self.category, words=self.words, order=self.order)

    def query(self, **changes: object) -> str:
        """The query of the same look with changes."""
        order = self.order.value if self.order is not Order.ATTENTION else ""
        facts = {"state": self.state, "category": self.category, "q": self.words, "sort": order, "page": ""} | changes
        return urlencode({name: value for name, value in facts.items() if value})


@overview.get("/")
def table() -> Response:
    """The table, a page at a time."""
    return _table(Look.of_request())


@overview.post("/sources")
def many() -> Response:
    """Do one thing to every source that was ticked, or to all that the table would show on all its pages."""
    look, action = Look.of_request(), request.form.get("do", "")
    keys = tuple(dict.fromkeys(request.form.getlist("key")))
    if request.form.get("every"):
        keys = desk().store.overview.keys(look.wanted, now=desk().clock(), limit=_ALL_MAX)
    if not keys:
        return _table(look, problem="Tick the sources that you mean, then choose again.", status=400)
    if len(keys) > _ALL_MAX:
        return _table(look, problem=f"Nothing was done: tick at most {_ALL_MAX} sources.", status=400)
    if action not in _ACTIONS:
        return _table(look, problem="Choose what to do with the sources that you ticked.", status=400)
    try:
        number, done = _ACTIONS[action](keys)
    except Unfit as refused:
        return _table(
            look, problem=" ".join(f"The {name} {words}" for name, words in refused.faults.items()), status=400
        )
    left = len(keys) - number
    said = f"{number} {done}." + (f" {left} of {len(keys)} were left as they are: {_LEFT[action]}." if left else "")
    if request.form.get("every") and len(keys) == _ALL_MAX:
        said += f" At most {_ALL_MAX} are changed at once: there may be more."
    query = look.query(page=look.number if look.number > 1 else "", **told(said))
    return private(redirect(f"{root()}/admin/?{query}", 303))  # type: ignore[arg-type]


def _run(keys: Sequence[str]) -> tuple[int, str]:
    return desk().tuning.run_now(keys), "will be scraped now"


def _pause(keys: Sequence[str]) -> tuple[int, str]:
    name = request.form.get("pause", "")
    if name not in _PAUSES:
        raise unfit("pause", "is none that can be chosen: choose how long.")
    span = _PAUSES[name]
    until = desk().clock() + span if span is not None else None
    return desk().tuning.pause(keys, until=until), "paused"


def _resume(keys: Sequence[str]) -> tuple[int, str]:
    return desk().tuning.resume(keys), "resumed"


def _file(keys: Sequence[str]) -> tuple[int, str]:
    category, fault = read_category(request.form.get("category", ""))
    if fault:
        raise unfit("category", fault)
    return desk().tuning.file_under(keys, category), "filed anew, with their entries"


def _schedule(keys: Sequence[str]) -> tuple[int, str]:
    cadence, fault = read_cadence(request.form.get("kind", ""), request.form.get("value", ""))
    if fault or cadence is None:
        raise unfit("schedule", fault)
    return desk().tuning.schedule(keys, cadence), f"scheduled {cadence_words(cadence)}"


#: What may be done to many, and why some may be left as they are.
_ACTIONS: Mapping[str, Callable[[Sequence[str]], tuple[int, str]]] = {
    "run": _run,
    "pause": _pause,
    "resume": _resume,
    "category": _file,
    "schedule": _schedule,
}
_LEFT = dict.fromkeys(_ACTIONS, "they are no more") | {"run": "they are stopped, or are no more"}


def _table(look: Look, *, problem: str = "", status: int = 200) -> Response:
    store, now = desk().store, desk().clock()
    found = store.overview.page(look.wanted, now=now, limit=PAGE_SIZE, offset=(look.number - 1) * PAGE_SIZE)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    shown = store.overview.shown_by_day(since=today - timedelta(days=DAYS_OF_ALL - 1), days=DAYS_OF_ALL)
    since = today - timedelta(days=DAYS - 1)
    by_day = store.overview.new_by_day([state.key for state in found], since=since, days=DAYS)
    counts = store.overview.conditions(now=now)
    total = store.overview.count(look.wanted, now=now)
    holder = store.leases.holder("clock")
    ticked = set(request.form.getlist("key")) if problem else set()
    return page(
        "overview.html",
        status=status,
        rows=[_row(state, by_day[state.key], now=now) for state in found],
        look=look,
        problem=problem,
        form=request.form if problem else {},
        ticked=ticked,
        total=total,
        first=(look.number - 1) * PAGE_SIZE + 1,
        has_more=look.number * PAGE_SIZE < total,
        all_sources=sum(counts.values()),
        troubled=sum(counts[condition] for condition in _GROUPS["trouble"]),
        counts=[(condition.value, condition_words(condition), counts[condition]) for condition in Condition],
        categories=[category.path for category in store.categories()],
        orders=(
            (Order.ATTENTION, "what needs a look first"),
            (Order.TITLE, "title"),
            (Order.CATEGORY, "category"),
            (Order.LAST, "last scrape"),
            (Order.NEXT, "next scrape"),
        ),
        has_clock=holder is not None,
        days=DAYS,
        days_of_all=DAYS_OF_ALL,
        troubles=[one for one in troubles(ALERTS + 1) if one.ended is None],
        alerts_most=ALERTS,
        chart=bars(shown),
        shown=sum(shown),
        shown_today=shown[-1],
        ticks_all=bool(problem and request.form.get("every")),
    )


def _row(state: SourceState, by_day: tuple[int, ...], *, now: datetime) -> Row:
    condition = condition_of(state, now=now)
    is_resting = condition is Condition.STOPPED
    return Row(
        key=state.key,
        title=state.source.title or state.key,
        category=state.source.category or "",
        condition=condition.value,
        condition_words=condition_words(condition),
        why=why_of(state, now=now),
        last=Moment.of(state.scraped_at, now=now),
        next=None if is_resting else Moment.of(state.due_at, now=now),
        next_why=state.due_why,
        is_running=state.claimed_until is not None and state.claimed_until > now,
        is_tuned=bool(state.overrides) or state.declared is None,
        cadence=cadence_words(state.source.cadence),
        new=sum(by_day),
        chart=bars(by_day),
    )
