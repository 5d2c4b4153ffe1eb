"""Fields that a source's CSS rules give: trusted, and cleaned of the label that the page prints with them."""

from __future__ import annotations

from feedsvc.extract.document import Document
from feedsvc.extract.labels import labels_in
from feedsvc.extract.lines import squash, text_of
from feedsvc.model import Found


def ruled(document: Document, selector: str | None, *, kinds: tuple[str, ...] = ()) -> tuple[Found, ...]:
    """What ``selector`` matches, in order, each without its label; of several labels in one text, one of ``kinds``."""
    if not selector:
        return ()
    found: list[Found] = []
    for element in document.select(selector):
        text = element.get("content") or element.get("datetime") or text_of(element)
        if text := without_label(squash(text), kinds):
            found.append(Found(text=text, where=f"rule:{selector}", confidence=1.0))
    return tuple(found)


def without_label(text: str, kinds: tuple[str, ...]) -> str:
    """The fact in ``text`` labelled with one of ``kinds``; all of it where no label of any kind stands in it."""
    if not kinds:
        return text
    facts = list(labels_in(text))
    for fact in facts:
        if fact.kind in kinds:
            return fact.value
    starts_labelled = any(text.startswith(fact.label) for fact in facts)
    return "" if starts_labelled and all(not fact.is_weak for fact in facts) else text
