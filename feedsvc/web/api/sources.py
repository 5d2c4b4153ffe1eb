"""Sources: declared, tuned, run, paused, and what their scrapes came to."""

from __future__ import annotations

from feedsvc.config.writing import source_toml
from feedsvc.model import Source
from feedsvc.service.refusal import Unknown, unfit
from feedsvc.service.source_document import changed_source, new_source
from feedsvc.store import SourceState, Wanted
from feedsvc.web.admin.words import condition_of
from feedsvc.web.api.cursor import cursor_of, number_of
from feedsvc.web.api.models.common import Done, Page, Paged
from feedsvc.web.api.models.sources import (
    Action,
    NewSource,
    Pause,
    QuarantineDocument,
    Reset,
    ScrapeDocument,
    SourceAction,
    SourceDocument,
    SourcePatch,
    SourceQuery,
    SourceStanding,
)
from feedsvc.web.api.operation import Answer, Call, Document, Nothing, operation
from feedsvc.web.api.problem import Refused

TAG = "sources"
#: Fields of a source that a key of its file stands for.
_FIELDS = {"url": "urls", "enabled": "is_enabled"}
_CADENCE = ("every", "cron", "budget", "active", "jitter")

Plain = Call[Nothing, Nothing]


@operation("GET", "/sources", tag=TAG, scope="read", query=SourceQuery, answer=Page[SourceStanding])
def list_sources(call: Call[SourceQuery, Nothing]) -> Answer:
    """List sources and how each stands."""
    query, now = call.query, call.desk.clock()
    offset = number_of(query.cursor) or 0
    wanted = Wanted(
        conditions=(query.condition,) if query.condition else (),
        category=query.category or "",
        words=query.words or "",
        order=query.sort,
    )
    found = call.desk.store.overview.page(wanted, now=now, limit=query.limit + 1, offset=offset)
    cursor = cursor_of(offset + query.limit) if len(found) > query.limit else ""
    items = [SourceStanding.of(state, condition_of(state, now=now), now=now) for state in found[: query.limit]]
    return Answer(document=Page(items=items, next=cursor or None), cursor=cursor)


@operation("POST", "/sources", tag=TAG, scope="write", body=NewSource, answer=SourceDocument, status=201, also=(409,))
def add_source(call: Call[Nothing, NewSource]) -> Answer:
    """Watch a website from now on."""
    source = new_source(call.body.key, call.body.values(), call.desk.config())
    if not call.desk.tuning.add(source):
        raise unfit("key", "is taken by another source: choose another.")
    return Answer(document=SourceDocument.of(call.desk.state(source.key)), location=f"/sources/{source.key}")


@operation("POST", "/source-actions", tag=TAG, scope="write", body=SourceAction, answer=Done)
def act_on_sources(call: Call[Nothing, SourceAction]) -> Done:
    """Run, pause, resume, file or schedule many sources at once."""
    body, tuning = call.body, call.desk.tuning
    if body.action is Action.RUN:
        return Done(changed=tuning.run_now(body.keys))
    if body.action is Action.PAUSE:
        return Done(changed=tuning.pause(body.keys, until=body.until))
    if body.action is Action.RESUME:
        return Done(changed=tuning.resume(body.keys))
    names = ("category", "every", "cron", "budget")
    patch: dict[str, object] = {name: getattr(body, name) for name in names if name in call.given}
    if not patch:
        raise unfit("action", "says nothing to change: add category, or one of every, cron and budget.")
    # one source tells whether the values will do, before any is changed
    sample = changed_source(Source(key="sample", urls=("https://host.example/",), title="Sample"), patch)
    if body.action is Action.CATEGORY:
        return Done(changed=tuning.file_under(body.keys, sample.category))
    return Done(changed=tuning.schedule(body.keys, sample.cadence))


@operation("GET", "/sources/{key}", tag=TAG, scope="read", answer=SourceDocument)
def get_source(call: Call[Document, Document]) -> SourceDocument:
    """Read what is declared of a source, what was tuned, and what is in force."""
    return SourceDocument.of(call.desk.state(call.path["key"]))


@operation(
    "PATCH",
    "/sources/{key}",
    tag=TAG,
    scope="write",
    body=SourcePatch,
    answer=SourceDocument,
    matches="get_source",
    compares=True,
)
def change_source(call: Call[Nothing, SourcePatch]) -> SourceDocument:
    """Put a part of a source file in force over what is declared (JSON merge patch)."""
    key, patch = call.path["key"], call.body.values()
    seen = call.desk.state(key).source
    call.still()
    changed_source(seen, patch)

    def change(now: Source) -> Source:
        if now != seen:
            raise Refused(412, "it has changed since you looked: get it again, then change it", kind="changed")
        return changed_source(now, patch)

    call.desk.tuning.change(key, change)
    return SourceDocument.of(call.desk.state(key))


@operation("DELETE", "/sources/{key}", tag=TAG, scope="write", matches="get_source")
def remove_source(call: Plain) -> Answer:
    """Stop watching a source that no file declares; its entries stay."""
    call.desk.tuning.remove(call.path["key"])
    return Answer()


@operation("POST", "/sources/{key}/reset", tag=TAG, scope="write", body=Reset, answer=SourceDocument, also=(409,))
def reset_source(call: Call[Nothing, Reset]) -> SourceDocument:
    """Take overrides back."""
    state, names = call.desk.state(call.path["key"]), call.body.names
    if state.declared is None:
        raise Refused(409, "no file declares this source: there is nothing to go back to", kind="conflict")
    call.desk.tuning.reset(state.key, None if names is None else sorted({_field(name) for name in names}))
    return SourceDocument.of(call.desk.state(state.key))


@operation("GET", "/sources/{key}/source.toml", tag=TAG, scope="read", media_type="application/toml")
def export_source(call: Plain) -> Answer:
    """Export what is in force as a source file."""
    state = call.desk.state(call.path["key"])
    return Answer(
        raw=source_toml(state.source).encode(),
        headers={"Content-Disposition": f'attachment; filename="{state.key}.toml"'},
    )


@operation("GET", "/sources/{key}/state", tag=TAG, scope="read", answer=SourceStanding)
def get_source_state(call: Plain) -> SourceStanding:
    """Read how a source stands."""
    return _standing(call)


@operation("POST", "/sources/{key}/run", tag=TAG, scope="write", answer=SourceStanding, also=(409,))
def run_source(call: Plain) -> SourceStanding:
    """Ask the clock to scrape a source now."""
    if not call.desk.tuning.run_now([call.desk.state(call.path["key"]).key]):
        raise Refused(409, "the source is stopped: resume it first", kind="conflict")
    return _standing(call)


@operation("POST", "/sources/{key}/pause", tag=TAG, scope="write", body=Pause, answer=SourceStanding)
def pause_source(call: Call[Nothing, Pause]) -> SourceStanding:
    """Leave a source alone, until then or until it is resumed."""
    call.desk.tuning.pause([call.desk.state(call.path["key"]).key], until=call.body.until)
    return _standing(call)


@operation("POST", "/sources/{key}/resume", tag=TAG, scope="write", answer=SourceStanding)
def resume_source(call: Plain) -> SourceStanding:
    """End a pause."""
    call.desk.tuning.resume([call.desk.state(call.path["key"]).key])
    return _standing(call)


@operation("GET", "/sources/{key}/scrapes", tag=TAG, scope="read", query=Paged, answer=Page[ScrapeDocument])
def list_scrapes(call: Call[Paged, Nothing]) -> Answer:
    """List past scrapes of a source, the latest first."""
    state, limit = call.desk.state(call.path["key"]), call.query.limit
    found = call.desk.store.scrapes.page(state.key, limit=limit + 1, before=number_of(call.query.cursor))
    cursor = cursor_of(found[limit - 1][0]) if len(found) > limit else ""
    items = [ScrapeDocument.of(record) for _, record in found[:limit]]
    return Answer(document=Page(items=items, next=cursor or None), cursor=cursor)


@operation("GET", "/sources/{key}/quarantine", tag=TAG, scope="read", answer=QuarantineDocument)
def get_quarantine(call: Plain) -> QuarantineDocument:
    """Read why scrapes of a source are held back, with the evidence."""
    found = call.desk.store.scrapes.open_quarantine(call.desk.state(call.path["key"]).key)
    if found is None:
        raise _not_in_quarantine(call)
    return QuarantineDocument.of(found)


@operation("POST", "/sources/{key}/quarantine/accept", tag=TAG, scope="write", answer=SourceStanding, also=(409,))
def accept_quarantine(call: Plain) -> SourceStanding:
    """Take the page as it is, also where that was dismissed: it is read again now."""
    if call.desk.tuning.quarantine(call.desk.state(call.path["key"])) is None:
        raise _not_in_quarantine(call)
    if not call.desk.tuning.accept(call.path["key"]):
        raise _scraped_now()
    return _standing(call)


@operation("POST", "/sources/{key}/quarantine/dismiss", tag=TAG, scope="write", answer=SourceStanding, also=(409,))
def dismiss_quarantine(call: Plain) -> SourceStanding:
    """Say that the page is wrong: the feed stays as it is."""
    get_quarantine(call)
    if not call.desk.tuning.dismiss(call.path["key"]):
        raise _scraped_now()
    return _standing(call)


def _not_in_quarantine(call: Plain) -> Unknown:
    return Unknown("the source is not in quarantine", subject=call.path["key"])


def _scraped_now() -> Refused:
    return Refused(409, "it is being scraped at this moment: try again when that has ended", kind="conflict")


def _standing(call: Call[Document, Document]) -> SourceStanding:
    state: SourceState = call.desk.state(call.path["key"])
    now = call.desk.clock()
    return SourceStanding.of(state, condition_of(state, now=now), now=now)


def _field(name: str) -> str:
    """The field that a key of the file belongs to: what is reset is reset whole."""
    first = name.partition(".")[0]
    return "cadence" if first in _CADENCE else _FIELDS.get(first, first)
