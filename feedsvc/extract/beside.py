"""What belongs to a release beside its prose: the files and players below its heading, in the part that is its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from lxml.html import HtmlElement

from feedsvc.extract.document import Document
from feedsvc.extract.hints import hints_of
from feedsvc.extract.lines import HEADINGS, bare, text_of

#: Letters of the prose by which the part that holds it is found.
_OPENING = 30
#: Elements above the heading that are looked at: the whole page is no release's own.
_UP_MOST = 8
_ASIDES = frozenset(("nav", "aside", "footer", "form", "header", "dialog", "template", "noscript"))

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

    Its own part is the smallest that holds its heading and its prose, the text ``body``; where there is no prose, the
    first wanted element. Sidebars, navigation, feet, what is ``removed`` and what stands above the heading are not.
    """
    heading = _heading(document.root, bare(title or ""))
    wanted = {element for element in document.root.iter() if isinstance(element.tag, str) and is_wanted(element)}
    if heading is None or not wanted:
        return ()
    opening = bare(body)[:_OPENING]
    for up, part in enumerate(heading.iterancestors()):
        if up >= _UP_MOST or part.tag == "html":
            return ()
        below = list(_below(part, heading, removed))
        if opening in bare(text_of(part)) if opening else any(element in wanted for element in below):
            return tuple(element for element in below if element in wanted)
    return ()


def _heading(root: HtmlElement, title: str) -> HtmlElement | None:
    """The heading with this title, an h1 before others."""
    if not title:
        return None
    found = [element for element in root.iter(*HEADINGS) if bare(text_of(element)) == title]
    return min(found, key=lambda element: str(element.tag), default=None)


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
