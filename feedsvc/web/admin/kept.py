"""The pages of a source as they came: which are kept, and each in a frame in which nothing runs and nothing loads."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from feedsvc.store.snapshots import Snapshot
from feedsvc.web.admin.fields import known_source
from feedsvc.web.admin.words import Moment
from feedsvc.web.gate import desk, page, private
from feedsvc.web.security import DESK_POLICY, secure

kept = Blueprint("kept", __name__)

LISTED = 200
#: What may be shown in the frame as what it says it is; everything else is shown as text.
_SHOWN = ("text/html", "application/xhtml+xml")
#: A stranger's page: its own inline styles and pictures in it, no script, no form, no request to anybody.
_STRANGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)
#: The page around it may frame what we serve.
_FRAMING_POLICY = f"{DESK_POLICY}; frame-src 'self'"


@kept.get("/sources/<key>/pages")
def listed(key: str) -> Response:
    """Which pages are kept, the latest first."""
    state = known_source(key)
    now = desk().clock()
    return page(
        "kept.html",
        key=key,
        title=state.source.title or key,
        pages=[(Moment.of(one.fetched_at, now=now), one) for one in desk().store.snapshots.listed(key, limit=LISTED)],
        per_page=desk().config().settings.keep.snapshots_per_page,
    )


@kept.get("/sources/<key>/pages/<int:number>")
def show(key: str, number: int) -> Response:
    """One of them, framed."""
    state, snapshot = known_source(key), _known(key, number)
    answer = page(
        "kept_page.html",
        key=key,
        title=state.source.title or key,
        snapshot=snapshot,
        fetched=Moment.of(snapshot.fetched_at, now=desk().clock()),
    )
    answer.headers["Content-Security-Policy"] = _FRAMING_POLICY
    return answer


@kept.get("/sources/<key>/pages/<int:number>/body")
def body(key: str, number: int) -> Response:
    """Its bytes, as a page or, with ``?as=text``, as text."""
    snapshot = _known(key, number)
    media_type, _, charset = snapshot.content_type.partition(";")
    is_page = media_type.strip().lower() in _SHOWN and request.args.get("as") != "text"
    answer = Response(snapshot.body)
    answer.headers["Content-Type"] = snapshot.content_type if is_page else f"text/plain;{charset or ' charset=utf-8'}"
    answer.headers["Content-Security-Policy"] = _STRANGE_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return private(secure(answer))


def _known(key: str, number: int) -> Snapshot:
    snapshot = desk().store.snapshots.get(key, number)
    if snapshot is None:
        abort(404)
    return snapshot
