"""Links of a page, sorted by the role that they play: every list of a page is a set of links in one role.

A role is a place in the page's structure ("the link in the heading of an article of the main column"). Two links play
the same role if their paths of tags are equal and no link of another role stands between them and their likes: title
links and tag links of cards may share a path of tags, but a title stands nearer to its own tags than to the next title.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from feedsvc.extract.links import Link
from feedsvc.extract.outline import HEADINGS, Outline

#: A link with more characters than this holds a whole card rather than a title.
_CARD_MIN: Final = 150
#: Elements that are made to hold one item, and how many elements ahead a heading tells that one does.
_ITEM_TAGS: Final = frozenset({"article", "li", "tr", "dl", "section"})
_NEAR: Final = 60
#: Roles of a page that are weighed, the largest first, and looks on one path that are told apart.
ROLES_MAX, LOOKS_MAX = 200, 48


@dataclass(slots=True)
class Role:
    """The links that play one role, in reading order; a page linked twice in one role counts once."""

    links: list[Link]
    #: Where each link's item begins (element number), in the same order.
    starts: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.links)


def sort_roles(outline: Outline, links: Sequence[Link]) -> list[Role]:
    """The roles of a page, at most ``ROLES_MAX``, in order of their first link; overviews share no role with others."""
    paths = _paths(outline)
    by_path: dict[tuple[int, bool], dict[tuple[object, ...], list[Link]]] = {}
    for link in links:
        parent = outline.parents[link.number]
        look = (outline.classes(link.number), outline.classes(parent), _column(outline, link.number))
        by_path.setdefault((paths[link.number], link.is_overview), {}).setdefault(look, []).append(link)
    roles: list[Role] = []
    for looks in by_path.values():
        groups = [part for group in looks.values() for part in _split_by_place(outline, group)]
        roles.extend(_merge_looks(outline, groups))
    roles = sorted(roles, key=len, reverse=True)[:ROLES_MAX]
    roles.sort(key=lambda role: role.links[0].number)
    for role in roles:
        role.starts = find_starts(outline, [link.number for link in role.links])
    return roles


def _column(outline: Outline, number: int) -> int:
    """Which cell of its table row an element stands in; -1 outside of tables."""
    for up in (number, *outline.ancestors(number)):
        tag = outline.tags[up]
        if tag in ("td", "th"):
            row = outline.parents[up]
            return sum(outline.parents[cell] == row for cell in range(row + 1, up))
        if tag in ("article", "li", "section"):
            break
    return -1


def _split_by_place(outline: Outline, group: list[Link]) -> list[list[Link]]:
    """Links of one look that stand several to a parent (title, then author), apart by their place in it.

    Cards in rows of three stand several to a parent too; those are alike in length and address, and stay together.
    """
    by_parent: dict[int, list[Link]] = {}
    for link in group:
        by_parent.setdefault(outline.parents[link.number], []).append(link)
    counts = [len(links) for links in by_parent.values()]
    if len(counts) < 2 or not 2 <= statistics.median(counts) <= 4:
        return [group]
    places: list[list[Link]] = [[] for _ in range(max(counts))]
    for links in by_parent.values():
        for place, link in enumerate(links):
            places[place].append(link)
    first = places[0]
    if all(_alike(first, other) for other in places[1:]):
        return [group]
    return places


def _alike(one: Sequence[Link], other: Sequence[Link]) -> bool:
    """Whether two sets of links look like one kind: texts of like length, all different, on the same host."""
    lengths = [statistics.median(len(link.text) for link in links) + 4 for links in (one, other)]
    hosts = [{link.host for link in links} for links in (one, other)]
    distinct = [len({link.key for link in links}) / len(links) for links in (one, other)]
    return max(lengths) < 2.5 * min(lengths) and bool(hosts[0] & hosts[1]) and abs(distinct[0] - distinct[1]) < 0.4


def _paths(outline: Outline) -> list[int]:
    """For every element the number of its path of tags; an element in its own like (unclosed tags) adds nothing."""
    known: dict[tuple[int, str], int] = {}
    paths: list[int] = []
    for number, tag in enumerate(outline.tags):
        parent = outline.parents[number]
        if parent < 0:
            paths.append(0)
        elif outline.tags[parent] == tag and _is_own_like(outline, number, parent):
            paths.append(paths[parent])
        else:
            paths.append(known.setdefault((paths[parent], tag), len(known) + 1))
    return paths


def _is_own_like(outline: Outline, number: int, parent: int) -> bool:
    """Whether an element stands in its own like because an end tag is missing; plain wrappers may do so on purpose."""
    classes = outline.classes(number)
    is_wrapper = outline.tags[number] in ("div", "span", "section")
    return classes == outline.classes(parent) and (bool(classes) or not is_wrapper)


def _merge_looks(outline: Outline, groups: list[list[Link]]) -> list[Role]:
    """Roles from links with one path but several looks: looks that merely vary are one role, others stay apart.

    Where nearly every link looks its own way, looks say nothing, and are not compared.
    """
    if len(groups) > LOOKS_MAX:
        groups = [sorted((link for group in groups for link in group), key=lambda link: link.number)]
    merged: list[list[Link]] = []
    for group in sorted(groups, key=len, reverse=True):
        for known in merged:
            if _look_alike(outline, known[0], group[0]) and _same_role(outline, known, group):
                known.extend(group)
                known.sort(key=lambda link: link.number)
                break
        else:
            merged.append(list(group))
    return [Role(list(_first_of_each(group))) for group in merged]


def _look_alike(outline: Outline, one: Link, other: Link) -> bool:
    """Whether two links, or at least the elements that hold them, have the same classes."""
    if outline.classes(one.number) == outline.classes(other.number):
        return True
    parents = outline.parents[one.number], outline.parents[other.number]
    return outline.classes(parents[0]) == outline.classes(parents[1])


def _same_role(outline: Outline, one: Sequence[Link], other: Sequence[Link]) -> bool:
    """Whether links of two looks stand no nearer to each other than those of one look among themselves."""
    order = sorted([(link.number, 0) for link in one] + [(link.number, 1) for link in other])
    across = max(
        (
            outline.shared_depth(left, right)
            for (left, look), (right, next_look) in pairwise(order)
            if look != next_look
        ),
        default=-1,
    )
    within = max(
        (outline.shared_depth(left.number, right.number) for look in (one, other) for left, right in pairwise(look)),
        default=-1,
    )
    return across <= within or within < 0


def _first_of_each(links: Iterable[Link]) -> Iterable[Link]:
    seen: set[str] = set()
    for link in links:
        if link.key not in seen:
            seen.add(link.key)
            yield link


def find_starts(outline: Outline, numbers: Sequence[int]) -> list[int]:
    """Where the item of each link begins: its outermost ancestor in which no earlier link of the role stands.

    In lists grouped by year the first link of a group would claim the whole group, and in unclosed markup every item
    holds the next one. So items begin with the kind of element (tag and classes) with which most of them begin.
    """
    if len(numbers) < 2:
        return [_lone_start(outline, number) for number in numbers]
    starts = [_bounded_start(outline, numbers, place) for place in range(len(numbers))]
    kind = _usual_kind(outline, starts[1:])
    return [
        _nearest_kind(outline, number, start, kind, is_first=number == numbers[0])
        for number, start in zip(numbers, starts, strict=True)
    ]


def _bounded_start(outline: Outline, numbers: Sequence[int], place: int) -> int:
    """The outermost ancestor of a link that holds no earlier link of its role; for the first, no later one."""
    start = numbers[place]
    if place:
        while outline.parents[start] > numbers[place - 1]:
            start = outline.parents[start]
        return start
    while (parent := outline.parents[start]) >= 0 and outline.ends[parent] <= numbers[1]:
        start = parent
    return start


def _usual_kind(outline: Outline, starts: Sequence[int]) -> tuple[str, tuple[str, ...] | None]:
    """Tag and classes of most starts; classes None where they vary too much to tell anything."""
    counts: dict[tuple[str, tuple[str, ...]], int] = {}
    tags: dict[str, int] = {}
    depths: dict[str, int] = {}
    for start in starts:
        kind = (outline.tags[start], outline.classes(start))
        counts[kind] = counts.get(kind, 0) + 1
        tags[kind[0]] = tags.get(kind[0], 0) + 1
        depths[kind[0]] = max(depths.get(kind[0], 0), outline.depths[start])
    (tag, classes), count = max(counts.items(), key=lambda item: (item[1], depths[item[0][0]]))
    if count * 2 >= len(starts):
        return tag, classes
    return max(tags, key=lambda name: (tags[name], depths[name])), None


def _nearest_kind(
    outline: Outline, number: int, start: int, kind: tuple[str, tuple[str, ...] | None], *, is_first: bool
) -> int:
    """The outermost element of the kind from ``start`` down to the link; ``start`` itself if none is.

    In unclosed markup the first item holds the others, so that its element stands above ``start``.
    """
    tag, classes = kind

    def is_of_kind(element: int) -> bool:
        return outline.tags[element] == tag and (classes is None or outline.classes(element) == classes)

    chain = [number, *outline.ancestors(number)]
    within = [element for element in chain if element >= start and is_of_kind(element)]
    above = (element for element in chain if is_first and classes and element < start and is_of_kind(element))
    return within[-1] if within else next(above, start)


def _lone_start(outline: Outline, number: int) -> int:
    """Where the item of a role's only link begins: at a link that is a whole card, else around it.

    That is the nearest element that is made to hold an item or holds more than the link's own words.
    """
    own = outline.size(number)
    if len(outline.lines(number)) > 1 or own > _CARD_MIN:
        return number
    for outer in outline.ancestors(number):
        inside = outline.tags[outer : min(outline.ends[outer], outer + _NEAR)]
        more = outline.size(outer) - own
        if inside[0] in _ITEM_TAGS or more > 40 or (more > 0 and not HEADINGS.isdisjoint(inside)):
            return outer
    return number
