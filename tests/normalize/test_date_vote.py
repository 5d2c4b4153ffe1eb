"""Which of a page's dates wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from feedsvc.model import Found, Precision
from feedsvc.normalize.dates import choose

NOW = datetime(2024, 3, 6, 12, 0, tzinfo=UTC)
THE_DAY = "2023-05-17"


def _vote(*candidates: Found, other_dates: tuple[str, ...] = ()) -> str | None:
    chosen = choose(candidates, now=NOW, time_zone="UTC", languages=("en",), other_dates=other_dates)
    return chosen[0].day if chosen else None


def test_two_voices_outvote_a_surer_one() -> None:
    assert (
        _vote(
            Found(text="2023-05-18", where="jsonld:datePublished", confidence=0.7),
            Found(text="17 May 2023", where="label:Published", confidence=0.6),
            Found(text="2023-05-17", where="url", confidence=0.4),
        )
        == THE_DAY
    )


def test_a_rule_beats_every_vote() -> None:
    assert (
        _vote(
            Found(text="2023-05-18", where="jsonld:datePublished"),
            Found(text="2023-05-18", where="label:Published"),
            Found(text="17 May 2023", where="rule:.date", confidence=0.1),
        )
        == THE_DAY
    )


def test_of_the_winning_day_the_most_precise_wording_is_taken() -> None:
    chosen = choose(
        [
            Found(text="17 May 2023", where="label:Published"),
            Found(text="2023-05-17T15:30:00Z", where="time", confidence=0.2),
        ],
        now=NOW,
        time_zone="UTC",
    )
    assert chosen is not None
    assert chosen[0].precision is Precision.SECOND


def test_the_vote_reads_ambiguous_dates_by_the_pages_other_dates() -> None:
    ambiguous = Found(text="05/04/2023", where="near-title")
    assert _vote(ambiguous) == "2023-05-04"
    assert _vote(ambiguous, other_dates=("25/04/2023",)) == "2023-04-05"


def test_what_needs_the_clock_yields_to_a_date_printed_in_full() -> None:
    assert (
        _vote(
            Found(text="3 hours ago", where="near-title", confidence=0.6),
            Found(text="17 May 2023", where="label:Published", confidence=0.5),
        )
        == THE_DAY
    )


def test_what_needs_the_clock_counts_where_nothing_else_stands() -> None:
    assert _vote(Found(text="3 hours ago", where="near-title", confidence=0.6)) == "2024-03-06"


def test_a_moment_in_utc_votes_for_the_local_day_that_the_page_prints() -> None:
    assert (
        _vote(
            Found(text="2023-05-18T02:41:00Z", where="jsonld:datePublished", confidence=0.8),
            Found(text="17 May 2023, 10:41 pm", where="near-title", confidence=0.6),
        )
        == THE_DAY
    )


def test_a_moment_in_utc_that_the_page_confirms_stays() -> None:
    assert (
        _vote(
            Found(text="2023-05-17T02:41:00Z", where="jsonld:datePublished", confidence=0.8),
            Found(text="17 May 2023", where="near-title", confidence=0.6),
            Found(text="16 May 2023", where="element:div", confidence=0.45),
        )
        == THE_DAY
    )


def test_words_that_count_from_now_count_from_when_they_were_read() -> None:
    found = Found(text="2 days ago", where="list", read_at=NOW - timedelta(days=5))
    assert _vote(found) == "2024-02-28"
    assert _vote(replace(found, text="yesterday")) == "2024-02-29"
