"""Text on its way into a document: legal in XML 1.0, and inert however a reader takes it."""

from __future__ import annotations

import html
import re
from html.entities import name2codepoint

#: The last two characters of every plane, and thirty-two more, which no text may hold (Unicode 23.7, noncharacters).
_NONCHARACTERS = "\ufdd0-\ufdef\ufffe\uffff" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17)
)
#: What XML 1.0 section 2.2 forbids, and lone surrogates, which no encoding can carry; what HTML forbids besides: the
#: controls U+007F to U+009F, noncharacters, and U+FFFD, which says nothing but that a page was decoded wrongly (W3C
#: BadCharacters, NotHtml).
_ILLEGAL = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd{_NONCHARACTERS}]")
#: What makes a checker of Atom think that plain text is undeclared HTML.
_END_TAG = re.compile(r"<(?=/\w+>)")
#: Where an HTML parser would leave the text state: a tag, a comment, a declaration (WHATWG HTML 13.2.5.6).
_TAG_OPEN = re.compile(r"<(?=[A-Za-z/!?])")
_AMPERSAND = re.compile(r"&(?=(#?\w+))")
#: Breaks up what looks like markup without being seen.
_ZERO_WIDTH_SPACE = "\u200b"
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
SUMMARY_MAX = 300


def legal(text: str) -> str:
    """The text without the characters that would make a whole document unreadable (specs/feeds.md 2.1)."""
    return _ILLEGAL.sub("", text)


def line(text: str) -> str:
    """Legal text on one line, for titles, names and categories."""
    return _SPACE.sub(" ", legal(text)).strip()


def inert(text: str) -> str:
    """Plain text for RSS, where half of the readers take titles as HTML (rule C3).

    What looks like a tag or an entity is broken up by a zero-width space, so both readings show what was printed and
    neither finds markup: ``inert("a <b> c")`` reads the same and is no element. Other text stays as it is.
    """
    return _broken(_TAG_OPEN, line(text))


def plain(text: str) -> str:
    """Plain text for Atom, which declares it as such: only what guessing readers take for HTML is broken up.

    That is end tags and entities (the W3C validator's ContainsUndeclaredHTML); ``plain("a <b> c")`` stays as it is.
    """
    return _broken(_END_TAG, line(text))


def as_html(text: str) -> str:
    """Plain text as the HTML that says the same, for RSS's description, which is HTML by its specification."""
    return html.escape(line(text), quote=False)


def _broken(tag: re.Pattern[str], text: str) -> str:
    return _AMPERSAND.sub(_break_entity, tag.sub("<" + _ZERO_WIDTH_SPACE, text))


def _break_entity(match: re.Match[str]) -> str:
    name = match.group(1)
    looks_like_one = name in name2codepoint or name == "apos" or not name.isalpha() or not name.isascii()
    return "&" + _ZERO_WIDTH_SPACE if looks_like_one else "&"


def plain_words(fragment: str) -> str:
    """The words of sanitized HTML."""
    return html.unescape(_TAG.sub(" ", fragment))


def gist(fragment: str) -> str:
    """The beginning of sanitized HTML as plain text, for an entry that came without a summary."""
    text = line(plain_words(fragment[: SUMMARY_MAX * 20]))
    if len(text) <= SUMMARY_MAX:
        return text
    cut = text[: SUMMARY_MAX - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[SUMMARY_MAX // 2 :] else cut).rstrip() + "…"
