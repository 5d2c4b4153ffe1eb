"""A source's posting rhythm, learned: when its next releases are likely, as a rate over time. Pure.

The rate is a self-exciting process (Hawkes, "Spectra of some self-exciting and mutually exciting point processes",
Biometrika 1971) under a weekly profile::

    rate(t) = profile(hour of week) * (ground + sum over k of weight[k] * level[k](t))

``level[k]`` rises by 1/tau at each release and decays with time constant tau: the short ones say that after one release
another is likelier (bursts), the long ones follow how active the site has been for weeks (recency). Few releases are
pooled towards what most sites do, so a young source starts near an even spread and earns its own shape.
Times are Unix seconds here: the arithmetic runs over thousands of slots for each scrape.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from itertools import pairwise

from feedsvc.schedule.holidays import quiet_days

HOUR, DAY, WEEK = 3600.0, 86400.0, 604800.0
HOURS_A_WEEK = 168
#: Time constants of the levels: bursts of half an hour, of a morning, of a day; the mood of a week, of a season.
TAUS = (0.5 * HOUR, 3 * HOUR, DAY, WEEK, 40 * DAY)
#: Weights that a source starts from, pooled over public histories, and the share of releases that nothing excites.
POOLED_WEIGHTS = (0.20, 0.15, 0.10, 0.10, 0.10)
POOLED_GROUND = 0.3
#: How many releases the pooled values are worth: of the weights, of an even week, of hours and days as factors.
WEIGHT_PRIOR, EVEN_PRIOR, FACTOR_PRIOR = 60.0, 6.0, 400.0
#: A release older than this counts half: in the profile, in the weights.
PROFILE_HALF_LIFE, WEIGHT_HALF_LIFE = 200 * DAY, 150 * DAY
#: What a release within an hour of the one before it counts in the profile: one sitting is one habit, not ten.
BURST_SHARE = 0.2
#: Width of the bell that smooths hours, in hours; no hour is thought rarer than this share of the mean.
SMOOTHING, QUIETEST = 0.8, 0.1
#: However quiet, a source is never thought rarer than this share of its mean rate.
FLOOR_SHARE = 0.15
#: Releases may excite at most this many others each, or the forecast would explode.
MOST_EXCITED = 0.95
#: Without any release a source is taken to publish once a week.
UNKNOWN_RATE = 1 / WEEK
FIT_ROUNDS = 12
#: The ordinal of the Monday from which ``_monday_offset`` counts.
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
    #: Releases a second on average.
    mean_rate: float
    #: How many releases it was learned from.
    count: int
    #: Seconds after a release in which no other is to be expected.
    spacing: float = 0.0
    #: Of coming holidays, by their ordinal, the share of the usual releases to expect.
    quiet_days: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How excited a source is at a moment: one level for each of TAUS, releases a second."""

    at: float
    levels: tuple[float, ...] = (0.0,) * len(TAUS)
    #: The latest release.
    last: float = -math.inf

    def after(self, releases: Sequence[float], now: float) -> Pulse:
        """The pulse at ``now``, having learned of ``releases`` (ascending; late ones count as of their own time)."""
        levels, at = list(self.levels), self.at
        for moment in releases:
            if moment > at:
                levels, at = _decayed(levels, moment - at), moment
            age = max(0.0, at - moment)
            levels = [level + math.exp(-age / tau) / tau for level, tau in zip(levels, TAUS, strict=True)]
        if now > at:
            levels, at = _decayed(levels, now - at), now
        return Pulse(at=at, levels=tuple(levels), last=max([self.last, *releases]))


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
            mean_rate=UNKNOWN_RATE,
            count=0,
        )
    slots = [hour_of_week(moment, zone) for moment in known]
    profile, hours = _profile(known, slots, now, start)
    span = max(now - known[0], WEEK)
    ground, weights = _fit(known, slots, now, profile, len(known) / span, span)
    return Rhythm(
        profile=tuple(profile),
        hours=hours,
        ground=ground,
        weights=weights,
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
    offset = _monday_offset(at, zone)
    quiet_until = pulse.last + rhythm.spacing
    for seconds in steps:
        factor = rhythm.profile[int((at + seconds / 2 + offset) // HOUR) % HOURS_A_WEEK]
        excited = sum(map(float.__mul__, rhythm.weights, levels))
        rate = max(factor * (rhythm.ground + excited), FLOOR_SHARE * rhythm.mean_rate)
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


def hour_of_week(moment: float, zone: tzinfo = UTC) -> int:
    """0 is Monday 00:00-01:00 in the zone."""
    return int((moment + _monday_offset(moment, zone)) // HOUR) % HOURS_A_WEEK


def _monday_offset(moment: float, zone: tzinfo) -> float:
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


def _decayed(levels: Sequence[float], seconds: float) -> list[float]:
    return [level * math.exp(-seconds / tau) for level, tau in zip(levels, TAUS, strict=True)]


def _profile(
    known: Sequence[float], slots: Sequence[int], now: float, start: Sequence[float]
) -> tuple[list[float], tuple[float, ...]]:
    """The weekly profile: hours and days as factors, each smoothed towards ``start``, then the week's own bins."""
    bins = [0.0] * HOURS_A_WEEK
    before = -math.inf
    for moment, slot in zip(known, slots, strict=True):
        share = BURST_SHARE if moment - before < HOUR else 1.0
        bins[slot] += share * 0.5 ** ((now - moment) / PROFILE_HALF_LIFE)
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
    """Ground rate and weights by expectation maximization with gamma priors.

    Veen and Schoenberg, "Estimation of space-time branching process models in seismology using an EM-type algorithm"
    (JASA 2008): each release is split among what may have caused it, and each cause gets its share over its exposure.
    """
    exposure = [[_exposure(profile, slot, tau) for slot in range(HOURS_A_WEEK)] for tau in TAUS]
    size = len(TAUS)
    exposed, rows = [0.0] * size, []
    levels, before = [0.0] * size, known[0]
    for moment, slot in zip(known, slots, strict=True):
        levels = _decayed(levels, moment - before)
        before = moment
        worth = 0.5 ** ((now - moment) / WEIGHT_HALF_LIFE)
        rows.append((tuple(levels), worth))
        for place, tau in enumerate(TAUS):
            exposed[place] += worth * exposure[place][slot] * (1 - math.exp(-(now - moment) / tau))
            levels[place] += 1 / tau
    ground, weights = POOLED_GROUND * base, list(POOLED_WEIGHTS)
    time_worth = span * sum(worth for _, worth in rows) / len(rows)
    for _ in range(FIT_ROUNDS):
        caused, spontaneous = [0.0] * size, 0.0
        for row, worth in rows:
            parts = [weight * level for weight, level in zip(weights, row, strict=True)]
            whole = ground + sum(parts)
            spontaneous += worth * ground / whole
            for place, part in enumerate(parts):
                caused[place] += worth * part / whole
        weights = [
            (WEIGHT_PRIOR * pooled + share) / (WEIGHT_PRIOR + exposed[place])
            for place, (pooled, share) in enumerate(zip(POOLED_WEIGHTS, caused, strict=True))
        ]
        ground = (WEIGHT_PRIOR * POOLED_GROUND + spontaneous) / (WEIGHT_PRIOR / base + time_worth)
    shrink = min(1.0, MOST_EXCITED / max(sum(weights), 1e-12))
    return ground, tuple(weight * shrink for weight in weights)


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
