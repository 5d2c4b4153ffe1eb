"""One message when a trouble begins, one when it ends, none in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from feedsvc.notify import Alert, Trouble, Troubles

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


MAIL, BOTH = frozenset({"mail"}), frozenset({"mail", "webhook"})


def told(
    steps: list[dict[Trouble, str]], *, channels: frozenset[str] = MAIL, down: Sequence[frozenset[str]] = ()
) -> list[list[str]]:
    """The messages after each step, as "channel: subject"; those ``down`` at a step take none."""
    kept, said = Troubles(ongoing={}), []
    for hour, reasons in enumerate(steps):
        at = NOON + timedelta(hours=hour)
        turned = kept.turned(reasons, channels=channels, at=at)
        up = channels - (down[hour] if hour < len(down) else frozenset())
        letters = turned.letters(source="acme", title="Acme", at=at)
        kept = turned.settled([(letter.alert, letter.to & up) for letter in letters])
        said.append([f"{name}: {one.alert.subject}" for one in letters for name in sorted(one.to & up)])
    return said


def test_begin_and_end_are_told_once() -> None:
    slow = {Trouble.SLOW: "long"}
    assert told([{}, slow, slow, slow, {}, {}]) == [
        [], ["mail: acme is slow"], [], [], ["mail: acme is no longer slow"], [],
    ]  # fmt: skip


def test_a_worse_trouble_takes_the_place_of_a_lesser_one() -> None:
    assert told([{Trouble.SUSPECT: "odd"}, {Trouble.BROKEN: "odd thrice"}, {}]) == [
        ["mail: acme is suspect"],
        ["mail: acme is broken"],
        ["mail: acme is no longer broken"],
    ]


def test_a_begin_that_reached_nobody_is_told_again_and_its_end_is_not() -> None:
    slow = {Trouble.SLOW: "long"}
    assert told([slow, slow, {}], down=[MAIL]) == [[], ["mail: acme is slow"], ["mail: acme is no longer slow"]]
    assert told([slow, {}, {}], down=[MAIL]) == [[], [], []]


def test_an_end_that_reached_nobody_is_told_again() -> None:
    slow = {Trouble.SLOW: "long"}
    assert told([slow, {}, {}, {}], down=[frozenset(), MAIL]) == [
        ["mail: acme is slow"], [], ["mail: acme is no longer slow"], [],
    ]  # fmt: skip


def test_each_channel_is_told_once_whatever_the_other_took() -> None:
    slow, webhook = {Trouble.SLOW: "long"}, frozenset({"webhook"})
    assert told([slow, slow, {}, {}], channels=BOTH, down=[MAIL, frozenset(), webhook]) == [
        ["webhook: acme is slow"],
        ["mail: acme is slow"],
        ["mail: acme is no longer slow"],
        ["webhook: acme is no longer slow"],
    ]


def test_a_channel_that_is_set_up_later_hears_of_later_troubles() -> None:
    slow = {Trouble.SLOW: "long"}
    first = Troubles(ongoing={}).turned(slow, channels=frozenset(), at=NOON)
    later = first.turned({**slow, Trouble.SILENT: "quiet"}, channels=MAIL, at=NOON + timedelta(hours=1))
    letters = later.letters(source="acme", title="Acme", at=NOON + timedelta(hours=1))
    assert [letter.alert.subject for letter in letters] == ["acme is silent"]


def test_a_message_says_since_when_why_and_what_to_do() -> None:
    alert = Alert(
        source="acme", title="Acme", trouble=Trouble.BROKEN, has_ended=False, since=NOON, at=NOON, reason="no items"
    )
    assert alert.text.splitlines() == [
        "Acme (acme) is broken since 2026-03-04 12:00 UTC.",
        "no items",
        "Its feed stays as it is. `feedsvc repair acme` looks for rules that fit the page as it is now.",
    ]


def test_who_was_told_of_the_lesser_trouble_hears_the_end_of_the_worse() -> None:
    suspect, broken = {Trouble.SUSPECT: "odd"}, {Trouble.BROKEN: "odd thrice"}
    assert told([suspect, broken, {}], down=[frozenset(), MAIL]) == [
        ["mail: acme is suspect"], [], ["mail: acme is no longer broken"],
    ]  # fmt: skip
