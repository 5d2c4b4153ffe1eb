"""Who calls: a program by its token, or an admin by session and form token; and how often they may."""

from __future__ import annotations

from flask import Response, current_app, g, request

from feedsvc.service.access import Access
from feedsvc.service.tokens import Tokens, reaches
from feedsvc.web.allowance import Allowance
from feedsvc.web.api.operation import OPERATIONS, Operation
from feedsvc.web.api.problem import Refused, problem
from feedsvc.web.gate import PUBLIC, Cookie, address, base_url, desk, has_form_token, is_from_here

#: Name of the blueprint; its one route that anybody may ask for is the OpenAPI document.
BLUEPRINT, DOCUMENT = "api", "openapi"
_REALM = 'Bearer realm="feedsvc"'
_SAFE = frozenset({"GET", "HEAD"})


def guard_programs() -> Response | None:
    """None to let a call in; before every view of the API."""
    endpoint = request.endpoint or ""
    if endpoint in PUBLIC:
        return None
    try:
        _admit(OPERATIONS[endpoint.removeprefix(f"{BLUEPRINT}.")])
    except Refused as refused:
        return problem(refused)
    return None


def _admit(operation: Operation) -> None:
    tokens, access = desk().tokens, desk().access
    if not access.is_open and not tokens.has_any():
        raise Refused(404, "the API is closed: `feedsvc token create NAME --scope read` opens it", kind="closed")
    caller, scopes = _caller(tokens, access)
    if not reaches(scopes, operation.scope):
        raise Refused(
            403,
            f"this needs the scope {operation.scope}: make a token that has it",
            kind="scope",
            headers={"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{operation.scope}"'},
        )
    _within("calls", caller)


def _caller(tokens: Tokens, access: Access) -> tuple[str, tuple[str, ...]]:
    """Whom calls are counted against, and what they may do. Raises Refused (401, 403)."""
    header = request.headers.get("Authorization", "")
    if header:
        kind, _, secret = header.partition(" ")
        token = tokens.bearer(secret.strip()) if kind.lower() == "bearer" else None
        if token is None:
            _within("strangers", address())
            raise Refused(
                401,
                "the token is unknown, revoked or over: make another with `feedsvc token create`",
                kind="token",
                headers={"WWW-Authenticate": f'{_REALM}, error="invalid_token"'},
            )
        return f"token:{token.name}", token.scopes
    g.secret = request.cookies.get(Cookie.of(base_url()).name, "")
    g.visitor = access.visitor(g.secret)
    if g.visitor is None:
        _within("strangers", address())
        raise Refused(401, "send Authorization: Bearer and a token", kind="token", headers={"WWW-Authenticate": _REALM})
    if request.method not in _SAFE and not (is_from_here() and has_form_token(request.headers.get("X-CSRF-Token", ""))):
        raise Refused(403, "send the form token of your session as X-CSRF-Token, from a page of ours", kind="csrf")
    return f"admin:{g.visitor.name}", ("admin",)


def _within(what: str, caller: str) -> None:
    """Raises Refused (429) where there were too many calls."""
    allowance: Allowance = current_app.extensions[f"feedsvc-{what}"]
    if wait := allowance.wait(caller):
        raise Refused(429, f"too many calls: wait {wait} seconds", kind="often", headers={"Retry-After": str(wait)})
