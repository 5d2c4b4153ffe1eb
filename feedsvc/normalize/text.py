"""Plain text that any feed can carry: XML-safe, on one line, cut where a reader would cut it.

XML 1.0 section 2.2 (characters), WHATWG HTML section 13.5 (named references); rules C3 and C4.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

#: Longest title, name or category in characters (rule C3).
TITLE_MAX = 512
#: Longest summary in characters (specs/feeds.md 2.6).
SUMMARY_MAX = 300
#: Markup beyond this many characters cannot be a title or a summary; keeps ``plain`` linear on hostile input.
_PLAIN_INPUT_MAX = 16_384
#: Rounds of removing tags that came together when others went; what is left then goes up to its next ">".
_TAG_ROUNDS = 4

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Controls, bidirectional embeddings, overrides and isolates (they can turn a title around), and marks without width
#: or meaning in a title. The joiners U+200C and U+200D stay: Persian and emoji need them.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)

_HIDDEN = re.compile(r"<(script|style|template|noscript|svg)\b[^<>]*+>.*?(?:</\1\s*+>|\Z)", re.I | re.S)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_TAG = re.compile(r"</?([a-zA-Z][^\s/<>]*+)(?:\s[^<>\"']*+(?:(?:\"[^\"]*+\"|'[^']*+')[^<>\"']*+)*+|/)?>|<[!?/][^<>]*+>")
_LOOSE_TAG = re.compile(r"</?[a-zA-Z][^>]*(?:>|\Z)")
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)

_BREAKS = re.compile(
    r"<(?:br|hr|/?(?:p|div|h[1-6]|ul|ol|li|dl|dt|dd|table|tr|caption|blockquote|pre|figure|figcaption|section|article|"
    r"aside|header|footer|details|summary|address|main|nav|hgroup|center))\b[^<>]*+>",
    re.I,
)
_CELL = re.compile(r"</t[dh]\s*>", re.I)
_CAPTION = re.compile(r"<figcaption\b.*?(?:</figcaption\s*>|\Z)", re.I | re.S)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s|\Z)|[。！？；][”’」』）]*")


def xml_safe(text: str) -> str:
    """``text`` without the characters that XML 1.0 forbids, lone surrogates among them."""
    return _NOT_XML.sub("", text)


def line(text: str, *, limit: int = TITLE_MAX) -> str:
    """Text that is already decoded, as one clean line of at most ``limit`` characters.

    Runs of white space become one space; control characters and bidirectional overrides go. A text that is too long
    is cut at a word and ends in an ellipsis.
    """
    text = _UNSEEN.sub("", xml_safe(text[:_PLAIN_INPUT_MAX]))
    return shorten(" ".join(text.split()), limit)


def plain(markup: str, *, limit: int = TITLE_MAX) -> str:
    """HTML, or text in which characters may be escaped, as one clean line: tags removed, entities decoded once.

    What an entity stood for is text: ``plain("Use &lt;b&gt;") == "Use <b>"``.
    """
    return line(html.unescape(_without_tags(markup[:_PLAIN_INPUT_MAX])), limit=limit)


def _without_tags(markup: str) -> str:
    if "<" not in markup:
        return markup
    markup = _HIDDEN.sub(" ", _COMMENT.sub("", markup))
    for _ in range(_TAG_ROUNDS):  # "<<b>script>" must not leave a tag behind
        stripped = _TAG.sub(_gap, markup)
        if stripped == markup:
            break
        markup = stripped
    return _LOOSE_TAG.sub(" ", markup)


def _gap(tag: re.Match[str]) -> str:
    return "" if (tag.group(1) or "").lower() in _INLINE else " "


@lru_cache(maxsize=8)  # many who look at an entry ask for its text
def body_text(content: str, *, captions: bool = True) -> str:
    """The text of *sanitized* HTML: one line a block, empty lines left out; without captions where asked."""
    if not captions:
        content = _CAPTION.sub("\n", content)
    content = " ".join(content.split()) if "<pre" not in content else content
    content = _CELL.sub(" ", _BREAKS.sub("\n", content))
    text = html.unescape(re.sub(r"<[^<>]*+>", "", content))
    lines = (" ".join(one.split()) for one in _UNSEEN.sub("", text).split("\n"))
    return "\n".join(one for one in lines if one)


def summary_of(content: str, *, limit: int = SUMMARY_MAX) -> str:
    """The beginning of sanitized HTML as plain text: whole sentences where they fit, else whole words."""
    return line(body_text(content[: 40 * limit], captions=False), limit=limit)


def shorten(text: str, limit: int) -> str:
    """``text`` if it fits in ``limit`` characters, else its first sentences, else its first words and an ellipsis."""
    if len(text) <= limit:
        return text
    ends = [end.end() for end in _SENTENCE_END.finditer(text[: limit + 1]) if end.end() <= limit]
    if ends and ends[-1] >= limit // 2:
        return text[: ends[-1]].rstrip()
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space >= limit // 2 else cut).rstrip(" ,;:–—-、，") + "…"
