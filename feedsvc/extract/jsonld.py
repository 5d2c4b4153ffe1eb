"""JSON-LD blocks of a page, read generously: comments, CDATA, trailing commas, raw newlines, values in a row."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping

from lxml.html import HtmlElement

#: Types of schema.org that are releases, the surest first; "WebPage" is a page about whatever.
ARTICLE_TYPES = (
    "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "backgroundnewsarticle",
    "reviewnewsarticle", "pressrelease", "article", "blogposting", "liveblogposting", "techarticle", "report",
    "scholarlyarticle", "medicalscholarlyarticle", "socialmediaposting", "discussionforumposting",
    "advertisercontentarticle",
    "satiricalarticle", "review", "recipe", "podcastepisode", "videoobject", "creativework", "webpage", "itempage",
)  # fmt: skip
Node = Mapping[str, object]

_COMMENT = re.compile(
    r"^\s*(?:<!--|/\*<!\[CDATA\[\*/|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)|(?:-->|/\*\]\]>\*/|//\s*\]\]>|\]\]>)\s*;?\s*$",
    re.DOTALL,
)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_CONTROL = re.compile(r"[\x00-\x1f]")
_NODES_MAX, _DEPTH_MAX = 2000, 12


def read_nodes(root: HtmlElement) -> tuple[Node, ...]:
    """Every object with a type in the page's JSON-LD, outer before inner, references by ``@id`` resolved one step."""
    nodes: list[Node] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            for value in _values(script.text):
                nodes.extend(_walk(value, 0))
                if len(nodes) > _NODES_MAX:
                    return tuple(nodes[:_NODES_MAX])
    return tuple(nodes)


def types_of(node: Node) -> tuple[str, ...]:
    """The types of a node in lower case, without a prefix."""
    given = node.get("@type")
    names = given if isinstance(given, list) else [given]
    return tuple(re.split(r"[/#:]", name)[-1].lower() for name in names if isinstance(name, str))


def text_in(value: object) -> str | None:
    """The plain string that a JSON value stands for: itself, its ``@value`` or ``name``, or a list's first."""
    if isinstance(value, str):
        return html.unescape(html.unescape(value)).strip() or None
    if isinstance(value, Mapping):
        return text_in(value.get("@value") or value.get("name"))
    if isinstance(value, list) and value:
        return text_in(value[0])
    return None


def names_in(value: object, by_id: Mapping[str, Node]) -> Iterator[str]:
    """The names of the persons or organisations that a JSON value lists."""
    if isinstance(value, list):
        for each in value[:30]:
            yield from names_in(each, by_id)
    elif isinstance(value, Mapping):
        name = value.get("name")
        reference = value.get("@id")
        if name:
            yield from names_in(name, {})
        elif isinstance(reference, str) and reference in by_id:
            yield from names_in(by_id[reference].get("name"), {})
        elif value.get("givenName") or value.get("familyName"):
            yield f"{text_in(value.get('givenName')) or ''} {text_in(value.get('familyName')) or ''}".strip()
    elif isinstance(value, str) and (text := text_in(value)):
        yield text


def _values(text: str) -> list[object]:
    text = _COMMENT.sub("", _COMMENT.sub("", text)).strip()
    if not text:
        return []
    attempts = (text, _TRAILING_COMMA.sub("", _CONTROL.sub(" ", text)), html.unescape(text))
    for attempt in dict.fromkeys(attempts):
        try:
            return [json.loads(attempt, strict=False)]
        except (ValueError, RecursionError):
            continue
    return list(_values_in_a_row(_TRAILING_COMMA.sub("", text)))


def _values_in_a_row(text: str) -> Iterator[object]:
    """Several objects without a list around them, and the sound ones before a broken one."""
    decoder, position = json.JSONDecoder(strict=False), 0
    while (position := text.find("{", position)) >= 0:
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        yield value


def _walk(value: object, depth: int) -> Iterator[Node]:
    if depth > _DEPTH_MAX:
        return
    if isinstance(value, list):
        for each in value[:500]:
            yield from _walk(each, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value or "@graph" in value or "@id" in value:
            yield value
        for key, inner in value.items():
            if isinstance(inner, dict | list) and key not in (
                "author",
                "creator",
                "image",
                "@context",
                "comment",
                "review",
            ):
                yield from _walk(inner, depth + 1)
            elif key in ("author", "creator"):
                yield from (node for node in _walk(inner, depth + 1) if "@id" in node)
