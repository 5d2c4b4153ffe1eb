"""From the troubles of yesterday and those of today to what must be told. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feedsvc.notify.alert import Alert, Trouble

#: A worse trouble takes the place of a lesser one without a word about its end.
_WORSE = {Trouble.SUSPECT: Trouble.BROKEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ongoing:
    """A trouble that admins were told of, or are yet to be."""

    since: datetime
    reason: str
    #: Whether its begin reached somebody.
    is_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What is wrong now, and what is to be told."""

    ongoing: Mapping[Trouble, Ongoing]
    alerts: tuple[Alert, ...]


def turn(
    before: Mapping[Trouble, Ongoing], reasons: Mapping[Trouble, str], *, source: str, title: str, at: datetime
) -> Turned:
    """Compare the troubles ``before`` with the ``reasons`` of those in force at ``at``.

    A begin that reached nobody is told again; an end is told only where the begin was.
    """
    ongoing = {
        trouble: Ongoing(since=old.since, reason=reason, is_told=old.is_told)
        if (old := before.get(trouble)) is not None
        else Ongoing(since=at, reason=reason)
        for trouble, reason in reasons.items()
    }
    begun = [(trouble, one, False) for trouble, one in ongoing.items() if not one.is_told]
    ended = [
        (trouble, one, True)
        for trouble, one in before.items()
        if trouble not in reasons and one.is_told and _WORSE.get(trouble) not in reasons
    ]
    alerts = (
        Alert(source=source, title=title, trouble=trouble, has_ended=over, since=one.since, at=at, reason=one.reason)
        for trouble, one, over in (*ended, *begun)
    )
    return Turned(ongoing=ongoing, alerts=tuple(alerts))
