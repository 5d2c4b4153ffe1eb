"""A page's text as blocks: what stands between two block boundaries, each with the nodes that hold it.

Voices say *which* blocks are body; the nodes let the rest be taken out of the tree, so that what remains keeps the
page's own markup, links and images.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from feedsvc.extract.lines import bare, squash

#: Elements that begin and end a line of text.
BLOCK_TAGS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "dd", "details",
        "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "hr", "html", "img", "legend", "li", "main", "menu", "nav", "ol", "p", "pre",
        "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
#: Elements whose text nobody reads as prose.
UNREAD_TAGS = frozenset(
    (
        "script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "embed", "select",
        "option", "textarea", "canvas", "map", "video", "audio", "datalist", "progress", "meter",
    )
)  # fmt: skip
#: An element with more than this share of a story's text is its home.
_HOME_SHARE = 0.5


@dataclass(slots=True, eq=False)
class Block:
    """One line of text with the nodes that hold it."""

    #: White space squashed.
    text: str
    #: The innermost element that begins a line around it.
    element: HtmlElement
    #: (element, whether it is the element's tail rather than its text), in reading order.
    nodes: list[tuple[HtmlElement, bool]]
    #: Place in reading order.
    index: int
    #: Characters of ``text`` that lie in links.
    linked: int
    #: Letters and digits alone, case folded: how texts are compared whatever a voice does to spaces.
    key: str = field(default="")

    def clear(self) -> None:
        """Take the text out of the tree."""
        for element, is_tail in self.nodes:
            if is_tail:
                element.tail = None
            else:
                element.text = None


def read_blocks(root: HtmlElement) -> list[Block]:
    """Every block of a tree, in reading order."""
    return _Reading(root).blocks


def homes(blocks: Iterable[Block]) -> set[HtmlElement]:
    """The elements that hold a good part of the blocks' text: whatever they are called, they are the story's own."""
    weights: Counter[HtmlElement] = Counter()
    for block in blocks:
        prose = len(block.key) if block.linked * 2 < len(block.text) else 0
        for element in (block.element, *block.element.iterancestors()):
            weights[element] += prose
    most = max(weights.values(), default=0)
    return {element for element, weight in weights.items() if weight > _HOME_SHARE * most}


class _Reading:
    """One walk over a tree."""

    def __init__(self, root: HtmlElement) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.nodes: list[tuple[HtmlElement, bool]] = []
        self.linked = self.links = 0
        self.around: list[HtmlElement] = [root]
        self._walk(root)

    def _walk(self, root: HtmlElement) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if tag in UNREAD_TAGS:
                    walker.skip_subtree()
                    continue
                if tag in BLOCK_TAGS:
                    self._flush()
                    self.around.append(element)
                elif tag == "a":
                    self.links += 1
                if element.text:
                    self._add(element, element.text, is_tail=False)
            else:
                if tag in BLOCK_TAGS:
                    self._flush()
                    if len(self.around) > 1:
                        self.around.pop()
                elif tag == "a":
                    self.links -= 1
                if element.tail and element is not root:
                    self._add(element, element.tail, is_tail=True)
        self._flush()

    def _add(self, element: HtmlElement, text: str, *, is_tail: bool) -> None:
        self.parts.append(text)
        self.nodes.append((element, is_tail))
        if self.links:
            self.linked += len(text.strip())

    def _flush(self) -> None:
        if self.nodes:
            text = squash("".join(self.parts))
            if text:
                index = len(self.blocks)
                self.blocks.append(
                    Block(text, self.around[-1], self.nodes, index, min(self.linked, len(text)), bare(text))
                )
            self.parts, self.nodes, self.linked = [], [], 0
