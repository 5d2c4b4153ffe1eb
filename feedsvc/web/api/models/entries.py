"""Entries as documents: what is published, where each field came from, what was decided about it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from feedsvc.model import Entry, Media, StoredEntry
from feedsvc.store import EntryState, Revision
from feedsvc.store.deliveries import DayOfDelivery
from feedsvc.web.api.models.common import Line, Paged, Uuid
from feedsvc.web.api.operation import Document


class MediaDocument(BaseModel):
    """An image or an attached file."""

    model_config = ConfigDict(extra="forbid")

    url: str
    type: str
    length: int | None
    title: str | None
    width: int | None
    height: int | None

    @classmethod
    def of(cls, media: Media) -> MediaDocument:
        """The medium."""
        return cls(**{name: getattr(media, name) for name in cls.model_fields})


class ProvenanceDocument(BaseModel):
    """Where a field came from."""

    model_config = ConfigDict(extra="forbid")

    where: str
    confidence: float


class EntryContent(BaseModel):
    """A release, normalized."""

    model_config = ConfigDict(extra="forbid")

    link: str
    title: str
    subtitle: str | None
    published: datetime | None = Field(description="As the page claims")
    authors: list[str]
    publisher: str | None
    category_path: list[str] = Field(description="The breadcrumb as printed")
    tags: list[str]
    summary: str
    content: str = Field(description="Sanitized HTML")
    image: MediaDocument | None
    enclosures: list[MediaDocument]
    language: str | None
    provenance: dict[str, ProvenanceDocument]
    flags: list[str] = Field(description="Remarks for admins")

    @classmethod
    def of(cls, entry: Entry) -> EntryContent:
        """The entry."""
        return cls(
            link=entry.link,
            title=entry.title,
            subtitle=entry.subtitle,
            published=entry.published.at if entry.published else None,
            authors=list(entry.authors),
            publisher=entry.publisher,
            category_path=list(entry.category_path),
            tags=list(entry.tags),
            summary=entry.summary,
            content=entry.content,
            image=MediaDocument.of(entry.image) if entry.image else None,
            enclosures=[MediaDocument.of(one) for one in entry.enclosures],
            language=entry.language,
            provenance={
                name: ProvenanceDocument(where=found.where, confidence=found.confidence)
                for name, found in entry.provenance.items()
            },
            flags=list(entry.flags),
        )


class EntrySummary(BaseModel):
    """An entry as lists show it."""

    model_config = ConfigDict(extra="forbid")

    uuid: str
    title: str
    link: str
    published: datetime
    published_precision: str = Field(description='"day", "minute" or "second"')
    updated: datetime
    first_seen_at: datetime
    source: str
    sources: list[str]
    categories: list[str]
    is_hidden: bool
    is_withdrawn: bool

    @classmethod
    def of(cls, stored: StoredEntry) -> EntrySummary:
        """The entry as the store has it."""
        return cls(**_standing(stored))


class EntryDocument(EntrySummary):
    """Everything about an entry."""

    published_day: str = Field(description='The printed day where no more was printed, else ""')
    filed_under: str | None = Field(description="The one category where an admin filed it")
    merged_into: str | None = Field(description="The entry that it was merged into")
    hidden_at: datetime | None
    withdrawn_at: datetime | None
    addresses: list[str] = Field(description="Other normal forms of addresses under which it is known")
    entry: EntryContent

    @classmethod
    def of(cls, stored: StoredEntry) -> EntryDocument:
        """The entry as the store has it."""
        return cls(
            **_standing(stored),
            published_day=stored.published_day,
            filed_under=stored.filed_under,
            merged_into=stored.merged_into,
            hidden_at=stored.hidden_at,
            withdrawn_at=stored.withdrawn_at,
            addresses=list(stored.entry.aliases),
            entry=EntryContent.of(stored.entry),
        )


def _standing(stored: StoredEntry) -> dict[str, Any]:
    return {
        "uuid": stored.uuid,
        "title": stored.entry.title,
        "link": stored.entry.link,
        "published": stored.published,
        "published_precision": stored.published_precision.value,
        "updated": stored.updated,
        "first_seen_at": stored.first_seen_at,
        "source": stored.source,
        "sources": list(stored.sources),
        "categories": list(stored.categories),
        "is_hidden": stored.hidden_at is not None,
        "is_withdrawn": stored.withdrawn_at is not None,
    }


class EntryQuery(Paged):
    """Which entries."""

    feed: Line | None = Field(default=None, description='A feed\'s path: "feeds/all", "feeds/company", "sources/acme"')
    state: EntryState = Field(default=EntryState.SHOWN, description="What was decided about them")
    words: Line | None = Field(default=None, description="All of them occur in title or text")


class EntryPatch(Document):
    """What to decide; what is left out stays."""

    is_withdrawn: bool | None = Field(default=None, description="A tombstone, announced to readers; its page is gone")
    is_hidden: bool | None = Field(default=None, description="Quietly out of every feed; its page stays")
    filed_under: Line | None = Field(default=None, description="A category's path; null: where its sources file it")


class Merge(Document):
    """The duplicate."""

    other: Uuid = Field(description="The entry that is withdrawn and leads here from now on")


class RevisionDocument(BaseModel):
    """What an entry was until it was replaced."""

    model_config = ConfigDict(extra="forbid")

    number: int
    replaced_at: datetime
    changed: list[str]
    title: str
    link: str
    content: str
    updated: datetime

    @classmethod
    def of(cls, revision: Revision) -> RevisionDocument:
        """The revision."""
        plain = {name: getattr(revision, name) for name in cls.model_fields if name != "changed"}
        return cls(**plain, changed=list(revision.changed))


class DayQuery(Document):
    """Which delivery facts."""

    feed: Line | None = Field(default=None, description="A feed's path; left out: every feed")
    days: int = Field(default=7, ge=1, le=366, description="So many days up to today")


class DeliveryDocument(BaseModel):
    """Answers of one kind on one day."""

    model_config = ConfigDict(extra="forbid")

    day: date
    feed: str
    format: str
    status: int
    agent: str
    requests: int
    subscribers: int

    @classmethod
    def of(cls, fact: DayOfDelivery) -> DeliveryDocument:
        """The fact."""
        return cls(**{name: getattr(fact, name) for name in cls.model_fields})
