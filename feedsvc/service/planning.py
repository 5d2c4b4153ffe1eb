"""What a source's schedule comes to: its next day, what another budget would change, what its hosts must bear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from feedsvc.config import Config, Settings
from feedsvc.model import Cadence, Source
from feedsvc.schedule.cadence import DEFAULT_BUDGET, Due, Standing, interval_of, next_due
from feedsvc.schedule.follow import Follower
from feedsvc.schedule.placing import expected_lag
from feedsvc.schedule.rhythms import Rhythms, per_week, placer
from feedsvc.service.origin import cadence_from
from feedsvc.service.pacing import paced
from feedsvc.store import SourceState, Store
from feedsvc.store.burden import Burden

#: How far ahead a schedule is shown, and how many scrapes of it at most.
AHEAD, SCRAPES_MOST = timedelta(hours=24), 700
#: Past scrapes from which the requests of one are known.
_PAST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How long a release is expected to wait for its scrape."""

    #: "half", "same" or "double" what is planned now.
    budget: str
    scrapes_a_week: float
    #: On average; None where nothing is known of the source's rhythm.
    placed: timedelta | None
    #: The same number of scrapes at a fixed interval.
    evenly: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLoad:
    """What all enabled sources together ask of one host."""

    host: str
    sources: int
    scrapes_a_day: float
    requests_a_day: float
    #: The most that the interval between two requests lets through.
    most_a_day: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The plan of one source."""

    key: str
    #: "every", "cron" or "budget".
    cadence: str
    #: Who chose it, as "category company/releases"; "" where the source says so itself.
    cadence_from: str
    zone: str
    is_enabled: bool
    #: As kept: what the clock will do next.
    due_at: datetime | None
    due_why: str
    #: The next 24 hours, on the supposition that nothing new is found meanwhile.
    scrapes: tuple[Due, ...]
    lags: tuple[Lag, ...]
    hosts: tuple[HostLoad, ...]
    #: Scrapes a week, about, while all is well; and whether they are too many to name each here.
    scrapes_a_week: float = 0.0
    is_cut: bool = False
    #: Releases that the rhythm was learned from; None where the cadence is no budget.
    learned_from: int | None = None


def schedule_of(
    state: SourceState, store: Store, rhythms: Rhythms, config: Config, *, now: datetime, ahead: timedelta = AHEAD
) -> Schedule:
    """The schedule of a source as it stands, its scrapes shown so far ``ahead``. Raises StoreError."""
    source = state.source
    follower = rhythms.known(state, now=now)
    rate = per_week(source.cadence) if follower else timedelta(weeks=1) / _interval(source, now)
    cadence = "every" if source.cadence.every else "cron" if source.cadence.cron else "budget"
    # a budget's scrapes are shown from a follower of their own: looking ahead uses it up
    follows = rhythms.known(state, now=now)
    scrapes = tuple(_ahead(state, follows, now=now, until=now + ahead)) if source.is_enabled else ()
    return Schedule(
        key=state.key,
        cadence=cadence,
        cadence_from=cadence_from(state, paced(config, store.categories_kept.decided())),
        zone=source.time_zone,
        is_enabled=source.is_enabled,
        due_at=state.due_at if source.is_enabled else None,
        due_why=state.due_why,
        scrapes=scrapes,
        lags=tuple(
            _lag(name, rate * factor, follower) for name, factor in (("half", 0.5), ("same", 1.0), ("double", 2.0))
        ),
        hosts=tuple(_loads(source, store, config.settings, now=now)),
        scrapes_a_week=rate,
        is_cut=len(scrapes) >= SCRAPES_MOST,
        learned_from=follower.rhythm.count if follower else None,
    )


def _ahead(state: SourceState, follower: Follower | None, *, now: datetime, until: datetime) -> Iterator[Due]:
    """The scrapes up to ``until``: the one that is planned, then those that would follow it."""
    due = Due(at=max(state.due_at, now), why=state.due_why) if state.due_at is not None else None
    for _ in range(SCRAPES_MOST):
        if due is None:
            standing = Standing(scraped_at=state.scraped_at)
            first = next_due(state.source.cadence, standing, now=now, zone=state.source.time_zone)
            due = Due(at=max(first.at, now), why=first.why)
        if due.at > until:
            return
        yield due
        if follower is not None:
            follower.scraped(due.at.timestamp(), found=())
        due = next_due(
            state.source.cadence,
            Standing(scraped_at=due.at),
            now=due.at,
            zone=state.source.time_zone,
            budget=placer(follower, state.source),
        )


def _lag(name: str, rate: float, follower: Follower | None) -> Lag:
    placed = None
    if follower is not None and follower.rhythm.count:
        placed = timedelta(seconds=round(expected_lag(follower.rhythm, per_week=rate)))
    return Lag(budget=name, scrapes_a_week=rate, placed=placed, evenly=timedelta(weeks=1) / rate / 2)


def _loads(source: Source, store: Store, settings: Settings, *, now: datetime) -> Iterator[HostLoad]:
    """The load on each host that the source's listing pages are on."""
    interval = max(settings.fetch.host_interval.total_seconds(), 0.001)
    for host in dict.fromkeys(map(_host, source.urls)):
        enabled = store.sources.all(enabled_only=True, mentioning=host)
        here = [one.source for one in enabled if host in map(_host, one.source.urls)]
        scrapes = [timedelta(days=1) / _interval(one, now) for one in here]
        yield HostLoad(
            host=host,
            sources=len(here),
            scrapes_a_day=sum(scrapes),
            requests_a_day=sum(times * _requests(one, store) for times, one in zip(scrapes, here, strict=True)),
            most_a_day=86_400 / interval,
        )


def loads_of(burdens: Iterable[Burden], store: Store, *, now: datetime) -> Mapping[str, tuple[float, float]]:
    """Key -> (scrapes a day, requests a day), of many sources at once."""
    requests = store.scrapes.mean_requests()
    # the same few cadences serve most sources, and a crontab line takes its time
    intervals: dict[tuple[Cadence, str], timedelta] = {}
    found = {}
    for one in burdens:
        paced = (one.cadence, one.time_zone)
        if paced not in intervals:
            intervals[paced] = _interval(one, now)
        scrapes = timedelta(days=1) / intervals[paced]
        found[one.key] = (scrapes, scrapes * requests.get(one.key, float(len(one.urls))))
    return found


def _interval(source: Source | Burden, now: datetime) -> timedelta:
    if source.cadence.every is None and source.cadence.cron is None:
        scrapes, per = source.cadence.budget or DEFAULT_BUDGET
        return per / scrapes
    return interval_of(source.cadence, now=now, zone=source.time_zone)


def _requests(source: Source, store: Store) -> float:
    """Requests that a scrape of the source takes, by the latest ones; its listing pages where there were none."""
    past = store.scrapes.history(source.key, limit=_PAST)
    # the first scrape of a source reads everything: no measure of the others
    usual = past[:-1] if 1 < len(past) < _PAST else past
    return sum(one.requests for one in usual) / len(usual) if usual else float(len(source.urls))


def _host(url: str) -> str:
    return urlsplit(url).netloc.casefold()
