"""A source's posting rhythm, learned: when its next releases are likely, as a rate over time. Pure.

The rate is a self-exciting process (Hawkes, "Spectra of some self-exciting and mutually exciting point processes",
Biometrika 1971) under a weekly profile::

    rate(t) = profile(hour of week) * (ground + sum over long k of weight[k] * level[k](t))
            + sum over short k of weight[k] * level[k](t) + recent weight * recent(hour of day)

``level[k]`` rises by 1/tau at each release and decays with time constant tau: the short ones say that after one release
another is likelier (bursts), the long ones follow how active the site has been for weeks (recency). Bursts do not heed
the profile: who has just released is at work, whatever the hour. ``recent`` says that the hours of the last days are
likely again. Few releases are pooled towards what most sites do, so a young source starts near an even spread and earns
its own shape.
Times are Unix seconds here: the arithmetic runs over thousands of slots for each scrape.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from itertools import pairwise

from feedsvc.schedule.holidays import quiet_days

HOUR, DAY, WEEK = 3600.0, 86400.0, 604800.0
HOURS_A_WEEK = 168
#: Time constants of the levels: bursts of a quarter of an hour, of a sitting, of a day; the mood of a week, a season.
TAUS = (0.25 * HOUR, 1.5 * HOUR, DAY, WEEK, 40 * DAY)
#: The first so many of them are bursts that do not follow the profile.
BURSTS = 2
#: Recent hours: their time constant, the width in hours of the bell around each, and the pooled weight.
RECENT_TAU, RECENT_BELL, POOLED_RECENT = 7 * DAY, 1.2, 0.12
#: Weights that a source starts from, pooled over public histories, and the share of releases that nothing excites.
POOLED_WEIGHTS = (0.20, 0.15, 0.10, 0.10, 0.10)
POOLED_GROUND = 0.3
#: How many releases the pooled values are worth: of the weights, of an even week, of hours and days as factors.
WEIGHT_PRIOR, EVEN_PRIOR, FACTOR_PRIOR = 30.0, 6.0, 400.0
#: A release older than this counts half: in the profile, in the weights.
PROFILE_HALF_LIFE, WEIGHT_HALF_LIFE = 270 * DAY, 300 * DAY
#: What a release within an hour of the one before it counts in the profile and in recent hours: one sitting is one
#: habit, not ten.
BURST_SHARE = 0.2
#: Width of the bell that smooths hours, in hours; no hour is thought rarer than this share of the mean.
SMOOTHING, QUIETEST = 0.8, 0.04
#: However quiet, a source is never thought rarer than this share of its mean rate.
FLOOR_SHARE = 0.03
#: Releases may excite at most this many others each, or the forecast would explode.
MOST_EXCITED = 0.95
#: Without any release a source is taken to publish once a week.
UNKNOWN_RATE = 1 / WEEK
FIT_ROUNDS = 12
#: The ordinal of the Monday from which ``monday_offset`` counts.
_FIRST_MONDAY = date(1969, 12, 29).toordinal()
#: A source is quiet after a release for the shortest time between its last SPACED ones, where at least LEAST_SPACED are
#: known, and never for longer than SPACING_MAX: what only scrapes have dated stands as far apart as scrapes did.
SPACED, LEAST_SPACED, SPACING_MAX = 200, 30, 0.5 * HOUR
#: The share of its rate that a source keeps in that time.
SPACED_RATE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What was learned of one source; apply with a Pulse."""

    #: 168 factors with mean 1, hour of the week from Monday 00:00 in the source's zone.
    profile: tuple[float, ...]
    #: Share of each hour of the day in the releases, 24 numbers with sum 1, for words.
    hours: tuple[float, ...]
    #: Spontaneous releases a second.
    ground: float
    #: Releases excited by each release, one for each of TAUS.
    weights: tuple[float, ...]
    #: Releases that each release brings at its own hour in the next days.
    recent: float = 0.0
    #: Releases a second on average.
    mean_rate: float
    #: How many releases it was learned from.
    count: int
    #: Of how many of those only the day is known, so that their hours are those of other sources.
    guessed: int = 0
    #: Seconds after a release in which no other is to be expected.
    spacing: float = 0.0
    #: Of coming holidays, by their ordinal, the share of the usual releases to expect.
    quiet_days: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecentHours:
    """At which hours of the day the last releases came; they fade over RECENT_TAU."""

    #: When the levels below held.
    at: float = 0.0
    #: One level for each hour of the day in UTC, releases a second, with the mean of an ordinary level.
    levels: tuple[float, ...] = (0.0,) * 24

    def after(self, moment: float, last: float) -> RecentHours:
        """With a release at ``moment``, of which the one before came at ``last``."""
        left = self.left(moment)
        share = _burst_share(moment, last)
        if moment < self.at:
            left, share = 1.0, share * math.exp((moment - self.at) / RECENT_TAU)
        bell = _bell_of_day(int(moment % HOUR // 60))
        shift = 24 - int(moment % DAY // HOUR)
        rise = bell[shift:] + bell[:shift]
        levels = tuple([level * left + share * value for level, value in zip(self.levels, rise, strict=True)])
        return RecentHours(max(self.at, moment), levels)

    def left(self, moment: float) -> float:
        """The share of the levels that is left at ``moment``."""
        return math.exp(-max(0.0, moment - self.at) / RECENT_TAU)

    def rate(self, moment: float) -> float:
        """The level of the hour of a moment, faded until then."""
        return self.levels[int(moment % DAY // HOUR)] * self.left(moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How excited a source is at a moment: one level for each of TAUS, releases a second."""

    at: float
    levels: tuple[float, ...] = (0.0,) * len(TAUS)
    #: The latest release.
    last: float = -math.inf
    recent: RecentHours = field(default_factory=RecentHours)

    def after(self, releases: Sequence[float], now: float) -> Pulse:
        """The pulse at ``now``, having learned of ``releases`` (ascending; late ones count as of their own time)."""
        levels, at, last, recent = list(self.levels), self.at, self.last, self.recent
        for moment in releases:
            recent, last = recent.after(moment, last), max(last, moment)
            if moment > at:
                levels, at = _decayed(levels, moment - at), moment
            age = max(0.0, at - moment)
            levels = [level + math.exp(-age / tau) / tau for level, tau in zip(levels, TAUS, strict=True)]
        if now > at:
            levels, at = _decayed(levels, now - at), now
        return Pulse(at=at, levels=tuple(levels), last=last, recent=recent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A stretch of the forecast."""

    start: float
    seconds: float
    #: Expected releases a second.
    rate: float


def learn(releases: Sequence[float], *, now: float, zone: tzinfo = UTC, pool: Sequence[float] | None = None) -> Rhythm:
    """The rhythm of a source whose releases (ascending) are known up to ``now``.

    ``pool`` is the profile that a source without a past starts from (168 factors, mean 1); None means even.
    """
    known = [moment for moment in releases if moment <= now]
    start = list(pool) if pool is not None else [1.0] * HOURS_A_WEEK
    if not known:
        return Rhythm(
            profile=tuple(start),
            hours=_hour_shares(start),
            ground=POOLED_GROUND * UNKNOWN_RATE,
            weights=POOLED_WEIGHTS,
            recent=POOLED_RECENT,
            mean_rate=UNKNOWN_RATE,
            count=0,
        )
    slots = [hour_of_week(moment, zone) for moment in known]
    profile, hours = _profile(known, slots, now, start)
    span = max(now - known[0], WEEK)
    ground, (*weights, recent) = _fit(known, slots, now, profile, len(known) / span, span)
    return Rhythm(
        profile=tuple(profile),
        hours=hours,
        ground=ground,
        weights=tuple(weights),
        recent=recent,
        mean_rate=len(known) / span,
        count=len(known),
        spacing=_spacing(known),
        quiet_days=quiet_days(known, now=now, zone=zone),
    )


def forecast(rhythm: Rhythm, pulse: Pulse, steps: Sequence[float], *, zone: tzinfo = UTC) -> Iterator[Slot]:
    """The expected rate from ``pulse.at`` on, one Slot for each of ``steps`` (seconds).

    Releases that are expected but not seen excite others too: the levels follow the mean of the process.
    """
    at = pulse.at
    levels: tuple[float, ...] = pulse.levels
    # one offset for the whole forecast: an hour's shift inside it at a DST change matters less than its cost
    offset = monday_offset(at, zone)
    quiet_until = pulse.last + rhythm.spacing
    for seconds in steps:
        rate = rate_at(rhythm, levels, pulse.recent, at + seconds / 2, offset)
        if rhythm.quiet_days:
            rate *= rhythm.quiet_days.get(int((at + seconds / 2 + offset) // DAY) + _FIRST_MONDAY, 1.0)
        if at < quiet_until:
            rate *= _spaced(at, seconds, quiet_until)
        yield Slot(start=at, seconds=seconds, rate=rate)
        expected = rate * seconds
        levels = tuple(
            [level * decay + expected / tau for level, decay, tau in zip(levels, _decays(seconds), TAUS, strict=True)]
        )
        at += seconds


def rate_at(rhythm: Rhythm, levels: Sequence[float], recent: RecentHours, moment: float, offset: float) -> float:
    """The rate at a moment from levels that hold then; ``offset`` as of ``monday_offset``.

    The profile runs straight from the middle of an hour to the middle of the next.
    """
    hours = (moment + offset) / HOUR - 0.5
    slot = int(hours)
    here, part = rhythm.profile[slot % HOURS_A_WEEK], hours - slot
    factor = here + (rhythm.profile[(slot + 1) % HOURS_A_WEEK] - here) * part
    parts = list(map(float.__mul__, rhythm.weights, levels))
    rate = factor * (rhythm.ground + sum(parts[BURSTS:])) + sum(parts[:BURSTS])
    if rhythm.recent:
        rate += rhythm.recent * recent.rate(moment)
    return max(rate, FLOOR_SHARE * rhythm.mean_rate)


def hour_of_week(moment: float, zone: tzinfo = UTC) -> int:
    """0 is Monday 00:00-01:00 in the zone."""
    return int((moment + monday_offset(moment, zone)) // HOUR) % HOURS_A_WEEK


def monday_offset(moment: float, zone: tzinfo) -> float:
    """Seconds to add to Unix time so that its weeks begin on Monday 00:00 of the zone (1970 began on a Thursday)."""
    if zone is UTC:
        return 72 * HOUR
    shift = datetime.fromtimestamp(moment, zone).utcoffset()
    return 72 * HOUR + (shift.total_seconds() if shift else 0.0)


_decay_cache: dict[float, tuple[float, ...]] = {}


def _decays(seconds: float) -> tuple[float, ...]:
    """The factors by which levels fall in a step; steps are a handful of round lengths, so they are kept."""
    found = _decay_cache.get(seconds)
    if found is None:
        found = tuple(math.exp(-seconds / tau) for tau in TAUS)
        if len(_decay_cache) < 64:
            _decay_cache[seconds] = found
    return found


def _burst_share(moment: float, last: float) -> float:
    """What a release at ``moment`` counts where the one before came at ``last``."""
    return BURST_SHARE if moment - last < HOUR else 1.0


@cache
def _bell_of_day(minute: int) -> tuple[float, ...]:
    """What a release at this minute of the first hour adds to each hour of the day: a bell with mean 1 / RECENT_TAU."""
    away = (abs(hour + 0.5 - minute / 60) for hour in range(24))
    bell = [math.exp(-0.5 * (min(hours, 24 - hours) / RECENT_BELL) ** 2) for hours in away]
    return tuple(value * 24 / sum(bell) / RECENT_TAU for value in bell)


def _decayed(levels: Sequence[float], seconds: float) -> list[float]:
    return [level * math.exp(-seconds / tau) for level, tau in zip(levels, TAUS, strict=True)]


def _profile(
    known: Sequence[float], slots: Sequence[int], now: float, start: Sequence[float]
) -> tuple[list[float], tuple[float, ...]]:
    """The weekly profile: hours and days as factors, each smoothed towards ``start``, then the week's own bins."""
    bins = [0.0] * HOURS_A_WEEK
    before = -math.inf
    for moment, slot in zip(known, slots, strict=True):
        bins[slot] += _burst_share(moment, before) * 0.5 ** ((now - moment) / PROFILE_HALF_LIFE)
        before = moment
    total = sum(bins)
    hours = [sum(bins[hour::24]) for hour in range(24)]
    days = [sum(bins[day * 24 : day * 24 + 24]) for day in range(7)]
    hour_factor = [(value + EVEN_PRIOR / 24) / (total + EVEN_PRIOR) * 24 for value in _smoothed(hours)]
    day_factor = [(value + EVEN_PRIOR / 7) / (total + EVEN_PRIOR) * 7 for value in days]
    own = _smoothed(bins)
    mixed = [
        (own[slot] + FACTOR_PRIOR * hour_factor[slot % 24] * day_factor[slot // 24] / HOURS_A_WEEK)
        / (total + FACTOR_PRIOR)
        * HOURS_A_WEEK
        for slot in range(HOURS_A_WEEK)
    ]
    trust = total / (total + EVEN_PRIOR)
    pooled = [value * (trust + (1 - trust) * prior) for value, prior in zip(mixed, start, strict=True)]
    mean = sum(pooled) / HOURS_A_WEEK
    shares = tuple(value / max(total, 1e-12) for value in hours)
    return [max(QUIETEST, value / mean) for value in pooled], shares


def _smoothed(values: Sequence[float]) -> list[float]:
    """Circular smoothing with a bell of SMOOTHING hours."""
    reach = 6
    bell = [math.exp(-0.5 * (step / SMOOTHING) ** 2) for step in range(-reach, reach + 1)]
    whole, size = sum(bell), len(values)
    return [
        sum(values[(place + step - reach) % size] * weight for step, weight in enumerate(bell)) / whole
        for place in range(size)
    ]


def _spacing(known: Sequence[float]) -> float:
    """The time after a release in which this source never had another."""
    gaps = [after - before for before, after in pairwise(known[-SPACED:])]
    return min(SPACING_MAX, *gaps) if len(gaps) >= LEAST_SPACED else 0.0


def _spaced(start: float, seconds: float, quiet_until: float) -> float:
    """The share of its rate that a slot keeps of which at least a part lies in the quiet after a release."""
    return max(SPACED_RATE, (start + seconds - quiet_until) / seconds)


def _hour_shares(profile: Sequence[float]) -> tuple[float, ...]:
    return tuple(sum(profile[hour::24]) / sum(profile) for hour in range(24))


def _fit(
    known: Sequence[float], slots: Sequence[int], now: float, profile: Sequence[float], base: float, span: float
) -> tuple[float, tuple[float, ...]]:
    """Ground rate and weights, that of the recent hours last, by expectation maximization with gamma priors.

    Veen and Schoenberg, "Estimation of space-time branching process models in seismology using an EM-type algorithm"
    (JASA 2008): each release is split among what may have caused it, and each cause gets its share over its exposure.
    """
    rows, worths, exposed = _causes(known, slots, now, profile)
    ground, weights = POOLED_GROUND * base, [*POOLED_WEIGHTS, POOLED_RECENT]
    time_worth = span * sum(worths) / len(worths)
    for _ in range(FIT_ROUNDS):
        caused, spontaneous = [0.0] * len(weights), 0.0
        for (factor, *row), worth in zip(rows, worths, strict=True):
            parts = [weight * level for weight, level in zip(weights, row, strict=True)]
            whole = ground * factor + sum(parts)
            share = worth / whole
            spontaneous += share * ground * factor
            caused = [old + share * part for old, part in zip(caused, parts, strict=True)]
        weights = [
            (WEIGHT_PRIOR * pooled + share) / (WEIGHT_PRIOR + exposure)
            for pooled, share, exposure in zip((*POOLED_WEIGHTS, POOLED_RECENT), caused, exposed, strict=True)
        ]
        ground = (WEIGHT_PRIOR * POOLED_GROUND + spontaneous) / (WEIGHT_PRIOR / base + time_worth)
    shrink = min(1.0, MOST_EXCITED / max(sum(weights), 1e-12))
    return ground, tuple(weight * shrink for weight in weights)


def _causes(
    known: Sequence[float], slots: Sequence[int], now: float, profile: Sequence[float]
) -> tuple[list[tuple[float, ...]], list[float], list[float]]:
    """Of each release the profile's factor and the rate that each cause had at weight 1, and what the release is worth.

    The causes are one for each of TAUS and the recent hours. Third, the exposure of each cause: how many releases,
    weighted by their worth, it would have brought at weight 1.
    """
    exposures = [
        [1.0 if place < BURSTS else _exposure(profile, slot, tau) for slot in range(HOURS_A_WEEK)]
        for place, tau in enumerate(TAUS)
    ]
    exposed, rows, worths = [0.0] * (len(TAUS) + 1), [], []
    levels, before, recent = [0.0] * len(TAUS), -math.inf, RecentHours()
    for moment, slot in zip(known, slots, strict=True):
        levels = _decayed(levels, moment - before)
        factor, worth = profile[slot], 0.5 ** ((now - moment) / WEIGHT_HALF_LIFE)
        long = [factor * level for level in levels[BURSTS:]]
        rows.append((factor, *levels[:BURSTS], *long, recent.rate(moment)))
        worths.append(worth)
        for place, tau in enumerate(TAUS):
            exposed[place] += worth * exposures[place][slot] * (1 - math.exp(-(now - moment) / tau))
            levels[place] += 1 / tau
        exposed[-1] += worth * _burst_share(moment, before) * (1 - math.exp(-(now - moment) / RECENT_TAU))
        recent, before = recent.after(moment, before), moment
    return rows, worths, exposed


def _exposure(profile: Sequence[float], slot: int, tau: float) -> float:
    """How much of a level of time constant ``tau`` that rises in hour ``slot`` falls on busy hours; 1 on average."""
    if tau >= WEEK:
        return 1.0
    decay = math.exp(-HOUR / tau)
    total, left = 0.0, 1.0
    for step in range(min(3 * HOURS_A_WEEK, int(8 * tau / HOUR) + 2)):
        total += profile[(slot + step) % HOURS_A_WEEK] * left * (1 - decay)
        left *= decay
    return total
