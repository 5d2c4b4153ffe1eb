"""What to do with each item of a listing, when to stop turning pages, when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import ListingItem, Precision, When
from feedsvc.normalize.identity import title_key
from feedsvc.normalize.urls import canonicalize
from feedsvc.scrape.decide import Habits, Limits, Outcome, decide
from feedsvc.scrape.facts import facts_of
from feedsvc.scrape.quarantine import judge
from feedsvc.scrape.rechecks import next_recheck
from feedsvc.scrape.sightings import Known, Sighting
from feedsvc.scrape.turning import turn_page

NOW = datetime(2024, 5, 20, 9, 0, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)


def sighting(url: str, title: str = "", day: str = "") -> Sighting:
    when = When(at=datetime.fromisoformat(f"{day}T12:00:00+00:00"), precision=Precision.DAY, day=day) if day else None
    return Sighting(item=ListingItem(url=url), url=canonicalize(url), title=title_key(title), published=when)


def story(number: int, *, day: str = "2024-05-01") -> Known:
    url = f"https://n.example/news/{number}"
    return Known(uuid=f"id-{number}", title=f"The story number {number}", day=day, urls=(url,))


def shown(known: Known, *, url: str | None = None, title: str | None = None, day: str | None = None) -> Sighting:
    return sighting(url or known.urls[0], known.title if title is None else title, known.day if day is None else day)


KNOWN = tuple(story(number) for number in range(12))


def outcomes(seen: Sequence[Sighting], known: Sequence[Known] = KNOWN, **options: object) -> list[Outcome]:
    values: dict[str, object] = {"now": NOW, "last_good_at": YESTERDAY, **options}
    return [step.outcome for step in decide(seen, known, **values).steps]  # type: ignore[arg-type]


def test_the_first_scrape_takes_everything_as_new() -> None:
    seen = [shown(one) for one in KNOWN]
    assert outcomes(seen, (), last_good_at=None) == [Outcome.NEW] * 12


def test_an_unknown_item_is_new_and_the_rest_is_known() -> None:
    seen = [sighting("https://n.example/news/99", "Brand new story here", "2024-05-20"), *map(shown, KNOWN)]
    assert outcomes(seen) == [Outcome.NEW, *[Outcome.KNOWN] * 12]


def test_stories_under_new_addresses_are_recognized_by_title_and_day() -> None:
    seen = [shown(one, url=f"https://n.example/releases/{at}-x") for at, one in enumerate(KNOWN)]
    decision = decide(seen, KNOWN, now=NOW, last_good_at=YESTERDAY)
    assert [step.uuid for step in decision.steps] == [one.uuid for one in KNOWN]
    assert {step.outcome for step in decision.steps} == {Outcome.MOVED}
    assert decision.is_relinked


def test_where_most_addresses_changed_titles_alone_are_enough() -> None:
    seen = [shown(one, url=f"https://n.example/r/{at}", day="") for at, one in enumerate(KNOWN)]
    new = sighting("https://n.example/r/new", "Brand new story here")
    assert outcomes([new, *seen]) == [Outcome.NEW, *[Outcome.MOVED] * 12]


def test_one_edited_slug_is_recognized_and_a_namesake_of_another_day_is_news() -> None:
    moved = shown(KNOWN[3], url="https://n.example/news/3-corrected")
    namesake = sighting("https://n.example/news/77", KNOWN[4].title, "2024-05-20")
    rest = [shown(one) for one in KNOWN[5:]]
    assert outcomes([namesake, moved, *rest])[:2] == [Outcome.NEW, Outcome.MOVED]


def test_filings_of_one_title_and_day_are_each_news() -> None:
    first = Known(uuid="f", title="Directorate shareholding", day="2024-05-20", urls=("https://n.example/f/1",))
    others = [sighting(f"https://n.example/f/{at}", first.title, first.day) for at in (2, 3, 4)]
    assert outcomes([*others, shown(first)], (first,)) == [*[Outcome.NEW] * 3, Outcome.KNOWN]


def test_a_list_shown_twice_under_other_addresses_is_not_news() -> None:
    seen = [*map(shown, KNOWN), *(shown(one, url=f"{one.urls[0]}/copy") for one in KNOWN)]
    assert Outcome.NEW not in outcomes(seen)


def test_a_flood_waits_unless_its_dates_lie_after_the_last_good_scrape() -> None:
    old = [sighting(f"https://n.example/o/{at}", f"An older story {at}", "2023-01-01") for at in range(30)]
    recent = [sighting(f"https://n.example/r/{at}", f"A recent story {at}", "2024-05-20") for at in range(30)]
    undated = [sighting(f"https://n.example/o/{at}", f"An undated story {at}") for at in range(30)]
    assert set(outcomes(old)) == set(outcomes(undated)) == {Outcome.HELD}
    assert set(outcomes(recent)) == {Outcome.NEW}
    assert set(outcomes(old[:25])) == {Outcome.NEW}
    assert outcomes([*recent[:3], *old], limits=Limits(details=3)) == [*[Outcome.NEW] * 3, *[Outcome.HELD] * 30]
    assert outcomes([*old, *recent[:3]], limits=Limits(details=3)) == [*[Outcome.HELD] * 30, *[Outcome.NEW] * 3]


def test_what_exceeds_the_details_of_one_scrape_comes_later() -> None:
    seen = [sighting(f"https://n.example/o/{at}", f"A story {at}") for at in range(5)]
    assert outcomes(seen, (), last_good_at=None, limits=Limits(details=3)) == [*[Outcome.NEW] * 3, *[Outcome.LATER] * 2]


def test_where_a_site_has_moved_its_pages_an_undated_item_beside_them_is_no_stranger() -> None:
    habits = Habits(hosts=frozenset({"n.example"}), shapes=frozenset({"n.example/news/*"}), is_dated=True)
    item = sighting("https://n.example/press/99", "Brand new story here")
    moved = [shown(one, url=f"https://n.example/press/{at}") for at, one in enumerate(KNOWN)]
    assert outcomes([item, *map(shown, KNOWN)], habits=habits)[0] is Outcome.SKIPPED
    assert outcomes([item, *moved], habits=habits)[0] is Outcome.NEW


def test_an_undated_link_to_a_foreign_host_between_dated_items_is_skipped() -> None:
    advertisement = sighting("https://ads.example/buy", "Buy our wonderful things")
    habits = Habits(hosts=frozenset({"n.example"}), is_dated=True)
    assert outcomes([advertisement, *map(shown, KNOWN)], habits=habits)[0] is Outcome.SKIPPED
    assert outcomes([advertisement, *map(shown, KNOWN)])[0] is Outcome.NEW


def test_what_left_the_listing_is_named_and_nothing_more() -> None:
    decision = decide([shown(one) for one in KNOWN[:10]], KNOWN, now=NOW, last_good_at=YESTERDAY)
    assert decision.gone == ("id-10", "id-11")


@given(
    st.lists(
        st.tuples(st.integers(0, 15), st.booleans(), st.sampled_from(["", "2024-05-01", "2024-05-20"])), max_size=40
    )
)
def test_each_item_has_one_outcome_with_a_reason_and_no_story_is_two_items(items: list[tuple[int, bool, str]]) -> None:
    seen = [
        sighting(f"https://n.example/{'x' if moved else 'news'}/{number}", f"The story number {number}", day)
        for number, moved, day in items
    ]
    seen = list({one.url: one for one in seen}.values())
    decision = decide(seen, KNOWN, now=NOW, last_good_at=YESTERDAY)
    assert [step.sighting for step in decision.steps] == seen
    assert all(step.reason for step in decision.steps)
    moved = [step.uuid for step in decision.of(Outcome.MOVED)]
    assert len(set(moved)) == len(moved)


PAGE = [shown(one) for one in KNOWN]
FRESH = [sighting(f"https://n.example/p/{at}", f"Unknown story {at}") for at in range(3)]


@pytest.mark.parametrize(
    ("before", "page", "known", "pages", "has_next", "goes_on", "reason"),
    [
        ([], FRESH, KNOWN, 1, True, True, "3 new"),
        ([], PAGE, KNOWN, 1, True, False, "nothing new"),
        ([], PAGE, (), 1, False, False, "no further page"),
        ([], PAGE, (), 20, True, False, "limit"),
        (FRESH, FRESH, (), 2, True, False, "repeats"),
        (
            [],
            [shown(one, url=f"https://n.example/x/{one.uuid}") for one in KNOWN],
            KNOWN,
            1,
            True,
            False,
            "nothing new",
        ),
    ],
)
def test_pages_are_turned_while_they_bring_news(
    before: list[Sighting],
    page: list[Sighting],
    known: tuple[Known, ...],
    pages: int,
    has_next: bool,
    goes_on: bool,
    reason: str,
) -> None:
    turn = turn_page(before, page, known, pages=pages, has_next=has_next)
    assert (turn.goes_on, reason in turn.reason) == (goes_on, True)


SINCE = Limits(since=date(2024, 5, 1))


def test_items_printed_before_the_day_back_to_which_is_read_are_not_taken() -> None:
    seen = [
        sighting("https://n.example/a", "One", "2024-05-02"),
        sighting("https://n.example/b", "Two", "2024-05-01"),
        sighting("https://n.example/c", "Three"),
        sighting("https://n.example/d", "Four", "2024-04-30"),
    ]
    assert outcomes(seen, (), last_good_at=None, limits=SINCE) == [*[Outcome.NEW] * 3, Outcome.OLD]


def test_what_is_known_already_stays_known_before_that_day() -> None:
    old = story(1, day="2023-01-01")
    assert outcomes([shown(old)], (old,), limits=SINCE) == [Outcome.KNOWN]


def test_a_listing_with_nothing_but_older_items_is_no_broken_page() -> None:
    seen = [sighting(f"https://n.example/{n}", f"Story {n}", f"2023-05-0{n}") for n in range(1, 6)]
    decision = decide(seen, (), now=NOW, last_good_at=None, limits=SINCE)
    front = {one.url for one in seen}
    facts = facts_of(decision, (), front=front, look=None, now=NOW, last_good_at=None)
    later = facts_of(decision, (), front=front, look=None, now=NOW, last_good_at=YESTERDAY)
    assert (facts.items, facts.new, later.unexplained) == (5, 0, 0)
    assert judge(facts, []).is_ok
    assert judge(later, [facts]).is_ok


def test_no_page_is_turned_once_all_of_it_was_released_before_that_day() -> None:
    pinned = [
        sighting("https://n.example/p", "Pinned", "2020-01-01"),
        sighting("https://n.example/a", "One", "2024-05-02"),
    ]
    old = [
        sighting("https://n.example/c", "Three", "2024-04-30"),
        sighting("https://n.example/d", "Four", "2024-04-29"),
    ]
    undated = [sighting("https://n.example/u", "Undated")]
    turns = [turn_page([], page, (), pages=1, has_next=True, limits=SINCE) for page in (pinned, old, undated)]
    assert [turn.goes_on for turn in turns] == [True, False, True]
    assert turns[1].reason == "everything on the page was released before 2024-05-01"


def test_release_pages_are_looked_at_again_after_an_hour_six_a_day_and_a_week() -> None:
    due, checked = [], NOW
    while (at := next_recheck(NOW, checked_at=checked)) is not None:
        due.append(at - NOW)
        checked = at
    assert due == [timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=7)]


def test_a_late_check_settles_the_appointments_before_it() -> None:
    assert next_recheck(NOW, checked_at=NOW + timedelta(hours=30)) == NOW + timedelta(days=7)
    assert next_recheck(NOW, checked_at=NOW + timedelta(days=8)) is None
