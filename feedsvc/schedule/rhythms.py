"""The rhythm of each source between its scrapes: learned from the store, kept in its memory, learned anew weekly."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from feedsvc.model import Cadence, Precision, Source
from feedsvc.schedule.cadence import DEFAULT_BUDGET, BudgetPlanner, Due, is_open, open_hours
from feedsvc.schedule.follow import RELEARN, Follower
from feedsvc.schedule.placing import reason
from feedsvc.schedule.rhythm import HOURS_A_WEEK, RECENT_TAU, Pulse, RecentHours, Rhythm
from feedsvc.scrape import Result, ScrapeOutcome
from feedsvc.store import SourceState, Store

#: The name under which a source's memory keeps it.
MEMORY = "rhythm"
#: What an even week weighs in the pool, in sources; and how many sources shape the pool before it stays as it is.
_POOL_PRIOR, _POOL_MOST = 3, 500
#: Releases that a source must have to shape the pool.
_POOL_LEAST = 30
#: Multiples of this, mod 1, spread any number of points evenly (the golden ratio).
_GOLDEN = 0.6180339887


def per_week(cadence: Cadence) -> float:
    """The budget of a cadence in scrapes a week."""
    scrapes, per = cadence.budget or DEFAULT_BUDGET
    return scrapes * (timedelta(weeks=1) / per)


def has_budget(cadence: Cadence) -> bool:
    """Whether a cadence leaves it to us when to scrape."""
    return cadence.every is None and cadence.cron is None


class Pool:
    """The mean weekly profile of the sources that this process learned, in their own zones: where young ones start."""

    def __init__(self) -> None:
        self._sum = [float(_POOL_PRIOR)] * HOURS_A_WEEK
        self._count = 0
        self._guard = threading.Lock()

    def add(self, rhythm: Rhythm) -> None:
        """Let a source that is well known shape the pool."""
        with self._guard:
            if rhythm.count >= _POOL_LEAST and self._count < _POOL_MOST:
                self._count += 1
                self._sum = [mine + one for mine, one in zip(self._sum, rhythm.profile, strict=True)]

    def profile(self) -> tuple[float, ...]:
        """168 factors with mean 1."""
        mean = sum(self._sum) / HOURS_A_WEEK
        return tuple(value / mean for value in self._sum)


class Rhythms:
    """Gives the follower of a source as it stands after a scrape. Thread-safe; holds nothing of single sources."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.pool = Pool()

    def after(self, state: SourceState, outcome: ScrapeOutcome) -> Follower | None:
        """The follower after ``outcome``; None where the cadence is no budget. Raises StoreError."""
        source = state.source
        if not has_budget(source.cadence) or outcome.result is Result.BUSY:
            return None
        now = outcome.finished_at.timestamp()
        follower = restored(state)
        if follower is None:
            return self._begin(state, now=now)
        if now - follower.learned_at > RELEARN:
            releases, guesses = self._releases(state)
            follower.learn_again(releases, now=now, pool=self.pool.profile())
            follower.rhythm = replace(follower.rhythm, guessed=guesses)
            self.pool.add(follower.rhythm)
        follower.scraped(now, found=self._found(source, outcome))
        return follower

    def known(self, state: SourceState, *, now: datetime) -> Follower | None:
        """The follower as kept, or learned now for one that has none; for people who look at a plan."""
        if not has_budget(state.source.cadence):
            return None
        follower = restored(state) or self._begin(state, now=now.timestamp())
        follower.pulse = follower.pulse.after((), now.timestamp())
        return follower

    def _begin(self, state: SourceState, *, now: float) -> Follower:
        source = state.source
        releases, guesses = self._releases(state)
        follower = Follower.begin(
            releases,
            now=now,
            per_week=per_week(source.cadence),
            zone=zone_of(source),
            pool=self.pool.profile(),
            open_hours=open_hours(source.cadence.active),
        )
        follower.releases.clear()
        follower.rhythm = replace(follower.rhythm, guessed=guesses)
        self.pool.add(follower.rhythm)
        return follower

    def _found(self, source: Source, outcome: ScrapeOutcome) -> list[float]:
        """When what a scrape found was released: as printed to the minute, else when it was found."""
        if not outcome.new:
            return []
        rows = self._store.entries.publication_times(source.key, limit=len(outcome.new) + 20)
        end = outcome.finished_at
        new = [row for row in rows if row[1] >= outcome.started_at]
        return sorted(
            (min(published, end) if precision != Precision.DAY else seen).timestamp()
            for published, seen, precision in new
        )

    def _releases(self, state: SourceState) -> tuple[list[float], int]:
        """All that is known of when a source releases, and of how many of these the hour is guessed."""
        rows = self._store.entries.publication_times(state.key)
        found = moments(rows, settled_at=state.settled_at, zone=zone_of(state.source), pool=self.pool.profile())
        return found, sum(_is_guessed(*row, settled_at=state.settled_at) for row in rows)


def moments(
    rows: Sequence[tuple[datetime, datetime, str]],
    *,
    settled_at: datetime | None,
    zone: ZoneInfo,
    pool: Sequence[float],
) -> list[float]:
    """Release times (ascending) of (published, first seen, precision), from what each of them is worth.

    A time printed to the minute is believed. Where only a day is printed, a release was seen when a scrape found it.
    Of those that the first scrapes found at once only the day is known: they are spread over it as the pool's are.
    """
    found: list[float] = []
    hours = [sum(pool[hour::24]) for hour in range(24)]
    for place, (published, seen, precision) in enumerate(rows):
        if precision != Precision.DAY:
            found.append(min(published, seen).timestamp())
        elif settled_at is not None and seen > settled_at:
            found.append(seen.timestamp())
        elif _is_guessed(published, seen, precision, settled_at=settled_at):
            day = published.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
            found.append(day.timestamp() + 3600 * _quantile(hours, place * _GOLDEN % 1.0))
    return sorted(found)


def _is_guessed(published: datetime, seen: datetime, precision: str, *, settled_at: datetime | None) -> bool:
    """Whether only the day of a release is known, and it is long enough ago to tell something all the same."""
    is_seen = settled_at is not None and seen > settled_at
    return precision == Precision.DAY and not is_seen and published < seen - timedelta(hours=12)


def _quantile(hours: Sequence[float], share: float) -> float:
    """The hour of the day before which ``share`` of the releases come."""
    left = share * sum(hours)
    for hour, value in enumerate(hours):
        if left <= value:
            return hour + left / value
        left -= value
    return 24.0


@dataclass(frozen=True, slots=True)
class Placer:
    """Places the next scrape of a followed source; a ``cadence.BudgetPlanner``."""

    follower: Follower
    source: Source

    def __call__(self) -> Due:
        """The best moment that active hours allow, and why it is the best."""
        active, zone = self.source.cadence.active, self.source.time_zone

        def allowed(moment: float) -> bool:
            return is_open(active, datetime.fromtimestamp(moment, UTC), zone)

        placed = self.follower.place(is_open=allowed if active else None)
        at = datetime.fromtimestamp(placed.at, UTC)
        words = reason(self.follower.rhythm, placed.at, zone=self.follower.zone)
        return Due(at=at, why=words)


def placer(follower: Follower | None, source: Source) -> BudgetPlanner | None:
    """What plans a source's budget, where it has one that is followed."""
    return Placer(follower, source) if follower is not None else None


def zone_of(source: Source) -> ZoneInfo:
    """The zone in which a source keeps its hours."""
    return ZoneInfo(source.time_zone)


# What memory keeps: numbers short enough that a hundred thousand sources are no burden.


def kept(follower: Follower, *, active: str | None) -> dict[str, Any]:
    """A follower as JSON, as it was with these active hours."""
    rhythm = follower.rhythm
    return {
        "profile": [round(100 * factor) for factor in rhythm.profile],
        "hours": [round(1000 * share) for share in rhythm.hours],
        "ground": rhythm.ground,
        "weights": [round(weight, 4) for weight in rhythm.weights],
        "recent": round(rhythm.recent, 4),
        "rate": rhythm.mean_rate,
        "count": rhythm.count,
        "guessed": rhythm.guessed,
        "spacing": round(rhythm.spacing),
        "quiet_days": {str(day): round(share, 2) for day, share in rhythm.quiet_days.items()},
        "pulse": [round(follower.pulse.at), *follower.pulse.levels],
        "recent_hours": _recent_kept(follower.pulse.recent),
        "last": round(follower.pulse.last) if follower.pulse.last > -math.inf else None,
        "price": round(follower.price, 3),
        "saved": round(follower.saved, 4),
        "learned_at": round(follower.learned_at),
        "begun_at": round(follower.begun_at),
        "per_week": follower.per_week,
        "active": active,
    }


def restored(state: SourceState) -> Follower | None:
    """The follower that a source's memory keeps; None for none, or one of another budget, other hours or version."""
    found = state.memory.get(MEMORY)
    source = state.source
    try:
        if not isinstance(found, Mapping) or found["per_week"] != per_week(source.cadence):
            return None
        if found.get("active") != source.cadence.active:
            return None
        rhythm = Rhythm(
            profile=tuple(factor / 100 for factor in found["profile"]),
            hours=tuple(share / 1000 for share in found["hours"]),
            ground=found["ground"],
            weights=tuple(found["weights"]),
            recent=found.get("recent", 0.0),
            mean_rate=found["rate"],
            count=found["count"],
            guessed=found.get("guessed", 0),
            spacing=found["spacing"],
            quiet_days={int(day): share for day, share in found["quiet_days"].items()},
        )
        at, *levels = found["pulse"]
        last = found["last"] if found["last"] is not None else -math.inf
        recent = _recent_restored(found.get("recent_hours"))
        if len(rhythm.profile) != HOURS_A_WEEK or len(levels) != len(rhythm.weights) or len(recent.levels) != 24:
            return None
        return Follower(
            per_week=found["per_week"],
            zone=zone_of(source),
            rhythm=rhythm,
            pulse=Pulse(at=at, levels=tuple(levels), last=last, recent=recent),
            price=found["price"],
            saved=found["saved"],
            learned_at=found["learned_at"],
            begun_at=found["begun_at"],
            open_hours=open_hours(source.cadence.active),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _recent_kept(recent: RecentHours) -> list[int]:
    """When the levels of recent hours held, then thousandths of what they are in a day of one release."""
    return [round(recent.at), *(round(1000 * RECENT_TAU * level) for level in recent.levels)]


def _recent_restored(found: Sequence[float] | None) -> RecentHours:
    """What ``_recent_kept`` gave; none for None, as of versions that did not know recent hours."""
    if found is None:
        return RecentHours()
    at, *levels = found
    return RecentHours(at, tuple(level / 1000 / RECENT_TAU for level in levels))
