"""The tree of categories, and saved feeds, as documents."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from feedsvc.config.category_tree import CADENCE_KEYS
from feedsvc.config.values import write_duration
from feedsvc.config.writing import cadence_values
from feedsvc.model import Cadence, Category, Filter
from feedsvc.service.categories import FIELDS, Branch
from feedsvc.service.saved import Saved
from feedsvc.web.api.models.common import Line, Text
from feedsvc.web.api.operation import Document


class CategoryPatch(Document):
    """What to say of a category; null takes a value back to nothing, what is left out stays."""

    title: Line | None = Field(default=None, max_length=200)
    description: Text | None = None
    language: Line | None = None
    image: Line | None = None
    rights: Text | None = None
    author: Line | None = None
    content: Line | None = Field(default=None, description="full, summary or link")
    every: Line | None = Field(default=None, description='"30m": for sources below that choose no cadence')
    cron: Line | None = Field(default=None, description='"*/20 8-18 * * mon-fri": in the place of every and budget')
    budget: Line | None = Field(default=None, description='"48/day": of each source')
    active: Line | None = Field(default=None, description='"06:00-23:00": for sources below that name no hours')

    def texts(self) -> dict[str, str]:
        """As the desk takes them."""
        return {name: value or "" for name, value in self.model_dump(exclude_unset=True, exclude={"path"}).items()}


class NewCategory(CategoryPatch):
    """A category with its path."""

    path: Line = Field(min_length=1, description="As company/releases")


class CategoryValues(BaseModel):
    """What a category says of itself."""

    model_config = ConfigDict(extra="forbid")

    title: str
    description: str
    language: str | None
    image: str | None
    rights: str | None
    author: str | None
    content: str | None

    every: str | None
    cron: str | None
    budget: str | None
    active: str | None

    @classmethod
    def of(cls, category: Category, cadence: Cadence) -> CategoryValues:
        """The category, and what it chooses for the sources below it."""
        said: dict[str, Any] = {name: getattr(category, name) for name in FIELDS}
        paced = cadence_values(cadence)
        return cls(**said | {name: paced[name] for name in CADENCE_KEYS})


class CategoryDocument(BaseModel):
    """A category with what belongs to it."""

    model_config = ConfigDict(extra="forbid")

    path: str
    in_force: CategoryValues
    declared: CategoryValues | None = Field(description="null for one that the configuration does not hold")
    overrides: list[str] = Field(description='Names of what is otherwise than declared; "cadence" for every to active')
    entries: int = Field(description="That its feed shows, those below included")
    sources: list[str] = Field(description="Keys of the sources that file exactly here")
    made_by: str = Field(description='The source whose breadcrumbs made it, "" for none')
    former: list[str] = Field(description="Paths whose addresses lead here")

    @classmethod
    def of(cls, branch: Branch) -> CategoryDocument:
        """The category as it stands in the tree."""
        return cls(
            path=branch.category.path,
            in_force=CategoryValues.of(branch.category, branch.cadence),
            declared=CategoryValues.of(branch.declared, branch.declared_cadence) if branch.declared else None,
            overrides=sorted(branch.overrides),
            entries=branch.entries,
            sources=list(branch.sources),
            made_by=branch.made_by,
            former=list(branch.former),
        )


class CategoryMove(Document):
    """Where a category goes, with all below it."""

    path: Line = Field(min_length=1)
    to: Line = Field(min_length=1, description="Its new path; one that is there takes it in")


class MovedDocument(BaseModel):
    """What went along."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field(description="Where it is now")
    entries: int
    sources: int
    is_merged: bool


class CategoryReset(Document):
    """What says again what is declared."""

    path: Line = Field(min_length=1)
    names: list[Line] | None = Field(default=None, max_length=20, description="null for all")


class FilterValues(Document):
    """What a saved feed shows; what is left out narrows nothing."""

    title: Line | None = Field(default=None, max_length=200)
    description: Text | None = None
    categories: list[Line] = Field(default=[], max_length=1000, description="Paths; entries of any, and of all below")
    sources: list[Line] = Field(default=[], max_length=1000, description="Keys; entries of any")
    words: list[Line] = Field(default=[], max_length=1000, description="RE2 patterns; one occurs in title or text")
    without: list[Line] = Field(default=[], max_length=1000, description="RE2 patterns; none occurs")
    authors: list[Line] = Field(default=[], max_length=1000)
    age: Line | None = Field(default=None, description='"30d": released within that time before the newest')

    def texts(self) -> dict[str, str | list[str]]:
        """As the desk takes them."""
        return {name: value or "" for name, value in self.model_dump(exclude={"name"}).items()}


class SavedValues(BaseModel):
    """What a saved feed shows, as it is kept."""

    model_config = ConfigDict(extra="forbid")

    title: str
    description: str
    categories: list[str]
    sources: list[str]
    words: list[str]
    without: list[str]
    authors: list[str]
    age: str | None

    @classmethod
    def of(cls, saved: Filter) -> SavedValues:
        """The saved feed."""
        values: dict[str, Any] = {name: getattr(saved, name) for name in cls.model_fields}
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
        return cls.model_validate(plain | {"age": write_duration(saved.age) if saved.age else None})


class NewFilter(FilterValues):
    """A saved feed with its name."""

    name: Line = Field(min_length=1, description="Its path below /feeds/: one segment")


class FilterDocument(BaseModel):
    """A saved feed."""

    model_config = ConfigDict(extra="forbid")

    name: str
    in_force: SavedValues
    declared: SavedValues | None = Field(description="null for one that filters.toml does not hold")
    is_overridden: bool

    @classmethod
    def of(cls, saved: Saved) -> FilterDocument:
        """The saved feed as it stands."""
        return cls(
            name=saved.filter.name,
            in_force=SavedValues.of(saved.filter),
            declared=SavedValues.of(saved.declared) if saved.declared else None,
            is_overridden=saved.is_overridden,
        )
