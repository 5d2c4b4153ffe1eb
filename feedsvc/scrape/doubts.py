"""Release pages of one scrape that may be none: under another title than promised, or with another text than before.

A site that answers every address with one page (a wall, an error in words of its own) gives itself away by saying the
same twice. So such pages wait for one another until all have been read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

from feedsvc.model import Entry
from feedsvc.normalize import identity

#: Pages that wait, and texts that are remembered to stand in for releases, at most; and characters of the former.
_MOST, _MOST_TEXT = 20, 4_000_000
#: Pages whose titles have fewer of their words in common have titles of their own.
_ONE_TITLE = 0.75
#: Lists without titles may show one release at so many addresses (for print, for telephones).
_ADDRESSES = 3


@dataclass(frozen=True)
class Doubt:
    """One such page: what it says, and how to record or refuse it."""

    entry: Entry
    record: Callable[[], None]
    refuse: Callable[[], None]
    #: What to do with it where the others were not read.
    put_off: Callable[[], None]
    #: Whether its listing had said what it would tell.
    is_promised: bool
    #: Whether its title counts: a wall may bear the one that a page had before.
    is_titled: bool = True
    #: Whether it is believed only beside another such page that says something else.
    needs_others: bool = False
    #: The hash of its page's markup; None where that does not count.
    page: int | None = None
    #: Characters of its page, which waits with it.
    size: int = 0

    @cached_property
    def sketch(self) -> str:
        """The fingerprint of its text."""
        return identity.fingerprint(self.entry.content)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its text, as compared."""
        return identity.lasting_words(self.entry.content)

    def says_the_same(self, other: Doubt) -> bool:
        """Whether two pages have the same text, give or take a word; the same markup where nothing was promised.

        Bulletins have one text but for their numbers; pages under titles of their own are not one page.
        """
        if not (self.is_promised and other.is_promised):
            return self.page is not None and self.page == other.page
        if self.words and self.words == other.words:
            return True
        if self.is_titled and not _share_title(self.entry.title, other.entry.title):
            return False
        if self.sketch and other.sketch:
            return identity.alike(self.sketch, other.sketch)
        return self.words == other.words and (bool(self.words) or self.entry.title == other.entry.title)


@dataclass(slots=True)
class Doubts:
    """The doubtful pages of one scrape."""

    waiting: list[Doubt] = field(default_factory=list)
    #: What several said that should each have told something else.
    walls: list[Doubt] = field(default_factory=list)
    #: Several of those that need others say different things.
    has_others: bool = False
    #: Hashes of pages that were refused for what they are.
    refused: set[int] = field(default_factory=set)

    def weigh(self, doubt: Doubt) -> None:
        """Let a page wait, or refuse it with the one that says the same."""
        if self._is_wall(doubt) or doubt.page in self.refused:
            doubt.refuse()
            return
        self.waiting.append(doubt)
        while len(self.waiting) > _MOST or sum(one.size for one in self.waiting) > max(_MOST_TEXT, doubt.size):
            self._end(self.waiting.pop(0))

    def refuse_all_like(self, entry: Entry) -> None:
        """This page is no release; those that say the same are none either."""
        self._is_wall(Doubt(entry, _nothing, _nothing, _nothing, is_promised=True), is_known=True)

    def refuse_page(self, text: str) -> None:
        """A page with this markup, "" for one that did not come, was refused for what it is."""
        if text:
            self.refused.add(hash(text))

    def settle(self) -> None:
        """All pages have been read: those that nobody repeats are recorded."""
        while self.waiting:
            self._end(self.waiting.pop(0))

    def leave(self) -> None:
        """Not all pages have been read: those that wait do so until another scrape."""
        waiting, self.waiting = self.waiting, []
        for doubt in waiting:
            doubt.put_off()

    def _end(self, doubt: Doubt) -> None:
        """Record a page that none of the others repeats, if they are enough."""
        self.has_others |= doubt.needs_others and any(one.needs_others for one in self.waiting)
        is_alone = doubt.needs_others and not self.has_others
        (doubt.refuse if is_alone or doubt.page in self.refused else doubt.record)()

    def _is_wall(self, doubt: Doubt, *, is_known: bool = False) -> bool:
        """Whether others say the same; those of them that wait are refused."""
        if any(map(doubt.says_the_same, self.walls)):
            return True
        alike = [one for one in self.waiting if one.says_the_same(doubt)]
        if len(alike) < (1 if doubt.is_promised else _ADDRESSES) and not is_known:
            return False
        for one in alike:
            self.waiting.remove(one)
            one.refuse()
        if alike or is_known:
            kept = replace(doubt, record=_nothing, refuse=_nothing, put_off=_nothing)  # without its page
            self.walls = [*self.walls[1 - _MOST :], kept]
        return bool(alike)


def _share_title(one: str, other: str) -> bool:
    """Whether two titles may be one, give or take a word; the number of an incident tells none apart."""
    mine, theirs = (" ".join(word for word in identity.words_of(title) if not word.isdigit()) for title in (one, other))
    return not (mine and theirs) or identity.share_words(mine, theirs, share=_ONE_TITLE)


def _nothing() -> None:
    """A page that is refused already."""
