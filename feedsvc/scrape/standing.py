"""Where a source stands after a scrape: its state in a word, its health from one scrape to the next, its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from feedsvc.scrape.decide import Step
from feedsvc.scrape.outcome import PageFailure, Result, ScrapeOutcome
from feedsvc.scrape.quarantine import ACCEPTABLE, Fault, Health, State
from feedsvc.store import ScrapeRecord, SourceState

#: The name of a source's health in its memory.
HEALTH = "health"

#: Failed scrapes in a row after which a source is called broken: so many, or fewer over a day.
BROKEN_AFTER, BROKEN_IN_A_DAY = 10, 3
_A_DAY = timedelta(days=1)
#: So many release pages failing together are the site's fault, or ours; fewer are pages' own.
_MANY_PAGES = 3


def state_of(
    outcome: ScrapeOutcome,
    health: Health,
    failures: int,
    *,
    succeeded_at: datetime | None = None,
    holds_back: bool = False,
) -> str:
    """ "well", "failing", "suspect" or "broken"; ``failures`` are those in a row before this scrape.

    ``succeeded_at`` is when the last good scrape ended; ``holds_back``: the listing was sound, but for items that wait
    for an admin.
    """
    if outcome.result.is_good:
        return "suspect" if holds_back else "well"
    if outcome.result is Result.QUARANTINED:
        return "broken" if health.state is State.BROKEN else "suspect"
    if health.state is not State.OK:  # an error in between says nothing of the page that looked wrong
        return health.state.value
    is_long = succeeded_at is None or outcome.finished_at - succeeded_at >= _A_DAY
    is_broken = failures + 1 >= (BROKEN_IN_A_DAY if is_long else BROKEN_AFTER)
    return "broken" if is_broken else "failing"


def errors_in_a_row(state: SourceState) -> int:
    """Scrapes since the last good one that could not read the page; those that found it wrong do not count."""
    return max(0, state.failures - health_from(state.memory.get(HEALTH)).in_a_row)


def nothing_read(failures: Sequence[PageFailure], *, is_first_scrape: bool) -> str:
    """What is wrong where no release page that was followed could be read; "" where single pages' faults explain it."""
    if not failures or (len(failures) < _MANY_PAGES and not is_first_scrape):
        return ""
    first = failures[0]
    return f"none of the release pages could be read ({len(failures)}): {first.url}: {first.reason}"


def record_of(outcome: ScrapeOutcome) -> ScrapeRecord:
    """The outcome as a line of the source's history."""
    return ScrapeRecord(
        source=outcome.source,
        started_at=outcome.started_at,
        finished_at=outcome.finished_at,
        result=outcome.result.value,
        reason=outcome.reason,
        new=len(outcome.new),
        changed=len(outcome.changed),
        unchanged=outcome.unchanged,
        failed=len(outcome.failures),
        requests=outcome.requests,
        facts=outcome.facts,
    )


def evidence_of(steps: Sequence[Step], lines: Sequence[str], *, fault: Fault | None = None) -> dict[str, Any]:
    """What an admin compares: the sentences, and what the page showed."""
    return {
        "fault": fault.value if fault else "",
        "may_be_accepted": fault is None or fault in ACCEPTABLE,
        "comparison": list(lines),
        "items": [
            {"url": step.sighting.item.url, "title": step.sighting.title, "day": step.sighting.day}
            for step in steps[:50]
        ],
    }


def health_from(kept: Mapping[str, Any] | None) -> Health:
    """The health that the last scrape left."""
    if not kept:
        return Health()
    since = kept.get("alike_since")
    return Health(
        **{**kept, "state": State(kept["state"]), "alike_since": datetime.fromisoformat(since) if since else None}
    )


def kept_health(health: Health) -> dict[str, Any] | None:
    """The health as the next scrape will find it; None for a source that is all right."""
    if health == Health():
        return None
    since = health.alike_since
    return {**asdict(health), "state": health.state.value, "alike_since": since.isoformat() if since else None}
