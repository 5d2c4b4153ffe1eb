"""``sources``, ``entries``, ``history``: what is known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from feedsvc.cli.naming import unknown_category, unknown_source
from feedsvc.cli.options import Command, Options, pass_options
from feedsvc.cli.output import print_json, print_rows
from feedsvc.model import FeedRef, StoredEntry
from feedsvc.store import ScrapeRecord, SourceState

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command(cls=Command)
@_json
@pass_options
def sources(options: Options, as_json: bool) -> None:
    """List the sources: how each is, and when it was and will be scraped."""
    with options.service() as service:
        states, now = service.store.sources.all(), service.clock()
    if as_json:
        print_json([_source(state) for state in states])
        return
    rows = [
        (state.key, _standing(state, now=now), state.source.category, state.scraped_at, _due(state), state.source.title)
        for state in states
    ]
    print_rows(("key", "state", "category", "scraped", "due", "title"), rows)


def _standing(state: SourceState, *, now: datetime) -> str:
    until = state.source.cadence.paused_until
    if not state.source.is_enabled:
        return "off"
    if until is not None and until > now:
        return f"paused until {until:%Y-%m-%d %H:%M} UTC"
    return f"{state.state}: {state.reason}" if state.reason else state.state


def _due(state: SourceState) -> datetime | None:
    return state.due_at if state.source.is_enabled else None


def _source(state: SourceState) -> dict[str, Any]:
    return {
        "key": state.key,
        "title": state.source.title,
        "url": list(state.source.urls),
        "category": state.source.category,
        "enabled": state.source.is_enabled,
        "paused_until": state.source.cadence.paused_until,
        "state": state.state,
        "reason": state.reason,
        "failures": state.failures,
        "scraped_at": state.scraped_at,
        "succeeded_at": state.succeeded_at,
        "due_at": _due(state),
        "due_why": state.due_why,
        "overrides": state.overrides,
    }


@click.command(cls=Command)
@click.option("--source", metavar="KEY", help="Only entries of this source.")
@click.option("--category", metavar="PATH", help="Only entries of this category and those below it.")
@click.option("--words", default="", metavar="TEXT", help="Only entries that hold all these words.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="At most so many.")
@_json
@pass_options
def entries(options: Options, source: str | None, category: str | None, words: str, limit: int, as_json: bool) -> None:
    """List entries, newest first."""
    ref = FeedRef(kind="category", key=category) if category else FeedRef(kind="all")
    if source and not category:
        ref = FeedRef(kind="source", key=source)
    with options.service() as service:
        if source and service.store.sources.get(source) is None:
            raise unknown_source(source, service.store.sources.keys())
        paths = [one.path for one in service.store.categories()]
        if category and category not in paths:
            raise unknown_category(category, paths)
        found = service.store.entries.newest(ref, limit=limit, words=words, source=source if category else None)
    if as_json:
        print_json([_entry(stored) for stored in found])
        return
    rows = [(stored.uuid, _when(stored), stored.source, stored.entry.title) for stored in found]
    print_rows(("id", "published", "source", "title"), rows)


def _when(stored: StoredEntry) -> object:
    return stored.published_day or stored.published


def _entry(stored: StoredEntry) -> dict[str, Any]:
    entry = stored.entry
    return {
        "id": f"urn:uuid:{stored.uuid}",
        "link": entry.link,
        "title": entry.title,
        "published": stored.published,
        "published_day": stored.published_day or None,
        "updated": stored.updated,
        "first_seen_at": stored.first_seen_at,
        "authors": entry.authors,
        "publisher": entry.publisher,
        "category_path": entry.category_path,
        "categories": stored.categories,
        "sources": stored.sources,
        "summary": entry.summary,
        "language": entry.language,
        "image": entry.image,
        "enclosures": entry.enclosures,
        "flags": entry.flags,
    }


@click.command(cls=Command)
@click.argument("key", required=False)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="At most so many.")
@_json
@pass_options
def history(options: Options, key: str | None, limit: int, as_json: bool) -> None:
    """List past scrapes, of one source or of all, newest first."""
    with options.service() as service:
        if key and service.store.sources.get(key) is None:
            raise unknown_source(key, service.store.sources.keys())
        records = service.store.scrapes.history(key, limit=limit)
    if as_json:
        print_json([_record(record) for record in records])
        return
    rows = [
        (record.started_at, record.source, record.result, record.new, record.changed, record.requests, record.reason)
        for record in records
    ]
    print_rows(("started", "source", "result", "new", "changed", "requests", "reason"), rows)


def _record(record: ScrapeRecord) -> dict[str, Any]:
    return {
        "source": record.source,
        "started_at": record.started_at,
        "finished_at": record.finished_at,
        "result": record.result,
        "reason": record.reason,
        "new": record.new,
        "changed": record.changed,
        "unchanged": record.unchanged,
        "failed": record.failed,
        "requests": record.requests,
    }
