"""Looks at pages as documents: previews, replays over kept pages, checks of rules, repairs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from feedsvc.model import Found, FoundMedia, Plan
from feedsvc.web.api.models.common import Line
from feedsvc.web.api.models.entries import EntryContent
from feedsvc.web.api.models.sources import RulesDocument, SourcePatch, SourceValues
from feedsvc.web.api.operation import Document

if TYPE_CHECKING:
    # what reads pages is loaded when somebody first looks at one
    from feedsvc.scrape.repair import Agreement, Repair
    from feedsvc.service.preview import Preview
    from feedsvc.service.replaying import Checked, Replay

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


class Replaying(Document):
    """By which rules kept pages are read again."""

    rules: RulesDocument | None = Field(default=None, description="null: by those in force")
    releases: int | None = Field(default=20, ge=0, le=2000, description="So many release pages; null for all")


class ChangeDocument(BaseModel):
    """One field that would be another."""

    model_config = ConfigDict(extra="forbid")

    field: str
    before: str
    after: str


class ReplayedListingDocument(BaseModel):
    """A kept listing page read again."""

    model_config = ConfigDict(extra="forbid")

    url: str
    fetched_at: datetime
    items: int
    known: int
    lost: list[ItemDocument]
    gained: list[ItemDocument]
    reason: str


class ReplayedReleaseDocument(BaseModel):
    """A kept release page read again, compared with its entry."""

    model_config = ConfigDict(extra="forbid")

    url: str
    fetched_at: datetime
    title: str
    changes: list[ChangeDocument]
    problem: str


class ReplayDocument(BaseModel):
    """Kept pages read again; nothing was stored."""

    model_config = ConfigDict(extra="forbid")

    key: str
    is_same: bool
    listings: list[ReplayedListingDocument]
    releases: list[ReplayedReleaseDocument]

    @classmethod
    def of(cls, found: Replay) -> ReplayDocument:
        """The replay."""

        def items(pairs: tuple[tuple[str, str], ...]) -> list[ItemDocument]:
            return [ItemDocument(url=url, title=title, published="") for url, title in pairs]

        return cls(
            key=found.key,
            is_same=found.is_same,
            listings=[
                ReplayedListingDocument(
                    url=one.url,
                    fetched_at=one.fetched_at,
                    items=one.items,
                    known=one.known,
                    lost=items(one.lost),
                    gained=items(one.gained),
                    reason=one.reason,
                )
                for one in found.listings
            ],
            releases=[
                ReplayedReleaseDocument(
                    url=one.url,
                    fetched_at=one.fetched_at,
                    title=one.title,
                    changes=[
                        ChangeDocument(field=each.field, before=each.before, after=each.after) for each in one.changes
                    ],
                    problem=one.problem,
                )
                for one in found.releases
            ],
        )


class CheckedDocument(BaseModel):
    """Whether rules still read what is kept."""

    model_config = ConfigDict(extra="forbid")

    key: str
    pages: int
    faults: list[str]

    @classmethod
    def of(cls, found: Checked) -> CheckedDocument:
        """The check."""
        return cls(key=found.key, pages=found.pages, faults=list(found.faults))


class AgreementDocument(BaseModel):
    """What rules read on a page, compared with known releases."""

    model_config = ConfigDict(extra="forbid")

    items: int
    recognized: int
    same_title: int
    same_day: int
    dated: int
    is_sound: bool

    @classmethod
    def of(cls, found: Agreement) -> AgreementDocument:
        """The agreement."""
        return cls(**{name: getattr(found, name) for name in cls.model_fields})


class RepairDocument(BaseModel):
    """New rules, proposed."""

    model_config = ConfigDict(extra="forbid")

    key: str
    old: RulesDocument
    new: RulesDocument | None = Field(description="null where none are needed or found")
    before: AgreementDocument
    after: AgreementDocument | None
    reason: str

    @classmethod
    def of(cls, found: Repair) -> RepairDocument:
        """The proposal."""
        return cls(
            key=found.key,
            old=RulesDocument.of(found.old),
            new=RulesDocument.of(found.new) if found.new is not None else None,
            before=AgreementDocument.of(found.before),
            after=AgreementDocument.of(found.after) if found.after is not None else None,
            reason=found.reason,
        )


class Adoption(Document):
    """The rules to put in force."""

    rules: RulesDocument
