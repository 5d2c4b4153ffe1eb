"""Options that every command takes, before or after its name, and what they open."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feedsvc.errors import StoreError

if TYPE_CHECKING:
    from feedsvc.config import Config
    from feedsvc.service.lookup import Lookup

_SHARED = ("config", "data", "database", "verbose")


def shared_options() -> list[click.Parameter]:
    """Fresh copies of the options that every command shares."""
    return [
        click.Option(["--config"], metavar="DIR", help="Configuration directory (FEEDSVC_CONFIG; default: config)."),
        click.Option(["--data"], metavar="DIR", help="Data folder (FEEDSVC_DATA; default: one of the user's own)."),
        click.Option(["--database"], metavar="URL", help="Database (FEEDSVC_DATABASE_URL; default: SQLite)."),
        click.Option(["-v", "--verbose"], is_flag=True, default=None, help="Log every event to standard error."),
    ]


@dataclass(slots=True)
class Options:
    """The shared options as given, from whichever side of the command's name."""

    given: dict[str, Any] = field(default_factory=dict)

    def take(self, params: dict[str, Any]) -> None:
        """Move the shared options out of a command's parameters; the last one given wins."""
        for name in _SHARED:
            value = params.pop(name, None)
            if value is not None:
                self.given[name] = value

    @property
    def directory(self) -> Path | None:
        """The configuration directory that was named."""
        return Path(self.given["config"]) if "config" in self.given else None

    @property
    def data(self) -> Path:
        """The data folder that was named, or that of this user."""
        from feedsvc.config import data_folder

        return Path(self.given["data"]) if "data" in self.given else data_folder(os.environ)

    @property
    def is_served(self) -> bool:
        """Whether a service was found to run on the same data."""
        return "address" in self.given

    def overrides(self, more: Mapping[str, object] | None = None) -> dict[str, object]:
        """What options set of the configuration, by dotted key."""
        return {
            "data": self.given.get("data"),
            "address": self.given.get("address"),
            "database.url": self.given.get("database"),
            **(more or {}),
        }

    def load(self, more: Mapping[str, object] | None = None) -> Config:
        """The configuration in force; its warnings go to standard error."""
        from feedsvc.config import load

        config = load(self.directory, os.environ, self.overrides(more))
        for warning in config.warnings:
            click.echo(f"warning: {warning}", err=True)
        return config

    @contextmanager
    def service(self, config: Config | None = None, *, follows: bool = False) -> Iterator[Lookup]:
        """The opened reading side of the service, logging warnings only; closed at the end.

        Feeds name the address of the service that runs on the same data, where the configuration names none.
        ``follows``: for a command that goes on, the configuration in force is that of the files as they change.
        """
        from feedsvc.config import Watch
        from feedsvc.service.following import Following
        from feedsvc.service.lookup import Lookup
        from feedsvc.supervisor import served_at

        self.log()
        config = config or self.load()
        make_data_folder(config)
        if address := served_at(config.data):
            self.given["address"] = address
            config = config.at(address)
        watch = Watch(config, os.environ, self.overrides())
        with Lookup.open(Following(watch) if follows else config) as service:
            service.take_up()
            yield service

    def log(self, *, level: str = "warning") -> None:
        """Start logging to standard error: at ``level``, or everything where --verbose was given."""
        from feedsvc import log

        log.configure(level="info" if self.given.get("verbose") else level)

    def arguments(self) -> list[str]:
        """The options again, as arguments for a process of our own."""
        words = []
        for name in ("config", "data", "database"):
            if name in self.given:
                words += [f"--{name}", str(self.given[name])]
        return words


def make_data_folder(config: Config) -> None:
    """Make the data folder where there is none. Raises StoreError."""
    try:
        config.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the data folder cannot be made: {(error.strerror or str(error)).lower()}",
            subject=str(config.data),
            remedy="name another with --data",
        ) from error


class Command(click.Command):
    """A command that takes the shared options after its name, too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(shared_options())

    def invoke(self, ctx: click.Context) -> Any:
        """Take the shared options out of the parameters, then run."""
        ctx.ensure_object(Options).take(ctx.params)
        return super().invoke(ctx)


pass_options = click.make_pass_decorator(Options, ensure=True)


def own_process(*words: str) -> list[str]:
    """The command line of another feedsvc process with the same Python."""
    return [sys.executable, "-m", "feedsvc", *words]
