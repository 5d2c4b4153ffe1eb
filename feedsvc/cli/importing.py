"""``import``: what other tools watch becomes source files."""

from __future__ import annotations

from pathlib import Path

import click

from feedsvc.cli.options import Command, Options, pass_options
from feedsvc.cli.output import print_rows


@click.command("import", cls=Command)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
@pass_options
def import_(options: Options, file: Path, dry_run: bool) -> int:
    """Write a source file for each website that another tool's FILE names.

    FILE is OPML, or of changedetection.io, Huginn or newsboat, or lists addresses one a line. What is watched
    already is left out. Exit code 1 where nothing could be taken over.
    """
    from feedsvc.config.writing import write_source
    from feedsvc.importers import read
    from feedsvc.service.importing import imported

    config = options.load()
    wishes = read(file)
    with options.service(config) as service:
        known = tuple(state.source for state in service.store.sources.all())
    found = imported(wishes, config, known=known)
    for one in found:
        if one.source is not None and not dry_run:
            write_source(config.directory, one.source)
    print_rows(
        ("source", "category", "url", "remark"),
        [
            (one.source.key, one.source.category or "", one.url, one.remark)
            if one.source is not None
            else ("-", "", one.url, one.remark)
            for one in found
        ],
    )
    added = sum(one.source is not None for one in found)
    what = "would be written" if dry_run else f"written to {config.directory / 'sources'}"
    click.echo(f"{added} of {len(found)} {what}", err=True)
    return 0 if added else 1
