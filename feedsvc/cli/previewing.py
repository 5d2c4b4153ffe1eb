"""``preview``: what would be found at an address, as printed and as published, with where each field stood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from feedsvc.cli.options import Command, Options, pass_options
from feedsvc.cli.output import cell, console, is_watched, print_json, print_rows
from feedsvc.config import Config, ConfigErrors, load, source_path, write_source
from feedsvc.config.source_file import check_key
from feedsvc.errors import ServiceError
from feedsvc.model import Draft, Entry, Found, FoundMedia, ListingItem, Media, Source, When
from feedsvc.normalize.text import plain, shorten

if TYPE_CHECKING:
    from feedsvc.service.preview import Preview

#: Field of a Draft -> field of an Entry.
_FIELDS = {
    "url": "link",
    "title": "title",
    "subtitle": "subtitle",
    "published": "published",
    "updated": "updated",
    "authors": "authors",
    "publisher": "publisher",
    "category_path": "category_path",
    "tags": "tags",
    "summary": "summary",
    "body": "content",
    "image": "image",
    "enclosures": "enclosures",
    "language": "language",
}
_TEXT_MAX = 160


@click.command(cls=Command)
@click.argument("target", metavar="URL|KEY")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--write", "key", metavar="KEY", help="Write the source file of that key.")
@pass_options
def preview(options: Options, target: str, as_json: bool, key: str | None) -> None:
    """Show what would be found at URL, or with the source KEY. Stores nothing."""
    from feedsvc.service.preview import preview as look

    options.log()
    config = _config(options)
    source = _source(config, target)
    with _fetcher(config) as fetcher, console(stderr=True).status(f"reading {source.urls[0]}"):
        found = look(source, fetcher, _reader(), now=_now())
    if as_json:
        print_json(_as_json(found))
    else:
        _show(found)
    if key is not None:
        _write(config, found, key)
    if found.entry is None:
        raise SystemExit(1)


def _config(options: Options) -> Config:
    """The configuration, or the defaults where there is none yet: a preview is what people do first."""
    try:
        return options.load()
    except ConfigErrors:
        if options.directory is not None:
            raise
        import os
        import tempfile

        if os.path.isdir("config"):
            raise
        with tempfile.TemporaryDirectory() as empty:
            return replace(load(empty, os.environ, options.overrides()), warnings=())


def _source(config: Config, target: str) -> Source:
    from feedsvc.service.preview import source_for

    known = config.source(target)
    if known is not None:
        return known
    if "://" in target:
        return source_for(target)
    raise ServiceError(
        "is neither a URL nor the key of a source", subject=target, remedy="write https://..., or see `feedsvc sources`"
    )


def _fetcher(config: Config) -> Any:
    from feedsvc.fetch import Client
    from feedsvc.service.service import fetch_settings

    return Client(fetch_settings(config))


def _reader() -> Any:
    from feedsvc.service.reading import PageReader

    return PageReader()


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def _show(found: Preview) -> None:
    listing = found.listing
    click.echo(f"{listing.url}: {len(listing.items)} items, found by {listing.plan}")
    if listing.reason:
        click.echo(f"  {listing.reason}")
    if found.look:
        click.echo(f"  the page looks like this: {found.look}")
    print_rows(("#", "date", "title", "link"), (_item(number, item) for number, item in enumerate(listing.items, 1)))
    for url in listing.next_urls[:3]:
        click.echo(f"older items: {url}")
    reasons = sorted({refusal.reason for refusal in listing.refused})
    if reasons:
        click.echo(f"refused: {len(listing.refused)} links ({', '.join(reasons)})")
    if found.problem:
        click.echo(f"no entry: {found.problem}")
    if found.draft is not None:
        click.echo(f"\n{found.draft.url}")
        _show_release(found.draft, found.entry)


def _item(number: int, item: ListingItem) -> tuple[object, ...]:
    return number, item.published[0].text if item.published else "", item.title.text if item.title else "", item.url


def _show_release(draft: Draft, entry: Entry | None) -> None:
    """The Draft and its Entry side by side: what is wrong on the left is extraction's fault, on the right ours."""
    rows = list(_rows(draft, entry))
    if not is_watched():
        print_rows(("field", "printed", "where", "published as"), rows)
        return
    table = Table(title=None, header_style="bold", pad_edge=False, expand=True)
    for heading, ratio in (("field", 1), ("on the page (Draft)", 4), ("where", 2), ("in the feed (Entry)", 4)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for row in rows:
        table.add_row(*(cell(value) for value in row))
    console().print(table)


def _rows(draft: Draft, entry: Entry | None) -> Iterator[tuple[str, str, str, str]]:
    for ours, theirs in _FIELDS.items():
        printed = _found(getattr(draft, ours))
        published = _text(getattr(entry, theirs)) if entry is not None else ""
        if not printed and not published:
            continue
        chosen = entry.provenance.get(theirs) if entry is not None else None
        lines = printed or [("", "")]
        for number, (text, where) in enumerate(lines[:4]):
            said = where or (chosen.where if chosen and number == 0 else "")
            yield ours if number == 0 else "", text, said, published if number == 0 else ""
    if entry is not None and entry.flags:
        yield "remarks", "", "", "; ".join(entry.flags)


def _found(value: object) -> list[tuple[str, str]]:
    """Texts with where they stood."""
    if value is None:
        return []
    if isinstance(value, Found):
        return [(shorten(plain(value.text), _TEXT_MAX), value.where)]
    if isinstance(value, FoundMedia):
        return [(value.url, value.where)]
    if isinstance(value, tuple):
        return [pair for one in value for pair in _found(one)]
    return [(str(value), "")]


def _text(value: object) -> str:
    """A field of an Entry in few words."""
    if value is None:
        return ""
    if isinstance(value, When):
        return value.day if value.precision == "day" else value.at.isoformat().replace("+00:00", "Z")
    if isinstance(value, Media):
        return " ".join(str(part) for part in (value.url, value.type, value.length) if part)
    if isinstance(value, tuple):
        return " / ".join(_text(one) for one in value)
    return shorten(plain(str(value)), _TEXT_MAX)


def _as_json(found: Preview) -> dict[str, Any]:
    listing = found.listing
    return {
        "url": listing.url,
        "plan": listing.plan,
        "reason": listing.reason,
        "look": found.look,
        "items": listing.items,
        "next_urls": listing.next_urls,
        "refused": listing.refused,
        "item": found.item.url if found.item else None,
        "draft": found.draft,
        "entry": found.entry,
        "problem": found.problem,
    }


def _write(config: Config, found: Preview, key: str) -> None:
    try:
        check_key(key)
    except ValueError as error:
        raise ServiceError(
            "is not a source key", subject=key, remedy="use lower-case letters, digits, - and _"
        ) from error
    path = source_path(config.directory, key)
    if path.exists():
        raise ServiceError("is there already", subject=str(path), remedy="choose another key, or remove the file")
    language = found.entry.language if found.entry else None
    write_source(
        config.directory,
        replace(found.source, key=key, language=language, time_zone=config.settings.defaults.time_zone),
    )
    click.echo(f"written: {path}")
