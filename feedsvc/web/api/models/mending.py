"""Kept pages read again, rules checked and repaired, as documents."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from feedsvc.web.api.models.pages import ItemDocument
from feedsvc.web.api.models.sources import RulesDocument, RulesValues
from feedsvc.web.api.operation import Document

if TYPE_CHECKING:
    # what reads pages is loaded when somebody first looks at one
    from feedsvc.scrape.repair import Agreement, Repair
    from feedsvc.service.replaying import Checked, Replay


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
    old: RulesValues
    new: RulesValues | None = Field(description="null where none are needed or found")
    before: AgreementDocument
    after: AgreementDocument | None
    reason: str

    @classmethod
    def of(cls, found: Repair) -> RepairDocument:
        """The proposal."""
        return cls(
            key=found.key,
            old=RulesValues.of(found.old),
            new=RulesValues.of(found.new) if found.new is not None else None,
            before=AgreementDocument.of(found.before),
            after=AgreementDocument.of(found.after) if found.after is not None else None,
            reason=found.reason,
        )


class Adoption(Document):
    """The rules to put in force."""

    rules: RulesDocument
