"""CSS selectors as an admin would write them: short, by names that say what a thing is, never by generated ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from feedsvc.extract.outline import Outline

#: Words in class names that say what a thing is in a list.
_TELLING: Final = frozenset(
    "item items entry entries post posts article articles news story stories release releases card cards teaser list"
    " archive archives blog title headline heading date time published summary excerpt abstract description brief intro"
    " lead thumb thumbnail image meta next more content main".split()
)
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z_-]{2,}")
#: Names that style sheets' tools make up: hashes, and one class a property ("mt", "text-lg", "md:flex").
_MADE_UP: Final = re.compile(
    r"^(?:css|sc|jsx|svelte|emotion|astro|mui|chakra)-|_[A-Za-z]{4,6}$|[a-z][A-Z][a-z]?[A-Z]"
    r"|^(?:m|p|mx|my|mt|mb|ml|mr|px|py|pt|pb|pl|pr|w|h|z|gap|grid|flex|text|bg|border|rounded|shadow|font|items|justify|col"
    r"|row|leading|tracking|top|left|right|bottom|overflow|opacity|transition|duration|ease|absolute|relative|fixed|inline"
    r"|block|hidden|container|clearfix|clear|float|align|space|max|min|self|order|object|cursor|no-underline|underline"
    r"|bold|italic|uppercase|wow|animated?|fade\w*|lazy\w*|d)(?:-|$)"
)
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+")


@lru_cache(maxsize=4096)
def stability(name: str) -> int:
    """How far a class or id may be relied on: 2 says what a thing is, 1 is a plain word, 0 is made up."""
    if not _PLAIN.fullmatch(name) or _MADE_UP.search(name):
        return 0
    return 2 if {word.lower() for word in _WORDS.findall(name)} & _TELLING else 1


def compounds(outline: Outline, numbers: Sequence[int]) -> Iterator[str]:
    """Selectors for one element each that match all of ``numbers``, the most telling first: ".entry", "li.a", "li"."""
    shared = set.intersection(*(set(outline.classes(number)) for number in numbers))
    names = sorted((name for name in shared if stability(name)), key=lambda name: (-stability(name), len(name), name))
    tags = {outline.tags[number] for number in numbers}
    tag = next(iter(tags)) if len(tags) == 1 else ""
    for name in names:
        if stability(name) == 2:
            yield f"{tag}.{name}"
            yield f".{name}"
    if tag in ("article", "time"):
        yield tag
    yield from (f"{tag}.{name}" for name in names if stability(name) == 1)
    if tag and tag != "meta":
        yield tag


def selectors(outline: Outline, numbers: Sequence[int]) -> Iterator[str]:
    """Selectors that match at least ``numbers``, the plainest first: alone, within a named ancestor, as a path."""
    own = list(dict.fromkeys(compounds(outline, numbers)))
    yield from (one for one in own if one != "div" and one != "a")
    for number, context in _contexts(outline, numbers):
        for one in own:
            yield f"{context} {one}"
        if path := _path(outline, number, numbers):
            yield f"{context} > {path}"
    for context in _repeated(outline, numbers):
        for one in own:
            yield f"{context} {one}"


def _contexts(outline: Outline, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The elements around all of ``numbers`` that have a name to call them by, innermost first."""
    first, last = min(numbers), max(numbers)
    for outer in outline.ancestors(first):
        if not outline.contains(outer, last):
            continue
        name = outline.elements[outer].get("id") or ""
        if stability(name):
            yield outer, f"#{name}"
        for label in sorted(outline.classes(outer), key=lambda one: -stability(one)):
            if stability(label):
                yield outer, f".{label}"
        if outline.tags[outer] in ("main", "body"):
            yield outer, outline.tags[outer]


def _repeated(outline: Outline, numbers: Sequence[int]) -> list[str]:
    """Names of elements around each of ``numbers``, not the same element for all: groups of a year, rows of cards."""
    shared: set[str] | None = None
    for number in numbers:
        names = {name for up in outline.ancestors(number) for name in outline.classes(up) if stability(name)}
        shared = names if shared is None else shared & names
    return [f".{name}" for name in sorted(shared or (), key=lambda name: (-stability(name), name))]


def _path(outline: Outline, outer: int, numbers: Iterable[int]) -> str:
    """The tags from below ``outer`` to each of ``numbers``, where they are the same for all; else ""."""
    paths: set[tuple[str, ...]] = set()
    for number in numbers:
        steps = [outline.tags[number]]
        for up in outline.ancestors(number):
            if up == outer:
                break
            steps.append(outline.tags[up])
        paths.add(tuple(reversed(steps)))
        if len(paths) > 1:
            return ""
    return " > ".join(next(iter(paths)))
