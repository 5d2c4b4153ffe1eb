"""Times and states in words, for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from feedsvc.config.cadences import chosen_cadence
from feedsvc.config.values import write_budget, write_duration
from feedsvc.model import Cadence
from feedsvc.store import Condition, SourceState

_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
#: Seconds that are as good as none.
_NOW = 10

_CONDITIONS = {
    Condition.BROKEN: "Broken",
    Condition.SUSPECT: "In quarantine",
    Condition.FAILING: "Failing",
    Condition.NEW: "Not scraped yet",
    Condition.WELL: "Well",
    Condition.PAUSED: "Paused",
    Condition.STOPPED: "Stopped",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time as pages show it: how far away, and exactly."""

    words: str
    exact: str
    machine: str

    @classmethod
    def of(cls, moment: datetime | None, *, now: datetime) -> Moment | None:
        """The moment as seen from ``now``; None where there is none."""
        if moment is None:
            return None
        return cls(
            words=away(moment - now),
            exact=f"{moment:%Y-%m-%d %H:%M:%S} UTC",
            machine=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        )


def away(distance: timedelta) -> str:
    """ "5 minutes ago", "in 3 hours", "now"."""
    seconds = abs(distance.total_seconds())
    if seconds < _NOW:
        return "now"
    size, name = next(unit for unit in _UNITS if seconds >= unit[0])
    count = int(seconds // size)
    words = f"{count} {name}{'s' if count != 1 else ''}"
    return f"in {words}" if distance > timedelta() else f"{words} ago"


def span_words(span: timedelta) -> str:
    """ "35 minutes", "2.5 hours"."""
    minutes = span.total_seconds() / 60
    if minutes < 1.5:
        return f"{span.total_seconds():.0f} seconds"
    if minutes < 90:
        return f"{minutes:.0f} minutes"
    return f"{minutes / 60:.1f} hours" if minutes < 48 * 60 else f"{minutes / 1440:.1f} days"


def condition_of(state: SourceState, *, now: datetime) -> Condition:
    """How a source is."""
    until = state.source.cadence.paused_until
    if not state.is_enabled:
        return Condition.STOPPED
    if until is not None and until > now:
        return Condition.PAUSED
    return Condition(state.state)


def condition_words(condition: Condition) -> str:
    """The same for people."""
    return _CONDITIONS[condition]


def why_of(state: SourceState, *, now: datetime) -> str:
    """The sentence below the condition; "" where there is nothing to say."""
    condition = condition_of(state, now=now)
    if condition is Condition.STOPPED:
        return "" if state.declared or state.source.is_enabled is False else "The configuration no longer holds it."
    if condition is Condition.PAUSED:
        assert state.source.cadence.paused_until is not None
        return f"until {state.source.cadence.paused_until:%Y-%m-%d %H:%M} UTC"
    return state.reason if condition is not Condition.WELL else ""


def cadence_words(cadence: Cadence) -> str:
    """A cadence as it is written in a source file."""
    if cadence.every is not None:
        return f"every {write_duration(cadence.every)}"
    if cadence.cron is not None:
        return cadence.cron
    return write_budget(cadence.budget) if cadence.budget is not None else "by default"


def pace_words(cadence: Cadence) -> str:
    """What a category chooses for its sources, active hours with it; "" for nothing."""
    chosen = cadence_words(cadence) if chosen_cadence(cadence) else ""
    return ", ".join(part for part in (chosen, f"active {cadence.active}" if cadence.active else "") if part)
