"""Looks at pages as documents: ways in, items, and one release as printed and as published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from feedsvc.model import Found, FoundMedia, Plan
from feedsvc.web.api.models.common import Line
from feedsvc.web.api.models.entries import EntryContent
from feedsvc.web.api.models.sources import SourcePatch, SourceValues
from feedsvc.web.api.operation import Document

if TYPE_CHECKING:
    # what reads pages is loaded when somebody first looks at one
    from feedsvc.service.preview import Preview

#: Items of a list that a preview shows.
ITEMS_MAX = 50


class Look(Document):
    """What to look at."""

    url: Line = Field(min_length=1, description="A page of the website")
    plan: int | None = Field(default=None, ge=1, le=99, description="The way in to show; null for the best")
    source: SourcePatch | None = Field(default=None, description="What to read it by: rules, kind, language, ...")


class PlanDocument(BaseModel):
    """One way in."""

    model_config = ConfigDict(extra="forbid")

    number: int
    kind: str
    url: str
    items: int
    samples: list[str]
    fill: dict[str, float] = Field(description="Share of items that have each field")
    requests: int = Field(description="What a first scrape costs")
    agreement: float | None
    score: float
    robots: str = Field(description='"allowed", "refused" or "" where nobody asked')
    note: str
    reason: str = Field(description="Why there are no items")

    @classmethod
    def of(cls, number: int, plan: Plan) -> PlanDocument:
        """The plan with its place in the list."""
        return cls(
            number=number,
            kind=plan.kind,
            url=plan.url,
            items=len(plan.listing.items),
            samples=[item.title.text if item.title else item.url for item in plan.listing.items[:5]],
            fill=dict(plan.fill),
            requests=plan.requests,
            agreement=plan.agreement,
            score=plan.score,
            robots=plan.robots,
            note=plan.note,
            reason=plan.listing.reason,
        )


class ItemDocument(BaseModel):
    """One item of the list."""

    model_config = ConfigDict(extra="forbid")

    url: str
    title: str
    published: str = Field(description="As printed")


class FoundDocument(BaseModel):
    """A string as the page prints it, and where it stood."""

    model_config = ConfigDict(extra="forbid")

    field: str
    text: str
    where: str
    confidence: float


class PreviewDocument(BaseModel):
    """What a scrape would find; nothing of it was stored."""

    model_config = ConfigDict(extra="forbid")

    source: SourceValues = Field(description="As it would be scraped")
    plans: list[PlanDocument]
    chosen: int | None
    items: list[ItemDocument]
    reason: str = Field(description="Why there are no items")
    look: str = Field(description='What the page looks like where it looks like something else: "login", ...')
    draft: list[FoundDocument] = Field(description="The release as printed")
    entry: EntryContent | None = Field(description="The release as it would be published")
    problem: str = Field(description="Why there is no entry")

    @classmethod
    def of(cls, found: Preview) -> PreviewDocument:
        """The preview."""
        return cls(
            source=SourceValues.of(found.source),
            plans=[PlanDocument.of(number, plan) for number, plan in enumerate(found.plans, start=1)],
            chosen=next((number for number, plan in enumerate(found.plans, start=1) if plan is found.chosen), None),
            items=[
                ItemDocument(
                    url=item.url,
                    title=item.title.text if item.title else "",
                    published=item.published[0].text if item.published else "",
                )
                for item in found.listing.items[:ITEMS_MAX]
            ],
            reason=found.listing.reason,
            look=found.look,
            draft=_draft(found),
            entry=EntryContent.of(found.entry) if found.entry else None,
            problem=found.problem,
        )


def _draft(found: Preview) -> list[FoundDocument]:
    documents = []
    for name in found.draft.__dataclass_fields__ if found.draft else ():
        value = getattr(found.draft, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Found | FoundMedia):
                text = one.text if isinstance(one, Found) else one.url
                documents.append(FoundDocument(field=name, text=text, where=one.where, confidence=one.confidence))
    return documents
