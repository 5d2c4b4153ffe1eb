"""The body of a release page: which blocks are the story, and the page's own markup around them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Sequence

from lxml import html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from feedsvc.extract.blocks import Block, read_blocks
from feedsvc.extract.cleaning import is_furniture, is_head_matter, left_heads, own_items, refrains, title_key
from feedsvc.extract.document import Document, flatten
from feedsvc.extract.embedded import embedded_story
from feedsvc.extract.extension import once, with_alike, with_gaps, with_home, with_standfirst, without_surroundings
from feedsvc.extract.fragment import region_of, write
from feedsvc.extract.intruders import without_intruders
from feedsvc.extract.voices import Opinion, densest, precise
from feedsvc.model import Found

#: A body with fewer letters is believed only if nothing longer is to be had.
SHORT = 250
#: Lines of furniture are looked for this many blocks from either end.
_ENDS = 4
#: Label lines and breadcrumbs this many; only hostile pages have more blocks between.
_OUTER = 500
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: A first heading followed by more refused blocks than this headed them, not the story.
_ORPHAN_GAP = 3

#: Told of a line and of its letters and digits alone.
LineTest = Callable[[str, str], bool]


def find_body(
    document: Document,
    *,
    title: str | None = None,
    is_aside: LineTest | None = None,
    remove: Sequence[HtmlElement] = (),
    voice: Opinion | None = None,
) -> Found | None:
    """The story of a page as an HTML fragment (URLs as printed, not sanitized), or None where there is none.

    ``is_aside`` recognizes lines that are no prose (labels, bylines); what stands in elements to ``remove`` is no body;
    ``voice`` replaces the precise reading.
    """
    body = document.root.find("body")
    if body is None:
        return None
    opinion = precise(document.root) if voice is None else voice
    work = copy.deepcopy(body)
    blocks = read_blocks(work)
    removed = _twins_within(body, work, remove)
    chosen = [block for block in blocks if opinion.holds(block) and block.element not in removed]
    chosen = with_gaps(blocks, with_home(blocks, with_alike(blocks, chosen)))
    chosen = without_intruders(blocks, with_standfirst(blocks, chosen, title_key(title)))
    where, confidence = "trafilatura", 0.9
    if sum(len(block.key) for block in chosen) < SHORT:
        denser = _dense(blocks)
        if sum(len(block.key) for block in denser) > 2 * sum(len(block.key) for block in chosen):
            chosen, where, confidence = denser, "density", 0.5
    found = _found(work, blocks, chosen, title, is_aside, where, confidence)
    if sum(len(block.key) for block in chosen) < SHORT and (fragment := embedded_story(document.root)):
        return _embedded(fragment, title, is_aside) or found
    return found


def _embedded(fragment: str, title: str | None, is_aside: LineTest | None) -> Found | None:
    """A story from a page's data, cleaned like a printed one."""
    try:
        tree = html.fragment_fromstring(flatten(fragment), create_parent="div")
    except (LxmlError, AssertionError, ValueError):
        return None
    found = region_body([tree], title=title, is_aside=is_aside)
    return Found(text=found.text, where="data", confidence=0.4) if found else None


def region_body(
    elements: Sequence[HtmlElement],
    *,
    remove: Sequence[HtmlElement] = (),
    title: str | None = None,
    is_aside: LineTest | None = None,
) -> Found | None:
    """The story within elements that a rule names, without the elements to ``remove``; None where they are empty."""
    parts: list[str] = []
    for element in elements:
        if any(other in elements for other in element.iterancestors()):
            continue
        twin = copy.deepcopy(element)
        twin.tail = None
        twins = dict(zip(element.iter(), twin.iter(), strict=True)) if remove else {}
        gone = {child for one in remove if one in twins for child in twins[one].iter()}
        blocks = read_blocks(twin)
        chosen = [block for block in blocks if not _stands_in(block, gone)]
        kept = _cleaned(chosen, title_key(title), is_aside)
        for one in remove:
            if one in twins and (parent := twins[one].getparent()) is not None:
                for block in blocks:
                    if _stands_in(block, gone):
                        block.clear()
                if not (twins[one].tail or "").strip():
                    parent.remove(twins[one])
        holder = twin.makeelement("div")
        holder.append(twin)
        if fragment := write(holder, blocks, {block.index for block in kept}, is_ruled=True):
            parts.append(fragment)
    if not parts:
        return None
    return Found(text="\n".join(parts), where="rule", confidence=1.0)


def _stands_in(block: Block, elements: Collection[HtmlElement]) -> bool:
    """Whether any of a block's text is an element's own."""
    return bool(elements) and any(node in elements for node, is_tail in block.nodes if not is_tail)


def _found(
    work: HtmlElement,
    blocks: Sequence[Block],
    chosen: Sequence[Block],
    title: str | None,
    is_aside: LineTest | None,
    where: str,
    confidence: float,
) -> Found | None:
    kept = without_surroundings(_cleaned(chosen, title_key(title), is_aside))
    region = region_of(kept)
    if region is None:
        return None
    fragment = write(region, blocks, {block.index for block in kept})
    return Found(text=fragment, where=where, confidence=confidence) if fragment else None


def _cleaned(chosen: Sequence[Block], title: str, is_aside: LineTest | None) -> list[Block]:
    """The blocks without furniture; head matter is taken from both ends only."""
    told = once(chosen)
    own = own_items(told)
    outer = {id(block) for block in [*told[:_OUTER], *told[-_OUTER:]]}
    kept = [
        block
        for block in told
        if not is_furniture(
            block,
            title=title,
            is_asides=is_aside if id(block) in outer else None,
            is_listed=block.index in own,
        )
    ]
    again = refrains(kept)
    heads = left_heads(told, kept)
    kept = [block for block in kept if block.key not in again and block.index not in heads]
    ends = {id(block) for block in [*kept[:_ENDS], *kept[-_ENDS:]]}
    kept = [block for block in kept if id(block) not in ends or not is_head_matter(block, title=title)]
    while kept and kept[-1].element.tag in _HEADINGS:
        kept.pop()
    while len(kept) > 1 and kept[0].element.tag in _HEADINGS and kept[1].index - kept[0].index > _ORPHAN_GAP:
        kept.pop(0)
    return kept


def _twins_within(body: HtmlElement, work: HtmlElement, elements: Sequence[HtmlElement]) -> set[HtmlElement]:
    """The copies of ``elements`` and of all that they hold."""
    if not elements:
        return set()
    twins = dict(zip(body.iter(), work.iter(), strict=True))
    return {inner for element in elements if element in twins for inner in twins[element].iter()}


def _dense(blocks: Sequence[Block]) -> list[Block]:
    region = densest(blocks)
    if region is None:
        return []
    inside = set(region.iter())
    return [
        block
        for block in blocks
        if block.element in inside and block.linked * 2 <= len(block.text) and len(block.key) > 1
    ]
