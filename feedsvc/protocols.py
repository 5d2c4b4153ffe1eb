"""The plug-in points on one page: what rooms hand to each other without knowing each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from feedsvc.model import Category, Entry, FeedRef, NotModified, Page, StoredEntry, Validators

#: Gives the present moment, aware, UTC. Time is an argument everywhere else.
Clock = Callable[[], datetime]


class Fetcher(Protocol):
    """Brings pages in, politely and safely."""

    def fetch(self, url: str, *, validators: Validators | None = None) -> Page | NotModified:
        """The page at ``url``, or NotModified where ``validators`` still hold.

        Waits for the host's turn. Raises FetchError or NotAPage; never anything else for what a network can cause.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """The answer to one outbound POST or GET that is not a page (hub callbacks, webhooks)."""

    status: int
    headers: Mapping[str, str]
    #: At most the number of bytes that was asked for.
    body: bytes


class HttpClient(Protocol):
    """Outbound HTTP for rooms other than fetch (WebSub, webhooks): same guard, no redirects, bounded answers."""

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout: float = 10.0,
        max_answer: int = 1024,
    ) -> HttpAnswer:
        """Send once; raises FetchError where no answer came or the guard refused the target."""
        ...


class StoryIdentity(Protocol):
    """How stories are told apart and recognized; ``feedsvc.normalize.identity`` is one."""

    def mint(self, canonical_url: str) -> str:
        """The bare UUID of a story that is first stored under this address; the same for the same address."""
        ...

    def title_key(self, title: str) -> str:
        """A title as compared with others; "" where it says too little to recognize a story by."""
        ...

    def fingerprint(self, content: str) -> str:
        """What recognizes a text by ``alike``; "" where the text is too short."""
        ...

    def alike(self, one: str, other: str) -> bool:
        """Whether two fingerprints are those of one story."""
        ...

    def is_beginning(self, one: str, other: str) -> bool:
        """Whether the shorter of two texts is the beginning of the other."""
        ...

    def significant_digest(self, entry: Entry) -> str:
        """Equal for two readings of a story that differ in nothing a subscriber would want to see."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which of a feed's entries the current document holds (specs/feeds.md 8.3)."""

    minimum: int = 20
    maximum: int = 100
    days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedIdentity:
    """What the store minted when a feed was first published."""

    uuid: str
    created_at: datetime
    #: The greatest ``updated`` that a document of the feed ever showed: a feed's ``updated`` never goes back.
    updated: datetime | None = None


class EntryReader(Protocol):
    """The reading side of the store that publishing needs."""

    def feed_identity(self, ref: FeedRef) -> FeedIdentity:
        """The feed's permanent identity; minted and kept at the first call."""
        ...

    def window(self, ref: FeedRef, window: Window, *, now: datetime) -> Sequence[StoredEntry]:
        """The entries of the feed's current document in feed order; withdrawn ones are left out."""
        ...

    def entry(self, uuid: str) -> StoredEntry | None:
        """One entry by its bare UUID, withdrawn ones included."""
        ...

    def categories(self) -> Sequence[Category]:
        """Every category, declared or made from a breadcrumb, parents before children."""
        ...

    def archive_count(self, ref: FeedRef) -> int:
        """How many complete archives a feed has: fixed runs of 100 entries in the order in which they joined the feed.

        Every entry that ``window`` leaves out is in one of them (specs/feeds.md 8.2): the window is widened, up to its
        maximum, by those that joined after the last complete run. Withdrawn entries keep their place in the count.
        """
        ...

    def archive(self, ref: FeedRef, number: int) -> Sequence[StoredEntry]:
        """The entries of archive ``number`` (1 is the oldest) in feed order, without withdrawn ones; () for none."""
        ...

    def tombstones(self, ref: FeedRef, *, since: datetime) -> Sequence[tuple[str, datetime]]:
        """Entries withdrawn from the feed since then: (bare UUID, when), the latest first."""
        ...

    def search(self, words: str, *, limit: int) -> Sequence[StoredEntry]:
        """Entries whose title, summary or text hold all the words, newest first; withdrawn ones are left out."""
        ...
