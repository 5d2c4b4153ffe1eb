"""What many documents share: texts without control characters, pages of lists."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from feedsvc.web.api.operation import Document

Item = TypeVar("Item", bound=BaseModel)

#: One line of text; control characters have no place in it.
Line = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=2000)]
#: Text of several lines.
Text = Annotated[str, Field(pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$", max_length=2000)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class Page(BaseModel, Generic[Item]):
    """Some items of a list."""

    model_config = ConfigDict(extra="forbid")

    items: list[Item]
    next: str | None = Field(default=None, description="The cursor of the next page; null at the end")


class Paged(Document):
    """Which part of a list."""

    limit: int = Field(default=50, ge=1, le=200, description="Items a page")
    cursor: str | None = Field(default=None, max_length=100, description="As the page before gave it")


class Done(BaseModel):
    """How many things an action reached."""

    model_config = ConfigDict(extra="forbid")

    changed: int
