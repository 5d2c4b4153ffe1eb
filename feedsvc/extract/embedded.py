"""A story that a page carries as data for its own scripts: HTML in JSON strings, or JSON-LD's ``articleBody``.

The last resort. Where a page prints its story, the printed one is better: what stands in the data is often cut,
unformatted, or another story's.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

#: Characters of markup below which a string is a teaser, and strings looked at in one page.
_SHORTEST, _STRINGS_MAX = 600, 2_000
#: JSON in a string in JSON in a string: how frameworks stream their pages.
_NESTED_MAX = 3
_STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_PARAGRAPH = re.compile(r"<p[\s>]|<br", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u003cp|<p[\s>]|<br|\\u003cbr|articleBody", re.IGNORECASE)
_ARTICLE_BODY = re.compile(r'"articleBody"\s*:\s*"((?:[^"\\]++|\\.)*+)"', re.DOTALL)


def embedded_story(root: HtmlElement) -> str:
    """The longest story in a page's data as an HTML fragment, or ""."""
    found: list[str] = []
    for script in root.iter("script"):
        text = script.text or ""
        if len(text) >= _SHORTEST and _ESCAPED.search(text):
            found += [words for words in _paragraphed(text) if words]
            found += _strings(text, 0)
    return max(found, key=len, default="")


def _paragraphed(text: str) -> Iterator[str]:
    for match in _ARTICLE_BODY.finditer(text):
        words = _decoded(match[1])
        if len(words) < _SHORTEST:
            continue
        if _PARAGRAPH.search(words):
            yield words
        else:
            lines = (html.escape(line.strip(), quote=False) for line in html.unescape(words).splitlines())
            yield "".join(f"<p>{line}</p>" for line in lines if line)


def _strings(text: str, depth: int) -> list[str]:
    """Every long string of JSON text that holds paragraphs, those inside strings too."""
    found: list[str] = []
    for number, match in enumerate(_STRING.finditer(text)):
        if number > _STRINGS_MAX:
            break
        if len(match[1]) < _SHORTEST or not _ESCAPED.search(match[1]):
            continue
        words = _decoded(match[1])
        if '"' in words and re.search(r'"\s*:\s*["\[{]', words):
            if depth < _NESTED_MAX:
                found += _strings(words, depth + 1)
        elif len(_PARAGRAPH.findall(words)) >= 2:
            found.append(words)
    return found


def _decoded(literal: str) -> str:
    try:
        return str(json.loads(f'"{literal}"', strict=False))
    except ValueError:
        return ""
