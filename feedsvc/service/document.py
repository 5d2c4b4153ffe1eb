"""Which document: the current one of a feed in one format, a variant of it, or an archive."""

from __future__ import annotations

from dataclasses import dataclass

from feedsvc.model import FeedRef, Format
from feedsvc.publish.address import ARCHIVE_SEGMENT, archive_url, feed_url
from feedsvc.publish.assemble import Variant
from feedsvc.store import archive_variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a feed in one format: the current one, a variant of it, or an archive."""

    ref: FeedRef
    format: Format
    variant: Variant = Variant()  # noqa: RUF009 - a frozen value
    archive: int | None = None

    @property
    def is_current(self) -> bool:
        """Whether it is what a feed's plain address gives: no archive, no variant."""
        return self.archive is None and not self.variant.query

    @property
    def path(self) -> str:
        """Its address below the base URL, without what makes it a variant, not percent-encoded."""
        archive = f"/{ARCHIVE_SEGMENT}/{self.archive}" if self.archive is not None else ""
        return f"{self.ref.path}{archive}.{self.format.value}"

    @property
    def name(self) -> str:
        """What tells it from every other document: its address below the base URL."""
        return f"{self.path}?{self.variant.query}" if self.variant.query else self.path

    def url(self, base_url: str) -> str:
        """Its absolute address: rel=self."""
        if self.archive is not None:
            return archive_url(base_url, self.ref, self.format, self.archive)
        return feed_url(base_url, self.ref, self.format, variant=self.variant.query)

    @property
    def kept_as(self) -> str:
        """The variant under which the store keeps it."""
        return self.variant.query if self.archive is None else archive_variant(self.archive)
