"""What a visitor sees where a page cannot be given: a page for people, a line for programs; nothing of the request."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from werkzeug.http import HTTP_STATUS_CODES

from feedsvc.web.gate import desk, root

#: Status -> a heading, and what to do.
_WORDS = {
    403: ("That is not allowed", "Go back, load the page again, and repeat what you did."),
    404: ("There is nothing here", "The address may be mistyped, or what was here has got another one."),
    408: ("That took too long", "The connection is slow at this moment: go back and try again."),
    410: ("This is no longer here", "It was taken back, or it has ended for good."),
    413: ("That was too much at once", "A form holds 256 kB at most: go back and send less."),
    500: ("That went wrong", "The fault is ours, and the log says more. Go back and try again."),
    503: (
        "Not at this moment",
        "What is kept cannot be read just now; feeds go on. Try again in a minute.",
    ),
}
_OTHERWISE = ("That cannot be done", "Go back and try it another way.")


def fault(status: int) -> Response:
    """The answer for a status from 400 on."""
    response = _page(status) if _is_person() else _line(status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response


def _is_person() -> bool:
    """Whether a browser asks: programs take anything, or name what they want."""
    return "text/html" in request.headers.get("Accept", "")


def _line(status: int) -> Response:
    name = HTTP_STATUS_CODES.get(status, "Unknown Error")
    return Response(f"{name}\n", status=status, content_type="text/plain; charset=utf-8")


def _page(status: int) -> Response:
    heading, words = _WORDS.get(status, _OTHERWISE)
    is_desk = request.path.startswith("/admin")
    body = render_template(
        "fault.html",
        root=root(),
        site=desk().config().settings.feeds.title,
        heading=heading,
        words=words,
        status=status,
        home=f"{root()}/admin/" if is_desk else f"{root()}/",
        home_name="To the sources" if is_desk else "To the start",
    )
    return make_response(body, status)
