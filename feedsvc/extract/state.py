"""Lists in the JSON that a page carries for machines: JSON-LD, and the state that its own scripts start from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from feedsvc.extract.addresses import page_key
from feedsvc.extract.document import Document
from feedsvc.extract.jsonapi import best_items, load_json
from feedsvc.model import Listing, ListingItem

#: Characters of one script that are read.
SCRIPT_MAX: Final = 4 * 1024 * 1024
_ASSIGNED: Final = re.compile(
    r"(?:window|self|globalThis)?\.?(?:__)?[A-Za-z_$][\w$]*(?:\[['\"][\w$]+['\"]\])?\s*=\s*(?=[{\[])"
)


def read_state(document: Document) -> Listing:
    """The best list in a page's JSON; empty with a reason where there is none. Never raises."""
    best: tuple[ListingItem, ...] = ()
    plan = "json"
    known = _paths(document)

    def absolute(text: str) -> str | None:
        return _absolute(document, known, text)

    for where, value in _values(document):
        items = best_items(value, absolute, where=where)
        if len(items) > len(best):
            best, plan = items, where
    reason = "" if best else "nothing here, because no JSON in the page holds a list"
    return Listing(url=document.url, items=best, plan=plan, reason=reason)


def _values(document: Document) -> Iterator[tuple[str, object]]:
    for script in document.root.iter("script"):
        text = (script.text or "").strip()
        kind = (script.get("type") or "").lower()
        if not text or len(text) > SCRIPT_MAX:
            continue
        if kind == "application/ld+json":
            yield "jsonld", load_json(text)
        elif "json" in kind:
            value = load_json(text)
            yield "state", _hydrated(value) if (script.get("id") or "").startswith("__NUXT") else value
        elif kind in ("", "text/javascript", "module") and "{" in text:
            yield from (("state", value) for value in _assigned(text))


def _assigned(text: str) -> Iterator[object]:
    """Values that a script assigns as pure JSON: ``window.__STATE__ = {...}``."""
    decoder = json.JSONDecoder()
    position = 0
    for _ in range(20):
        match = _ASSIGNED.search(text, position)
        if not match:
            return
        try:
            value, position = decoder.raw_decode(text, match.end())
            yield value
        except (ValueError, RecursionError):
            position = match.end()


def _hydrated(value: object) -> object:
    """The value behind Nuxt's flat form, an array in which numbers stand for places in it (npm "devalue")."""
    if not isinstance(value, list) or not value:
        return value
    cells = value
    made: dict[int, object] = {}

    def cell(place: object, depth: int) -> object:
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(cells) or depth > 40:
            return None
        if place not in made:
            raw = cells[place]
            made[place] = None
            if isinstance(raw, dict):
                made[place] = {name: cell(inner, depth + 1) for name, inner in raw.items()}
            elif isinstance(raw, list) and raw and isinstance(raw[0], str):
                made[place] = cell(raw[1], depth + 1) if len(raw) > 1 else None
            elif isinstance(raw, list):
                made[place] = [cell(inner, depth + 1) for inner in raw]
            else:
                made[place] = raw
        return made[place]

    return cell(0, 0)


def _paths(document: Document) -> dict[str, str]:
    """The page's links by the last part of their paths: where a state names but a slug, the link shows its folder."""
    known: dict[str, str] = {}
    for anchor in document.root.iter("a"):
        url = document.absolute(anchor.get("href"))
        if url and (last := page_key(url).rpartition("/")[2]):
            known.setdefault(last, url)
    return known


def _absolute(document: Document, known: dict[str, str], text: str) -> str | None:
    if " " in text or len(text) > 2000:
        return None
    if text.startswith(("http://", "https://", "/")):
        return document.absolute(text)
    return known.get(text.strip("/").rpartition("/")[2])
