"""An admin's CSS rules for a listing page; what they leave out is found automatically within each item."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from feedsvc.extract.addresses import page_key
from feedsvc.extract.candidates import Role, find_starts
from feedsvc.extract.chosen import Within
from feedsvc.extract.items import image_address
from feedsvc.extract.links import Link
from feedsvc.extract.regions import Region, find_regions
from feedsvc.extract.survey import Survey
from feedsvc.model import Found, FoundMedia, Listing, ListingItem, Refusal, Rules

#: Attributes that say a moment better than the text does.
MOMENTS = ("datetime", "content", "data-date", "data-time")


def apply_rules(survey: Survey, rules: Rules) -> Listing:
    """The items that rules select, in reading order; a rule that selects nothing becomes the listing's reason.

    Rules for fields alone are applied to the items that are found automatically.
    """
    document = survey.document
    selector = rules.item or rules.link
    if not selector:
        return _fields_only(survey, rules)
    try:
        chosen = document.select(selector)
    except ValueError as error:
        return _nothing(survey, f"the rule {error}")
    if not chosen:
        return _nothing(survey, f"no element matches the rule {selector!r}")
    numbers = survey.number_of
    items = [numbers[id(element)] for element in chosen if id(element) in numbers]
    links, refused = _links_of(survey, rules, items)
    if not links:
        return Listing(
            url=document.url,
            items=(),
            plan="rules",
            refused=tuple(refused),
            reason=f"nothing here, because no element that the rule {selector!r} matches holds a link",
        )
    role = Role(links, find_starts(survey.outline, [link.number for link in links]))
    regions = find_regions(survey.outline, role, survey.stamps)
    read = survey.read(regions)
    by_rule = [_with_rules(survey, rules, region, item) for region, item in zip(regions, read, strict=True)]
    return Listing(
        url=document.url,
        items=tuple(by_rule),
        next_urls=_next_urls(survey, rules, by_rule),
        plan="rules",
        refused=tuple(refused),
    )


def _next_urls(survey: Survey, rules: Rules, items: Sequence[ListingItem]) -> tuple[str, ...]:
    """What the rule for the next page selects, or the ways on that the page shows."""
    if not rules.next:
        return survey.next_urls(items)
    document = survey.document
    try:
        chosen = document.select(rules.next)
    except ValueError:
        return ()
    anchors = (anchor for element in chosen for anchor in element.iter("a", "link") if anchor.get("href"))
    return tuple(dict.fromkeys(url for anchor in anchors if (url := document.absolute(anchor.get("href")))))


def _fields_only(survey: Survey, rules: Rules) -> Listing:
    listing = survey.listing()
    named = (rules.title, rules.published, rules.summary, rules.image, rules.next)
    if not listing.items or not any(named):
        return listing
    pairs = zip(survey.regions, listing.items, strict=True)
    items = tuple(_with_rules(survey, rules, region, item) for region, item in pairs)
    return replace(listing, items=items, next_urls=_next_urls(survey, rules, items))


def _nothing(survey: Survey, because: str) -> Listing:
    return Listing(url=survey.document.url, items=(), plan="rules", reason=f"nothing here, because {because}")


def _links_of(survey: Survey, rules: Rules, items: Sequence[int]) -> tuple[list[Link], list[Refusal]]:
    """The link of each item: the rule's, the item itself, or the likeliest within it; each page once."""
    outline = survey.outline
    found: list[Link] = []
    refused: list[Refusal] = []
    seen: set[str] = set()
    usual = _usual_links(survey, items)
    by_number = {link.number: link for link in survey.links}
    for number in items:
        link = _link_by_rule(survey, rules, number) if rules.item and rules.link else None
        link = link or by_number.get(number) or usual.get(number)
        if link is None:
            refused.append(Refusal(what=outline.text(number)[:80], reason="no link"))
        elif link.key not in seen:
            seen.add(link.key)
            found.append(link)
    return found, refused


def _link_by_rule(survey: Survey, rules: Rules, number: int) -> Link | None:
    stop = survey.outline.ends[number]
    chosen = Within(survey, number, stop).select(rules.link)
    url = survey.document.absolute(chosen.href) if chosen is not None else None
    if url is None:
        return None
    key = page_key(url)
    inside = survey.links[bisect_left(survey.numbers, number) : bisect_left(survey.numbers, stop)]
    return next((one for one in inside if one.key == key), None)


def _usual_links(survey: Survey, items: Sequence[int]) -> dict[int, Link]:
    """For each item the link in the role that most items share and that weighs most."""
    wanted = frozenset(items)
    chosen: dict[int, Link] = {}
    for link in (*(link for candidate in survey.weighed for link in candidate.role.links), *survey.links):
        for number in (link.number, *survey.outline.ancestors(link.number)):
            if number in wanted:
                chosen.setdefault(number, link)
    return chosen


def _with_rules(survey: Survey, rules: Rules, region: Region, item: ListingItem) -> ListingItem:
    """The item with the fields that rules name, looked for in the item and then beside it."""
    within = Within(survey, region.start, region.stop)
    if (title := within.select(rules.title)) is not None and title.text:
        item = replace(item, title=Found(text=title.text, where=f"rule:{rules.title}"))
    if (summary := within.select(rules.summary)) is not None and summary.text:
        item = replace(item, summary=Found(text=summary.text, where=f"rule:{rules.summary}"))
    if (chosen := within.select(rules.published)) is not None:
        moment = next((str(chosen.attributes[name]) for name in MOMENTS if chosen.attributes.get(name)), chosen.text)
        if moment:
            first = Found(text=moment, where=f"rule:{rules.published}")
            item = replace(item, published=(first, *(one for one in item.published if one.text != moment)))
    picture = within.select(rules.image)
    address = image_address(picture.image) if picture is not None and picture.image is not None else None
    if url := survey.document.absolute(address):
        item = replace(item, image=FoundMedia(url=url, where=f"rule:{rules.image}"))
    return item
