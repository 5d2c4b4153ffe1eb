"""The hub's address: subscribers post what they want (W3C WebSub section 5)."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from feedsvc.push.subscribing import FORM_MAX
from feedsvc.web.allowance import allowance
from feedsvc.web.gate import address

hub = Blueprint("hub", __name__)


@hub.post("/hub")
def subscribe() -> Response:
    """202 where the callback will be asked; a reason in plain text otherwise."""
    service = current_app.extensions["feedsvc"]
    if not service.hub.is_on:
        return _plain("Not Found\n", 404)
    asked_by = address()
    if wait := allowance("subscriptions").wait(asked_by):
        return _plain("Too Many Requests\n", 429, wait)
    body = request.stream.read(FORM_MAX + 1)
    answer = service.hub.ask(body, request.headers.get("Content-Type", ""), asked_by=asked_by)
    return _plain(answer.text, answer.status, answer.retry_after)


def _plain(text: str, status: int, retry_after: int | None = None) -> Response:
    response = Response(text, status=status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
