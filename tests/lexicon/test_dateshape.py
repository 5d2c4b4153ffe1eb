"""Recognizing date-shaped text, without parsing it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.lexicon.dateshape import date_spans, is_date


def _shapes(text: str) -> list[tuple[str, str]]:
    return [(span.shape, span.text) for span in date_spans(text)]


def test_every_date_of_a_line_is_found_in_order() -> None:
    assert _shapes("Published 17 May 2023, updated 2023-05-18 09:30 (3 days ago)") == [
        ("words", "17 May 2023"),
        ("iso", "2023-05-18 09:30"),
        ("relative", "3 days ago"),
    ]


def test_a_label_line_gives_its_date_alone() -> None:
    assert _shapes("Release date: 2023-05-17    Source:China International Import Expo Bureau") == [
        ("iso", "2023-05-17")
    ]


def test_offsets_point_into_the_original_text() -> None:
    text = "发布时间：２０２３年５月１７日 来源：新华社"
    span = next(date_spans(text))
    assert text[span.start : span.end].strip() == "２０２３年５月１７日"
    assert dict(span.parts) == {"year": "2023", "month": "5", "day": "17"}


@pytest.mark.parametrize(
    "text",
    [
        "version 1.2.3",
        "Python 3.11.7",
        "Call center: 86-21-968888",
        "192.168.10.15",
        "We may meet 3 times in March",
        "Monday is when the council meets to decide about the budget of the next year, as always",
        "The 2023 season",
        "Ready for AD/PD",
        "Closed for 3 days",
        "Open for an hour longer",
        "1,200,517",
        "https://example.org/12345678901",
    ],
)
def test_numbers_and_words_that_are_no_dates_are_left_alone(text: str) -> None:
    assert _shapes(text) == []


@pytest.mark.parametrize("text", ["17 May 2023", "Wed, May 17, 2023 - 3:30 pm", "昨天 15:30", "3 hours ago", "[05-17]"])
def test_a_date_and_nothing_else_is_a_date(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize("text", ["", "News", "On 17 May 2023 the bureau announced", "Source: Xinhua 2023-05-17"])
def test_text_around_a_date_is_not_a_date(text: str) -> None:
    assert not is_date(text)


@given(st.text(max_size=200))
def test_spans_never_overlap_and_recognition_never_raises(text: str) -> None:
    end = 0
    for span in date_spans(text):
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        end = span.end
