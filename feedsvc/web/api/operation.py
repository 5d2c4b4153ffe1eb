"""One declaration of each operation: routing, scopes, checks and the OpenAPI document all follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from feedsvc.service.desk import Desk


class Document(BaseModel):
    """What the API takes and gives: unknown names are refused, types are meant as they stand."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Document):
    """No parameters, no body."""


Query = TypeVar("Query", bound=Document, covariant=True)
Body = TypeVar("Body", bound=Document, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Query, Body]):
    """A request, read and checked."""

    desk: Desk
    #: Names in the operation's path -> values.
    path: Mapping[str, str]
    query: Query
    body: Body
    #: Names that the body really holds, for changes of a part.
    given: frozenset[str] = frozenset()
    #: Holds if what the caller has seen is still true; raises Refused (412).
    still: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a call comes to."""

    document: BaseModel | None = None
    #: Bytes of another media type than JSON, in the place of a document.
    raw: bytes = b""
    #: The same from a file, which is removed when it has been sent.
    file: Path | None = None
    #: Path below /api/v1 of what was made.
    location: str = ""
    #: Where the next page begins, "" for none.
    cursor: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Call[Any, Any]], Answer | BaseModel]
Declared = TypeVar("Declared", bound=Handler)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that programs can ask for."""

    name: str
    method: str
    #: "/sources/{key}"
    path: str
    summary: str
    tag: str
    #: What a token must be allowed: "read", "write", "admin".
    scope: str
    handle: Handler
    query: type[Document] = Nothing
    body: type[Document] = Nothing
    #: What it answers with; None for no content, or for bytes of another media type.
    answer: type[BaseModel] | None = None
    status: int = 200
    media_type: str = "application/json"
    #: The operation whose answer If-Match is about; "" where nothing is replaced.
    matches: str = ""
    #: Whether it compares by itself (``Call.still``), as what it does may take longer than a transaction should.
    compares: bool = False
    #: Further statuses that it may answer with: 404 and 409.
    also: tuple[int, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names in the path."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    @property
    def takes_body(self) -> bool:
        """Whether it reads a body."""
        return self.body is not Nothing

    @property
    def needs_body(self) -> bool:
        """Whether it cannot do without one: what is put in the place of something is written whole."""
        return self.method == "PUT" or any(one.is_required() for one in self.body.model_fields.values())


#: Name -> operation, in the order of declaration.
OPERATIONS: dict[str, Operation] = {}


def operation(
    method: str,
    path: str,
    *,
    tag: str,
    scope: str,
    query: type[Document] = Nothing,
    body: type[Document] = Nothing,
    answer: type[BaseModel] | None = None,
    status: int = 0,
    media_type: str = "application/json",
    matches: str = "",
    compares: bool = False,
    also: tuple[int, ...] = (),
) -> Callable[[Declared], Declared]:
    """Declare the function as what answers ``method path``; the first line of its docstring is the summary."""

    def declare(handle: Declared) -> Declared:
        name = handle.__name__
        assert name not in OPERATIONS, name
        assert handle.__doc__, name
        has_content = answer is not None or media_type != "application/json"
        OPERATIONS[name] = Operation(
            name=name,
            method=method,
            path=path,
            summary=handle.__doc__.partition("\n")[0].rstrip("."),
            tag=tag,
            scope=scope,
            handle=handle,
            query=query,
            body=body,
            answer=answer,
            status=status or (200 if has_content else 204),
            media_type=media_type,
            matches=matches,
            compares=compares,
            also=also,
        )
        return handle

    return declare
