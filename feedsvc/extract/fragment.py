"""The chosen blocks as an HTML fragment in the page's own markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from lxml import etree
from lxml.html import HtmlElement

from feedsvc.extract.blocks import Block
from feedsvc.extract.cleaning import names_furniture

_MEDIA = frozenset(("img", "picture", "video", "audio", "iframe", "source", "track", "embed", "object"))
#: Elements that never are part of a story, whatever they hold.
_DROPPED = (
    "script", "style", "template", "svg", "form", "input", "button", "select", "textarea", "nav", "link", "meta",
    "dialog",
)  # fmt: skip
_KEEPS_EMPTY = frozenset(("br", "hr", "td", "th"))
_PARAGRAPH_PARENTS = frozenset(("div", "section", "article", "td", "center", "main", "body", "blockquote"))
_INLINE = frozenset(
    (
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label",
        "mark", "q", "ruby", "rt", "rp", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
        "u", "var", "wbr",
    )
)  # fmt: skip


def region_of(blocks: Iterable[Block]) -> HtmlElement | None:
    """The innermost element that holds every block."""
    common: list[HtmlElement] | None = None
    for block in blocks:
        chain = [block.element, *block.element.iterancestors()][::-1]
        if common is None:
            common = chain
        else:
            length = 0
            for one, other in zip(common, chain, strict=False):
                if one is not other:
                    break
                length += 1
            del common[length:]
    if not common:
        return None
    region = common[-1]
    while region.tag in _INLINE or region.tag in ("br", "img", "tr", "tbody", "p", "li", "ul", "ol"):
        parent = region.getparent()
        if parent is None:
            break
        region = parent
    return region


def write(region: HtmlElement, blocks: Sequence[Block], kept: set[int], *, is_ruled: bool = False) -> str:
    """The fragment that is left of ``region`` when only the blocks numbered in ``kept`` stay.

    Changes the tree. Images stay where they stand between kept blocks, and before the first of them in its region; in a
    region that a rule names (``is_ruled``), those behind the last one too, up to the next text that is none of it.
    """
    _drop_unread(region)
    last = max(kept) + is_ruled if kept else -1
    for block in blocks:
        if block.index not in kept:
            block.clear()
    _drop_foreign_media(region, blocks, last)
    _prune(region)
    _paragraphs(region)
    return _inner(region)


def _drop_unread(region: HtmlElement) -> None:
    for element in list(region.iter(*_DROPPED)):
        if element is not region:
            _remove(element)


def _drop_foreign_media(region: HtmlElement, blocks: Sequence[Block], last: int) -> None:
    """Media after the block numbered ``last``, or within parts that name themselves something else, are no body's."""
    holders = {id(node) for node, _ in blocks[last].nodes} if 0 <= last < len(blocks) else set()
    is_past = False
    for element in list(region.iter()):
        if element.tag in _MEDIA and (is_past or _is_in_furniture(element, region)):
            if element.getparent() is not None:
                _remove(element)
        elif id(element) in holders:
            is_past = True


def _is_in_furniture(element: HtmlElement, region: HtmlElement) -> bool:
    for ancestor in element.iterancestors():
        if ancestor is region:
            return False
        if ancestor.tag in ("aside", "footer", "nav", "form"):
            return True
        if names_furniture(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"):
            return True
    return False


def _prune(region: HtmlElement) -> None:
    """Take out elements that hold nothing any more, innermost first."""
    for element in reversed(list(region.iter())):
        if element is region or element.tag in _MEDIA or element.tag in _KEEPS_EMPTY:
            continue
        if (not len(element) and not (element.text or "").strip()) or (
            element.tag == "tr" and not any((cell.text or "").strip() or len(cell) for cell in element)
        ):
            _remove(element)
    for element in list(region.iter("br")):
        previous = element.getprevious()
        while previous is not None and previous.tag == "br" and not (previous.tail or "").strip():
            before = previous.getprevious()
            if before is None or before.tag != "br" or (before.tail or "").strip():
                break
            _remove(previous)
            previous = element.getprevious()


def _paragraphs(region: HtmlElement) -> None:
    """Text set apart by two line breaks, or standing bare between blocks, becomes paragraphs."""
    for parent in [region, *region.iter(*_PARAGRAPH_PARENTS)]:
        if parent.tag in _PARAGRAPH_PARENTS and _has_bare_lines(parent):
            _wrap(parent)


def _has_bare_lines(parent: HtmlElement) -> bool:
    children = list(parent)
    has_breaks = any(
        one.tag == "br" and other.tag == "br" and not (one.tail or "").strip() for one, other in pairwise(children)
    )
    has_blocks = any(child.tag not in _INLINE and child.tag not in ("br", "img", "wbr") for child in children)
    has_text = bool((parent.text or "").strip()) or any((child.tail or "").strip() for child in children)
    return has_breaks or (has_blocks and has_text)


def _wrap(parent: HtmlElement) -> None:
    children = list(parent)
    text = parent.text
    parent.text = None
    for child in children:
        parent.remove(child)
    paragraph: HtmlElement | None = None

    def add_text(words: str | None) -> None:
        nonlocal paragraph
        if not words or (paragraph is None and not words.strip()):
            return
        if paragraph is None:
            paragraph = etree.SubElement(parent, "p")
        if len(paragraph):
            paragraph[-1].tail = (paragraph[-1].tail or "") + words
        else:
            paragraph.text = (paragraph.text or "") + words

    add_text(text)
    for position, child in enumerate(children):
        tail, child.tail = child.tail, None
        if child.tag == "br":
            follows = position + 1 < len(children) and children[position + 1].tag == "br" and not (tail or "").strip()
            preceded = position > 0 and children[position - 1].tag == "br" and paragraph is None
            if follows or preceded:
                paragraph = None
            elif paragraph is not None:
                paragraph.append(child)
        elif child.tag in _INLINE:
            if paragraph is None:
                paragraph = etree.SubElement(parent, "p")
            paragraph.append(child)
        else:
            paragraph = None
            parent.append(child)
        add_text(tail)


def _inner(region: HtmlElement) -> str:
    tag = region.tag
    if tag in ("table", "pre", "blockquote", "dl", "figure"):
        region.tail = None
        return str(etree.tostring(region, encoding="unicode", method="html")).strip()
    if tag in ("td", "th", "tr", "tbody"):
        region.tag = "div"
    parts = [_escaped(region.text or "")]
    parts.extend(str(etree.tostring(child, encoding="unicode", method="html")) for child in region)
    inner = "".join(parts).strip()
    if inner and not re.search(r"<(?:p|div|h[1-6]|ul|ol|table|blockquote|section|article|figure|pre|dl)\b", inner):
        inner = f"<p>{inner}</p>"
    return inner


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _remove(element: HtmlElement) -> None:
    """Take an element out and leave the text after it in its place."""
    parent = element.getparent()
    if parent is None:
        return
    if tail := element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)
