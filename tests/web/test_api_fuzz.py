"""Schemathesis reads the OpenAPI document and tries what it allows and what it forbids, against the WSGI application.

Every answer must be one that the document names, in its form; what the document forbids must be refused; and nothing
may be an error of ours. The seed is fixed, and pages are never fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from werkzeug.test import Client

from feedsvc.errors import Unreachable
from feedsvc.model import FeedRef, Page, Source
from feedsvc.service.desk import Desk
from feedsvc.web import create_app
from feedsvc.web.allowance import Allowance
from feedsvc.web.api.operation import OPERATIONS
from tests.support.serving import Serving, serving

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
    ignored_auth,
]
FEW = partial(
    settings,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
#: Tries of each of some sixty operations.
EXAMPLES = 8


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    made = serving(tmp_path_factory.mktemp("fuzz"))
    made.store.sources.add(Source(key="fresh", urls=("https://fresh.example/",), title="Fresh"), now=made.now)
    made.desk.filters.save("big", {"words": "number"})
    url = "https://news.example/"
    page = Page(url=url, requested_url=url, body=b"<li><a href=/a>A release of ours</a>", fetched_at=made.now)
    made.store.snapshots.keep("acme", "listing", page, per_page=3, total=10**6)
    yield made
    made.feeds.close()
    made.store.close()


@pytest.fixture(scope="module")
def names(service: Serving) -> dict[str, list[str]]:
    """What there really is, so that most tries get beyond "not found"."""
    entries = service.store.entries.newest(FeedRef(kind="all"), limit=10)
    return {
        "key": ["acme", "fresh"],
        "uuid": [one.uuid for one in entries],
        "path": ["company", "company/releases"],
        "feed": ["big"],
        "number": ["1"],
    }


@pytest.fixture(scope="module")
def api(service: Serving, names: dict[str, list[str]]) -> Iterator[Any]:
    def refuse(*_args: object, **_named: object) -> None:
        raise Unreachable("cannot be reached", subject="https://news.example/")

    _, secret = service.desk.tokens.create("fuzz", ["admin"])
    patch = pytest.MonkeyPatch()
    patch.setattr(Desk, "look", refuse)
    patch.setattr(Desk, "repair", refuse)
    patch.setattr(Allowance, "wait", lambda self, address: 0)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", create_app(service))
    yield schema, {"Authorization": f"Bearer {secret}"}
    patch.undo()


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_one_that_the_document_names(api: Any, names: dict[str, list[str]], name: str) -> None:
    schema, token = api
    operation = schema.find_operation_by_id(name)

    def check(case: Any, number: int) -> None:
        wrong = {where for where, what in case.meta.components.items() if what.mode is GenerationMode.NEGATIVE}
        # what is wrong stays wrong; the rest names what there is, but for one try in four
        if number and ParameterLocation.PATH not in wrong:
            for parameter, known in names.items():
                if parameter in (case.path_parameters or {}):
                    case.path_parameters[parameter] = known[number % len(known)]
        if number and ParameterLocation.HEADER not in wrong and "If-Match" in (case.headers or {}):
            case.headers["If-Match"] = "*"
        case.call_and_validate(checks=CHECKS, headers=token)

    for mode, examples in ((GenerationMode.POSITIVE, EXAMPLES), (GenerationMode.NEGATIVE, EXAMPLES // 2)):
        cases = operation.as_strategy(generation_mode=mode)
        rounds = given(case=cases, number=strategies.integers(0, 3))(check)
        with suppress(Unsatisfiable):  # there are operations of which nothing can be wrong
            seed(20261125)(FEW(max_examples=examples)(rounds))()


def test_the_document_is_openapi_and_names_every_operation(service: Serving) -> None:
    document = Client(create_app(service)).get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "https://feeds.example/api/v1"}]
    assert len({one["operationId"] for path in document["paths"].values() for one in path.values()}) > 50
