"""Following one source with a budget: rhythm, pulse and purse together, one scrape after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo

from feedsvc.schedule.placing import BALANCE, IsOpen, Placement, balanced, fair_price, place_next
from feedsvc.schedule.rhythm import WEEK, Pulse, Rhythm, learn

#: A rhythm is learned anew after this long.
RELEARN = WEEK
#: A budget may be overdrawn by one scrape and this share of all that it earned, so that a busy month is not starved by
#: the weeks before it; what is overdrawn makes scrapes dearer until it is paid back.
OVERDRAFT = 0.018
#: Two scrapes of one source are never planned closer together than this, in seconds.
CLOSEST = 300.0


@dataclass(slots=True, kw_only=True)
class Follower:
    """What is known of a source between scrapes. Times are Unix seconds; nothing here reads a clock."""

    per_week: float
    zone: tzinfo = UTC
    releases: list[float] = field(default_factory=list)
    rhythm: Rhythm
    pulse: Pulse
    price: float
    #: Budget that was earned and not yet used, in scrapes; negative when overdrawn.
    saved: float = 0.0
    learned_at: float
    #: Since when the budget has been earned.
    begun_at: float
    #: The share of each hour of the week in which there may be scrapes; None for always.
    open_hours: Sequence[float] | None = None

    @classmethod
    def begin(
        cls,
        releases: Sequence[float],
        *,
        now: float,
        per_week: float,
        zone: tzinfo = UTC,
        saved: float = 0.0,
        pool: Sequence[float] | None = None,
        open_hours: Sequence[float] | None = None,
    ) -> Follower:
        """Follow a source of which ``releases`` (ascending, none after ``now``) are known.

        ``pool`` is the weekly profile that a source without a past starts from.
        """
        rhythm = learn(releases, now=now, zone=zone, pool=pool)
        start = releases[0] if releases else now
        return cls(
            per_week=per_week,
            zone=zone,
            releases=list(releases),
            rhythm=rhythm,
            pulse=Pulse(at=start).after(releases, now),
            price=fair_price(rhythm, releases, per_week=per_week, zone=zone, open_hours=open_hours),
            saved=saved,
            learned_at=now,
            begun_at=now,
            open_hours=open_hours,
        )

    def place(self, *, is_open: IsOpen | None = None) -> Placement:
        """The next scrape: where waiting costs least, but not before the budget has earned it."""
        # one scrape at least may be overdrawn, so that a purse that is just empty does not miss a busy hour
        age = self.pulse.at - self.begun_at
        overdraft = OVERDRAFT * age
        left = self.saved + overdraft * self.per_week / WEEK + 1
        price = balanced(self.price, per_week=self.per_week, left=left, weeks=age / WEEK)
        placement = place_next(self.rhythm, self.pulse, price=price, zone=self.zone, is_open=is_open)
        earned_at = self.pulse.at - self.saved * WEEK / self.per_week - overdraft
        at = max(placement.at, earned_at, self.pulse.at + CLOSEST)
        return Placement(at=at, expected=placement.expected)

    def scraped(self, now: float, *, found: Sequence[float]) -> None:
        """A scrape at ``now`` found releases of these times (ascending)."""
        self.saved = min(self.saved + (now - self.pulse.at) * self.per_week / WEEK - 1, self.per_week * BALANCE / WEEK)
        self.releases.extend(found)
        self.pulse = self.pulse.after(found, now)
        if now - self.learned_at > RELEARN:
            self.learn_again(self.releases, now=now)

    def learn_again(self, releases: Sequence[float], *, now: float, pool: Sequence[float] | None = None) -> None:
        """Learn the rhythm anew from all that is known by now; budget and pulse go on."""
        self.rhythm = replace(learn(releases, now=now, zone=self.zone, pool=pool), guessed=self.rhythm.guessed)
        fresh = fair_price(self.rhythm, releases, per_week=self.per_week, zone=self.zone, open_hours=self.open_hours)
        # geometric smoothing: the purse has adapted to the old price
        self.price = self.price**0.9 * fresh**0.1
        self.learned_at = now
