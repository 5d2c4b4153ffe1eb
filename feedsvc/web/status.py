"""``/feeds/_status.atom``: the service's own health, for whoever holds the key of ``alerts.status_key``."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, current_app, request

status = Blueprint("status", __name__)


@status.get("/feeds/_status.atom")
def feed() -> Response:
    """The status feed; 404 without the right key, as if there were none."""
    service = current_app.extensions["feedsvc"]
    settings = service.feeds.catalogue.settings
    key = settings.alerts.status_key.get_secret_value()
    given = request.args.get("key", "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), key.encode("utf-8")) or not key:
        abort(404)
    # Few ask for it, and it needs what scrapes are judged with: a web worker loads that for the first who does.
    from feedsvc.service.status import status_feed

    rendering = status_feed(service.store, settings)
    response = Response(rendering.identity, content_type=rendering.content_type)
    response.set_etag(rendering.etag)
    response.headers["Cache-Control"] = f"private, max-age={rendering.max_age}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.make_conditional(request)
    return response
