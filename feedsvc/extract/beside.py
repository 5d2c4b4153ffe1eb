"""What belongs to a release beside its prose: the files and players around it, in the part of the page that is its own.

Better one file too few: what stands by every release of a site (terms, reports, the podcast) is attached to none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from lxml.html import HtmlElement

from feedsvc.extract.document import Document
from feedsvc.extract.hints import hints_of
from feedsvc.extract.lines import HEADINGS, bare, text_of
from feedsvc.lexicon.attachments import names_attachments

#: Letters of the prose by which its begin and its end are found.
_MARK = 30
#: Elements above the heading that are looked at: the whole page is no release's own.
_UP_MOST = 8
_ASIDES = frozenset(("nav", "aside", "footer", "form", "header", "dialog", "template", "noscript"))
#: Elements that hold, play or show a file.
_TAGS = ("a", "audio", "video", "source", "img")
#: Elements that are a release's own, however far its heading is from its prose.
_OWN = frozenset(("article", "main"))

Test = Callable[[HtmlElement], bool]


def beside(
    document: Document,
    is_wanted: Test,
    *,
    title: str | None,
    body: str = "",
    removed: Collection[HtmlElement] = (),
) -> tuple[HtmlElement, ...]:
    """The wanted elements of a release's own part, in order; none where it is not known what that is.

    Its own part is an article, or the element in which its heading stands, that holds its prose, the text ``body``.
    Beside prose only what is named as files counts, and nothing behind a heading that heads something else. Sidebars,
    navigation, feet, what is ``removed`` and what stands above the heading are no part of it.
    """
    heading = _heading(document.root, bare(title or ""))
    wanted = {element for element in document.root.iter(*_TAGS) if is_wanted(element)}
    part = _own_part(heading, bare(body), wanted) if heading is not None and wanted else None
    if heading is None or part is None:
        return ()
    end = _end(part, bare(body)) if body else heading
    if end is None:
        return ()
    below = _until_another(list(_below(part, heading, removed)), end)
    return tuple(element for element in below if element in wanted and (not body or _is_named(element, part)))


def _heading(root: HtmlElement, title: str) -> HtmlElement | None:
    """The heading with this title, an h1 before others."""
    if not title:
        return None
    found = [element for element in root.iter(*HEADINGS) if bare(text_of(element)) == title]
    return min(found, key=lambda element: str(element.tag), default=None)


def _own_part(heading: HtmlElement, prose: str, wanted: Collection[HtmlElement]) -> HtmlElement | None:
    """The smallest element around a heading that holds the prose, or without prose, something wanted."""
    for up, part in enumerate(heading.iterancestors()):
        if up >= _UP_MOST or part.tag == "html":
            return None
        if prose[:_MARK] in bare(text_of(part)) if prose else any(element in wanted for element in part.iter()):
            above = heading.getparent()
            is_near = above is part or (above is not None and above.tag == "header")
            return part if is_near or part.tag in _OWN else None
    return None


def _end(part: HtmlElement, prose: str) -> HtmlElement | None:
    """The innermost element that holds the end of the prose; None where that is not found as it was printed."""
    mark, found = prose[-_MARK:], part
    if mark not in bare(text_of(part)):
        return None
    while inner := [child for child in found if isinstance(child.tag, str) and mark in bare(text_of(child))]:
        found = inner[-1]
    return found


def _until_another(below: list[HtmlElement], end: HtmlElement) -> list[HtmlElement]:
    """The elements up to the first heading behind the prose that does not head files."""
    ended = below.index(end) if end in below else 0
    for place in range(ended + 1, len(below)):
        if below[place].tag in HEADINGS and not names_attachments(text_of(below[place])):
            return below[:place]
    return below


def _is_named(element: HtmlElement, part: HtmlElement) -> bool:
    """Whether a file is named as one that comes with the release: by its words, its box, or a heading before it."""
    if names_attachments(text_of(element)):
        return True
    for box in element.iterancestors():
        if box is part:
            return False
        before = next(box.itersiblings(*HEADINGS, preceding=True), None)
        if names_attachments(f"{box.get('class', '')} {box.get('id', '')}") or (
            before is not None and names_attachments(text_of(before))
        ):
            return True
    return False


def _below(part: HtmlElement, heading: HtmlElement, removed: Collection[HtmlElement]) -> Iterator[HtmlElement]:
    """The elements of a part behind its heading, without those that are about something else."""
    is_behind, skipped = False, None
    around = {part, heading, *heading.iterancestors()}
    for element in part.iter():
        if element is heading:
            is_behind = True
        if skipped is not None and skipped in element.iterancestors():
            continue
        skipped = element if element in removed or (element not in around and _is_aside(element)) else None
        if is_behind and skipped is None and isinstance(element.tag, str):
            yield element


def _is_aside(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and (element.tag in _ASIDES or "aside" in hints_of(element))
