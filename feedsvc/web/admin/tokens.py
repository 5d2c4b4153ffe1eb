"""Tokens for programs that use the API: made, shown once, revoked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from feedsvc.service.refusal import Unfit
from feedsvc.service.tokens import SCOPES
from feedsvc.web.admin.words import Moment
from feedsvc.web.gate import desk, page, private, root, told

tokens = Blueprint("tokens", __name__)

_MEANINGS = {
    "read": "look at everything",
    "write": "change sources, entries, categories and feeds",
    "admin": "tokens, settings and backups, too",
}


@tokens.get("/tokens")
def listed() -> Response:
    """Which tokens there are, and a form for one more."""
    return _list({}, {})


@tokens.post("/tokens")
def act() -> Response:
    """Make a token and show its secret this once, or revoke one."""
    if request.form.get("do") == "revoke":
        gone = desk().tokens.revoke(request.form.get("revoked", ""))
        said = urlencode(told("Revoked: it opens nothing any more." if gone else "There is no such token any more."))
        return private(redirect(f"{root()}/admin/tokens?{said}", 303))  # type: ignore[arg-type]
    typed = {name: request.form.get(name, "").strip() for name in ("name", "scope", "days")}
    days = typed["days"]
    if days and not (days.isascii() and days.isdecimal() and 0 < int(days[:9]) <= 3660):
        return _list(typed, {"days": "is not a number of days from 1 to 3660; leave it empty for no end."}, status=400)
    span = timedelta(days=int(days)) if days else None
    try:
        _, secret = desk().tokens.create(typed["name"], [typed["scope"]], expires_in=span)
    except Unfit as refused:
        return _list(
            typed, {"scope" if name == "scopes" else name: words for name, words in refused.faults.items()}, status=400
        )
    return _list({}, {}, secret=secret)


def _list(typed: Mapping[str, str], faults: Mapping[str, str], *, secret: str = "", status: int = 200) -> Response:
    now = desk().clock()
    return page(
        "tokens.html",
        status=status,
        secret=secret,
        typed=typed,
        faults=faults,
        scopes=[(scope, _MEANINGS[scope]) for scope in SCOPES],
        tokens=[
            (
                one,
                Moment.of(one.created_at, now=now),
                Moment.of(one.expires_at, now=now),
                Moment.of(one.used_at, now=now),
            )
            for one in desk().tokens.all()
        ],
    )
