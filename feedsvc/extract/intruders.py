"""What a voice took into a story though the page sets it apart: captions, boxes, cards, notes on authors.

Each is known by what it is made of, not by one page's names: a line alone with its picture, a line that a link holds
whole, a part that says what it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence

from lxml.html import HtmlElement

from feedsvc.extract.blocks import Block, homes

#: A part beside the story that says so: facts about a matter, words about whoever wrote.
_BESIDE = re.compile(
    r"(?:fact|info|fakta|fakten|fatti|dato|merk)s?[_-]?(?:box|rute|ruta|kasten|boks)|"
    r"(?:^|[\s_-])(?:author|autor|auteur)s?[\w-]*?(?:bio|info|card|desc|box|profile|about)|"
    r"(?:^|[\s_-])(?:bio|about)[\w-]*?(?:author|autor|auteur)",
    re.IGNORECASE,
)
_PICTURES = ("img", "picture", "video", "iframe", "amp-img")
_CAPTION_LONGEST = 350
#: A caption stands so many elements below what holds it and its picture, with no more lines than these beside it.
_CAPTION_DEPTH, _CAPTION_LINES = 4, 2
#: A page whose text stands by pictures to a larger share than this is made of such pairs: they are its story.
_CAPTION_SHARE = 0.25
_NO_CAPTION = frozenset(("li", "td", "th", "dd", "h1", "h2", "h3", "h4", "blockquote", "pre"))
_LARGE = frozenset(("body", "article", "main", "section", "html"))
_CARD_DEPTH = 4
#: A role that carries this share of the text is the role of the story's own paragraphs.
_OWN_SHARE = 0.2


def without_intruders(blocks: Sequence[Block], chosen: Sequence[Block]) -> list[Block]:
    """``chosen`` without what only stands beside the story."""
    if not chosen:
        return []
    around = homes(chosen)
    held = Counter(element for block in blocks for element in _upward(block.element, around))
    kept = [block for block in chosen if not _is_beside(block, around) and not _is_card(block, around)]
    own = _own_roles(kept)
    captions = {block.index for block in kept if _role(block) not in own and _is_caption(block, held, around)}
    share = sum(len(block.key) for block in kept if block.index in captions)
    if share > _CAPTION_SHARE * sum(len(block.key) for block in kept):
        return kept
    return [block for block in kept if block.index not in captions]


def _upward(element: HtmlElement, around: Container[HtmlElement]) -> Iterator[HtmlElement]:
    """An element and its ancestors, as far as they do not hold the story."""
    one: HtmlElement | None = element
    while one is not None and one not in around:
        yield one
        one = one.getparent()


def _is_beside(block: Block, around: Container[HtmlElement]) -> bool:
    return any(
        _BESIDE.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        for element in _upward(block.element, around)
    )


def _is_card(block: Block, around: Container[HtmlElement]) -> bool:
    """Whether a link holds the line as a whole, as cards that lead to other stories are made."""
    for depth, element in enumerate(_upward(block.element, around)):
        if element.tag == "a":
            return len(block.key) > 12
        if depth > _CARD_DEPTH:
            break
    return False


def _is_caption(block: Block, held: Counter[HtmlElement], around: Container[HtmlElement]) -> bool:
    """Whether a line shares an element with a picture and with hardly anything else."""
    if len(block.text) > _CAPTION_LONGEST or block.element.tag in _NO_CAPTION:
        return False
    for depth, element in enumerate(_upward(block.element, around)):
        if depth >= _CAPTION_DEPTH or element.tag in _LARGE or held[element] > _CAPTION_LINES:
            return False
        if (depth or element.tag != "p") and next(element.iter(*_PICTURES), None) is not None:
            return True
    return False


def _own_roles(chosen: Sequence[Block]) -> set[tuple[str, ...]]:
    weights: Counter[tuple[str, ...]] = Counter()
    for block in chosen:
        weights[_role(block)] += len(block.key)
    whole = sum(weights.values())
    return {role for role, weight in weights.items() if weight >= _OWN_SHARE * whole}


def _role(block: Block) -> tuple[str, ...]:
    """Tags and classes of the line's element and its parent."""
    parent = block.element.getparent()
    pair = (block.element, parent) if parent is not None else (block.element,)
    return tuple(f"{element.tag!s} {element.get('class') or ''}" for element in pair)
