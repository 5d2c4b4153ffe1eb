"""The page as one flat outline: every visible element and text run in reading order, with constant-time questions.

Finding lists asks thousands of times 'what stands between these two links?'. Walking the tree for each answer would be
quadratic; numbering elements and text runs once, in document order, turns every subtree and every stretch between two
places into a slice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from feedsvc.extract.document import Document

#: Elements whose text no reader sees, or that hold no text at all.
UNSEEN: Final = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "math"})
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_CLASS_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of text between two tags."""

    text: str
    #: Number of the innermost element that holds it.
    owner: int
    #: Whether it begins a line: a block or a line break stands before it.
    is_line: bool


@dataclass(slots=True)
class Outline:
    """Elements and text runs of a body, numbered in document order.

    Element ``i`` spans the elements ``i .. ends[i]`` and the runs ``first_run[i] .. last_run[i]`` (ends exclusive).
    """

    elements: list[Any] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    first_run: list[int] = field(default_factory=list)
    last_run: list[int] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    #: ``sizes[r]`` is the number of characters in the runs before run ``r``.
    sizes: list[int] = field(default_factory=lambda: [0])
    _words: dict[int, frozenset[str]] = field(default_factory=dict)
    _classes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _is_broken: bool = True

    @classmethod
    def of(cls, document: Document) -> Outline:
        """The outline of all that a reader sees (some pages have two bodies, so the root is walked)."""
        outline = cls()
        outline._walk(document.root)
        return outline

    def _walk(self, root: Any) -> None:
        stack: list[tuple[Any, int, bool]] = [(root, -1, True)]
        while stack:
            node, parent, is_start = stack.pop()
            if not is_start:
                # Here ``parent`` is the node's own number: its subtree is complete.
                self.ends[parent] = len(self.elements)
                self.last_run[parent] = len(self.runs)
                self._is_broken = self._is_broken or node.tag not in INLINE
                if node is not root:
                    self._add_run(node.tail, self.parents[parent])
                continue
            tag = node.tag
            if not isinstance(tag, str) or tag in UNSEEN:
                if node is not root:
                    self._add_run(node.tail, parent)
                continue
            number = self._add_element(node, tag, parent)
            stack.append((node, number, False))
            stack.extend((child, number, True) for child in reversed(node))

    def _add_element(self, node: Any, tag: str, parent: int) -> int:
        number = len(self.elements)
        self._is_broken = self._is_broken or tag not in INLINE
        self.elements.append(node)
        self.tags.append(tag)
        self.parents.append(parent)
        self.depths.append(self.depths[parent] + 1 if parent >= 0 else 0)
        self.ends.append(0)
        self.first_run.append(len(self.runs))
        self.last_run.append(0)
        self._add_run(node.text, number)
        return number

    def _add_run(self, text: str | None, owner: int) -> None:
        if text and not text.isspace():
            clean = _SPACES.sub(" ", text)
            self.runs.append(Run(clean, owner, self._is_broken))
            self.sizes.append(self.sizes[-1] + len(clean))
            self._is_broken = False

    def text(self, number: int) -> str:
        """All text of an element, white space collapsed; block boundaries become spaces."""
        return self.text_between(self.first_run[number], self.last_run[number])

    def text_between(self, first: int, last: int) -> str:
        """The text of the runs ``first .. last``, white space collapsed, a space wherever a block begins or ends."""
        return " ".join("".join(f" {run.text}" if run.is_line else run.text for run in self.runs[first:last]).split())

    def lines(self, number: int) -> list[str]:
        """The text of an element, a string a line."""
        lines: list[str] = []
        for run in self.runs[self.first_run[number] : self.last_run[number]]:
            if lines and not run.is_line:
                lines[-1] += run.text
            else:
                lines.append(run.text)
        return [line for line in (" ".join(line.split()) for line in lines) if line]

    def size(self, number: int) -> int:
        """Characters of visible text in an element."""
        return self.sizes[self.last_run[number]] - self.sizes[self.first_run[number]]

    def contains(self, outer: int, inner: int) -> bool:
        """Whether ``inner`` is ``outer`` or stands in it."""
        return outer <= inner < self.ends[outer]

    def ancestors(self, number: int) -> Iterator[int]:
        """The parents of an element, innermost first."""
        number = self.parents[number]
        while number >= 0:
            yield number
            number = self.parents[number]

    def shared_depth(self, one: int, other: int) -> int:
        """Depth of the innermost element that holds both."""
        first, last = min(one, other), max(one, other)
        while self.ends[first] <= last:
            first = self.parents[first]
        return self.depths[first]

    def classes(self, number: int) -> tuple[str, ...]:
        """Class names that say what an element is: those with digits number it, so they are left out."""
        known = self._classes.get(number)
        if known is None:
            known = self._classes[number] = _telling_names(self.elements[number].get("class") or "")
        return known

    def words(self, number: int) -> frozenset[str]:
        """The words of which an element's class and id are made, in lower case: "sidebar", "left"."""
        known = self._words.get(number)
        if known is None:
            element = self.elements[number]
            names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
            known = self._words[number] = _words_of(names)
        return known


@lru_cache(maxsize=4096)
def _telling_names(classes: str) -> tuple[str, ...]:
    names = classes.split()
    return tuple(name for name in names if not any(map(str.isdigit, name)) and name.lower() not in STATES)


@lru_cache(maxsize=4096)
def _words_of(names: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _CLASS_WORDS.findall(names))


#: Elements that do not break a line.
INLINE: Final = frozenset(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong sub sup"
    " time tt u var wbr ruby rt rb bdo".split()
)
#: Class names that tell one of many alike apart: they say nothing of what an element is.
STATES: Final = frozenset(
    "active current selected first last odd even open closed show hide hidden visible disabled is-active has-image"
    " sticky featured new external".split()
)
