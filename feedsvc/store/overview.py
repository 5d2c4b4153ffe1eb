"""Sources as an admin looks for them: filtered, sorted and counted by the database, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from feedsvc.model.codec import microseconds_of
from feedsvc.store.database import Database
from feedsvc.store.schema import entries, feeds, memberships, scrapes, sources
from feedsvc.store.source_state import SourceState, state_of

_DAY = timedelta(days=1) // timedelta(microseconds=1)


class Condition(StrEnum):
    """How a source is, in one word."""

    BROKEN = "broken"
    SUSPECT = "suspect"
    FAILING = "failing"
    NEW = "new"
    WELL = "well"
    PAUSED = "paused"
    STOPPED = "stopped"


class Order(StrEnum):
    """What comes first."""

    #: What needs a look, then by title.
    ATTENTION = "attention"
    TITLE = "title"
    CATEGORY = "category"
    LAST = "last"
    NEXT = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which sources an admin looks for."""

    #: Any of these; () for all.
    conditions: tuple[Condition, ...] = ()
    #: A path in the tree, with all below it; "" for all.
    category: str = ""
    #: All of these words occur in key, title or address.
    words: str = ""
    order: Order = Order.ATTENTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A source's name, and the category under which it files; None for the page's own breadcrumb."""

    key: str
    title: str
    category: str | None


class OverviewTable:
    """Looks over all sources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, wanted: Wanted, *, now: datetime, limit: int, offset: int = 0) -> tuple[SourceState, ...]:
        """Some of the sources that are looked for."""
        query = sa.select(sources).where(*self._filters(wanted, now=now)).order_by(*self._order(wanted.order, now=now))
        with self._database.read() as connection:
            return tuple(state_of(row) for row in connection.execute(query.limit(limit).offset(offset)))

    def count(self, wanted: Wanted, *, now: datetime) -> int:
        """How many sources are looked for."""
        query = sa.select(sa.func.count()).select_from(sources).where(*self._filters(wanted, now=now))
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def places(self) -> tuple[Place, ...]:
        """What every source is called and where it files, without the rest of it."""
        query = sa.select(sources.c.key, self._field("title").label("title"), self._field("category").label("category"))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(sources.c.key))
            return tuple(Place(key=row.key, title=row.title or "", category=row.category) for row in rows)

    def conditions(self, *, now: datetime) -> Mapping[Condition, int]:
        """How many sources are in each condition."""
        condition = self._condition(now)
        query = sa.select(condition, sa.func.count()).group_by(condition)
        with self._database.read() as connection:
            found = {Condition(row[0]): int(row[1]) for row in connection.execute(query)}
        return {condition: found.get(condition, 0) for condition in Condition}

    def new_by_day(self, keys: Sequence[str], *, since: datetime, days: int) -> Mapping[str, tuple[int, ...]]:
        """Entries that each source brought, day by day from ``since``."""
        if not keys:
            return {}
        begin = microseconds_of(since)
        day = (sa.type_coerce(entries.c.first_seen_at, sa.BigInteger) - begin) // _DAY
        query = (
            sa.select(entries.c.source, day.label("day"), sa.func.count().label("number"))
            .where(entries.c.source.in_(keys), entries.c.first_seen_at >= since)
            .group_by(entries.c.source, day)
        )
        found: dict[str, list[int]] = defaultdict(lambda: [0] * days)
        with self._database.read() as connection:
            for row in connection.execute(query):
                if row.day < days:
                    found[row.source][row.day] = row.number
        return {key: tuple(found[key]) for key in keys}

    def shown_by_day(self, *, since: datetime, days: int) -> tuple[int, ...]:
        """Entries that came into the feed of everything, day by day from ``since``.

        The backlog that a first scrape finds counts on the days of its release dates: it is no news of today.
        """
        day = (sa.type_coerce(memberships.c.window_at, sa.BigInteger) - microseconds_of(since)) // _DAY
        everything = sa.select(feeds.c.id).where(feeds.c.kind == "all").scalar_subquery()
        query = (
            sa.select(day.label("day"), sa.func.count().label("number"))
            .where(memberships.c.feed_id == everything, memberships.c.is_withdrawn.is_(False))
            .where(memberships.c.window_at >= since)
            .group_by(day)
        )
        found = [0] * days
        with self._database.read() as connection:
            for row in connection.execute(query):
                if 0 <= row.day < days:
                    found[row.day] = row.number
        return tuple(found)

    def keys(self, wanted: Wanted, *, now: datetime, limit: int) -> tuple[str, ...]:
        """Keys of the sources that are looked for."""
        query = sa.select(sources.c.key).where(*self._filters(wanted, now=now)).order_by(sources.c.key).limit(limit)
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def releases(self, source: str, *, since: datetime, limit: int = 5000) -> tuple[datetime, ...]:
        """When a source's releases came out, as exactly as is known: as printed, or where only a day was, as seen."""
        moment = sa.case(
            (entries.c.published_precision == "day", entries.c.first_seen_at), else_=entries.c.published
        ).label("moment")
        query = (
            sa.select(moment)
            .where(entries.c.source == source, entries.c.withdrawn_at.is_(None), entries.c.published >= since)
            .order_by(entries.c.published.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def requests_a_scrape(self, source: str, *, last: int = 50) -> float:
        """How many requests its latest scrapes took on average; 1 where none is known."""
        latest = sa.select(scrapes.c.requests).where(scrapes.c.source == source).order_by(scrapes.c.id.desc())
        query = sa.select(sa.func.avg(latest.limit(last).subquery().c.requests))
        with self._database.read() as connection:
            return float(connection.execute(query).scalar() or 1)

    def _field(self, *path: str) -> sa.ColumnElement[Any]:
        """A member of the source in force."""
        text = sa.type_coerce(sources.c.in_force, sa.Text)
        if self._database.is_sqlite:
            return sa.func.json_extract(text, "$." + ".".join(path))
        member: sa.ColumnElement[Any] = sa.cast(text, JSONB)[path].astext
        return member

    def _condition(self, now: datetime) -> sa.ColumnElement[str]:
        paused_until = sa.cast(self._field("cadence", "paused_until"), sa.BigInteger)
        return sa.case(
            (sources.c.is_enabled.is_(False), Condition.STOPPED.value),
            (paused_until > microseconds_of(now), Condition.PAUSED.value),
            else_=sources.c.state,
        )

    def _filters(self, wanted: Wanted, *, now: datetime) -> list[sa.ColumnElement[bool]]:
        filters: list[sa.ColumnElement[bool]] = []
        if wanted.conditions:
            filters.append(self._condition(now).in_([condition.value for condition in wanted.conditions]))
        if wanted.category:
            category = self._field("category")
            below = category.startswith(f"{wanted.category}/", autoescape=True)
            filters.append(sa.or_(category == wanted.category, below))
        for word in wanted.words.split()[:10]:
            places = (sources.c.key, self._field("title"), self._field("urls"))
            filters.append(sa.or_(*(place.icontains(word, autoescape=True) for place in places)))
        return filters

    def _order(self, order: Order, *, now: datetime) -> list[sa.ColumnElement[Any]]:
        title = sa.func.lower(self._field("title"))
        if order is Order.TITLE:
            return [title, sources.c.key]
        if order is Order.CATEGORY:
            return [sa.func.coalesce(self._field("category"), ""), title, sources.c.key]
        if order is Order.LAST:
            return [sources.c.scraped_at.is_(None), sources.c.scraped_at.desc(), sources.c.key]
        if order is Order.NEXT:
            return [sources.c.is_enabled.is_(False), sources.c.due_at.is_(None), sources.c.due_at, sources.c.key]
        condition = self._condition(now)
        urgency = sa.case({each.value: place for place, each in enumerate(Condition)}, value=condition, else_=99)
        return [urgency, title, sources.c.key]
