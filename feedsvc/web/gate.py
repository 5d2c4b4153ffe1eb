"""The one gate before every view: which routes are public, who is signed in, and that a form is really ours.

Reliability section 6: whatever is not named here is closed, so a new route is closed until somebody decides otherwise.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Response, current_app, g, make_response, redirect, render_template, request

from feedsvc.service.access import ABSOLUTE, Visitor
from feedsvc.service.desk import Desk
from feedsvc.web.security import DESK_POLICY

#: Endpoints that anybody may ask for.
PUBLIC = frozenset(
    {
        "static",
        # says what programs may ask for, and gives nothing
        "api.openapi",
        "health.healthz",
        "health.readyz",
        "guide.status",
        "guide.subscribe",
        "hub.subscribe",
        "metrics.figures",
        "pages.home",
        "pages.feed",
        "pages.entry",
        "pages.search",
        "pages.opml",
        "pages.robots",
        # behind a key of its own
        "status.feed",
    }
)
#: Endpoints of the desk that work before anybody is signed in.
SIGNING_IN = frozenset({"signing.form", "signing.sign_in"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Longest ``next`` that is led on to.
_NEXT_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """Where the browser keeps a session's secret."""

    name: str
    path: str
    is_secure: bool

    @classmethod
    def of(cls, base_url: str) -> Cookie:
        """The strictest cookie that the configured address allows (RFC 6265bis section 4.1.3)."""
        parts = urlsplit(base_url)
        path = f"{parts.path.rstrip('/')}/"
        is_secure = parts.scheme == "https"
        prefix = ("__Host-" if path == "/" else "__Secure-") if is_secure else ""
        return cls(name=f"{prefix}feedsvc", path=path, is_secure=is_secure)


def desk() -> Desk:
    """The admin's desk of this process."""
    found: Desk = current_app.extensions["feedsvc"].desk
    return found


def base_url() -> str:
    """The configured address, without a slash at its end."""
    return desk().config().settings.server.base_url.rstrip("/")


def root() -> str:
    """The path below which everything of ours lies, "" for the whole host."""
    return urlsplit(base_url()).path.rstrip("/")


def guard() -> Response | None:
    """None to let a request in; before every view."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC:
        return None
    access = desk().access
    if not access.is_open:
        return _refusal(404, "closed")
    g.secret = request.cookies.get(Cookie.of(base_url()).name, "")
    g.visitor = access.visitor(g.secret)
    if request.method not in _SAFE and not (is_from_here() and has_form_token(request.form.get("token", ""))):
        return _refusal(403, "strange")
    if endpoint in SIGNING_IN or g.visitor is not None:
        return None
    if request.method not in _SAFE:
        return _refusal(403, "strange")
    if "HX-Request" in request.headers:
        return _reload()
    wanted = request.full_path.rstrip("?")[:_NEXT_MAX]
    return redirect(f"{root()}/admin/sign-in?next={quote(wanted, safe='')}", 303)  # type: ignore[return-value]


def visitor() -> Visitor | None:
    """Who is signed in."""
    found: Visitor | None = g.get("visitor")
    return found


def form_token() -> str:
    """What our forms carry and no other site can know: made of the secret, which it does not give away."""
    if not g.get("secret"):
        g.secret = secrets.token_urlsafe(32)
        g.sets_secret = True
    return hmac.new(g.secret.encode("utf-8", "replace"), b"form", hashlib.sha256).hexdigest()


def told(words: str) -> dict[str, str]:
    """What a redirect's query carries so that the next page says ``words``; nobody else can make it say anything."""
    return {"said": words, "seal": _seal(words)}


def said() -> str:
    """What the page before this one did, in words; "" where our seal is not on them."""
    words, seal = request.args.get("said", ""), request.args.get("seal", "")
    return words if hmac.compare_digest(seal.encode("utf-8", "replace"), _seal(words).encode()) else ""


def _seal(words: str) -> str:
    key = str(g.get("secret", "")).encode("utf-8", "replace")
    return hmac.new(key, b"said:" + words.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:20]


def keep_secret(response: Response, secret: str) -> Response:
    """The answer with the secret in the browser's cookie."""
    cookie = Cookie.of(base_url())
    response.set_cookie(
        cookie.name,
        secret,
        max_age=int(ABSOLUTE.total_seconds()),
        path=cookie.path,
        secure=cookie.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def drop_secret(response: Response) -> Response:
    """The answer that makes the browser forget the cookie."""
    cookie = Cookie.of(base_url())
    response.delete_cookie(cookie.name, path=cookie.path, secure=cookie.is_secure, httponly=True, samesite="Lax")
    return response


def is_from_here() -> bool:
    """Whether a browser says that the form it sends was on a page of this host (Fetch Metadata, RFC 6454).

    A request that says neither comes from no browser of today, and is refused.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return site is not None
    if origin == "null":
        return site is not None
    sender = urlsplit(origin)
    return sender.netloc in (urlsplit(base_url()).netloc, request.host)


def address() -> str:
    """Whom failed attempts are counted against; what proxies say is believed of trusted ones only."""
    trusted = desk().config().settings.server.trusted_proxies
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    sender = request.remote_addr or "unknown"
    while sender in trusted and hops:
        sender = hops.pop()
    return sender[:60]


def page(template: str, *, status: int = 200, **facts: Any) -> Response:
    """A page of the desk: never kept by a browser, and its forms say where they come from."""
    body = render_template(
        f"admin/{template}",
        root=root(),
        site=desk().config().settings.feeds.title,
        here=request.blueprint,
        visitor=visitor(),
        token=form_token(),
        said=said(),
        **facts,
    )
    response = make_response(body, status)
    response.headers["Content-Security-Policy"] = DESK_POLICY
    if g.get("sets_secret"):
        keep_secret(response, g.secret)
    return private(response)


def private(response: Response) -> Response:
    """The answer with what keeps it out of caches; without a referrer policy of its own, forms would send no Origin."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def has_form_token(sent: str) -> bool:
    """Whether this is what our forms carry for the session that asks."""
    return bool(g.secret) and hmac.compare_digest(sent.encode("utf-8", "replace"), form_token().encode())


def _refusal(status: int, why: str) -> Response:
    if "HX-Request" in request.headers:
        return _reload()
    body = render_template("admin/refused.html", root=root(), site=desk().config().settings.feeds.title, why=why)
    return private(make_response(body, status))


def _reload() -> Response:
    """For a part of a page that htmx asked for without a session: the whole page is loaded again, and says why."""
    answer = private(make_response("", 401))
    answer.headers["HX-Refresh"] = "true"
    return answer
