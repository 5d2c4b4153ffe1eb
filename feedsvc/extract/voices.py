"""Voices that say which text of a page is its body: trafilatura (tuned for precision), and text density.

trafilatura is by Adrien Barbaresi ("Trafilatura: A Web Scraping Library and Command-Line Tool for Text Discovery and
Extraction", ACL 2021). It is handed a copy of our tree and asked for the body alone: its metadata, its dates and its
comments cost time and are read better elsewhere.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement
from trafilatura.core import bare_extraction

from feedsvc.extract.blocks import Block
from feedsvc.extract.lines import bare

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

#: A run of fewer letters proves nothing by standing somewhere in a body: it must be a line of its own.
_TELLING = 24
#: Letters compared at once where a text is not found whole.
_WINDOW = 16
#: Letters of a body that are searched for parts of lines.
_SEARCHED = 500_000
#: Elements of trafilatura's answer that hold one line each.
_LINE_TAGS = ("p", "head", "item", "cell", "quote", "code", "fw", "ab")


@dataclass(frozen=True, slots=True)
class Opinion:
    """A voice's body as letters and digits, and its lines."""

    run: str
    lines: frozenset[str]

    def holds(self, block: Block) -> bool:
        """Whether the block's text is part of the body."""
        if len(block.key) < _TELLING:
            return bool(block.key) and block.key in self.lines
        if block.key in self.lines:
            return True
        # searching a book once a line is quadratic, and a page that long is no release
        return len(self.run) <= _SEARCHED and (block.key in self.run or self._nearly_holds(block.key))

    def _nearly_holds(self, key: str) -> bool:
        """Whether most of a text is in the body: a voice may drop a link or a footnote from within a paragraph."""
        if len(key) < 4 * _WINDOW:
            return False
        windows = [key[start : start + _WINDOW] for start in range(0, len(key) - _WINDOW + 1, _WINDOW)]
        return sum(window in self.run for window in windows) >= 0.6 * len(windows)


def precise(root: HtmlElement) -> Opinion:
    """trafilatura's precise reading of a tree, which is not changed; an empty opinion where it finds nothing."""
    try:
        found = bare_extraction(
            copy.deepcopy(root),
            favor_precision=True,
            include_comments=False,
            include_tables=True,
            with_metadata=False,
        )
    except Exception:  # noqa: BLE001 a page may break a library; it must not break the scrape
        return Opinion("", frozenset())
    body = getattr(found, "body", None)
    if body is None:
        return Opinion("", frozenset())
    return opinion_of(body)


def opinion_of(body: HtmlElement) -> Opinion:
    """What a body element says, in the tags of trafilatura."""
    run = bare(" ".join(body.itertext()))
    lines: set[str] = set()
    for element in body.iter(*_LINE_TAGS):
        lines.add(bare("".join(element.itertext())))
        lines.add(bare(element.text or ""))
        lines.update(bare(child.tail) for child in element.iter() if child.tail)
    lines.discard("")
    return Opinion(run, frozenset(lines))


def densest(blocks: Sequence[Block]) -> HtmlElement | None:
    """The element whose own paragraphs hold most prose, as Readability scores it: text counts for the parent in full,
    for the grandparent by half; links count against.
    """
    scores: dict[HtmlElement, float] = {}
    for block in blocks:
        prose = len(block.text) - block.linked
        if prose < 25 or block.linked > prose:
            continue
        points = 1 + min(prose / 100, 5) + sum(block.text.count(mark) for mark in ",，、。;") * 0.5
        element: HtmlElement | None = block.element
        share = 1.0
        if block.element.tag in ("p", "li", "h2", "h3", "h4", "br", "blockquote", "pre", "dd"):
            element = block.element.getparent()
        for _ in range(3):
            if element is None or element.tag in ("html",):
                break
            scores[element] = scores.get(element, 0.0) + points * share
            element, share = element.getparent(), share * 0.5
    if not scores:
        return None
    return max(scores, key=lambda element: scores[element])
