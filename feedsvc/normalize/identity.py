"""Who is who among stories: permanent ids, fingerprints that survive a new address, digests of what readers see.

RFC 9562 section 5.5 (UUID version 5); specs/feeds.md 1.1-1.5; rules R2 and R3 of specs/reliability.md.
"""

from __future__ import annotations

import hashlib
import heapq
import re
import unicodedata
import uuid
import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, islice

from feedsvc.lexicon.folding import without_marks
from feedsvc.model import Entry
from feedsvc.normalize.text import body_text
from feedsvc.normalize.urls import canonicalize

#: Never change it: every id ever published rests on it.
NAMESPACE = uuid.UUID("12529469-91e9-437b-9a2c-64e4e01f544f")

#: Words that stand beside a counter which moves with every visit.
COUNTER_WORDS = (
    "views", "view", "reads", "read", "shares", "share", "comments", "comment", "likes", "like", "hits", "visits",
    "clicks", "downloads", "aufrufe", "kommentare", "vues", "commentaires", "lecturas", "visitas", "comentarios",
    "visualizzazioni", "commenti", "visualizações", "просмотров", "просмотры", "комментариев", "阅读", "浏览", "点击",
    "次", "评论", "閱讀", "瀏覽", "點擊", "閲覧", "コメント", "조회", "조회수", "댓글",
)  # fmt: skip
#: Whole lines that come and go around the same text.
FLEETING_LINES = frozenset(
    "advertisement advertising anzeige werbung publicité publicidad pubblicità "
    "реклама 广告 廣告 広告 광고 share".split()
)
#: A line longer than this is prose, whatever it counts.
_FLEETING_MAX = 60
#: Shingles a sketch keeps, and words in one (Broder, On the resemblance and containment of documents, 1997).
_SKETCH_SIZE, _SHINGLE_WORDS = 16, 4
#: Texts shorter than this many words are too alike to be told apart by their words.
_SKETCH_MIN_WORDS = 40
#: Words that the beginning of a text has at least.
_BEGINNING_MIN = 8
#: Letters and spaces with which a title tells stories apart. Notice boards use four Han characters again and again.
_TITLE_MIN = 8
#: Share of common shingles from which two texts are the same story.
_ALIKE = 0.6

_NOT_WORD = re.compile(r"[\W_]+")
#: The same for plain English, in a fifth of the time.
_ASCII_NOT_WORD = {code: " " for code in range(128) if not chr(code).isalnum()}
_CJK = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])")
_RELATIVE = re.compile(
    r"\b\d+\s*(?:seconds?|minutes?|mins?|hours?|hrs?|days?)\s+ago\b|\d+\s*(?:秒|分钟|小时|天)前", re.I
)
_COUNTER = re.compile(
    r"(?:{words})\s*[:：(（]?\s*[\d.,]+|[\d.,]+\s*[kKmM]?\s*(?:{words})".format(
        words="|".join(sorted(COUNTER_WORDS, key=len, reverse=True))
    ),
    re.I,
)


def mint(canonical_url: str) -> str:
    """The bare lower-case UUID of a story first seen at ``canonical_url``; a lost database mints the same again."""
    return str(uuid.uuid5(NAMESPACE, canonical_url))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as compared: forms, case and punctuation do not matter; one Han character is one word."""
    if not text.isascii():
        text = without_marks(text, " ")
    if text.isascii():
        return tuple(text.lower().translate(_ASCII_NOT_WORD).split())
    return tuple(_NOT_WORD.sub(" ", _CJK.sub(r" \1 ", unicodedata.normalize("NFKC", text).casefold())).split())


def title_key(title: str) -> str:
    """A title as compared with other titles; "" where it is too short to tell stories apart."""
    key = " ".join(words_of(title))
    return key if len(key) >= _TITLE_MIN else ""


def share_words(one: str, other: str, *, share: float = 0.5) -> bool:
    """Whether two titles, as compared, have this share of the shorter one's words in common."""
    mine, theirs = set(one.split()), set(other.split())
    return len(mine & theirs) >= share * min(len(mine), len(theirs)) > 0


@lru_cache(maxsize=8)  # looked for in the store, then kept there
def fingerprint(content: str) -> str:
    """A sketch of sanitized HTML: compare two with ``alike``; "" for texts too short to be told apart."""
    words = lasting_words(content)
    if len(words) < _SKETCH_MIN_WORDS:
        return ""
    # cut out of one text rather than joined one by one: a story has hundreds
    text, steps = " ".join(words).encode(), [len(word) + 1 for word in map(str.encode, words)]
    stops = islice(accumulate(steps, initial=-1), _SHINGLE_WORDS, None)
    shingles = set(map(zlib.crc32, map(text.__getitem__, map(slice, accumulate(steps, initial=0), stops))))
    return "".join(f"{shingle:08x}" for shingle in heapq.nsmallest(_SKETCH_SIZE, shingles))


def alike(one: str, other: str) -> bool:
    """Whether two fingerprints are of the same text, give or take edits."""
    if not one or not other:
        return False
    mine, theirs = _shingles(one), _shingles(other)
    smallest = set(heapq.nsmallest(_SKETCH_SIZE, mine | theirs))
    return len(smallest & mine & theirs) / len(smallest) >= _ALIKE


def is_beginning(one: str, other: str) -> bool:
    """Whether the shorter of two texts (sanitized HTML) is the beginning of the other, as where a page came in part.

    Texts of a few words begin alike without being of one story.
    """
    shorter, longer = sorted((lasting_words(one), lasting_words(other)), key=len)
    return len(shorter) >= _BEGINNING_MIN and " ".join(longer).startswith(" ".join(shorter))


def significant_digest(entry: Entry) -> str:
    """Equal for two states of an entry unless its title, text, link or enclosures changed.

    White space, advertisements, view counters, 'ago' and re-signed addresses of images and files do not count.
    """
    return _hash(
        " ".join(words_of(entry.title)),
        " ".join(lasting_words(entry.content)),
        canonicalize(entry.link),
        *sorted(canonicalize(media.url.partition("?")[0]) for media in entry.enclosures),
    )


def lasting_text(content: str) -> str:
    """The text of sanitized HTML without the short lines that change from visit to visit."""
    return "\n".join(filter(None, map(_lasting_line, body_text(content).split("\n"))))


@lru_cache(maxsize=8)  # many who look at an entry ask for its words
def lasting_words(content: str) -> tuple[str, ...]:
    """The words of ``lasting_text``, as compared."""
    return words_of(lasting_text(content))


def _lasting_line(line: str) -> str:
    if len(line) > _FLEETING_MAX:
        return line
    if line.casefold().strip(" :.-–—") in FLEETING_LINES:
        return ""
    return _COUNTER.sub("", _RELATIVE.sub("", line)).strip(" ·|:：-–—")


def _shingles(sketch: str) -> set[int]:
    return {int(sketch[at : at + 8], 16) for at in range(0, len(sketch), 8)}


def _hash(*parts: str | Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
