"""A page as the lines that people see: one walk over the tree, shared by labels, bylines, dates and breadcrumbs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from feedsvc.extract.hints import hints_of
from feedsvc.lexicon.folding import without_marks

#: Elements that begin a new line.
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "details", "div", "dl", "dt",
        "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
        "main",
        "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
_SKIPPED = frozenset(
    (
        "script", "style", "noscript", "template", "svg", "iframe", "select", "option", "textarea", "button",
        "object", "video",
        "audio", "canvas", "map", "head",
    )
)  # fmt: skip
_ASIDES = frozenset(("nav", "aside", "footer"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_WIDE = re.compile(
    r"[\s\u00a0\u3000\u2003]*(?:[\u00a0\u3000\u2003][\s\u00a0\u3000\u2003]+|\s[\u00a0\u3000\u2003])[\s]*|\u3000"
)
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0\u2009\u202f]+")
_NOT_WORDS = re.compile(r"[\W_]+")
#: The same for plain English, in a fifth of the time.
_ASCII_NOT_WORD = dict.fromkeys(code for code in range(128) if not chr(code).isalnum())
#: Lines longer than this are prose, whatever else they hold; their text is kept up to here.
_LONGEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """One run of text between block boundaries."""

    #: White space squashed to single spaces; gaps that the page draws wide (several no-break spaces) are two.
    text: str
    index: int
    #: The block element in which it stands.
    element: HtmlElement
    #: All of it lies in links.
    is_link: bool
    #: It stands in a part of the page that is about something else: navigation, sidebars, footers, comments.
    is_aside: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hinted:
    """An element whose attributes say what it holds."""

    element: HtmlElement
    #: Number of the line where it begins.
    index: int
    is_aside: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """All lines of a page in reading order, and the elements that say what they hold."""

    lines: Sequence[Line]
    #: h1 to h6 with text, in reading order.
    headings: Sequence[Hinted]
    #: Hint ("author", "date", "crumbs") -> the elements that carry it, outermost first.
    hinted: dict[str, list[Hinted]] = field(default_factory=dict)

    def around(self, index: int, *, before: int, after: int) -> Iterator[Line]:
        """The lines near one: those after it first, nearest first."""
        yield from self.lines[index : index + after]
        yield from reversed(self.lines[max(0, index - before) : index])


def squash(text: str) -> str:
    """``text`` on one line, runs of white space as one space."""
    return " ".join(text.split())


def text_of(element: HtmlElement) -> str:
    """All text below an element on one line, a space between blocks and between neighbouring inline elements."""
    parts: list[str] = []
    for node in element.iter():
        if not isinstance(node.tag, str) or node.tag in ("script", "style", "noscript"):
            if node is not element and node.tail:
                parts.append(node.tail)
            continue
        if node.text:
            parts.append(node.text)
        if node is not element and node.tail:
            parts.append(node.tail)
        if parts and node.tag in _BLOCKS:
            parts.append(" ")
    return squash(_joined(parts))


def bare(text: str) -> str:
    """``text`` reduced to its letters and digits in lower case: what two wordings of one title share."""
    if not text.isascii():
        text = without_marks(text.casefold(), "")
    return text.lower().translate(_ASCII_NOT_WORD) if text.isascii() else _NOT_WORDS.sub("", text)


#: What a release says of itself stands among its first lines; of a page of 100,000 the rest is not looked at.
_MOST_LINES = 3_000


def read_lines(root: HtmlElement) -> Lines:
    """Walk the tree once."""
    walk = _Walk()
    walk.run(root)
    return Lines(lines=walk.lines[:_MOST_LINES], headings=walk.headings, hinted=walk.hinted)


class _Walk:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.headings: list[Hinted] = []
        self.hinted: dict[str, list[Hinted]] = {}
        self._parts: list[str] = []
        self._unlinked = False
        self._links = 0
        self._asides: list[HtmlElement] = []
        self._blocks: list[HtmlElement] = []

    def run(self, root: HtmlElement) -> None:
        parts = self._parts
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if tag in _SKIPPED or not isinstance(tag, str):
                if event == "start":
                    walker.skip_subtree()
                    continue
                text = element.tail
            elif event == "start":
                self._open(element, tag)
                text = element.text
            else:
                self._close(element, tag)
                text = element.tail
            # white space before a line's first word is none of it: most elements stand between lines
            if text and (parts or not text.isspace()):
                parts.append(text)
                if not self._links and not self._unlinked and not text.isspace():
                    self._unlinked = True
        self._flush(root)

    def _open(self, element: HtmlElement, tag: str) -> None:
        if tag in _BLOCKS:
            if self._parts:
                self._flush(element)
            self._blocks.append(element)
        elif self._parts and not self._parts[-1][-1:].isspace():
            self._parts.append("\0")
        if hints := hints_of(element):
            self._note(element, hints)
        if tag == "a":
            self._links += 1
        elif tag in _ASIDES:
            self._asides.append(element)
        elif tag in HEADINGS:
            self.headings.append(Hinted(element=element, index=len(self.lines), is_aside=bool(self._asides)))

    def _close(self, element: HtmlElement, tag: str) -> None:
        if tag in _BLOCKS:
            if self._parts:
                self._flush(element)
            self._blocks.pop()
        elif tag == "a":
            self._links = max(0, self._links - 1)
        if self._asides and self._asides[-1] is element:
            self._asides.pop()

    def _flush(self, element: HtmlElement) -> None:
        text = _line_text(self._parts)
        if text:
            block = self._blocks[-1] if self._blocks else element
            self.lines.append(
                Line(
                    text=text[:_LONGEST],
                    index=len(self.lines),
                    element=block,
                    is_link=not self._unlinked,
                    is_aside=bool(self._asides),
                )
            )
        self._parts.clear()
        self._unlinked = False

    def _note(self, element: HtmlElement, hints: Sequence[str]) -> None:
        for hint in hints:
            if hint == "aside":
                self._asides.append(element)
            else:
                found = Hinted(element=element, index=len(self.lines), is_aside=bool(self._asides))
                self.hinted.setdefault(hint, []).append(found)


def _joined(parts: list[str]) -> str:
    """Parts glued; where two inline elements meet letter to letter, a space keeps their words apart."""
    text = "".join(parts)
    return re.sub(r"(?<=\w)\0+(?=\w)", " ", text).replace("\0", "") if "\0" in text else text


def _line_text(parts: list[str]) -> str:
    text = _joined(parts)
    if text.isascii():
        return squash(text)
    if text.isspace():
        return ""
    if "\u00a0" in text or "\u3000" in text or "\u2003" in text:
        text = _WIDE.sub("\1", text)
        return _SPACE.sub(" ", text).replace("\1", "  ").strip()
    return _SPACE.sub(" ", text).strip()
