"""Whether to read the next page of a list, and where links lead that a list has led elsewhere for a while. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedsvc.scrape.decide import MANY, MOVED_MIN, Limits, is_before
from feedsvc.scrape.sightings import Known, Sighting

#: So many addresses of one story are not those of sites that have moved.
_ADDRESSES_MANY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whether to fetch the next listing page, and why."""

    goes_on: bool
    reason: str


def turn_page(
    before: Sequence[Sighting],
    page: Sequence[Sighting],
    known: Sequence[Known],
    *,
    pages: int,
    has_next: bool,
    is_alone: bool = True,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
) -> Turn:
    """Whether to go on after ``page``, the ``pages``-th of this scrape; ``before`` are the items of earlier ones.

    ``is_alone``: the source has no other lists, which may show the same stories elsewhere.
    """
    if not has_next:
        return Turn(goes_on=False, reason="the listing has no further page")
    if pages >= limits.pages:
        return Turn(goes_on=False, reason=f"{limits.pages} pages are the limit of one scrape")
    met = {sighting.url for sighting in before}
    here = [sighting for sighting in page if sighting.url not in met]
    if not here:
        return Turn(goes_on=False, reason="the page repeats what earlier ones showed")
    if all(is_before(one, limits.since) for one in here):
        return Turn(goes_on=False, reason=f"everything on the page was released before {limits.since}")
    urls = {url for story in known for url in story.urls}
    titles = {(name, story.day) for story in known for name in story.names}
    strange = [one for one in here if one.url not in urls]
    news = [one for one in strange if not (one.title and (one.title, one.day) in titles)]
    is_elsewhere = is_alone and any(one.is_sure for one in link_back(page, known))
    if not news and (is_elsewhere or _has_moved(strange, here, known)):
        return Turn(goes_on=True, reason="the page leads elsewhere than before, and those behind it may do so, too")
    if not news:
        return Turn(goes_on=False, reason="the page brings nothing new")
    if len([one for one in (*before, *here) if one.url not in urls]) >= limits.details:
        return Turn(goes_on=False, reason=f"{limits.details} release pages are the limit of one scrape")
    return Turn(goes_on=True, reason=f"the page brings {len(news)} new items")


def _has_moved(strange: Sequence[Sighting], here: Sequence[Sighting], known: Sequence[Known]) -> bool:
    """Whether known stories, all of which are ``strange`` by address, show that a site has moved its pages.

    Only links that came from lists are led elsewhere; and where each visit finds other addresses (sessions), none is.
    """
    if len(strange) < MOVED_MIN:
        return False
    led = [story for story in known if story.led_to in story.listed_urls and len(story.urls) < _ADDRESSES_MANY]
    titles = {(name, story.day) for story in led for name in story.names}
    moved = [one for one in strange if (one.title, one.day) in titles]
    return len(moved) >= max(MOVED_MIN, MANY * len(here))


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Where the link of a story is to lead again."""

    uuid: str
    at: Sighting
    #: Whether it is the address at which the story was first met; else two looks in a row must show it there.
    is_sure: bool


def link_back(listed: Sequence[Sighting], known: Sequence[Known]) -> list[Back]:
    """Stories that their list shows at known addresses, and led elsewhere for a while.

    A link that came from the page itself, not from a list, stays, unless it leads to another story by now.
    """
    by_url = {url: story for story in known if not story.is_pending for url in story.urls}
    shown, back = {one.url for one in listed}, []
    for one in listed:
        story = by_url.get(one.url)
        if story is None:
            continue
        is_gone = story.led_to in story.listed_urls - shown
        is_others = by_url.get(story.led_to, story) is not story
        if is_gone or is_others:
            back.append(Back(uuid=story.uuid, at=one, is_sure=is_others or one.url == story.canonical_url))
    return back
