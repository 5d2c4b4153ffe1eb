"""What belongs to each item of a list: a stretch of the outline around its link.

Cards, rows and list items hold what belongs to them. In flat markup it stands beside the link, up to the next item; a
date may even stand before it. Nested markup (unclosed elements) ends an item where the next one begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from feedsvc.extract.candidates import Role
from feedsvc.extract.links import Link
from feedsvc.extract.outline import HEADINGS, Outline
from feedsvc.extract.stamps import Stamps

#: A flat list's last item takes at most so many siblings.
_TRAILING_SIBLINGS = 6
#: Where an item of a flat list ends for certain.
_BOUNDARIES = HEADINGS | {"nav", "footer", "aside", "form", "hr"}


@dataclass(frozen=True, slots=True)
class Region:
    """What belongs to one item: elements ``start .. stop`` and text runs ``first_run .. last_run``, ends exclusive."""

    link: Link
    start: int
    stop: int
    first_run: int
    last_run: int


def find_regions(outline: Outline, role: Role, stamps: Stamps) -> list[Region]:
    """The region of each item of a role, in reading order."""
    starts = role.starts
    is_flat = _is_flat(outline, starts)
    regions: list[Region] = []
    for place, (link, start) in enumerate(zip(role.links, starts, strict=True)):
        after = starts[place + 1] if place + 1 < len(starts) else None
        stop, last_run = outline.ends[start], outline.last_run[start]
        if after is not None and after < stop:
            stop, last_run = after, outline.first_run[after]
        elif is_flat and (parent := outline.parents[start]) >= 0:
            follows = after is not None and after < outline.ends[parent]
            stop = after if follows and after is not None else _flat_end(outline, start)
            last_run = outline.first_run[stop] if stop < outline.ends[parent] else outline.last_run[parent]
        regions.append(Region(link, start, stop, outline.first_run[start], last_run))
    return _with_leading_dates(outline, regions, stamps) if len(regions) > 1 else regions


def _is_flat(outline: Outline, starts: Sequence[int]) -> bool:
    """Whether text between items belongs to them: siblings of one parent, with something in most gaps."""
    gaps = filled = 0
    for one, other in pairwise(starts):
        if outline.parents[one] == outline.parents[other]:
            gaps += 1
            filled += outline.first_run[other] > outline.last_run[one]
    return gaps > 0 and filled * 2 >= gaps


def _flat_end(outline: Outline, start: int) -> int:
    """Where the last item of a flat list ends: before the next sibling of its kind, heading, pager or landmark."""
    parent = outline.parents[start]
    number = outline.ends[start]
    for _ in range(_TRAILING_SIBLINGS):
        if number >= outline.ends[parent] or outline.tags[number] in _BOUNDARIES | {outline.tags[start]}:
            break
        number = outline.ends[number]
    return number


def _with_leading_dates(outline: Outline, regions: list[Region], stamps: Stamps) -> list[Region]:
    """Where dates stand before the items rather than in them, each item begins with the date before it."""
    parent = max(outline.parents[regions[0].start], 0)
    lower = outline.first_run[parent]
    if _date_before(stamps, lower, regions[0].first_run) is None:
        return regions
    if all(_has_date(stamps, one) for one in regions) and not _are_late(outline, regions, stamps):
        return regions
    leads: list[int] = []
    for region in regions:
        found = _date_before(stamps, lower, outline.first_run[region.start])
        leads.append(region.first_run if found is None else found)
        lower = outline.last_run[region.start]
    begins = [_element_at(outline, lead, region.start) for lead, region in zip(leads, regions, strict=True)]
    ends = zip([*leads[1:], len(outline.runs)], [*begins[1:], len(outline.elements)], strict=True)
    return [
        replace(
            region,
            start=begin,
            stop=max(min(region.stop, stop), begin + 1),
            first_run=lead,
            last_run=max(min(region.last_run, end), lead),
        )
        for region, lead, begin, (end, stop) in zip(regions, leads, begins, ends, strict=True)
    ]


def _element_at(outline: Outline, run: int, start: int) -> int:
    """The sibling before ``start`` that holds a run; ``start`` itself where the run stands in no such sibling."""
    number = outline.runs[run].owner if run < len(outline.runs) else start
    while number > outline.parents[start] and outline.parents[number] != outline.parents[start]:
        number = outline.parents[number]
    return number if outline.parents[start] < number < start else start


def _has_date(stamps: Stamps, region: Region) -> bool:
    return any(stamps.spans(run) for run in range(region.first_run, region.last_run))


def _are_late(outline: Outline, regions: Sequence[Region], stamps: Stamps) -> bool:
    """Whether every date in the regions stands outside the items' own elements, just before the next item."""
    for one, other in pairwise(regions):
        if any(stamps.spans(run) for run in range(one.first_run, outline.last_run[one.start])):
            return False
        if _date_before(stamps, outline.last_run[one.start], outline.first_run[other.start]) is None:
            return False
    return True


def _date_before(stamps: Stamps, lower: int, upper: int) -> int | None:
    """The run with a date among the last three before ``upper``, not below ``lower``."""
    return next((run for run in range(upper - 1, max(lower, upper - 3) - 1, -1) if stamps.spans(run)), None)
