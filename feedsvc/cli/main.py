"""The root of the command line: finds commands, and turns every failure into one clear line."""

from __future__ import annotations

import importlib
import os
import sys
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from traceback import format_exc
from typing import Any, NoReturn

import click

from feedsvc import __version__
from feedsvc.cli.options import Options, shared_options
from feedsvc.config import ConfigErrors, data_folder
from feedsvc.errors import FeedsvcError

#: Name -> module and attribute; imported when called, so that a small command starts fast.
COMMANDS = {
    "up": "serving:up",
    "web": "serving:web",
    "clock": "serving:clock",
    "demo": "demo:demo",
    "init": "setup:init",
    "check": "setup:check",
    "scrape": "scraping:scrape",
    "preview": "previewing:preview",
    "export": "exporting:export",
    "publish": "exporting:publish",
    "sources": "listing:sources",
    "entries": "listing:entries",
    "history": "listing:history",
    "schedule": "planning:schedule",
    "replay": "mending:replay",
    "test": "mending:test",
    "repair": "mending:repair",
    "resanitize": "mending:resanitize",
    "backup": "keeping:backup",
    "restore": "keeping:restore",
}


class Commands(click.Group):
    """A group whose commands are modules beside this one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of a user's day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"feedsvc.cli.{module}"), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = get_close_matches(args[0], COMMANDS, n=1)
            raise click.UsageError(error.message + (f" Did you mean {close[0]}?" if close else ""), ctx) from error


@click.command(cls=Commands, params=shared_options(), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="feedsvc")
@click.pass_context
def root(ctx: click.Context, /, **params: Any) -> None:
    """Watch pages that have no feed, and publish them as feeds."""
    ctx.obj = Options()
    ctx.obj.take(params)


def main() -> NoReturn:
    """Run the command line. Expected failures are one line each on standard error; anything else is our bug."""
    try:
        code = root.main(prog_name="feedsvc", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except ConfigErrors as errors:
        click.echo(str(errors), err=True)
        sys.exit(1)
    except FeedsvcError as error:
        click.echo(f"feedsvc: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has seen enough (`feedsvc entries | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:  # noqa: BLE001
        click.echo(_bug(error), err=True)
        sys.exit(70)


def _bug(error: Exception) -> str:
    """One line about a failure that nobody foresaw; the traceback goes to a file."""
    name = f"bug-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    where = "no file could be written"
    for folder in (data_folder(os.environ) / "bugs", Path.cwd()):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(format_exc(), encoding="utf-8")
        except OSError:
            continue
        where = f"please send {folder / name} with what you did"
        break
    return f"feedsvc: this is our bug, not yours: {type(error).__name__}: {str(error).partition(chr(10))[0]} ({where})"
