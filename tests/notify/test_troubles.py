"""One message when a trouble begins, one when it ends, none in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from feedsvc.notify import Alert, Ongoing, Trouble, turn

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def told(steps: list[dict[Trouble, str]]) -> list[list[str]]:
    """The subjects of the messages after each step; every one reaches somebody."""
    before: dict[Trouble, Ongoing] = {}
    said = []
    for hour, reasons in enumerate(steps):
        turned = turn(before, reasons, source="acme", title="Acme", at=NOON + timedelta(hours=hour))
        before = {
            trouble: Ongoing(since=one.since, reason=one.reason, is_told=True)
            for trouble, one in turned.ongoing.items()
        }
        said.append([alert.subject for alert in turned.alerts])
    return said


def test_begin_and_end_are_told_once() -> None:
    slow = {Trouble.SLOW: "long"}
    assert told([{}, slow, slow, slow, {}, {}]) == [
        [], ["acme is slow"], [], [], ["acme is no longer slow"], [],
    ]  # fmt: skip


def test_a_worse_trouble_takes_the_place_of_a_lesser_one() -> None:
    assert told([{Trouble.SUSPECT: "odd"}, {Trouble.BROKEN: "odd thrice"}, {}]) == [
        ["acme is suspect"],
        ["acme is broken"],
        ["acme is no longer broken"],
    ]


def test_a_begin_that_reached_nobody_is_told_again_and_its_end_is_not() -> None:
    first = turn({}, {Trouble.SLOW: "long"}, source="acme", title="Acme", at=NOON)
    later = turn(first.ongoing, {Trouble.SLOW: "long"}, source="acme", title="Acme", at=NOON + timedelta(hours=1))
    assert [(alert.subject, alert.since) for alert in later.alerts] == [("acme is slow", NOON)]
    assert turn(later.ongoing, {}, source="acme", title="Acme", at=NOON).alerts == ()


def test_a_message_says_since_when_why_and_what_to_do() -> None:
    alert = Alert(
        source="acme", title="Acme", trouble=Trouble.BROKEN, has_ended=False, since=NOON, at=NOON, reason="no items"
    )
    assert alert.text.splitlines() == [
        "Acme (acme) is broken since 2026-03-04 12:00 UTC.",
        "no items",
        "Its feed stays as it is. `feedsvc repair acme` looks for rules that fit the page as it is now.",
    ]
