"""An admin's CSS rules for a listing page; what they leave out is found automatically within each item.

Items are selected on the page's one tree. Within an item BeautifulSoup selects, on the markup of that item alone: its
selectors know more (``:has()``, ``:-soup-contains()``), and parsing a whole page twice would cost more than all else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bs4 import BeautifulSoup, Tag
from lxml import etree
from soupsieve import SelectorSyntaxError

from feedsvc.extract.addresses import page_key
from feedsvc.extract.candidates import Role, find_starts
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
    numbers = {id(element): number for number, element in enumerate(survey.outline.elements)}
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
    for number in items:
        link = _link_by_rule(survey, rules, number) if rules.item and rules.link else None
        link = link or next((one for one in survey.links if one.number == number), None) or usual.get(number)
        if link is None:
            refused.append(Refusal(what=outline.text(number)[:80], reason="no link"))
        elif link.key not in seen:
            seen.add(link.key)
            found.append(link)
    return found, refused


def _link_by_rule(survey: Survey, rules: Rules, number: int) -> Link | None:
    soup = _soup(survey, number, survey.outline.ends[number])
    tag = _select(soup, rules.link or "")
    if tag is None:
        return None
    anchor = tag if tag.get("href") else tag.find("a", href=True)
    url = survey.document.absolute(str(anchor.get("href"))) if isinstance(anchor, Tag) else None
    if url is None:
        return None
    key = page_key(url)
    inside = [one for one in survey.links if survey.outline.contains(number, one.number)]
    return next((one for one in inside if one.key == key), None)


def _usual_links(survey: Survey, items: Sequence[int]) -> dict[int, Link]:
    """For each item the link in the role that most items share and that weighs most."""
    outline = survey.outline
    chosen: dict[int, Link] = {}
    for candidate in survey.weighed:
        for link in candidate.role.links:
            for number in items:
                if number not in chosen and outline.contains(number, link.number):
                    chosen[number] = link
    for link in survey.links:
        for number in items:
            if number not in chosen and outline.contains(number, link.number):
                chosen[number] = link
    return chosen


def _with_rules(survey: Survey, rules: Rules, region: Region, item: ListingItem) -> ListingItem:
    """The item with the fields that rules name, looked for in the item and then beside it."""
    soup = _soup(survey, region.start, region.stop)
    if rules.title and (tag := _select(soup, rules.title)) and (text := _text(tag)):
        item = replace(item, title=Found(text=text, where=f"rule:{rules.title}"))
    if rules.summary and (tag := _select(soup, rules.summary)) and (text := _text(tag)):
        item = replace(item, summary=Found(text=text, where=f"rule:{rules.summary}"))
    if rules.published and (tag := _select(soup, rules.published)):
        moment = next((str(tag[name]) for name in MOMENTS if tag.get(name)), None) or _text(tag)
        if moment:
            first = Found(text=moment, where=f"rule:{rules.published}")
            item = replace(item, published=(first, *(one for one in item.published if one.text != moment)))
    if rules.image and (tag := _select(soup, rules.image)):
        image = tag if tag.name == "img" else tag.find("img")
        url = survey.document.absolute(image_address(image.attrs)) if isinstance(image, Tag) else None
        if url:
            item = replace(item, image=FoundMedia(url=url, where=f"rule:{rules.image}"))
    return item


def _soup(survey: Survey, start: int, stop: int) -> BeautifulSoup:
    """The markup of a stretch of siblings as a soup of its own."""
    outline = survey.outline
    parts: list[str] = []
    number = start
    while number < stop:
        parts.append(etree.tostring(outline.elements[number], encoding="unicode", method="html"))
        number = outline.ends[number]
    return BeautifulSoup("".join(parts), "lxml")


def _select(soup: BeautifulSoup, selector: str) -> Tag | None:
    try:
        return soup.select_one(selector)
    except (SelectorSyntaxError, NotImplementedError, ValueError):
        return None


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())
