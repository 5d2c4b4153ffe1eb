"""Every entry there is: looked for by words, feed and state; many withdrawn, hidden or filed elsewhere at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from feedsvc.model import FeedRef, StoredEntry
from feedsvc.service.refusal import Unfit, Unknown
from feedsvc.store import EntryPage, EntryState
from feedsvc.web.admin.feed_names import feed_named, feed_names
from feedsvc.web.admin.words import Moment
from feedsvc.web.gate import desk, page, private, root, told

entries = Blueprint("entries", __name__)

PAGE_SIZE, _WORDS_MAX, _MOST = 50, 200, 200
_STATES = (
    (EntryState.SHOWN, "shown"),
    (EntryState.HIDDEN, "hidden"),
    (EntryState.WITHDRAWN, "withdrawn"),
    (EntryState.ANY, "any"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What of the list is looked at, as its address says."""

    words: str
    feed: str
    state: EntryState
    before: int | None

    @classmethod
    def of_request(cls) -> Look:
        """As the query says; what is unknown is ignored."""
        args = request.args
        before, state = args.get("before", ""), args.get("state", "")
        return cls(
            words=" ".join(args.get("q", "")[:_WORDS_MAX].split()),
            feed=args.get("feed", "").strip()[:_WORDS_MAX],
            state=EntryState(state) if state in set(EntryState) else EntryState.SHOWN,
            before=int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None,
        )

    @property
    def ref(self) -> FeedRef | None:
        """The feed that is looked at; None for an unknown one."""
        return feed_named(self.feed)

    def query(self, **changes: object) -> str:
        """The query of the same look with changes."""
        state = self.state.value if self.state is not EntryState.SHOWN else ""
        facts = {"q": self.words, "feed": self.feed, "state": state, "before": ""} | changes
        return urlencode({name: value for name, value in facts.items() if value})


@entries.get("/entries")
def listed() -> Response:
    """The list, a page at a time, the latest first."""
    return _list(Look.of_request())


@entries.post("/entries")
def many() -> Response:
    """Do one thing to every entry that was ticked."""
    look = Look.of_request()
    ticked = list(dict.fromkeys(request.form.getlist("uuid")))[:_MOST]
    if not ticked:
        return _list(look, problem="Tick the entries that you mean, then choose again.", status=400)
    action = request.form.get("do", "")
    editing = desk().editing
    category = request.form.get("category", "").strip()
    actions: dict[str, tuple[Callable[[str], object], str]] = {
        "withdraw": (editing.withdraw, "withdrawn: they leave every feed, and no scrape brings them back"),
        "reinstate": (editing.reinstate, "taken back into their feeds"),
        "hide": (editing.hide, "hidden: they are in no feed, and their pages stay"),
        "show": (editing.show, "shown again"),
        "file": (lambda uuid: editing.file_under(uuid, category or None), "filed anew"),
        "merge": (lambda uuid: editing.merge(ticked[0], uuid), "merged"),
    }
    if action not in actions:
        return _list(look, problem="Choose what to do with the entries that you ticked.", status=400)
    if action == "merge" and len(ticked) < 2:
        return _list(look, problem="Tick the entry to keep, and those that are the same story below it.", status=400)
    act, done = actions[action]
    try:
        number = sum(bool(act(uuid)) for uuid in (ticked[1:] if action == "merge" else ticked))
    except Unfit as refused:
        return _list(
            look, problem=f"{_capital(next(iter(refused.faults)))} {next(iter(refused.faults.values()))}", status=400
        )
    except Unknown as unknown:
        return _list(look, problem=f"{_capital(unknown.message)}.", status=400)
    return private(redirect(f"{root()}/admin/entries?{look.query(**told(f'{number} {done}.'))}", 303))  # type: ignore[arg-type]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry in the list."""

    stored: StoredEntry
    published: str
    seen: Moment | None
    state: str


def _list(look: Look, *, problem: str = "", status: int = 200) -> Response:
    now, ref = desk().clock(), look.ref
    wanted = EntryPage(
        feed=ref or FeedRef(kind="all"), state=look.state, words=look.words, limit=PAGE_SIZE + 1, before=look.before
    )
    found = desk().editing.find(wanted) if ref is not None else ()
    rows = [
        Row(
            stored=one,
            published=f"{one.published:%Y-%m-%d}",
            seen=Moment.of(one.first_seen_at, now=now),
            state=state_words(one),
        )
        for one in found[:PAGE_SIZE]
    ]
    return page(
        "entries.html",
        status=status,
        look=look,
        problem=problem,
        rows=rows,
        ticked=set(request.form.getlist("uuid")) if problem else set(),
        category=request.form.get("category", "") if problem else "",
        more=found[PAGE_SIZE - 1].sequence if len(found) > PAGE_SIZE else None,
        states=[(state.value, words) for state, words in _STATES],
        is_unknown_feed=ref is None,
        feeds=feed_names(),
        categories=[category.path for category in desk().store.categories()][:300],
    )


def state_words(stored: StoredEntry) -> str:
    """What was decided about an entry, "" for nothing."""
    if stored.merged_into is not None:
        return "merged"
    if stored.withdrawn_at is not None:
        return "withdrawn"
    return "hidden" if stored.hidden_at is not None else ""
