"""``init`` and ``check``: get a configuration, and get it right."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import click

from feedsvc.cli.options import Command, Options, pass_options
from feedsvc.cli.output import print_json
from feedsvc.config import ConfigErrors, load
from feedsvc.config.document import Document, read
from feedsvc.config.loading import CATEGORIES_FILE, SOURCES_FOLDER
from feedsvc.config.writing import keep_categories
from feedsvc.errors import ServiceError


@click.command(cls=Command)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def init(directory: Path) -> None:
    """Write a starter configuration into DIR."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise ServiceError("is there already and not empty", subject=str(directory), remedy="choose a new directory")
    shutil.copytree(_starter(), directory, dirs_exist_ok=True, ignore=_suggestions)
    used = {source.category.partition("/")[0] for source in load(directory, {}).sources if source.category}
    keep_categories(directory / CATEGORIES_FILE, used)
    click.echo(f"A configuration is in {directory}; sources/example.toml.txt there shows how to add a website.")
    click.echo(f"Next: feedsvc --config {directory} up")


def _suggestions(folder: str, names: list[str]) -> list[str]:
    """Source files that wait to be enabled: websites that others may want, and no business of a new configuration."""
    if Path(folder).name != SOURCES_FOLDER:
        return []
    found = {name: read(Path(folder) / name) for name in names if name.endswith(".toml")}
    return [name for name, file in found.items() if isinstance(file, Document) and file.values.get("enabled") is False]


def _starter() -> Path:
    """The configuration that ships with feedsvc: in the package where it was installed, else in the repository."""
    package = Path(str(resources.files("feedsvc")))
    for folder in (package / "starter", package.parent / "config"):
        if (folder / "feedsvc.toml").exists():
            return folder
    raise ServiceError("the starter configuration is missing", subject=str(package), remedy="install feedsvc again")


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Print the faults as JSON.")
@pass_options
def check(options: Options, as_json: bool) -> None:
    """Name every fault of the configuration at once."""
    try:
        config = options.load()
    except ConfigErrors as errors:
        if not as_json:
            raise
        print_json({"faults": errors.faults})
        raise SystemExit(1) from None
    enabled = sum(source.is_enabled for source in config.sources)
    if as_json:
        print_json({"faults": [], "warnings": config.warnings})
    else:
        click.echo(
            f"{config.directory}: no faults; {enabled} of {len(config.sources)} sources enabled, "
            f"{len(config.categories)} categories"
        )
        if config.lacks_sources:
            click.echo(
                f"{config.directory / SOURCES_FOLDER} is not there: sources are files in it, one each.", err=True
            )
