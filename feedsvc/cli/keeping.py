"""``backup`` and ``restore``: everything in one file, and back."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from feedsvc.cli.options import Command, Options, pass_options
from feedsvc.cli.output import console
from feedsvc.errors import ServiceError


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@pass_options
def backup(options: Options, file: Path, force: bool) -> None:
    """Write everything into FILE, while the service runs."""
    if file.exists() and not force:
        raise ServiceError(
            "is there already", subject=str(file), remedy="choose another name, or replace it with --force"
        )
    with options.service() as service, console(stderr=True).status("writing the backup"):
        service.store.back_up(file)
    click.echo(f"{file}: {file.stat().st_size:,} bytes")


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask, where a person looks.")
@pass_options
def restore(options: Options, file: Path, yes: bool) -> None:
    """Replace everything by what FILE holds."""
    if not file.exists():
        raise ServiceError("no such file", subject=str(file), remedy="name a file written by `feedsvc backup`")
    with options.service() as service:
        count = service.store.entries.count()
        if count and not yes and sys.stdin.isatty():
            click.confirm(f"Replace {count} entries by those of {file}?", abort=True)
        with console(stderr=True).status("restoring"):
            service.store.restore(file)
        click.echo(f"{service.store.entries.count()} entries restored")
