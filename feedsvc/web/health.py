"""Whether the process lives and whether feeds can be served, for supervisors and load balancers."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from feedsvc.service.standing import disk_troubles

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """200 while the process lives."""
    return _uncached(jsonify(status="ok"))


@health.get("/readyz")
def readyz() -> tuple[Response, int] | Response:
    """200 while feeds can be served, "degraded" where the store can only be read, or not; 503 before the first load."""
    service = current_app.extensions["feedsvc"]
    if not service.feeds.is_loaded:
        return _uncached(jsonify(status="starting")), 503
    is_degraded = service.feeds.trouble or disk_troubles(service.store)
    return _uncached(jsonify(status="degraded" if is_degraded else "ok"))


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
