"""One spelling for words and digits that pages write in many ways: case, accents, width, script of digits."""

from __future__ import annotations

import functools
import re
import sys
import unicodedata

#: Letters that NFKD leaves alone and that are written either way on the web.
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "’": "'", "ʼ": "'", "ي": "ی", "ك": "ک"})

#: Full-width and typographic punctuation with its plain form, one character each, so that offsets stay true.
_PUNCTUATION = {
    "：": ":", "﹕": ":", "∶": ":", "／": "/", "－": "-", "‐": "-", "‑": "-", "−": "-", "．": ".", "，": ",", "（": "(",
    "）": ")", "［": "[", "］": "]", "\u3000": " ", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ",
    "\t": " ", "\n": " ", "\r": " ", "\u200e": " ", "\u200f": " ", "\u202a": " ", "\u202b": " ", "\u202c": " ",
}  # fmt: skip


@functools.cache
def _plain_characters() -> dict[int, str]:
    """Translation of every Unicode decimal digit and of wide punctuation to the ASCII form."""
    digits = {
        code: str(unicodedata.digit(chr(code)))
        for code in range(0x660, min(sys.maxunicode, 0x1FBFF) + 1)
        if unicodedata.category(chr(code)) == "Nd"
    }
    return digits | {ord(wide): plain for wide, plain in _PUNCTUATION.items()}


@functools.cache
def _uneven() -> re.Pattern[str]:
    """Any character that may have a plain form: a look for one is far cheaper than translating what has none.

    Beyond the basic plane it is every character: a class of many ranges there would be dearer than that.
    """
    basic = "".join(chr(code) for code in _plain_characters() if code < 0x10000)
    return re.compile(f"[{re.escape(basic)}\U00010000-\U0010ffff]")


#: Marks of good typography, none of them a letter or digit in any form: they alone keep most English from being ASCII.
_MARKS = "’‘“”–—…\u00a0"


def without_marks(text: str, put: str) -> str:
    """``text`` with ``put`` in place of quotation marks, dashes, ellipses and no-break spaces."""
    for mark in _MARKS:
        if mark in text:
            text = text.replace(mark, put)
    return text


def plain_digits(text: str) -> str:
    """``text`` with digits of any script as 0-9, wide punctuation and odd spaces made plain; the length is kept."""
    if text.isascii() and not ("\n" in text or "\t" in text):
        return text
    return text.translate(_plain_characters()) if _uneven().search(text) else text


@functools.lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """``word`` without case and accents: the key under which a lexicon holds it."""
    text = word.casefold().translate(_LETTERS)
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text).translate(_LETTERS)
    return "".join(letter for letter in text if unicodedata.category(letter) != "Mn")
