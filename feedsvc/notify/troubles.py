"""From the troubles of yesterday and those of today to what must be told, and to whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedsvc.notify.alert import Alert, Trouble

#: A worse trouble takes the place of a lesser one, which so has no end of its own.
_WORSE = {Trouble.SUSPECT: Trouble.BROKEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ongoing:
    """A trouble in force, and which channels know of it, or are yet to be told."""

    since: datetime
    reason: str
    told: frozenset[str] = frozenset()
    owed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A trouble that is over, and which channels are yet to be told."""

    trouble: Trouble
    since: datetime
    at: datetime
    reason: str
    owed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One alert, and the channels that it is to go by."""

    alert: Alert
    to: frozenset[str]
    #: Whether this is the first attempt.
    is_fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubles:
    """What is wrong with a source, and what was (the latest first)."""

    ongoing: Mapping[Trouble, Ongoing]
    past: Sequence[Ended] = ()

    @property
    def owes(self) -> bool:
        """Whether a channel is yet to be told of something."""
        return any(one.owed for one in self.ongoing.values()) or any(one.owed for one in self.past)

    def turned(self, reasons: Mapping[Trouble, str], *, channels: frozenset[str], at: datetime) -> Troubles:
        """How things stand with the ``reasons`` of the troubles in force at ``at``; ``channels`` are those there are.

        Each channel is owed each begin once, and the end of what it was told of.
        """
        ongoing = {
            trouble: replace(old, reason=reason, owed=old.owed & channels)
            if (old := self.ongoing.get(trouble)) is not None
            else Ongoing(since=at, reason=reason, told=self._told_of_less(trouble), owed=channels)
            for trouble, reason in reasons.items()
        }
        ended = (
            Ended(trouble=trouble, since=one.since, at=at, reason=one.reason, owed=one.told & channels)
            for trouble, one in self.ongoing.items()
            if trouble not in reasons and _WORSE.get(trouble) not in reasons
        )
        past = (replace(one, owed=one.owed & channels) for one in self.past)
        return Troubles(ongoing=ongoing, past=(*ended, *past))

    def _told_of_less(self, trouble: Trouble) -> frozenset[str]:
        """Who knows of a lesser trouble whose place this one takes: they are owed its end."""
        lesser = [self.ongoing[one] for one, worse in _WORSE.items() if worse is trouble and one in self.ongoing]
        return frozenset().union(*(one.told for one in lesser))

    def letters(self, *, source: str, title: str, at: datetime) -> tuple[Letter, ...]:
        """What is owed, ends first."""

        def letter(trouble: Trouble, one: Ongoing | Ended, when: datetime, *, has_ended: bool) -> Letter:
            alert = Alert(
                source=source,
                title=title,
                trouble=trouble,
                has_ended=has_ended,
                since=one.since,
                at=when,
                reason=one.reason,
            )
            return Letter(alert=alert, to=one.owed, is_fresh=when == at)

        found = [
            *(letter(one.trouble, one, one.at, has_ended=True) for one in self.past),
            *(letter(trouble, one, one.since, has_ended=False) for trouble, one in self.ongoing.items()),
        ]
        return tuple(one for one in found if one.to or one.is_fresh)

    def settled(self, reached: Iterable[tuple[Alert, frozenset[str]]]) -> Troubles:
        """The same, after alerts reached these channels."""
        by = {(alert.trouble, alert.since, alert.has_ended): channels for alert, channels in reached}
        none: frozenset[str] = frozenset()
        ongoing = {}
        for trouble, one in self.ongoing.items():
            here = by.get((trouble, one.since, False), none)
            ongoing[trouble] = replace(one, told=one.told | here, owed=one.owed - here)
        past = tuple(replace(one, owed=one.owed - by.get((one.trouble, one.since, True), none)) for one in self.past)
        return Troubles(ongoing=ongoing, past=past)
