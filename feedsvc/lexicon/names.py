"""Names in bylines: told by their shape, cut apart, freed of the words for 'by'."""

from __future__ import annotations

import functools
import re

from feedsvc.lexicon.bylines import BY_WORDS, NAME_SEPARATORS, ROLES, STOPS, WEAK_BY_WORDS
from feedsvc.lexicon.dateshape import date_spans
from feedsvc.lexicon.folding import fold, plain_digits

#: A byline is no longer than this.
LONGEST = 160
#: Small words inside names.
_PARTICLES = frozenset(
    (
        "de", "da", "do", "dos", "das", "del", "della", "di", "van", "von", "der", "den", "ten", "ter", "la", "le",
        "el", "al", "bin", "ibn", "ben", "y", "e", "i", "und", "zu", "zur", "zum", "af", "av", "du", "mac", "mc",
        "st", "o'", "d'", "l'", "dr", "prof", "dr.", "prof.", "mr", "mrs", "ms", "jr", "sr", "jr.", "sr.", "abu",
        "bint",
    )
)  # fmt: skip
#: No name ends in these: 'Kommentar von'.
_BEFORE_NAMES = frozenset(
    ("von", "de", "da", "di", "del", "van", "der", "by", "par", "por", "und", "y", "e", "av", "af")
)
#: Korean names before the word for what they are, after a place or before an address: '홍길동 기자'.
_KOREAN = re.compile(
    r"(?:[(\[][^()\[\]]{2,20}[)\]]\s?)?(?:[\uac00-\ud7af]{2,4}(?:,\s|\s?=\s?|\s))*"
    r"(?P<names>[\uac00-\ud7af]{2,4}(?:\s?[·,]\s?[\uac00-\ud7af]{2,4})*)\s?"
    r"(?:인턴|선임|수습|전문|객원)?\s?(?:기자|특파원|통신원|논설위원|편집위원|PD)(?:\s?[(\[]?[\w.+-]+@[\w.-]+[)\]]?)?"
)
_CJK_NAME = re.compile(
    r"[\u3400-\u9fff]{2,4}(?:·[\u3400-\u9fff]{1,8})?|[\uac00-\ud7af]{2,4}|[\u30a0-\u30ff・]{3,16}|[\u3040-\u9fff]{2,8}"
)
_NO_NAME = re.compile(r"https?:|www\.|@|[<>{}=#$%^*+?!\[\]\"“”:：©]|\.(?:com|org|net)\b")
_ROLES = frozenset(fold(word) for word in ROLES)
_STOPS = frozenset(fold(word) for word in STOPS)


def is_byline(text: str) -> bool:
    """Whether a line is a byline and no part of a story's text: 'By Zhao Guangmei', 'Von Anna Berg und Max Klein'."""
    if len(text) > LONGEST:
        return False
    text = out_of_brackets(text)
    match = by_pattern().match(plain_digits(text))
    if not match:
        return korean_names(text) is not None
    rest = text[match.end() :]
    for span in date_spans(rest):
        rest = rest[: span.start]
        break
    return bool(rest.strip()) and are_names(rest)


def out_of_brackets(text: str) -> str:
    """``text`` without brackets that hold all of it: '(By Zhao Guangmei)'."""
    inner = text.strip()
    for opening, closing in ("()", "[]", "（）", "【】"):
        if inner.startswith(opening) and inner.endswith(closing):
            return inner[1:-1].strip()
    return text


def korean_names(text: str) -> str | None:
    """The names of a line like '서울 홍길동·김영희 기자 hong@example.kr', or None where it is no such line."""
    match = _KOREAN.fullmatch(text.strip()) if len(text) <= LONGEST else None
    return match["names"] if match else None


def are_names(text: str) -> bool:
    """Whether ``text`` can be a list of persons or desks, by its shape."""
    pieces = [piece for piece in split_names(text) if not is_role(piece)]
    return bool(pieces) and len(pieces) <= 12 and all(is_name(piece) for piece in pieces[:4])


def split_names(text: str) -> tuple[str, ...]:
    """A byline's parts at commas, bars and words for 'and'."""
    return tuple(piece.strip(" .:-–—()") for piece in _between().split(text) if piece and piece.strip(" .:-–—()"))


def is_name(text: str) -> bool:
    """Whether ``text`` is shaped like one name: few words, capitals, no digits."""
    text = text.strip()
    if not 2 <= len(text) <= 60 or _NO_NAME.search(text) or any(letter.isdigit() for letter in text):
        return False
    if _CJK_NAME.fullmatch(text.replace(" ", "")):
        return True
    words = text.replace("-", " ").split()
    if not 1 <= len(words) <= 6 or fold(text) in _STOPS or words[-1] in _BEFORE_NAMES:
        return False
    cased = [word for word in words if word.lower() != word.upper()]
    return all(word[:1].isupper() or word.lower() in _PARTICLES or "'" in word or "’" in word for word in cased) and (
        not cased or any(word[:1].isupper() for word in cased)
    )


#: How a line ends, and how it begins, of which a role is only a part.
_ROLE_LAST = tuple(sign + role for role in _ROLES if len(role) > 5 for sign in (" ", "-"))
_ROLE_FIRST = tuple(role + " " for role in _ROLES if len(role) > 5)


def is_role(text: str) -> bool:
    """Whether ``text`` says what somebody is instead of who: 'Staff Writer', 'Redakteurin', 'Senior Editor, News'."""
    key = fold(text).strip(". ")
    return key in _ROLES or key.endswith(_ROLE_LAST) or key.startswith(_ROLE_FIRST)


def strip_by(text: str) -> str:
    """``text`` without a leading word for 'by'."""
    plain = plain_digits(text)
    match = by_pattern().match(plain)
    if match:
        return text[match.end() :].strip()
    # A word for the kind of text may stand before: 'Kommentar von Anna Berg', 'Analysis by Bo Li'.
    inner = _inner_by().match(plain)
    name = text[inner.end() :].strip() if inner else ""
    # One word after it is a family name: 'Alexa von Heyden'.
    return name if " " in name and is_name(name.split(",")[0]) else text


@functools.cache
def _inner_by() -> re.Pattern[str]:
    return re.compile(r"(?:[^\W\d_]+[\s:]+){1,4}(?:by|von|par|por|door|av|af)\s+(?=[A-ZÀ-Ý])", re.IGNORECASE)


@functools.cache
def by_pattern() -> re.Pattern[str]:
    """A word for 'by' at the start of a line, with what stands between it and the name."""
    spaced: list[str] = []
    unspaced: list[str] = []
    for word in sorted(set(BY_WORDS) - WEAK_BY_WORDS, key=len, reverse=True):
        escaped = re.escape(word).replace(r"\ ", r"\s")
        (unspaced if re.match(r"[\u3040-\u9fff\uac00-\ud7af]", word) else spaced).append(escaped)
    return re.compile(
        rf"\s*[(\[（【]?\s*(?:(?:{'|'.join(spaced)})(?:\s?:\s?|\s+)|(?:{'|'.join(unspaced)})\s?[:/|\s]\s?)",
        re.IGNORECASE,
    )


@functools.cache
def _between() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in NAME_SEPARATORS if word.isalpha())
    signs = "".join(re.escape(word) for word in NAME_SEPARATORS if not word.isalpha())
    return re.compile(rf"\s*[{signs}]\s*(?:(?:{words})\s+)?|\s+(?:{words})\s+")
