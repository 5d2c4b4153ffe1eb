"""What the page's own markup says against a voice: what it left out of the story, and what it took in from around."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from itertools import islice

from lxml.html import HtmlElement

from feedsvc.extract.blocks import Block, homes
from feedsvc.extract.cleaning import names_furniture

#: A role that carries this share of the chosen text is the role of the story's paragraphs.
_ROLE_SHARE = 0.25
_PROSE_MIN = 40
#: The smallest element that holds this share of the chosen text is the story's home.
_HOME_SHARE = 0.8
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "…", ".”", '."')
_STANDFIRST_MIN, _STANDFIRST_MAX = 50, 700
_STANDFIRST_BLOCKS = 20

#: Classes of what stands under a picture or beside a name, and the words of picture credits.
_PICTURE_NAMES = re.compile(r"caption|credit|photo|picture|gallery|video|author|byline|legend|meta", re.IGNORECASE)
_PICTURE_WORDS = re.compile(
    r"\((?:photo|credit|image|foto|bild|source)\b|(?:photo|credit|image|foto|bild)s?\s*(?:by|:|：)|©|/(?:ap|afp|reuters|"
    r"getty|dpa|epa)\b|getty images|reuters\s*$|https?://",
    re.IGNORECASE,
)

#: Lines that fill a gap between two of a story's.
_FILLS = frozenset(("p", "h2", "h3", "h4", "li", "blockquote", "dd", "dt", "pre"))

Role = tuple[str, ...]


def with_alike(blocks: Sequence[Block], chosen: Sequence[Block]) -> list[Block]:
    """``chosen`` and every prose block that plays the same role in the page's markup as most of it.

    A story cut in two by a box is often read up to the box only; its paragraphs look the same on either side.
    """
    weights: Counter[Role] = Counter()
    for block in chosen:
        weights[_role(block)] += len(block.key)
    whole = sum(weights.values())
    roles = {role for role, weight in weights.items() if weight >= _ROLE_SHARE * whole and any(role[1::2])}
    taken = {block.index for block in chosen}
    if not roles:
        return list(chosen)
    around = homes(chosen)
    return [
        block
        for block in blocks
        if block.index in taken or (is_prose(block) and _role(block) in roles and not _is_in_furniture(block, around))
    ]


def with_home(blocks: Sequence[Block], chosen: Sequence[Block]) -> list[Block]:
    """``chosen`` and the paragraphs that stand deeper in the very container which holds its longest text.

    Sites wrap the later part of a story to fade it out; a voice that reads children alone stops there.
    """
    if not chosen:
        return []
    longest = max(chosen, key=lambda block: len(block.key))
    home = longest.element.getparent() if longest.element.tag in ("p", "br", "h2", "h3") else longest.element
    if home is None or home.tag in ("body", "html"):
        return list(chosen)
    inside = set(home.iter("p"))
    taken = {block.index for block in chosen}
    deeper = [
        block
        for block in blocks
        if block.index not in taken
        and block.element in inside
        and is_prose(block)
        and not _is_in_furniture(block, {home})
    ]
    if sum(len(block.key) for block in deeper) < sum(len(block.key) for block in chosen):
        return list(chosen)  # the voice read most of it: what it left out, it left out knowingly
    return sorted([*chosen, *deeper], key=lambda block: block.index)


def with_gaps(blocks: Sequence[Block], chosen: Sequence[Block]) -> list[Block]:
    """``chosen`` and what a voice left out between two of its lines though it stands beside them in one element."""
    if len(chosen) < 2:
        return list(chosen)
    around = homes(chosen)
    filled = [chosen[0]]
    for block in chosen[1:]:
        before = filled[-1]
        home = _shelf(before)
        if home is not None and home is _shelf(block) and home in around:
            filled += [
                one
                for one in blocks[before.index + 1 : block.index]
                if _shelf(one) is home
                and one.element.tag in _FILLS
                and len(one.key) > 1
                and one.linked * 2 < len(one.text)
                and not _PICTURE_WORDS.search(one.text)
                and not _is_in_furniture(one, around)
            ]
        filled.append(block)
    return filled


def _shelf(block: Block) -> HtmlElement | None:
    """The element that a line stands in beside others; a list stands in it as a whole."""
    element = block.element.getparent()
    while element is not None and element.tag in ("ul", "ol", "li", "dl", "blockquote"):
        element = element.getparent()
    return element


def with_standfirst(blocks: Sequence[Block], chosen: Sequence[Block], title: str) -> list[Block]:
    """``chosen`` and the summary that stands between the title and its first block."""
    if not chosen or not title:
        return list(chosen)
    first = chosen[0].index
    at = _title_before(blocks[:first], title)
    if at is None:  # what a voice took from above the title is no story yet
        first = next((block.index for block in chosen if is_prose(block)), first)
        at = _title_before(blocks[:first], title)
    if at is None or first - at > _STANDFIRST_BLOCKS:
        return list(chosen)
    said = "".join(block.key for block in chosen)
    around = homes(chosen) | set(blocks[at].element.iterancestors())
    between = [
        block
        for block in blocks[at + 1 : first]
        if not _PICTURE_WORDS.search(block.text) and not _names_picture(block) and block.key not in said
        and _STANDFIRST_MIN <= len(block.text) <= _STANDFIRST_MAX and is_prose(block)
        and not _is_in_furniture(block, around)
        and block.element.tag not in ("figcaption", "figure", "li", "button")
    ]  # fmt: skip
    taken = {block.index for block in chosen}
    return sorted([*chosen, *(block for block in between if block.index not in taken)], key=lambda block: block.index)


def _title_before(blocks: Sequence[Block], title: str) -> int | None:
    """The number of the last block that is the title; else of the last main heading, or part of one."""
    whole = max((block.index for block in blocks if block.key == title), default=None)
    if whole is not None:
        return whole
    parts = [block for block in blocks if len(block.key) > 1 and "h1" in _tags_around(block)]
    own = [block for block in parts if block.key in title or title in block.key]
    return max((block.index for block in own or parts[-1:]), default=None)


def _tags_around(block: Block) -> set[str]:
    return {str(element.tag) for element in (block.element, *islice(block.element.iterancestors(), 2))}


def without_surroundings(chosen: Sequence[Block]) -> list[Block]:
    """``chosen`` without what stands around its home, if that holds not one sentence: menus, crumbs, marks of owners.

    Pages laid out in tables have no element that says what it is, and a voice may take such a page whole.
    """
    if not chosen:
        return []
    whole = sum(len(block.key) for block in chosen)
    longest = max(chosen, key=lambda block: len(block.key))
    home = longest.element.getparent()
    while home is not None:
        inside = set(home.iter())
        within = [block for block in chosen if block.element in inside]
        if sum(len(block.key) for block in within) >= _HOME_SHARE * whole:
            around = [block for block in chosen if block.element not in inside]
            return list(chosen) if any(map(_is_sentence, around)) else within
        home = home.getparent()
    return list(chosen)


def _is_sentence(block: Block) -> bool:
    return is_prose(block) or (block.text.endswith(_SENTENCE_ENDS) and block.linked * 2 < len(block.text))


def _names_picture(block: Block) -> bool:
    element = block.element
    for _ in range(3):
        if _PICTURE_NAMES.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
        parent = element.getparent()
        if parent is None:
            return False
        element = parent
    return False


def once(blocks: Iterable[Block]) -> list[Block]:
    """The blocks without those that say again what a long one said before, or all that others say in one run."""
    seen: set[str] = set()
    kept = []
    blocks = list(blocks)
    copies = {block.index for block in blocks if _repeats(block, blocks)}
    for block in blocks:
        if block.index in copies:
            continue
        if len(block.key) > _PROSE_MIN:
            if block.key in seen:
                continue
            seen.add(block.key)
        kept.append(block)
    return kept


def _repeats(block: Block, blocks: Sequence[Block]) -> bool:
    """Whether a long block is the story once more without its paragraphs (for machines, for printing)."""
    if len(block.key) < 10 * _PROSE_MIN:
        return False
    held = {other.key for other in blocks if _PROSE_MIN < len(other.key) < len(block.key) and other.key in block.key}
    return len(held) > 1 and sum(len(key) for key in held) > len(block.key) / 2


def is_prose(block: Block) -> bool:
    """Whether a block reads like sentences rather than like links or labels."""
    return len(block.text) >= _PROSE_MIN and block.linked * 2 < len(block.text)


def _role(block: Block) -> Role:
    """Tags and classes of the block's element, its parent and grandparent."""
    role: list[str] = []
    element = block.element
    for _ in range(3):
        role += [str(element.tag), " ".join((element.get("class") or "").split())]
        parent = element.getparent()
        if parent is None:
            break
        element = parent
    return tuple(role)


def is_hidden(element: HtmlElement) -> bool:
    """Whether an element's own markup keeps it from being seen."""
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style or element.get("hidden") is not None


def _is_in_furniture(block: Block, around: Container[HtmlElement]) -> bool:
    """Whether a block stands in a part that is no story; ``around`` are the elements at which the question ends."""
    element = block.element
    while element is not None and element not in around:
        if element.tag in ("aside", "footer", "nav", "form", "figcaption", "figure"):
            return True
        if is_hidden(element):
            return True
        if element.tag != "body" and names_furniture(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
        element = element.getparent()  # type: ignore[assignment]
    return False
