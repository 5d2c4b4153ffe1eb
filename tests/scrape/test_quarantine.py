"""Verdicts on single pictures; whole days are in test_bad_days.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.scrape.facts import Facts, habits
from feedsvc.scrape.quarantine import AT_ONCE, Fault, Health, Settings, State, Verdict, health_after, judge

NOW = datetime(2024, 5, 20, 9, 0, tzinfo=UTC)
GOOD = Facts(
    items=12, known=12, reached=12, titled=12, titles=12, dated=12, days=10, newest="2024-05-18",
    shape="n.example/news/#/*", shape_percent=100, hosts=("n.example",),
)  # fmt: skip
PAST = [GOOD] * 5


def test_a_scrape_like_the_ones_before_is_well() -> None:
    assert judge(GOOD, PAST) == Verdict()


def test_a_first_scrape_is_only_refused_where_nothing_is_there() -> None:
    assert judge(replace(GOOD, known=0, reached=0, new=12), []).is_ok
    assert judge(Facts(look="login wall"), []).fault is Fault.NO_ITEMS
    assert judge(Facts(items=2, new=2, look="error page"), []).fault is Fault.WRONG_PAGE


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"items": 0, "known": 0, "reached": 0}, Fault.NO_ITEMS),
        ({"items": 5, "known": 5}, Fault.SHRUNK),
        ({"items": 6, "known": 6, "titles": 6, "dated": 6}, None),
        ({"known": 0, "reached": 0, "new": 12}, Fault.ALL_REPLACED),
        ({"known": 0, "reached": 0, "new": 12, "newest": "2024-05-20"}, None),
        ({"known": 0, "reached": 3, "new": 12}, None),
        ({"known": 0, "reached": 0, "new": 12, "newest": "2024-05-20", "shape": "x.example/*"}, Fault.OTHER_LINKS),
        ({"known": 4, "new": 8, "unexplained": 6}, Fault.UNEXPLAINED),
        ({"dated": 2}, Fault.DATES_GONE),
        ({"ahead": 9}, Fault.DATES_WRONG),
        ({"redated": 9}, Fault.DATES_WRONG),
        ({"known": 4, "new": 8, "days": 1}, Fault.DATES_WRONG),
        ({"known": 4, "new": 8, "days": 1, "same_day": 1, "redated": 3}, Fault.DATES_WRONG),
        # a busy day: the short list shows nothing older any more, and what was known has the day it had
        ({"known": 4, "new": 8, "days": 1, "same_day": 4}, None),
        ({"titles": 1}, Fault.TITLES_WRONG),
        ({"retitled": 12}, Fault.TITLES_WRONG),
        ({"retitled": 12, "swapped": 12}, Fault.SHUFFLED),
        ({"look": "login wall"}, None),
    ],
)
def test_each_fault_is_named(changes: dict[str, object], fault: Fault | None) -> None:
    assert judge(replace(GOOD, **changes), PAST).fault is fault  # type: ignore[arg-type]


def test_the_evidence_sets_the_page_beside_its_past() -> None:
    verdict = judge(Facts(look="challenge"), PAST)
    assert "challenge" in verdict.reason
    assert verdict.evidence[0].startswith("now: 0 items")
    assert len(verdict.evidence) == 6


def test_a_source_without_dates_is_not_asked_for_them() -> None:
    undated = replace(GOOD, dated=0, days=0, newest="")
    assert judge(undated, [undated] * 5).is_ok


def test_alike_scrapes_within_a_day_are_not_accepted_and_other_faults_begin_anew() -> None:
    health, now = Health(), NOW
    for fault in (Fault.DATES_GONE,) * 8 + (Fault.SHRUNK,):
        health, verdict = health_after(Verdict(fault=fault, reason="r"), GOOD, health, now=now)
        assert not verdict.is_ok
        now += timedelta(hours=1)
    assert (health.state, health.in_a_row, health.alike) == (State.BROKEN, 9, 1)


def test_patience_is_a_setting() -> None:
    settings = Settings(broken_after=1, accepted_after=2, accepted_over=timedelta(hours=1))
    suspect = Verdict(fault=Fault.DATES_GONE, reason="dates")
    health, _ = health_after(suspect, GOOD, Health(), now=NOW, settings=settings)
    assert health.state is State.BROKEN
    _, verdict = health_after(suspect, GOOD, health, now=NOW + timedelta(hours=1), settings=settings)
    assert verdict.is_ok
    assert "dates" in verdict.reason


def test_facts_come_back_from_the_store_as_they_were() -> None:
    assert Facts.from_json(GOOD.as_json()) == GOOD
    assert Facts.from_json({"items": 3, "unknown to us": 1}) == Facts(items=3)


def test_habits_need_a_few_items_first() -> None:
    assert habits([]) == habits([replace(GOOD, items=5)])
    assert habits(PAST).hosts == {"n.example"}
    assert habits(PAST).is_dated


def test_what_an_admin_accepts_is_the_new_normal_at_once_but_a_wrong_page_never_is() -> None:
    for changes, fault in (({"known": 0, "reached": 0, "new": 12}, None), ({"items": 0}, Fault.NO_ITEMS)):
        facts = replace(GOOD, **changes)  # type: ignore[arg-type]
        _health, verdict = health_after(judge(facts, PAST), facts, Health(), now=NOW, settings=AT_ONCE)
        assert verdict.fault is fault
