"""Bylines as names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.normalize.names import person_names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Zhao Guangmei", ("Zhao Guangmei",)),
        ("By Ann Lee and Bo Li, Staff Writer", ("Ann Lee", "Bo Li")),
        ("Von Anna Berg und Max Klein", ("Anna Berg", "Max Klein")),
        ("Par Marie Curie et Jean Petit", ("Marie Curie", "Jean Petit")),
        ("Kommentar von Anna Berg", ("Anna Berg",)),
        ("记者：张三、李四", ("张三", "李四")),
        ("김민수 기자", ("김민수",)),
        ("Ann Lee (ann.lee@example.org)", ("Ann Lee",)),
        ("By Ann Lee | 17 May 2023", ("Ann Lee",)),
        ("Ludwig van der Berg", ("Ludwig van der Berg",)),
        ("", ()),
    ],
)
def test_a_byline_gives_its_names(byline: str, names: tuple[str, ...]) -> None:
    assert person_names([byline]) == names


def test_a_name_stands_once() -> None:
    assert person_names(["Ann Lee", "By ANN LEE", "Bo Li"]) == ("Ann Lee", "Bo Li")


@given(st.lists(st.text(max_size=120), max_size=3))
def test_no_byline_makes_it_raise(bylines: list[str]) -> None:
    person_names(bylines)
