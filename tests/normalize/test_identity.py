"""Who is who among stories."""

from __future__ import annotations

import uuid
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Entry, Media
from feedsvc.normalize.identity import alike, fingerprint, lasting_words, mint, significant_digest, title_key
from feedsvc.normalize.urls import canonicalize

PROSE = " ".join(f"The {word} committee met on day {at} and agreed." for at, word in enumerate("abcdefghijklmnop"))


def entry(**fields: object) -> Entry:
    values: dict[str, object] = {
        "link": "https://n.example/a",
        "canonical_url": "https://n.example/a",
        "title": "A title",
        "content": f"<p>{PROSE}</p>",
        "enclosures": (Media(url="https://n.example/a.pdf?sig=1", type="application/pdf"),),
    }
    return Entry(**{**values, **fields})  # type: ignore[arg-type]


def test_ids_are_the_same_for_ever() -> None:
    assert mint("https://n.example/a") == "3f47dbd9-4bb6-5acd-8ab1-97840c684f08"


@given(st.text())
def test_an_id_is_a_bare_lower_case_uuid_and_depends_on_the_address_alone(url: str) -> None:
    assert mint(url) == mint(url) == str(uuid.UUID(mint(url)))


def test_the_scheme_and_tracking_do_not_change_an_id() -> None:
    assert mint(canonicalize("http://n.example/a/?utm_source=x")) == mint(canonicalize("https://n.example/a"))


@pytest.mark.parametrize(
    "fields",
    [
        {"content": f"<div>\n<p> {PROSE.replace(' ', '  ')} </p></div>"},
        {"content": f"<p>{PROSE}</p><p>Advertisement</p><p>Views: 1,234</p><p>阅读 3321</p>"},
        {"content": f"<p>{PROSE}</p><img src='https://cdn.example/i.jpg?sig=123'>"},
        {"link": "http://n.example/a/?utm_medium=feed"},
        {"enclosures": (Media(url="https://n.example/a.pdf?sig=2"),)},
        {"summary": "Another summary"},
    ],
    ids=["white space", "counters and ads", "a signed image", "tracking", "a signed file", "the summary"],
)
def test_what_readers_would_not_call_a_change_is_none(fields: dict[str, object]) -> None:
    assert significant_digest(entry(**fields)) == significant_digest(entry())


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "A title, corrected"},
        {"content": f"<p>{PROSE} More was said.</p>"},
        {"link": "https://n.example/b"},
        {"enclosures": ()},
    ],
    ids=["title", "text", "link", "enclosure"],
)
def test_a_new_title_text_link_or_enclosure_is_a_change(fields: dict[str, object]) -> None:
    assert significant_digest(entry(**fields)) != significant_digest(entry())


def test_titles_are_compared_without_case_and_punctuation_and_short_ones_not_at_all() -> None:
    assert title_key("The Fair  opens!") == title_key("the fair opens") != ""
    assert title_key("News") == ""


def test_an_edited_text_is_alike_and_another_is_not() -> None:
    edited = PROSE.replace("day 7", "Friday")
    other = " ".join(f"Prices rose by {at} percent in sector {at * 7}." for at in range(20))
    assert alike(fingerprint(PROSE), fingerprint(edited))
    assert not alike(fingerprint(PROSE), fingerprint(other))
    assert not alike(fingerprint("short"), fingerprint("short"))


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9), max_size=90))
def test_a_fingerprint_is_the_smallest_checksums_of_four_words_in_a_row(parts: list[str]) -> None:
    """What is in stores already was made by this rule: it must never change."""
    content = f"<p>{' '.join(parts)}</p>"
    words = lasting_words(content)
    sums = {crc32(" ".join(words[at : at + 4]).encode()) for at in range(len(words) - 3)}
    expected = "".join(f"{one:08x}" for one in sorted(sums)[:16]) if len(words) >= 40 else ""
    assert fingerprint(content) == expected


def test_the_four_characters_of_a_notice_tell_no_stories_apart() -> None:
    assert title_key("招标公告") == title_key("Week 12") == ""
    assert title_key("港口图书馆") != ""
