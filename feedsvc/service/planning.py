"""What a source's schedule comes to: its next day, what another budget would change, what its hosts must bear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from feedsvc.config import Config, Settings
from feedsvc.model import Cadence, Source
from feedsvc.schedule.cadence import Due, Standing, next_due
from feedsvc.schedule.follow import Follower
from feedsvc.schedule.outlook import Outlook, at_most, evenly_placed, expected_lag, outlook
from feedsvc.schedule.rhythms import Rhythms, has_budget, placer
from feedsvc.service.origin import cadence_from
from feedsvc.service.pacing import paced
from feedsvc.service.standing import most_a_day
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
    #: On average, as planned; None where nothing is known: of the source's rhythm, or of another crontab line.
    placed: timedelta | None
    #: The same number of scrapes at a fixed interval within the active hours.
    evenly: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLoad:
    """What all enabled sources together ask of one host."""

    host: str
    sources: int
    scrapes_a_day: float
    requests_a_day: float
    #: The most that the interval between two requests and the day's budget let through.
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
    whole = outlook(source.cadence, now=now, zone=source.time_zone)
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
            _lag(name, factor, source.cadence, whole, follower)
            for name, factor in (("half", 0.5), ("same", 1.0), ("double", 2.0))
        ),
        hosts=tuple(_loads(source, store, config.settings, now=now)),
        scrapes_a_week=whole.scrapes_a_week,
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


def _lag(name: str, factor: float, cadence: Cadence, whole: Outlook, follower: Follower | None) -> Lag:
    wished = whole.scrapes_a_week * factor
    rate = at_most(wished, cadence.active) if has_budget(cadence) else wished
    placed = None
    if follower is not None and follower.rhythm.count:
        placed = timedelta(seconds=round(expected_lag(follower.rhythm, per_week=rate, active=cadence.active)))
    elif follower is None and factor == 1:
        placed = whole.wait
    evenly = timedelta(seconds=round(evenly_placed(rate, cadence.active)))
    return Lag(budget=name, scrapes_a_week=rate, placed=placed, evenly=evenly)


def _loads(source: Source, store: Store, settings: Settings, *, now: datetime) -> Iterator[HostLoad]:
    """The load on each host that the source's listing pages are on, with the source as it is given."""
    for host in dict.fromkeys(map(_host, source.urls)):
        enabled = store.sources.all(enabled_only=True, mentioning=host)
        others = [one.source for one in enabled if one.key != source.key and host in map(_host, one.source.urls)]
        here = [source, *others] if source.is_enabled else others
        scrapes = [outlook(one.cadence, now=now, zone=one.time_zone).scrapes_a_week / 7 for one in here]
        yield HostLoad(
            host=host,
            sources=len(here),
            scrapes_a_day=sum(scrapes),
            requests_a_day=sum(times * _requests(one, store) for times, one in zip(scrapes, here, strict=True)),
            most_a_day=most_a_day(settings),
        )


def loads_of(burdens: Iterable[Burden], store: Store, *, now: datetime) -> Mapping[str, tuple[float, float]]:
    """Key -> (scrapes a day, requests a day), of many sources at once."""
    requests = store.scrapes.mean_requests()
    # the same few cadences serve most sources, and a crontab line takes its time
    daily: dict[tuple[Cadence, str], float] = {}
    found = {}
    for one in burdens:
        paced = (one.cadence, one.time_zone)
        if paced not in daily:
            daily[paced] = outlook(one.cadence, now=now, zone=one.time_zone).scrapes_a_week / 7
        scrapes = daily[paced]
        found[one.key] = (scrapes, scrapes * requests.get(one.key, float(len(one.urls))))
    return found


def _requests(source: Source, store: Store) -> float:
    """Requests that a scrape of the source takes, by the latest ones; its listing pages where there were none."""
    past = store.scrapes.history(source.key, limit=_PAST)
    # the first scrape of a source reads everything: no measure of the others
    usual = past[:-1] if 1 < len(past) < _PAST else past
    return sum(one.requests for one in usual) / len(usual) if usual else float(len(source.urls))


def _host(url: str) -> str:
    return urlsplit(url).netloc.casefold()
