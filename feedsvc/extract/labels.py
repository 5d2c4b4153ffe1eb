"""Label lines: 'Release date: 2023-05-17    Source: Example Bureau', in one line, in cells, in definition lists."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from feedsvc.extract.lines import Line, Lines
from feedsvc.lexicon.dateshape import date_spans
from feedsvc.lexicon.folding import plain_digits
from feedsvc.lexicon.gate import SPACE, Gate, any_of
from feedsvc.lexicon.labels import KIND_OF, LABELS, LINKING_WORDS, WEAK_LABELS

#: A label line is short; a longer line is prose that happens to hold a colon.
_LONGEST = 400
#: Labels after which a title that runs on into label lines is given up.
_MOST_LABELS = 20
_VALUE_LONGEST = 120
#: A slash stands for a colon in short lines only: '文/陈立群'.
_SLASHED_LONGEST = 60
#: Labels of two characters that pages set apart.
_SPREAD = frozenset({"来源", "作者", "时间", "日期", "编辑", "來源", "文号"})
#: Ends a fact: a wide gap, a bar, a bullet, a bracket, a sentence.
_GAP = re.compile(r"\s{2,}|\s?[|｜丨·•\[【>]|\s[/–—-]\s|[。！？；;]|[(（]\s*$")
#: 'Reprinted from X' in brackets after the story, without a colon.
_CREDIT = re.compile(
    r"[(（\[【]\s?(?P<word>转自|轉自|来源于|转载自|轉載自|原载)\s?(?P<name>[^()（）【】\[\]:：]{2,30})[)）\]】]"
)
#: Marks around a fact that are none of it.
_AROUND = "()（）[]【】<>|｜丨·•-–—,，;；、/ "
#: '2023-05-17 发布'.
_TRAIL = re.compile(r"\s?(?P<word>发布|更新|公開|更新|掲載|配信|입력|등록)(?![\w:])")
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One labelled fact."""

    #: "published", "updated", "author", "editor", "publisher", "category", "tags", "other".
    kind: str
    #: The label as printed.
    label: str
    value: str
    #: Number of the line with the label.
    index: int
    #: The label alone would not prove it ('Date:', 'From:').
    is_weak: bool
    is_aside: bool = False


_DIGIT = re.compile(r"\d")
_SIGN = re.compile(r"[:|｜丨]")
#: A sign after a label, or a digit of a date: every line with a labelled fact holds one, or is a credit in brackets.
_MARK = re.compile(r"[\d:：﹕∶|｜丨/／]")
_BRACKETS = tuple("(（[【")
#: A label line without a colon or bar says hardly more than a date.
_DATED_LONGEST = 160
#: No label that stands alone in its cell is longer.
_LONE_LONGEST = 32


def read_labels(lines: Lines) -> tuple[Labelled, ...]:
    """Every labelled fact of a page, in reading order."""
    found: list[Labelled] = []
    for line in lines.lines:
        if len(line.text) <= _LONGEST and _may_tell(line.text):
            facts = list(labels_in(line.text, index=line.index, is_aside=line.is_aside))
            if facts and not _is_caption(line):
                found.extend(facts)
    found.extend(_in_cells(lines.lines))
    return tuple(sorted(found, key=lambda fact: fact.index))


def _is_caption(line: Line) -> bool:
    """A caption's 'Source:' and 'Author:' are the picture's."""
    return any(element.tag in ("figure", "figcaption") for element in (line.element, *line.element.iterancestors()))


def labels_in(text: str, *, index: int = 0, is_aside: bool = False) -> Iterator[Labelled]:
    """The labelled facts of one line."""
    if not _may_tell(text):
        return
    plain = plain_digits(text)
    matches = list(_labels().finditer(plain)) if _may_label(plain) else []
    covered: list[tuple[int, int]] = []
    for number, match in enumerate(matches):
        end = matches[number + 1].start() if number + 1 < len(matches) else len(plain)
        word = match["word"].lower()
        kind = _kind(word)
        value = _value(text[match.end() : end], kind)
        covered.append((match.start(), end))
        if value:
            is_weak = word in WEAK_LABELS
            yield Labelled(kind=kind, label=match["word"], value=value, index=index, is_weak=is_weak, is_aside=is_aside)
    if (credit := _CREDIT.fullmatch(text)) and not covered:
        yield Labelled(
            kind="publisher", label=credit["word"], value=credit["name"], index=index, is_weak=False, is_aside=is_aside
        )
    if _DIGIT.search(plain):
        yield from _before_dates(text, plain, covered, index=index, is_aside=is_aside)


def _may_tell(text: str) -> bool:
    """Whether a line may hold a labelled fact; never wrong about one that does."""
    return bool(_MARK.search(text)) or text.startswith(_BRACKETS)


def _may_label(plain: str) -> bool:
    """Whether it is worth while to look for labels; never wrong about a text that has one."""
    has_sign = _SIGN.search(plain) or ("/" in plain and len(plain) <= _SLASHED_LONGEST)
    return bool(has_sign and _label_gate().found(plain))


@functools.cache
def _label_gate() -> Gate:
    """Any label, with a sign after it."""
    spread = "|".join(f"{word[0]}{SPACE}+{word[1]}" for word in _SPREAD)
    return Gate(rf"(?:{any_of(KIND_OF)}|{spread})(?:{SPACE}?\(s\))?{SPACE}?[:|｜丨/]")


def is_label_line(text: str) -> bool:
    """Whether a line consists of labelled facts and is no part of a story's text."""
    if len(text) > _LONGEST or (len(text) > _DATED_LONGEST and not _SIGN.search(plain_digits(text))):
        return False
    facts = [fact for fact in labels_in(text) if not fact.is_weak or fact.kind in ("published", "updated")]
    if not facts:
        return False
    rest = len(text) - sum(len(fact.label) + len(fact.value) + 1 for fact in facts)
    has_strong = any(not fact.is_weak for fact in facts)
    return rest <= max(12, 0.35 * len(text)) and (has_strong or rest <= 6)


def before_labels(text: str) -> str:
    """``text`` up to the first sure label with its fact, for a title that runs on into its label line."""
    plain = plain_digits(text)
    if not _may_label(plain):
        return text
    for match in islice(_labels().finditer(plain, 0, 2 * _LONGEST), _MOST_LABELS):
        if match["word"].lower() not in WEAK_LABELS and match.start() > 0:
            facts = list(labels_in(text[match.start() : match.start() + _LONGEST]))
            if any(fact.kind in ("published", "updated") and next(date_spans(fact.value), None) for fact in facts):
                return text[: match.start()].strip(" |-–—\u3000\u00a0")
    return text


@functools.cache
def _labels() -> re.Pattern[str]:
    """A label with the colon after it; East Asian ones need no space before them."""
    spaced: list[str] = []
    unspaced: list[str] = []
    for word in sorted(KIND_OF, key=len, reverse=True):
        escaped = re.escape(word).replace(r"\ ", r"\s")
        (unspaced if re.match(f"[{_CJK}]", word) else spaced).append(escaped)
    # The two characters of a label may be set apart for looks: 来　源.
    unspaced += [f"{word[0]}\\s+{word[1]}" for word in _SPREAD]
    # a digit may stand right before a label: '2023-05-17Source: ...' is what touching spans print
    spaced_form = rf"(?<![^\W\d])(?<![’'-])(?:{'|'.join(spaced)})"
    return re.compile(
        rf"(?P<word>{spaced_form}|{'|'.join(unspaced)})(?:\s?\(s\))?\s?(?::|(?<=[{_CJK}])\s?[|｜丨/])\s?", re.IGNORECASE
    )


def _kind(word: str) -> str:
    """The kind of a printed label."""
    word = word.lower()
    return KIND_OF.get(" ".join(word.split())) or KIND_OF["".join(word.split())]


def _value(text: str, kind: str) -> str:
    """The fact itself: up to a wide gap, a bar, or whatever else ends facts of its kind."""
    plain = plain_digits(text)
    spans = list(date_spans(plain[:200]))
    if kind in ("published", "updated"):
        if spans and spans[0].start < 40:
            return text[: spans[0].end].strip()
        return ""
    end = len(text)
    if gap := _GAP.search(plain):
        end = gap.start()
    for span in spans:
        if span.start < end and span.is_full:
            end = span.start
            break
    value = text[:end].strip().strip(_AROUND).strip()
    if value[:1] == "《" and value.endswith("》"):
        value = value[1:-1]
    if kind in ("publisher", "author", "editor") and re.match(rf"[{_CJK}]", value):
        # Names in Han script hold no spaces; 'A　B' are two facts.
        value = re.split(r"\s", value, maxsplit=1)[0] if kind == "publisher" else value
    return value if len(value) <= _VALUE_LONGEST else ""


def _before_dates(
    text: str, plain: str, covered: Sequence[tuple[int, int]], *, index: int, is_aside: bool
) -> Iterator[Labelled]:
    """Labels without a colon: 'Posted on May 17, 2023', 'Veröffentlicht am 17. Mai 2023', '2023-05-17 发布'."""
    previous = 0
    for span in date_spans(text):
        if any(start <= span.start < end for start, end in covered):
            previous = span.end
            continue
        match = _lead().search(plain[max(previous, span.start - 45) : span.start])
        after = _TRAIL.match(plain[span.end :])
        previous = span.end
        if match or after:
            word = (match or after)["word"]  # type: ignore[index]
            yield Labelled(
                kind=_kind(word),
                label=word,
                value=span.text,
                index=index,
                is_weak=word.lower() in WEAK_LABELS,
                is_aside=is_aside,
            )


@functools.cache
def _lead() -> re.Pattern[str]:
    words = [*LABELS["published"], *LABELS["updated"]]
    alternation = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))
    links = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(LINKING_WORDS, key=len, reverse=True))
    return re.compile(
        rf"(?<!\w)(?P<word>{alternation})[\s:,|–-]*(?:(?:{links})[\s:,]*)?(?:\w{{2,12}}[.,]?\s)?$", re.IGNORECASE
    )


def _in_cells(lines: Sequence[Line]) -> Iterator[Labelled]:
    """A label alone in its cell, its fact in the next; or a row of labels over a row of facts."""
    number = 0
    while number < len(lines):
        run = 0
        while number + run < len(lines) and run < 8 and _lone_label(lines[number + run].text):
            run += 1
        for place in range(run):
            label, value_at = lines[number + place], number + place + run
            if value_at >= len(lines) or not _are_neighbours(label, lines[value_at]):
                continue
            word = _lone_label(label.text) or ""
            value = _value(lines[value_at].text, _kind(word)) if len(lines[value_at].text) <= _LONGEST else ""
            if value:
                yield Labelled(
                    kind=_kind(word),
                    label=word,
                    value=value,
                    index=label.index,
                    is_weak=word.lower() in WEAK_LABELS,
                    is_aside=label.is_aside,
                )
        number += run or 1


def _lone_label(text: str) -> str | None:
    if len(text) > _LONE_LONGEST:
        return None
    word = plain_digits(text).strip().rstrip(": ").strip()
    key = " ".join(word.lower().split())
    return word if key in KIND_OF or "".join(key.split()) in _SPREAD else None


def _are_neighbours(label: Line, value: Line) -> bool:
    """Cells of one table, terms of one list, blocks of one parent."""
    ancestors = [label.element, *islice(label.element.iterancestors(), 2)]
    others = [value.element, *islice(value.element.iterancestors(), 2)]
    return any(one is other for one in ancestors for other in others)
