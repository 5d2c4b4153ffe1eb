"""Repairs of sources whose rules stopped matching: proposed with evidence, adopted where an admin says so."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from feedsvc.errors import FetchError, NothingFound, ScrapeError
from feedsvc.log import get_logger
from feedsvc.model import NotModified, Page, Rules
from feedsvc.model.codec import encode
from feedsvc.protocols import Fetcher
from feedsvc.scrape.listings import known_stories
from feedsvc.scrape.repair import Repair, repair
from feedsvc.service.heavy import is_heavy
from feedsvc.service.replaying import latest, page_of
from feedsvc.store import Snapshot, SourceState, Store

_log = get_logger(__name__)

#: Kept copies of the listing, and release pages, that new rules are tried on.
_COPIES, _RELEASES = 10, 10


def propose(state: SourceState, store: Store, fetcher: Fetcher) -> Repair:
    """New rules for a source, from its listing as it is now. Raises ScrapeError where there is no page."""
    source = state.source
    fronts = set(source.urls)
    snapshots = store.snapshots.of_source(source.key, limit=2000)
    copies = [one for one in snapshots if one.kind == "listing" and {one.url, one.requested_url} & fronts]
    releases = [one for one in latest(snapshots) if one.kind == "release"][:_RELEASES]
    page = _present(source.urls[0], fetcher, copies)
    if is_heavy(page):
        raise NothingFound("the page is too large to look for rules in", subject=page.url, remedy="write them by hand")
    known = known_stories(store, source, ())
    return repair(source, page, _pages(copies[:_COPIES]), _pages(releases), known)


def adopt(found: Repair, store: Store, *, now: datetime) -> bool:
    """Put proposed rules in force, over what the configuration says, until an admin resets them. Raises StoreError."""
    if found.new is None:
        return False
    put_in_force(found.key, found.new, store, now=now)
    return True


def put_in_force(key: str, rules: Rules, store: Store, *, now: datetime) -> None:
    """Put rules in force over what is declared; a scrape that begins now reads the listing whatever it read last."""
    store.sources.override(key, {"rules": _whole(rules)})
    store.visits.forget_listings(key)
    store.sources.ask_to_run([key], now=now)
    _log.warning("repaired rules adopted", source=key)


def _whole(rules: Rules) -> dict[str, Any]:
    """Rules as an override that leaves nothing of the declared ones in force."""
    own = {name: getattr(rules, name) for name in Rules.__dataclass_fields__ if name != "release"}
    release = rules.release
    return {**own, "release": {name: encode(getattr(release, name)) for name in type(release).__dataclass_fields__}}


def _present(url: str, fetcher: Fetcher, copies: list[Snapshot]) -> Page:
    """The listing as it is now, or its latest copy where the site cannot be reached."""
    try:
        page = fetcher.fetch(url)
    except FetchError:
        if not copies:
            raise
        return page_of(copies[0])
    assert not isinstance(page, NotModified)
    return page


def _pages(snapshots: list[Snapshot]) -> list[Page]:
    found = []
    for one in snapshots:
        with suppress(ScrapeError):
            found.append(page_of(one))
    return [page for page in found if not is_heavy(page)]
