"""Does a release page keep what its listing promised, or does another page stand in for it? Pure.

Sites answer for a release with their list, their front page, another release, or an error in words that nobody has
foreseen, and with status 200. The listing's own title tells: the page bears it, or tells why it need not.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from feedsvc.lexicon.dateshape import date_spans
from feedsvc.model import Entry, ListingItem, Page
from feedsvc.normalize.dates import choose, parse_date
from feedsvc.normalize.identity import lasting_words, share_words, title_key, words_of
from feedsvc.store import Story

#: Titles of other releases in a text that make it a list: so many where it bears another title, else this share of all.
_SOME, _MOST = 3, 0.5
#: A text with so many times the words of the titles beside it is a release's own.
_OUTWEIGHS = 1.5
#: Pages that kept their promise before one that does not is doubted, and how many of them to one that did not and was
#: taken all the same; so many are remembered.
_PROOF, _TO_ONE, _REMEMBERED = 3, 4, 100
#: Characters of a page that are searched.
_SEARCHED = 400_000
#: So many titles tell which words are usual in them, and the share of the titles that such words stand in.
_COMPARED, _USUAL = 6, 0.5
#: Releases that must be known before their printed days are a habit, and the share of them that must print one.
_DATED_MIN, _DATED = 5, 0.9
#: So many releases under one title make it the title of none of them.
_MANY_ALIKE = 3
#: Printed dates of a page that are read.
_DATES_MOST = 60
#: Less than this share of a title does not tell what it is the title of.
_ENOUGH = 0.6
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<>]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Breach:
    """How a page stands in for the release that was promised."""

    reason: str
    #: It may be the release all the same, under a title of its own.
    may_be_it: bool = False


@dataclass(slots=True)
class Promises:
    """What one source's listing promised, and how its pages have kept it so far."""

    #: Titles of the source's releases, as compared.
    titles: Collection[str]
    #: Pages that bore the title that the listing gave them, and releases that bear another.
    kept: int = 0
    broken: int = 0
    #: The printed days of its known releases, "" for those that print none.
    days: Sequence[str] = ()
    #: Titles that a list gives to several items ("Read more").
    shared: Collection[str] = ()
    #: First word -> the titles that begin with it; words that tell this source's titles apart from one another least.
    _by_first: dict[str, list[str]] = field(init=False)
    _usual_words: frozenset[str] = field(init=False)

    @classmethod
    def of(cls, known: Sequence[Story], pending: Sequence[ListingItem], before: Sequence[int] | None) -> Promises:
        """What is known of a source: its stories, items to be read, and the counts as they were kept."""
        given = Counter(title_key(item.title.text) for item in pending if item.title)
        kept, broken = before or (0, 0)
        borne = Counter(title_key(one.title) for one in known)
        listed = given + Counter(title_key(one.listed_title) for one in known)
        # where many pages are headed alike, and no list says so (by their section), that heading is the title of none
        own = (title for title, count in borne.items() if count < _MANY_ALIKE or title in listed)
        return cls(
            titles=frozenset(filter(None, [*own, *given])),
            kept=kept,
            broken=broken,
            days=tuple(one.day for one in known),
            shared=frozenset(title for title, count in listed.items() if count > 1),
        )

    def __post_init__(self) -> None:
        counts = Counter(word for title in self.titles for word in set(title.split()))
        is_enough = len(self.titles) >= _COMPARED
        self._usual_words = frozenset(
            word for word, count in counts.items() if is_enough and count >= _USUAL * len(self.titles)
        )
        self._by_first = {}
        for title in self.titles:
            self._by_first.setdefault(title.split(" ", 1)[0], []).append(title)

    def is_telling(self, item: ListingItem) -> bool:
        """Whether a listing gives an item a title that tells it apart."""
        title = title_key(item.title.text) if item.title else ""
        return bool(title) and title not in self.shared

    @property
    def have_headlines(self) -> bool:
        """Whether some releases of this source are known to bear other titles than their listing gives them."""
        return self.broken >= _PROOF and self.kept < _TO_ONE * self.broken

    @property
    def are_dated(self) -> bool:
        """Whether releases of this source print their days."""
        return len(self.days) >= _DATED_MIN and sum(map(bool, self.days)) >= _DATED * len(self.days)

    def as_json(self) -> list[int]:
        """What is remembered for the next scrape: the counts, old ones fading."""
        share = min(1.0, _REMEMBERED / max(self.kept + self.broken, 1))
        return [round(self.kept * share), round(self.broken * share)]

    def breach(self, item: ListingItem, entry: Entry, text: str, *, is_last: bool) -> Breach | None:
        """How a page stands in for the release that was promised, if it does. ``text`` is its markup.

        ``is_last``: it is not asked for again. What it has said for days under a title of its own is then believed.
        """
        promised = title_key(item.title.text) if item.title else ""
        if not promised:
            self.kept += item.title is not None and _is_short_title(item.title.text, entry.title)
            return None
        given = title_key(entry.title)
        if promised in self.shared and not _is_of_it(promised, given):
            return None  # "Read more" promises nothing
        # a title that is only nearly another's is believed in the end
        is_likely = self._share_words(promised, given) or promised in _titled(text)
        is_surely = given in self.titles or not (is_last or is_likely)
        if is_surely and self.is_of_another(promised, given):
            return Breach(f"the page tells another release: {entry.title}")
        if _is_of_it(promised, given) or is_likely:
            self.kept += 1
            others = len(self.titles) - (promised in self.titles)
            is_list = len(self._named(lasting_words(entry.content), but=promised)) >= max(_SOME + 1, _MOST * others)
            return Breach("the page lists the site's releases") if is_list else None
        seen = words_of(html.unescape(_TAG.sub(" ", text[:_SEARCHED])))
        told, reason = lasting_words(entry.content), "the page lists the site's releases under another title"
        beside = self._named(seen, but=promised)
        if len(self._named(told, but=promised)) >= _SOME:
            return Breach(reason)
        if len(beside) >= _SOME:  # or it has a box of others beside its text
            return Breach(reason, may_be_it=len(told) >= _OUTWEIGHS * sum(len(one.split()) for one in beside))
        is_doubtful = self.kept >= _PROOF and self.kept >= _TO_ONE * self.broken
        if is_doubtful and promised not in " ".join(seen) and not is_last:
            reason = f"the page does not have the title that the listing gives it, but: {entry.title}"
            return Breach(reason, may_be_it=True)
        self.broken += 1
        return None

    def is_of_another(self, title: str, given: str) -> bool:
        """Whether a page that should bear one title, as compared, bears that of another release of this source."""
        if not given or _is_of_it(title, given) or given in title:
            return False
        return any(_is_for(given, other) for other in self.titles if other != title)

    def _share_words(self, promised: str, given: str) -> bool:
        """Whether two titles have half of the shorter one's telling words in common: few others here have those."""
        usual = self._usual_words
        mine, theirs = (" ".join(word for word in title.split() if word not in usual) for title in (promised, given))
        return share_words(mine or promised, theirs or given)

    def _named(self, words: Sequence[str], *, but: str) -> list[str]:
        """The other titles that stand in a text; only those are searched for whose first and last word it has."""
        said = set(words)
        likely = [
            title
            for first in said & self._by_first.keys()
            for title in self._by_first[first]
            if title != but and title.rsplit(" ", 1)[-1] in said
        ]
        text = " ".join(words) if likely else ""
        return [title for title in likely if title in text]


def _is_of_it(title: str, given: str) -> bool:
    """Whether one title begins with the other, or is found in what is given.

    A series may print one title on all its pages, and tell its issues apart in the list alone; a list may cut its
    titles, or put the site's name behind them.
    """
    return f"{title} ".startswith(f"{given} ") or given.startswith(title) or f" {title} " in f" {given} "


def prints_day_of(item: ListingItem, page: Page, *, time_zone: str) -> bool:
    """Whether a page prints the day that the listing gives its release."""
    read = partial(parse_date, now=page.fetched_at, time_zone=time_zone)
    listed = choose(item.published, now=page.fetched_at, time_zone=time_zone)
    text = html.unescape(_TAG.sub(" ", page.text[:_SEARCHED]))
    printed = islice(dict.fromkeys(span.text for span in date_spans(text) if span.is_full), _DATES_MOST)
    return listed is not None and any((when := read(one)) and when.day == listed[0].day for one in printed)


def _is_short_title(promised: str, given: str) -> bool:
    """Whether a page bears a title that is too short to tell stories apart: it is what was promised all the same."""
    return bool(words_of(promised)) and words_of(promised) == words_of(given)


def _is_for(given: str, title: str) -> bool:
    """Whether a page's title is one in a list, which may be cut, or have words before or behind it."""
    if given == title:
        return True
    shorter, longer = sorted((given, title), key=len)
    return len(shorter) >= _ENOUGH * len(longer) and f" {shorter}" in f" {longer}"


def _titled(text: str) -> str:
    """What a page calls itself in its ``title`` element, as compared."""
    found = _TITLE.search(text, 0, _SEARCHED)
    return " ".join(words_of(html.unescape(found[1]))) if found else ""
