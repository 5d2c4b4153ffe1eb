"""``export`` and ``publish``: feeds exactly as they are served, as one document or as files."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from feedsvc.cli.options import Command, Options, pass_options
from feedsvc.config.fault import nearest
from feedsvc.errors import ServiceError
from feedsvc.model import FeedRef, Format
from feedsvc.service.document import Document
from feedsvc.service.facts import Catalogue
from feedsvc.service.feeds import FeedService

#: Seconds between two looks for changes.
_WATCH_EVERY = 1.0


@click.command(cls=Command)
@click.argument("feed", metavar="FEED")
@click.option("--format", "ending", type=click.Choice([one.value for one in Format]), default="atom")
@pass_options
def export(options: Options, feed: str, ending: str) -> None:
    """Print a feed as served. FEED: all, a category's path, or source:KEY."""
    with options.service() as service:
        ref = find_feed(service.feeds.catalogue, feed)
        rendering = service.feeds.rendering(Document(ref=ref, format=Format(ending)))
    if rendering is None:
        raise unknown_feed(feed, service.feeds.catalogue)
    sys.stdout.buffer.write(rendering.identity)
    sys.stdout.buffer.flush()


def find_feed(catalogue: Catalogue, name: str) -> FeedRef:
    """The feed that a person names. Raises ServiceError where there is none."""
    kind, colon, key = name.partition(":")
    path = f"sources/{key}" if colon and kind == "source" else f"feeds/{name.strip('/')}"
    ref = catalogue.find(path)
    if ref is None:
        raise unknown_feed(name, catalogue)
    return ref


def unknown_feed(name: str, catalogue: Catalogue) -> ServiceError:
    """The error for a feed that does not exist, with the one that was probably meant."""
    names = [
        "all",
        *(path for path in catalogue.categories),
        *(f"source:{key}" for key in catalogue.sources),
    ]
    close = nearest(name, names)
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    remedy = f"did you mean {close}?" if close else f"there are: {shown}"
    return ServiceError("there is no such feed", subject=name, remedy=remedy)


@click.command(cls=Command)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--watch", is_flag=True, help="Go on, and write what changes.")
@pass_options
def publish(options: Options, directory: Path, watch: bool) -> None:
    """Write every feed into DIR as files, each with .gz and .br beside it."""
    with options.service(follows=watch) as service:
        _write(service.feeds, directory)
        while watch:
            time.sleep(_WATCH_EVERY)
            if service.config() is not service.taken_up:
                service.take_up()
            if service.feeds.poll():
                _write(service.feeds, directory)


def _write(feeds: FeedService, directory: Path) -> None:
    done = feeds.write_files(directory)
    click.echo(f"{directory}: {done.written} written, {done.unchanged} unchanged, {done.removed} removed")
