"""From a request to values: query and body by their models, preconditions by RFC 9110 section 13."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from feedsvc.web.api.operation import Document, Nothing, Operation
from feedsvc.web.api.problem import Refused

MEDIA_TYPES = ("application/json", "application/merge-patch+json")
_Model = TypeVar("_Model", bound=Document)
_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e]*)"\s*')


def read_query(model: type[_Model]) -> _Model:
    """The query as its model. Raises Refused (422)."""
    values: dict[str, Any] = {}
    for name, given in request.args.lists():
        if len(given) > 1:
            raise Refused(
                422,
                f"{name[:60]} is given more than once: give it once.",
                faults={name[:60]: "is given more than once."},
            )
        values[name] = given[0]
    try:
        return model.model_validate_strings(values)
    except ValidationError as error:
        raise unfit(error, what="query") from error


def read_body(operation: Operation) -> tuple[Document, frozenset[str]]:
    """The body as its model, and the names that it holds. Raises Refused (400, 413, 415, 422)."""
    if operation.body is Nothing:
        return Nothing(), frozenset()
    raw = request.get_data()
    if not raw and not operation.needs_body:
        return operation.body(), frozenset()
    if request.mimetype not in MEDIA_TYPES:
        raise Refused(415, f"the body is not JSON: send it as {MEDIA_TYPES[0]}", headers={"Accept": MEDIA_TYPES[0]})
    try:
        body = operation.body.model_validate_json(raw, strict=True)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise Refused(400, f"the body is not JSON: {error.errors()[0]['msg']}", kind="malformed") from error
        raise unfit(error, what="body") from error
    return body, frozenset(body.model_fields_set)


def unfit(error: ValidationError, *, what: str) -> Refused:
    """The refusal that names each field."""
    faults: dict[str, str] = {}
    for details in error.errors(include_url=False):
        faults.setdefault(_named(details["loc"]), _sentence(details))
    return Refused(422, f"the {what} will not do: {_list(faults)}", kind="unfit", faults=faults)


def _named(place: tuple[int | str, ...]) -> str:
    """Dotted names and numbers; which of several types was tried ("list[str]") is nobody's business."""
    return ".".join(str(part) for part in place if isinstance(part, int) or part.isidentifier())[:200]


def _list(names: Iterable[str]) -> str:
    return f"see {', '.join(name or 'the whole' for name in names)[:300]}"


def _sentence(details: ErrorDetails) -> str:
    if details["type"] == "extra_forbidden":
        return "is not known here: leave it out."
    if details["type"] == "missing":
        return "is missing: add it."
    message = details["msg"]
    return f"will not do: {message[0].lower()}{message[1:]}."


def check_precondition(tag: str) -> None:
    """Holds if the caller has seen what is there now. Raises Refused (428 without If-Match, 412 for another state)."""
    given = request.headers.get("If-Match")
    if given is None:
        raise Refused(
            428, "send If-Match with the ETag that you were given, so that nobody's change is lost", kind="blind"
        )
    if given.strip() == "*":
        return
    found = [match for match in map(_TAG.fullmatch, given.split(",")) if match]
    if not found:
        raise Refused(400, 'If-Match holds no tag: send the ETag that you were given, as "0a1b2c"', kind="malformed")
    # a weak tag never matches strongly (RFC 9110 section 13.1.1)
    if tag not in [match[2] for match in found if not match[1]]:
        raise Refused(412, "it has changed since you looked: get it again, then change it", kind="changed")


def as_bytes(document: BaseModel) -> bytes:
    """A document as it is sent."""
    return document.model_dump_json().encode()
