"""Rules learnt from what was found automatically: written out to be read, edited and pinned by an admin.

Every selector is verified on the page: with the rules, exactly the same items come out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

from feedsvc.extract.document import Document
from feedsvc.extract.outline import HEADINGS
from feedsvc.extract.regions import Region
from feedsvc.extract.rules import MOMENTS, apply_rules
from feedsvc.extract.selectors import compounds, selectors
from feedsvc.extract.survey import Survey
from feedsvc.model import Listing, ListingItem, Rules

#: Selectors that are tried for one purpose at most.
TRIES_MAX: Final = 80
#: A field's rule must give what was found for this share of the items that have the field.
AGREEMENT_MIN: Final = 0.95
_ONWARD: Final = re.compile(r"next|older|more")
#: Selectors that would match anything.
_TOO_PLAIN: Final = frozenset({"div", "span", "a", "li", "p", "td"})
#: Text that a date's element may hold besides the date: labels, a byline.
_BESIDE_DATE: Final = 60


@dataclass(frozen=True, slots=True)
class _Field:
    """A field that a rule may name: its printed text in an item, and the rules with a selector for it."""

    name: str
    text: Callable[[ListingItem], str]
    put: Callable[[Rules, str], Rules]


_FIELDS: Final = (
    _Field("title", lambda item: item.title.text if item.title else "", lambda rules, one: replace(rules, title=one)),
    _Field(
        "published",
        lambda item: item.published[0].text if item.published else "",
        lambda rules, one: replace(rules, published=one),
    ),
    _Field(
        "summary",
        lambda item: item.summary.text if item.summary else "",
        lambda rules, one: replace(rules, summary=one),
    ),
)


def induce(document: Document) -> Rules | None:
    """CSS rules that give the items which are found on the page without rules.

    None where no items are found, or no selector tells them from the rest of the page.
    """
    survey = Survey.of(document)
    found = survey.listing()
    rules = _item_rules(survey, found) if found.items else None
    if rules is None:
        return None
    for field in _FIELDS:
        wanted = [(region, field.text(item)) for region, item in zip(survey.regions, found.items, strict=True)]
        if selector := _field_selector(survey, field, wanted):
            with_field = field.put(rules, selector)
            if _same(apply_rules(survey, with_field), found):
                rules = with_field
    return replace(rules, next=_next_selector(survey, found))


def _item_rules(survey: Survey, found: Listing) -> Rules | None:
    """Rules that select the items: by their elements, else by their links."""
    starts = [region.start for region in survey.regions]
    links = [region.link.number for region in survey.regions]
    by_element = _first_that_fits(survey, found, starts, lambda selector: Rules(item=selector))
    return by_element or _first_that_fits(survey, found, links, lambda selector: Rules(link=selector))


def _first_that_fits(
    survey: Survey, found: Listing, numbers: Sequence[int], make: Callable[[str], Rules]
) -> Rules | None:
    wanted = set(numbers)
    outline = survey.outline
    kinds: dict[tuple[object, ...], list[int]] = {}
    for number in numbers:
        kinds.setdefault((outline.tags[number], outline.classes(number)), []).append(number)
    unions = (", ".join(parts) for parts in zip(*(selectors(outline, kind) for kind in kinds.values()), strict=False))
    tries = selectors(outline, numbers) if len(kinds) == 1 else chain(selectors(outline, numbers), unions)
    places = {id(element): number for number, element in enumerate(survey.outline.elements)}
    # A bare tag fits a small page by chance, and no longer once the page grows: it is what is left, never the choice.
    for selector in sorted(islice(dict.fromkeys(tries), TRIES_MAX), key=lambda one: one in _TOO_PLAIN):
        try:
            chosen = {places.get(id(element), -1) for element in survey.document.select(selector)}
        except ValueError:
            continue
        if chosen == wanted and _same(apply_rules(survey, make(selector)), found):
            return make(selector)
    return None


def _same(listing: Listing, found: Listing) -> bool:
    """Whether two listings name the same releases by the same titles."""
    return [_named(item) for item in listing.items] == [_named(item) for item in found.items]


def _named(item: ListingItem) -> tuple[str, str]:
    return item.url, item.title.text if item.title else ""


def _field_selector(survey: Survey, field: _Field, wanted: Sequence[tuple[Region, str]]) -> str | None:
    """A selector that gives the text wanted of each item: headings and inner elements before those around them."""
    filled = [(region, text) for region, text in wanted if text]
    if len(filled) < 2 or len(filled) * 2 < len(wanted):
        return None
    outline = survey.outline
    tried: set[str] = set(_TOO_PLAIN)
    for region, text in filled[:3]:
        inner = [number for number in range(region.start + 1, region.stop) if _gives(survey, field, number, text)]
        for number in sorted(inner, key=lambda one: (outline.tags[one] not in HEADINGS, -outline.depths[one])):
            for selector in compounds(outline, [number]):
                if selector not in tried and _agrees(survey, field, selector, filled):
                    return selector
                tried.add(selector)
    return None


def _gives(survey: Survey, field: _Field, number: int, text: str) -> bool:
    """Whether a rule that selects an element would give a text that was found."""
    own = survey.outline.text(number)
    if field.name != "published":
        return own == text
    attributes = survey.outline.elements[number].attrib
    moment = next((str(attributes[one]) for one in MOMENTS if attributes.get(one)), own)
    return text in moment and len(moment) <= len(text) + _BESIDE_DATE


def _agrees(survey: Survey, field: _Field, selector: str, filled: Sequence[tuple[Region, str]]) -> bool:
    """Whether the first element that a selector matches in each item gives what was found there."""
    places = {id(element): number for number, element in enumerate(survey.outline.elements)}
    matched = sorted(places.get(id(element), -1) for element in survey.document.select(selector))
    right = 0
    for region, text in filled:
        first = next((number for number in matched if region.start <= number < region.stop), None)
        right += first is not None and _gives(survey, field, first, text)
    return right >= AGREEMENT_MIN * len(filled)


def _next_selector(survey: Survey, found: Listing) -> str | None:
    """A selector for the next page's link that says so itself; numbers are better followed without a rule."""
    target = found.next_urls[0] if found.next_urls else ""
    outline = survey.outline
    for link in survey.links:
        if link.url != target:
            continue
        is_declared = "next" in (outline.elements[link.number].get("rel") or "").lower().split()
        named = islice(selectors(outline, [link.number]), TRIES_MAX)
        for selector in (*(["a[rel~=next]"] if is_declared else []), *(one for one in named if _ONWARD.search(one))):
            chosen = survey.document.select(selector)
            if chosen and all(survey.document.absolute(one.get("href")) == target for one in chosen):
                return selector
    return None


def induce_around(document: Document, is_known: Callable[[str, str], bool]) -> Rules | None:
    """A rule for the links of a changed page, from those that lead to known releases: ``is_known(url, text)``.

    The plainest selector that matches all of them and fewest others (newer releases); None where fewer than two known
    links are found, or none of their selectors tells them from the page's other links.
    """
    survey = Survey.of(document)
    wanted = {link.number for link in survey.links if is_known(link.url, link.text)}
    if len(wanted) < 2:
        return None
    places = {id(element): number for number, element in enumerate(survey.outline.elements)}
    best: tuple[int, str] | None = None
    for selector in islice(dict.fromkeys(selectors(survey.outline, sorted(wanted))), TRIES_MAX):
        try:
            chosen = {places.get(id(element), -1) for element in document.select(selector)}
        except ValueError:
            continue
        strangers = len(chosen - wanted)
        if wanted <= chosen and strangers <= len(wanted) and (best is None or strangers < best[0]):
            best = strangers, selector
    return Rules(link=best[1]) if best is not None else None
