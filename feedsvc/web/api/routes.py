"""Every operation under one blueprint, and the document that describes them."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from feedsvc.web.api import categories, entries, feeds, pages, schedules, sources, standing, tokens
from feedsvc.web.api.access import BLUEPRINT, DOCUMENT
from feedsvc.web.api.dispatch import PREFIX, add_routes, tag_of
from feedsvc.web.api.document import openapi
from feedsvc.web.gate import base_url

#: Modules whose import declares operations, in the order of the document.
DECLARING = (sources, schedules, pages, entries, categories, feeds, standing, tokens)

api = Blueprint(BLUEPRINT, __name__, url_prefix=PREFIX)
add_routes(api)


@api.get("/openapi.json", endpoint=DOCUMENT)
def describe() -> Response:
    """The OpenAPI document, generated from the declarations that also route and check every call."""
    body = json.dumps(openapi(base_url()), ensure_ascii=False).encode()
    response = Response(body, content_type="application/json")
    response.set_etag(tag_of(body))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response.make_conditional(request)  # type: ignore[return-value]
