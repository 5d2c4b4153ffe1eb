"""From declarations to routes: each call is read, checked, carried out and answered in the same way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from feedsvc.errors import ScrapeError, ServiceError, StoreError
from feedsvc.log import get_logger
from feedsvc.service.refusal import Busy, Unfit, Unknown
from feedsvc.web.api.operation import OPERATIONS, Answer, Call, Nothing, Operation
from feedsvc.web.api.parameters import check, rule_of
from feedsvc.web.api.problem import Refused, problem
from feedsvc.web.api.reading import as_bytes, check_precondition, read_body, read_query
from feedsvc.web.gate import base_url, desk

PREFIX = "/api/v1"
#: Seconds to wait where others are looking at pages.
_BUSY = "5"
_PIECE = 256 * 1024

_log = get_logger(__name__)


def add_routes(blueprint: Blueprint) -> None:
    """Let the blueprint answer every declared operation."""
    for operation in OPERATIONS.values():
        blueprint.add_url_rule(
            rule_of(operation.path),
            endpoint=operation.name,
            view_func=_view(operation),
            methods=[operation.method],
            provide_automatic_options=False,
        )


def _view(operation: Operation) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        try:
            return _answer(operation, path)
        except Refused as refused:
            return problem(refused)

    return view


def _answer(operation: Operation, path: dict[str, str]) -> Response:
    with explained():
        check(path)
        query = read_query(operation.query)

        def still() -> None:
            if operation.matches:
                check_precondition(tag_of(_current(OPERATIONS[operation.matches], path)))

        still()
        body, given = read_body(operation)
        call = Call(desk=desk(), path=path, query=query, body=body, given=given, still=still)
        with _unchanged(operation, still):
            made = operation.handle(call)
        answer = made if isinstance(made, Answer) else Answer(document=made)
        return _response(operation, answer)


@contextmanager
def _unchanged(operation: Operation, still: Callable[[], None]) -> Iterator[None]:
    """What is done meanwhile is done to the very state that If-Match names: both in one transaction."""
    if not operation.matches or operation.compares:
        yield
        return
    with desk().store.together():
        still()
        yield


def _current(operation: Operation, path: dict[str, str]) -> bytes:
    """What the operation answers now: what If-Match is compared with."""
    wanted = {name: path[name] for name in operation.parameters}
    made = operation.handle(Call(desk=desk(), path=wanted, query=Nothing(), body=Nothing()))
    document = made.document if isinstance(made, Answer) else made
    assert document is not None
    return as_bytes(document)


def _response(operation: Operation, answer: Answer) -> Response:
    body = answer.raw if answer.document is None else as_bytes(answer.document)
    if answer.file is not None:
        response = Response(_sent(answer.file), content_type=operation.media_type)
        response.content_length = answer.file.stat().st_size
    else:
        response = Response(body, status=operation.status, content_type=operation.media_type if body else None)
    response.headers["Cache-Control"] = "private, no-cache"
    for name, value in answer.headers.items():
        response.headers[name] = value
    if answer.location:
        response.headers["Location"] = f"{base_url()}{PREFIX}{quote(answer.location)}"
    if answer.cursor:
        again = {**request.args.to_dict(), "cursor": answer.cursor}
        response.headers["Link"] = f'<{base_url()}{quote(request.path)}?{urlencode(again)}>; rel="next"'
    if answer.document is not None:
        response.set_etag(tag_of(body))
    if request.method in ("GET", "HEAD"):
        return response.make_conditional(request)  # type: ignore[return-value]
    return response


def _sent(path: Path) -> Iterator[bytes]:
    """A file in pieces; gone afterwards, however the sending ends."""
    try:
        with path.open("rb") as opened:
            while piece := opened.read(_PIECE):
                yield piece
    finally:
        path.unlink(missing_ok=True)


def tag_of(body: bytes) -> str:
    """The strong validator of a document."""
    return hashlib.sha256(body).hexdigest()[:32]


@contextmanager
def explained() -> Iterator[None]:
    """Expected failures as problems."""
    try:
        yield
    except Unknown as error:
        raise Refused(404, str(error), kind="unknown") from error
    except Unfit as error:
        raise Refused(422, str(error), kind="unfit", faults=error.faults) from error
    except ScrapeError as error:
        raise Refused(409, str(error), kind="page") from error
    except StoreError as error:
        _log.error("call not answered", path=request.path, reason=str(error))
        raise Refused(
            503, "the store cannot be used at this moment: try again later", headers={"Retry-After": "30"}
        ) from error
    except Busy as error:
        raise Refused(429, str(error), kind="busy", headers={"Retry-After": _BUSY}) from error
    except ServiceError as error:
        raise Refused(409, str(error), kind="conflict") from error


def refused_by_flask(error: HTTPException) -> Response:
    """What no operation answers: unknown addresses, methods, bodies too large."""
    headers = {}
    if error.code == 405:
        headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    words = {404: "there is nothing at this address: see /api/v1/openapi.json for what there is"}
    words[413] = "the body is too large: 256 KiB at most"
    return problem(Refused(error.code or 500, words.get(error.code or 500, error.name), headers=headers))


def is_for_programs() -> bool:
    """Whether the request is one for the API, known or not."""
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")
