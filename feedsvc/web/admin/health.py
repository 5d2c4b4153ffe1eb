"""How the service is: at a glance, host by host, and what failed lately with what to do."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response

from feedsvc.store import Condition
from feedsvc.web.admin.words import Moment, condition_words, span_words
from feedsvc.web.gate import desk, page

health = Blueprint("health_pages", __name__)

ALERTS, FAILURES, HOSTS = 50, 100, 200
#: What to do about a trouble, and where: words, and the end of the source's address.
_REMEDIES = {
    "suspect": ("Look at what it found, and accept or dismiss it", ""),
    "broken": ("Look for rules that fit the page as it is now", "/repair"),
    "silent": ("Look whether the site moved its releases", "/rules"),
    "slow": ("See its scrapes and requests", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One alert as the page shows it."""

    source: str
    title: str
    words: str
    since: Moment | None
    ended: Moment | None
    reason: str
    remedy: str
    href: str


@health.get("/health")
def glance() -> Response:
    """Whether it is well, who holds the clock, what admins were told."""
    now, found = desk().clock(), desk().health()
    return page(
        "health.html",
        health=found,
        size=found.size,
        last=Moment.of(found.last_scrape_at, now=now),
        until=Moment.of(found.put_off_until, now=now),
        counts=[
            (condition.value, condition_words(condition), found.conditions.get(condition, 0)) for condition in Condition
        ],
        troubles=troubles(ALERTS),
    )


@health.get("/health/hosts")
def hosts() -> Response:
    """What is asked of each host, and whose turn it is."""
    now, found = desk().clock(), desk().hosts()
    return page(
        "hosts.html",
        hosts=[
            (
                one,
                Moment.of(one.last_scraped_at, now=now),
                Moment.of(one.next_due_at, now=now),
                Moment.of(one.not_before, now=now),
            )
            for one in found[:HOSTS]
        ],
        more=max(len(found) - HOSTS, 0),
    )


@health.get("/health/errors")
def errors() -> Response:
    """The latest scrapes that failed, of all sources."""
    now = desk().clock()
    return page(
        "errors.html",
        failures=[
            (one, Moment.of(one.finished_at, now=now), span_words(one.finished_at - one.started_at))
            for one in desk().failures(limit=FAILURES)
        ],
    )


def troubles(limit: int) -> list[Trouble]:
    """What admins were told, what goes on first."""
    now = desk().clock()
    return [
        Trouble(
            source=alert.source,
            title=alert.title or alert.source,
            words=alert.trouble.value,
            since=Moment.of(alert.since, now=now),
            ended=Moment.of(alert.at, now=now) if alert.has_ended else None,
            reason=alert.reason,
            remedy=_REMEDIES[alert.trouble.value][0],
            href=f"/admin/sources/{alert.source}{_REMEDIES[alert.trouble.value][1]}",
        )
        for alert in desk().alerts(limit=limit)
    ]
