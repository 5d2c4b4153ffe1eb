"""New rules for a page that changed: known stories are looked for in it, and rules are induced from where they stand.

A repair is a proposal with its evidence. It is made only where what the new rules read agrees with what is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from feedsvc.extract.document import Document
from feedsvc.extract.induce import induce, induce_around
from feedsvc.extract.listing import read_listing
from feedsvc.model import Page, ReleaseRules, Rules, Source
from feedsvc.normalize.identity import title_key
from feedsvc.normalize.urls import canonicalize
from feedsvc.scrape.sightings import Known, Sighting, sightings

#: Known stories that must be recognized, and the share of them whose title and day must be as known.
RECOGNIZED_MIN, AGREEMENT_MIN = 3, 0.9
#: Rules in force that recognize this share of what the best ones do are well enough.
WELL_ENOUGH = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What rules read on one page, compared with what is known."""

    fetched_at: datetime
    items: int
    #: Known stories among the items, by address or title; and those of them with title, and with day, as known.
    recognized: int
    same_title: int
    same_day: int
    #: Recognized items with a printed day, on both sides.
    dated: int

    @property
    def is_sound(self) -> bool:
        """Whether it may be believed that these items are the releases."""
        return (
            self.recognized >= RECOGNIZED_MIN
            and self.same_title >= AGREEMENT_MIN * self.recognized
            and self.same_day >= AGREEMENT_MIN * self.dated
            and 2 * self.recognized >= min(self.items, 2 * RECOGNIZED_MIN)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One kept listing page under the old rules and the new."""

    old: Agreement
    new: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What came of looking for new rules."""

    key: str
    #: The rules in force, and those proposed; None where none are needed or none were found.
    old: Rules
    new: Rules | None
    #: On the page as it is now.
    before: Agreement
    after: Agreement | None = None
    #: On the kept copies, the latest first.
    replayed: tuple[Replayed, ...] = ()
    #: One sentence.
    reason: str = ""


def repair(
    source: Source, page: Page, kept: Sequence[Page], releases: Sequence[Page], known: Sequence[Known]
) -> Repair:
    """Rules that read ``page`` as the rules in force read it before it changed.

    ``kept`` are earlier copies of the listing, the latest first, and ``releases`` kept release pages.
    """
    document = Document.parse(page)
    before = agreement(document, source.rules, source, known, fetched_at=page.fetched_at)
    best: tuple[Rules, Agreement] | None = None
    for rules in _candidates(document, known):
        found = agreement(document, rules, source, known, fetched_at=page.fetched_at)
        if found.is_sound and (best is None or found.recognized > best[1].recognized):
            best = rules, found
    unchanged = Repair(key=source.key, old=source.rules, new=None, before=before)
    if best is None:
        return replace(unchanged, reason="no rules were found that read known titles and dates on the page")
    listing_rules, after = best
    if before.is_sound and before.recognized >= WELL_ENOUGH * after.recognized:
        listing_rules, after = source.rules, before
    release = working_release_rules(source.rules.release, [Document.parse(one) for one in releases])
    new = replace(listing_rules, release=release)
    if new == source.rules:
        return replace(unchanged, reason="the rules in force read the page: nothing to repair")
    replayed = tuple(_replayed(one, source, new, known) for one in kept)
    lost = [one for one in replayed if one.new.items and one.old.is_sound and not one.new.is_sound]
    if lost:
        return replace(unchanged, replayed=replayed, reason="new rules read kept copies of the page otherwise")
    return replace(
        unchanged,
        new=new,
        after=after,
        replayed=replayed,
        reason=f"{after.recognized} known stories are recognized, {before.recognized} by the rules in force",
    )


def agreement(
    document: Document, rules: Rules, source: Source, known: Sequence[Known], *, fetched_at: datetime
) -> Agreement:
    """What ``rules`` read on a page, compared with what is known of the source."""
    languages = (source.language,) if source.language else ()
    listing = read_listing(document, rules)
    seen = sightings((listing,), now=fetched_at, time_zone=source.time_zone, languages=languages)
    pairs = list(_recognized(seen, known))
    dated = [(one, story) for one, story in pairs if one.day and story.day]
    return Agreement(
        fetched_at=fetched_at,
        items=len(seen),
        recognized=len(pairs),
        same_title=sum(one.title in story.names for one, story in pairs),
        same_day=sum(one.day == story.day for one, story in dated),
        dated=len(dated),
    )


def working_release_rules(rules: ReleaseRules, pages: Sequence[Document]) -> ReleaseRules:
    """The rules for release pages without those that match on none of ``pages``: what they named is found without."""
    if len(pages) < 2:
        return rules
    idle: dict[str, Any] = {
        name: None
        for name in ReleaseRules.__dataclass_fields__
        if name != "remove"
        and (selector := getattr(rules, name))
        and not any(document.select(selector) for document in pages)
    }
    return replace(rules, **idle)


def _candidates(document: Document, known: Sequence[Known]) -> Iterator[Rules]:
    """Rules to try, those that say most first."""
    urls = {url for story in known for url in story.urls}
    titles = {name for story in known for name in story.names}
    whole = induce(document)
    if whole is not None:
        yield whole
    around = induce_around(document, lambda url, text: canonicalize(url) in urls or title_key(text) in titles)
    if around is not None:
        yield around
    yield Rules()


def _recognized(seen: Sequence[Sighting], known: Sequence[Known]) -> Iterator[tuple[Sighting, Known]]:
    by_url = {url: story for story in known for url in story.urls}
    by_title = {name: story for story in known for name in story.names}
    for one in seen:
        story = by_url.get(one.url) or (by_title.get(one.title) if one.title else None)
        if story is not None:
            yield one, story


def _replayed(page: Page, source: Source, new: Rules, known: Sequence[Known]) -> Replayed:
    document = Document.parse(page)
    return Replayed(
        old=agreement(document, source.rules, source, known, fetched_at=page.fetched_at),
        new=agreement(document, new, source, known, fetched_at=page.fetched_at),
    )
