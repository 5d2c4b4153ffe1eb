"""``preview``: what would be found at an address, as printed and as published, with where each field stood."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from feedsvc.cli.naming import unknown_target
from feedsvc.cli.options import Command, Options, pass_options
from feedsvc.cli.output import console, print_json
from feedsvc.config import Config, ConfigErrors, load, source_path, write_source
from feedsvc.config.source_file import check_key
from feedsvc.errors import ServiceError
from feedsvc.model import Source

if TYPE_CHECKING:
    from feedsvc.service.preview import Preview


@click.command(cls=Command)
@click.argument("target", metavar="URL|KEY")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--write", "key", metavar="KEY", help="Write the source file of that key.")
@click.option("--plan", "number", metavar="N", type=click.IntRange(1), help="Take the way in of that number.")
@pass_options
def preview(options: Options, target: str, as_json: bool, key: str | None, number: int | None) -> None:
    """Show what would be found at URL, or with the source KEY. Stores nothing."""
    from feedsvc.cli.preview_view import as_json as told
    from feedsvc.cli.preview_view import show

    options.log()
    config = _config(options)
    source = _source(config, target)
    if key is not None:
        _check_free(config, key)
        _check_unwatched(config, source)
    found = _look(config, source, number)
    if as_json:
        print_json(told(found))
    else:
        show(found)
    if key is not None:
        _write(config, found, key, say_on_stderr=as_json)
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
        from pathlib import Path

        if os.path.isdir("config"):
            raise
        with tempfile.TemporaryDirectory() as empty:
            defaults = load(empty, os.environ, options.overrides())
        return replace(defaults, warnings=(), directory=Path("config"))


def _source(config: Config, target: str) -> Source:
    from feedsvc.service.preview import source_for

    known = config.source(target)
    if known is not None:
        return known
    if "://" in target:
        return source_for(target)
    raise unknown_target(target, [source.key for source in config.sources])


def _look(config: Config, source: Source, number: int | None) -> Preview:
    from datetime import UTC, datetime

    from feedsvc.fetch import Client
    from feedsvc.service.preview import Previewer
    from feedsvc.service.reading import PageReader
    from feedsvc.service.service import fetch_settings

    with Client(fetch_settings(config)) as client, console(stderr=True).status(f"reading {source.urls[0]}"):
        found = Previewer(client, PageReader(), now=datetime.now(UTC)).preview(source, number=number)
    if number is not None and number > len(found.plans):
        raise ServiceError(
            "there is no such way in",
            subject=f"--plan {number}",
            remedy=f"choose 1 to {len(found.plans)}" if found.plans else "the source's file pins its way in",
        )
    return found


def _check_free(config: Config, key: str) -> None:
    """Refuse a key that cannot be written before anything is fetched."""
    try:
        check_key(key)
    except ValueError as error:
        raise ServiceError(
            "is not a source key", subject=key, remedy="use lower-case letters, digits, - and _"
        ) from error
    path = source_path(config.directory, key)
    if path.exists():
        raise ServiceError("is there already", subject=str(path), remedy="choose another key, or remove the file")


def _check_unwatched(config: Config, source: Source) -> None:
    """Refuse an address that another file watches: two sources of one address are a fault of the configuration."""
    for known in config.sources:
        if shared := set(known.urls) & set(source.urls):
            raise ServiceError(
                "is watched already",
                subject=shared.pop(),
                remedy=f"see {source_path(config.directory, known.key)}, or remove that file first",
            )


def _write(config: Config, found: Preview, key: str, *, say_on_stderr: bool) -> None:
    """Write the source's file with what was found, where anything was."""
    from feedsvc.service.preview import pinned

    if not found.listing.items:
        raise ServiceError(
            "nothing was found that could be watched, so no file was written",
            subject=found.listing.url,
            remedy="name the page that lists the releases",
        )
    language = found.source.language or (found.entry.language if found.entry else None)
    source = replace(
        pinned(found), key=key, language=language, time_zone=config.settings.defaults.time_zone, title=_title(found)
    )
    _check_unwatched(config, source)
    try:
        path = write_source(config.directory, source)
    except OSError as error:
        raise ServiceError(
            f"cannot be written: {(error.strerror or str(error)).lower()}",
            subject=str(source_path(config.directory, key)),
            remedy="name a directory that you may write to with --config",
        ) from error
    has_rules = source.rules.item or source.rules.link or source.kind != "auto"
    click.echo(
        f"written: {path}" + ("" if has_rules else " (no stable rules were found: the list is found anew each time)"),
        err=say_on_stderr,
    )


def _title(found: Preview) -> str:
    """What the page calls itself; a source that has a name keeps it."""
    from feedsvc.extract.document import Document
    from feedsvc.normalize.text import plain, shorten

    if found.source.key != "preview":
        return found.source.title
    printed = Document.parse(found.page).root.findtext(".//title") or ""
    return shorten(plain(printed), 100) or found.source.title
