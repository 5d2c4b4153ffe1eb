"""What went wrong, for programs: RFC 9457, with a list that names each field and its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"


class Fault(BaseModel):
    """One field that will not do."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(description='Dotted name: "rules.release.title"; "" for the whole body')
    message: str = Field(description="What is wrong with it")
    remedy: str = Field(description='What to write instead; "" where the message says it')


class Problem(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description='A URN that names the kind of problem, or "about:blank" for what the status says')
    title: str
    status: int
    detail: str = Field(description="What happened, and what to do")
    errors: list[Fault] = Field(default=[], description="Fields that will not do")


class Refused(Exception):
    """Ends a call with a problem."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str = "",
        faults: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind = status, detail, kind
        #: Field -> a sentence, with the remedy after a colon.
        self.faults = dict(faults or {})
        self.headers = dict(headers or {})


def problem(refused: Refused) -> Response:
    """The answer that says so."""
    body = Problem(
        type=f"urn:problem:feedsvc:{refused.kind}" if refused.kind else "about:blank",
        title=HTTPStatus(refused.status).phrase,
        status=refused.status,
        detail=refused.detail,
        errors=[_fault(field, sentence) for field, sentence in refused.faults.items()],
    )
    response = Response(body.model_dump_json(), status=refused.status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    for name, value in refused.headers.items():
        response.headers[name] = value
    return response


def _fault(field: str, sentence: str) -> Fault:
    message, colon, remedy = sentence.rpartition(": ")
    return Fault(field=field, message=message if colon else sentence, remedy=remedy if colon else "")
