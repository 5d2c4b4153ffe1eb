"""Bylines as printed → the names of persons and desks: without 'By', roles, addresses and dates."""

from __future__ import annotations

import re
from collections.abc import Iterable

from feedsvc.lexicon.dateshape import date_spans
from feedsvc.lexicon.folding import fold
from feedsvc.lexicon.names import are_names, is_name, is_role, split_names, strip_by

_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|\[email[^\]]*\]")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_HANDLE = re.compile(r"\(?@\w+\)?")
_BRACKETED = re.compile(r"\s*[(（\[][^()（）\[\]]*[)）\]]?\s*$")
#: East Asian and other words for a reporter after the name, without a comma.
_TITLE_AFTER = re.compile(r"\s?(?:기자|記者|记者)$|\s(?:Redakteur(?:in)?|Chefredakteur(?:in)?|Journalist|Reporter)$")
_SPACE = re.compile(r"\s+")
_LONGEST, _MOST = 120, 30


def person_names(bylines: Iterable[str]) -> tuple[str, ...]:
    """The names in byline strings, in order, each once: 'By Ann Lee and Bo Li, Staff Writer' gives Ann Lee and Bo Li.

    A string that is shaped like no list of names ('Le Figaro et AFP agencies 24') stays as it is, without its 'By'.
    """
    names: dict[str, str] = {}
    for byline in bylines:
        for name in _names_of(byline):
            names.setdefault(fold(name), name)
    return tuple(names.values())[:_MOST]


def _names_of(byline: str) -> list[str]:
    text = _SPACE.sub(" ", byline).strip()
    text = _HANDLE.sub("", _ADDRESS.sub("", _MAIL.sub("", text)))
    for span in date_spans(text):
        if any(letter.isdigit() for letter in span.text):
            text = text[: span.start] if span.start > 2 else text[span.end :]
            break
    text = strip_by(strip_by(text)).strip(" ,;|·•-–—/:")
    if not text or len(text) > _LONGEST:
        return []
    pieces = [_tidy(piece) for piece in split_names(text)]
    pieces = [piece for piece in pieces if piece]
    kept = [piece for piece in pieces if not is_role(piece)]
    if len(kept) < 2 or not are_names(text):
        return kept if len(kept) == 1 and len(pieces) > 1 else [_tidy(text)] if _tidy(text) else []
    return kept if all(is_name(piece) for piece in kept) else [text]


def _tidy(name: str) -> str:
    name = _TITLE_AFTER.sub("", name)
    return _BRACKETED.sub("", name).strip(" ,;|·•-–—/:.") if not name.endswith("r.") else name.strip(" ,;|")
