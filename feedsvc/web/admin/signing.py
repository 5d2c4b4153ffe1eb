"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request

from feedsvc.service.access import SignInRefused
from feedsvc.web.gate import address, desk, drop_secret, keep_secret, page, private, root, visitor

signing = Blueprint("signing", __name__)


@signing.get("/sign-in")
def form() -> Response:
    """The form; whoever is signed in already goes on."""
    there = _next(request.args.get("next", ""))
    if visitor() is not None:
        return redirect(there, 303)  # type: ignore[return-value]
    return page("sign_in.html", next=there, name="", problem="")


@signing.post("/sign-in")
def sign_in() -> Response:
    """Name and password for a session of its own; whatever secret came along is no longer good."""
    name, there = request.form.get("name", "").strip()[:200], _next(request.form.get("next", ""))
    try:
        secret = desk().access.sign_in(name, request.form.get("password", ""), address=address())
    except SignInRefused as refused:
        status = 429 if refused.wait else 401
        answer = page("sign_in.html", status=status, next=there, name=name, problem=f"{refused.message}.")
        if refused.wait:
            answer.headers["Retry-After"] = str(int(refused.wait.total_seconds()) + 1)
        return answer
    before = visitor()
    if before is not None:
        desk().access.sign_out(before)
    return private(keep_secret(redirect(there, 303), secret))  # type: ignore[arg-type]


@signing.post("/sign-out")
def sign_out() -> Response:
    """End the session here and in the store."""
    who = visitor()
    if who is not None:
        desk().access.sign_out(who)
    return private(drop_secret(redirect(f"{root()}/admin/sign-in", 303)))  # type: ignore[arg-type]


def _next(wanted: str) -> str:
    """Where to go after signing in: a page of the desk, and nowhere else."""
    home = f"{root()}/admin/"
    path = wanted.removeprefix(root()) if root() else wanted
    is_ours = path.startswith("/admin/") and "\\" not in path and "//" not in path and path.isprintable()
    return f"{root()}{path}" if is_ours else home
