"""Who reads: how often each feed was asked for and by what, who is pushed to, and whom webhooks tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, Response, request

from feedsvc.store.deliveries import DayOfDelivery
from feedsvc.web.admin.bars import bars
from feedsvc.web.admin.words import Moment
from feedsvc.web.gate import desk, page

readers = Blueprint("readers", __name__)

DAYS, LISTED, PUSHED = 28, 200, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What is known of one feed's readers."""

    feed: str
    requests: int
    #: Of 100 answers, those that said: nothing new.
    unchanged: int
    #: Subscribers whom aggregators name, at the most on one day.
    subscribers: int
    chart: str


@readers.get("/feeds")
def facts() -> Response:
    """All feeds of the last weeks, or one with its formats and software."""
    feed = request.args.get("feed", "").strip()[:400]
    found = desk().readership.of_last(DAYS, feed=feed or None)
    now = desk().clock()
    by_feed: dict[str, list[DayOfDelivery]] = defaultdict(list)
    for fact in found:
        by_feed[fact.feed].append(fact)
    read = sorted(
        (_read(name, facts, today=now.date()) for name, facts in by_feed.items()), key=lambda one: -one.requests
    )
    return page(
        "readers.html",
        feed=feed,
        days=DAYS,
        read=read[:LISTED],
        more=max(len(read) - LISTED, 0),
        formats=_counted(found, "format"),
        software=_counted(found, "agent")[:30],
        statuses=_counted(found, "status"),
        subscriptions=[
            (one, Moment.of(one.expires_at, now=now), Moment.of(one.failing_since, now=now))
            for one in desk().subscriptions()
            if not feed or one.topic.partition("?")[0].rpartition(".")[0] == feed
        ][:PUSHED],
        hub=desk().config().settings.hub.enabled,
        webhooks=[
            (hook, notice, Moment.of(notice.failing_since, now=now), Moment.of(notice.retry_at, now=now))
            for hook in desk().config().webhooks
            for notice in (desk().store.notices.get("webhook", hook.name),)
            if not feed or hook.feed == feed
        ],
    )


def _read(feed: str, facts: Iterable[DayOfDelivery], *, today: date) -> Read:
    kept = list(facts)
    by_day = Counter[date]()
    named: dict[tuple[date, str], int] = defaultdict(int)
    for fact in kept:
        by_day[fact.day] += fact.requests
        software = (fact.day, f"{fact.format} {fact.agent}")
        named[software] = max(named[software], fact.subscribers)
    per_day = Counter[date]()
    for (day, _), number in named.items():
        per_day[day] += number
    total = sum(by_day.values())
    same = sum(fact.requests for fact in kept if fact.status == 304)
    return Read(
        feed=feed,
        requests=total,
        unchanged=round(100 * same / total) if total else 0,
        subscribers=max(per_day.values(), default=0),
        chart=bars([by_day[today - timedelta(days=back)] for back in range(DAYS - 1, -1, -1)]),
    )


def _counted(facts: Iterable[DayOfDelivery], name: str) -> list[tuple[str, int]]:
    """Requests by a field's value, the most first."""
    counted = Counter[str]()
    for fact in facts:
        counted[str(getattr(fact, name))] += fact.requests
    return counted.most_common()
