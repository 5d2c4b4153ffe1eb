"""Label lines in many languages and layouts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.extract.labels import before_labels, is_label_line, labels_in


def _facts(text: str) -> dict[str, str]:
    return {fact.kind: fact.value for fact in labels_in(text)}


PUBLISHED = [
    "Release date: 2023-05-17",
    "Posted on 17 May 2023",
    "Veröffentlicht am 17. Mai 2023",
    "Erschienen am 17.05.2023",
    "Publié le 17 mai 2023",
    "Mis en ligne le 17/05/2023",
    "Publicado el 17 de mayo de 2023",
    "Publicado em 17 de maio de 2023",
    "Pubblicato il 17 maggio 2023",
    "Gepubliceerd op 17 mei 2023",
    "Opublikowano: 17 maja 2023",
    "Publikováno 17. května 2023",
    "Zverejnené 17. mája 2023",
    "Publicerad 17 maj 2023",
    "Publisert 17. mai 2023",
    "Offentliggjort: 17. maj 2023",
    "Julkaistu 17.5.2023",
    "Megjelent: 2023. május 17.",
    "Publicat la 17 mai 2023",
    "Yayınlanma tarihi: 17 Mayıs 2023",
    "Опубликовано: 17 мая 2023",
    "Опубліковано 17 травня 2023",
    "Публикувано на 17 май 2023",
    "Δημοσιεύτηκε: 17 Μαΐου 2023",
    "تاريخ النشر: 17 مايو 2023",
    "تاریخ انتشار: ۲۷ اردیبهشت ۱۴۰۲",
    "פורסם: 17 במאי 2023",
    "प्रकाशित: 17 मई 2023",
    "เผยแพร่เมื่อ 17 พฤษภาคม 2566",
    "Ngày đăng: 17/05/2023",
    "Diterbitkan: 17 Mei 2023",
    "发布时间：2023-05-17 15:30",
    "發佈日期：2023年5月17日",
    "公開日：2023年5月17日",
    "등록일 2023.05.17",
]


@pytest.mark.parametrize("text", PUBLISHED)
def test_the_date_of_release_is_recognized_by_its_label(text: str) -> None:
    assert "published" in _facts(text)


@pytest.mark.parametrize(
    "text", ["Updated: 17 May 2023", "Aktualisiert am 17.05.2023", "更新时间：2023-05-17", "Обновлено 17 мая 2023"]
)
def test_an_update_is_no_release(text: str) -> None:
    assert set(_facts(text)) == {"updated"}


def test_several_labels_of_one_line_keep_their_own_facts() -> None:
    line = "时间：2023-05-17 10:30　来源：新华社　作者：张三　编辑：李四　浏览：1203次"
    facts = _facts(line)
    assert facts["published"] == "2023-05-17 10:30"
    assert (facts["publisher"], facts["author"], facts["editor"]) == ("新华社", "张三", "李四")


def test_a_fact_ends_where_the_page_leaves_a_wide_gap() -> None:
    assert _facts("Source: Harbour Bureau  Print this page")["publisher"] == "Harbour Bureau"


@pytest.mark.parametrize(
    "text",
    ["Release date: 2023-05-17    Source: Bureau", "发布时间：2023-05-17 来源：新华社", "Posted on May 17, 2023"],
)
def test_a_line_of_labels_is_no_text(text: str) -> None:
    assert is_label_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "The source of the river was found in 1862 by two explorers.",
        "He said: nobody updated the list before 17 May 2023, and the minister agreed that this would have to change.",
        "Source",
        "",
    ],
)
def test_prose_is_no_label_line(text: str) -> None:
    assert not is_label_line(text)


def test_a_title_ends_where_its_label_line_begins() -> None:
    assert (
        before_labels("Six years on: a practice Release date: 2023-05-17  Source:Bureau") == "Six years on: a practice"
    )
    assert before_labels("Release date: what we know so far") == "Release date: what we know so far"


@given(st.text(max_size=300))
def test_no_line_makes_reading_raise(text: str) -> None:
    list(labels_in(text))
    is_label_line(text)
    before_labels(text)
