"""Gates save looks that are dear, and never one that would have found something."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.extract import breadcrumb, hints, labels
from feedsvc.extract.lines import bare
from feedsvc.lexicon import dateforms, dateshape, trails
from feedsvc.lexicon.folding import plain_digits
from feedsvc.lexicon.gate import Gate, any_of
from feedsvc.lexicon.labels import KIND_OF
from feedsvc.lexicon.months import MONTH_NAMES
from feedsvc.lexicon.relative import AGO_AFTER, AGO_BEFORE, NAMED_DAYS, NOW_WORDS
from feedsvc.normalize.identity import words_of

_SURROUNDINGS = st.text(alphabet="aI ıİſK:|/(s)-_'’.\u00a0\u2003\u30006年月前Éé١", max_size=4)
_PIECES = st.sampled_from(
    [
        *AGO_BEFORE, *AGO_AFTER, *NOW_WORDS, *sorted(MONTH_NAMES)[::7],
        *(word for day in NAMED_DAYS.values() for word in day),
        "3", "17", "2023", "2023-05-17", "5.7.2023", "20230517", "二〇二三年五月十七日", "5月", "17日", "令和5年",
        "R5.5.17",
        "tháng 5", "hours", "Stunden", "15:30", "a", "at", "小时", "Monday", "1684308600",
    ]
)  # fmt: skip


def _in_any_case(word: str) -> st.SearchStrategy[str]:
    return st.sampled_from([word, word.upper(), word.title(), word.replace(" ", "\u2003"), word.replace("i", "İ")])


@given(st.sampled_from([word for words in hints._WORDS.values() for word in words]), _SURROUNDINGS, _SURROUNDINGS)
def test_a_name_that_says_what_it_holds_passes(word: str, before: str, after: str) -> None:
    name = f"{before}{word.strip('<>')}{after}"
    for at, (_hint, pattern) in enumerate(hints._HINTS):
        for one in (name, name.upper()):
            assert not pattern.search(one) or at in hints._GATE.found(one)


@given(st.sampled_from(sorted(KIND_OF)).flatmap(_in_any_case), _SURROUNDINGS, _SURROUNDINGS)
def test_a_line_with_a_label_passes(word: str, before: str, after: str) -> None:
    for sign in (":", " : ", "(s):", "：", "/", "|"):
        plain = plain_digits(f"{before}{word}{sign}{after}")
        slashed = "/" in plain and len(plain) > labels._SLASHED_LONGEST
        assert slashed or not labels._labels().search(plain) or labels._may_label(plain)


@given(st.lists(st.tuples(_PIECES.flatmap(_in_any_case), st.sampled_from([" ", " ", ", ", ""])), max_size=5))
def test_a_date_passes(pieces: list[tuple[str, str]]) -> None:
    """Whatever the gate of the forms leaves out gives no date; glued words are no words of theirs."""
    text = "".join(word + (gap or "-") for word, gap in pieces)
    gated = list(dateshape._spans(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dateforms.Forms, "worth_trying", _all_forms)
        assert list(dateshape._spans(text)) == gated


_MARKS = ["Source", "来源", ":", "：", "|", "/", "2023-05-17", "١٧", "Posted on", "(转自新华社)", " "]
_LINES = st.lists(st.sampled_from(_MARKS) | st.text(max_size=6), max_size=6).map("".join)


@given(_LINES)
def test_a_line_that_tells_something_passes(text: str) -> None:
    if not labels._may_tell(text):
        plain = plain_digits(text)
        assert not labels._labels().search(plain) or not labels._may_label(plain)
        assert not labels._CREDIT.fullmatch(text)
        assert not labels._DIGIT.search(plain)


@given(
    st.sampled_from(trails.HOMES).flatmap(_in_any_case),
    st.sampled_from(["", " ", "> ", "| ", "« "]),
    st.sampled_from([" > ", ">", " / ", " - ", "»", "｜"]),
)
def test_a_trail_from_the_front_page_passes(home: str, before: str, sign: str) -> None:
    text = f"{before}{home}{sign}News{sign}Story"
    pieces = breadcrumb._split(text)
    assert (len(pieces) > 2 and trails.is_home(pieces[0])) == bool(breadcrumb._from_home(text))


@given(st.text(alphabet="aÉß’‘“”–—…\u00a0\u0301ſİ_-. 1你ー・K", max_size=20) | st.text(max_size=20))
def test_what_is_compared_does_not_depend_on_the_way_to_it(text: str) -> None:
    """Most English differs from ASCII in its quotation marks alone, and is compared in a faster way."""
    assert bare(text) == re.sub(r"[\W_]+", "", text.casefold())
    whole = re.sub(
        r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])", r" \1 ", unicodedata.normalize("NFKC", text).casefold()
    )
    assert words_of(text) == tuple(re.sub(r"[\W_]+", " ", whole).split())


def _all_forms(forms: dateforms.Forms, plain: str) -> Iterator[tuple[int, dateforms.Form]]:
    del plain
    return iter(forms._ranked)


@given(st.text(max_size=30))
def test_whatever_the_text_it_is_read(text: str) -> None:
    gate = Gate(any_of(["read more", "lesen"]), "x")
    is_more = re.search(r"read\smore|lesen", text, re.IGNORECASE)
    assert not is_more or 0 in gate.found(text)
    assert ("x" in text.lower()) <= (1 in gate.found(text))


def test_a_text_that_cannot_be_encoded_is_let_through() -> None:
    assert list(Gate("a", "b").found("\ud800")) == [0, 1]
