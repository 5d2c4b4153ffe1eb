"""The OpenAPI 3.1 document, made of the declarations that also route and check every call."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from feedsvc import __version__
from feedsvc.web.api.operation import OPERATIONS, Operation
from feedsvc.web.api.parameters import PARAMETERS
from feedsvc.web.api.problem import MEDIA_TYPE, Problem

_REFERENCE = "#/components/schemas/{model}"
_INTRODUCTION = (
    "Everything the desk of feedsvc does, for programs. Lists come in pages: follow the Link header. Documents carry "
    "an ETag; whoever changes one sends it back as If-Match, so that nobody's change is lost. Errors are problems (RFC "
    "9457) with a list that names each field and its remedy. Moments are UTC. An admin's session will do in the place "
    "of a token, with the form token of the desk as X-CSRF-Token."
)


def openapi(base_url: str) -> dict[str, Any]:
    """The document of the service at this address."""
    return {**_document(), "servers": [{"url": f"{base_url}/api/v1"}]}


@cache
def _document() -> dict[str, Any]:
    schemas, references = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS.values():
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, references)
    return {
        "openapi": "3.1.0",
        "info": {"title": "feedsvc", "version": __version__, "description": _INTRODUCTION},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "`feedsvc token create NAME --scope ...`"}
            },
        },
    }


Reference = Mapping[Any, Any]


def _schemas() -> tuple[dict[str, Any], Reference]:
    models: set[tuple[type[BaseModel], JsonSchemaMode]] = {(Problem, "serialization")}
    for operation in OPERATIONS.values():
        if operation.takes_body:
            models.add((operation.body, "validation"))
        if operation.answer is not None:
            models.add((operation.answer, "serialization"))
    ordered = sorted(models, key=lambda pair: (pair[0].__name__, pair[1]))
    references, definitions = models_json_schema(ordered, ref_template=_REFERENCE)
    return definitions.get("$defs", {}), references


def _operation(operation: Operation, references: Reference) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": f"Needs the scope `{operation.scope}`.",
        "security": [{"token": []}],
        "parameters": [*_path_parameters(operation), *_query_parameters(operation), *_header_parameters(operation)],
        "responses": _responses(operation, references),
    }
    if operation.takes_body:
        schema = references[(operation.body, "validation")]
        described["requestBody"] = {
            "required": operation.needs_body,
            "content": {"application/json": {"schema": schema}},
        }
    return described


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PARAMETERS[name].description,
            "schema": {"type": "string", "pattern": PARAMETERS[name].pattern},
        }
        for name in operation.parameters
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    schema = operation.query.model_json_schema()
    found = []
    for name, described in schema.get("properties", {}).items():
        plain = {key: value for key, value in described.items() if key not in ("title", "description", "default")}
        choices = [one for one in plain.get("anyOf", [plain]) if one != {"type": "null"}]
        found.append(
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "description": described.get("description", ""),
                "schema": _inlined(choices[0], schema.get("$defs", {})),
            }
        )
    return found


def _inlined(schema: dict[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without references: parameters are few and plain."""
    reference = schema.get("$ref", "")
    return dict(definitions[reference.rpartition("/")[2]]) if reference else schema


def _header_parameters(operation: Operation) -> list[dict[str, Any]]:
    if not operation.matches:
        return []
    return [
        {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": f"The ETag that `{operation.matches}` gave; `*` for whatever is there",
            "schema": {"type": "string", "minLength": 1},
        }
    ]


def _responses(operation: Operation, references: Reference) -> dict[str, Any]:
    found = {str(operation.status): _success(operation, references)}
    for status in _problems(operation):
        found[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": references[(Problem, "serialization")]}},
        }
    return found


def _success(operation: Operation, references: Reference) -> dict[str, Any]:
    described: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    if operation.answer is not None:
        described["content"] = {"application/json": {"schema": references[(operation.answer, "serialization")]}}
        described["headers"] = {"ETag": {"description": "Strong validator", "schema": {"type": "string"}}}
    elif operation.media_type != "application/json":
        described["content"] = {operation.media_type: {}}
    return described


def _problems(operation: Operation) -> tuple[int, ...]:
    """The statuses of everything that can go wrong."""
    # an unknown parameter in the query is refused everywhere (422)
    found = {401, 403, 422, 429, 503, *operation.also}
    if operation.parameters:
        found.add(404)
    if operation.takes_body:
        found |= {400, 413, 415}
    if operation.matches:
        found |= {400, 412, 428}
    return tuple(sorted(found))
