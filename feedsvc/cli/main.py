"""The root of the command line: finds commands, and turns every failure into one clear line."""

from __future__ import annotations

import gc
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
from feedsvc.cli.usage import usage_line
from feedsvc.errors import ConfigError, FeedsvcError

#: Name -> module and attribute, imported when called, and what `feedsvc --help` says without importing anything.
COMMANDS = {
    "up": ("serving:up", "Run everything: clock, scrapes and web server."),
    "web": ("serving:web", "Run the web server alone: serves what is known, scrapes nothing."),
    "clock": ("serving:clock", "Run the clock alone: scrapes what is due, serves nothing."),
    "demo": ("demo:demo", "Show feedsvc at work on a small website of its own."),
    "init": ("setup:init", "Write a starter configuration into DIR."),
    "check": ("setup:check", "Name every fault of the configuration at once."),
    "scrape": ("scraping:scrape", "Scrape sources once, now; schedules are not consulted, politeness is."),
    "preview": ("previewing:preview", "Show what would be found at URL, or with the source KEY."),
    "import": (
        "importing:import_",
        "Write a source file for each website that another tool's FILE names.",
    ),
    "export": ("exporting:export", "Print a feed as served."),
    "publish": ("exporting:publish", "Write every feed into DIR as files, each with .gz and .br beside it."),
    "sources": ("listing:sources", "List the sources: how each is, and when it was and will be scraped."),
    "entries": ("listing:entries", "List entries, newest first."),
    "history": ("listing:history", "List past scrapes, of one source or of all, newest first."),
    "schedule": (
        "planning:schedule",
        "Show a source's next 24 hours, what another budget would change, and the load on its hosts.",
    ),
    "replay": (
        "mending:replay",
        "Run extraction over a source's kept pages, and show what would be otherwise. Stores nothing.",
    ),
    "test": (
        "mending:test",
        "Check every source's rules, or those named, on its kept pages. Exit code 1 where one no longer fits.",
    ),
    "repair": (
        "mending:repair",
        "Look for a source's known releases in its page as it is now, and propose rules that find them.",
    ),
    "resanitize": (
        "mending:resanitize",
        "Sanitize the kept originals of all entries again, after the sanitizer has become better.",
    ),
    "backup": ("keeping:backup", "Write everything into FILE, while the service runs."),
    "restore": ("keeping:restore", "Replace everything by what FILE holds."),
    "token": ("tokens:token", "Create, list and revoke tokens for programs that use /api/v1/."),
    "admin": ("access:admin", "Create, list and remove those who may tune the service at /admin/."),
}
#: So many objects more than were freed, and Python looks for cycles among them. Reading a page makes tens of thousands
#: that need no such look: at Python's own 700, it is a sixth of what a release costs.
COLLECT_AFTER = 10_000


class Commands(click.Group):
    """A group whose commands are modules beside this one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of a user's day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(f"feedsvc.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands for people, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

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
    ctx.ensure_object(Options).take(params)


def main() -> NoReturn:
    """Run the command line. Expected failures are one line each on standard error; anything else is our bug."""
    gc.set_threshold(COLLECT_AFTER)
    options = Options()
    try:
        code = root.main(prog_name="feedsvc", standalone_mode=False, obj=options)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(usage_line(error), err=True)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except FeedsvcError as error:
        # Faults of the configuration begin with their file, as editors and people look for it.
        has_own_subjects = isinstance(error, ConfigError)
        click.echo(str(error) if has_own_subjects else f"feedsvc: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has seen enough (`feedsvc entries | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:  # noqa: BLE001
        click.echo(_bug(error, options.data), err=True)
        sys.exit(70)


def _bug(error: Exception, data: Path) -> str:
    """One line about a failure that nobody foresaw; the traceback goes to a file in the data folder."""
    name = f"bug-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    where = "no file could be written"
    for folder in (data / "bugs", Path.cwd()):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(format_exc(), encoding="utf-8")
        except OSError:
            continue
        where = f"please send {folder / name} with what you did"
        break
    return f"feedsvc: this is our bug, not yours: {type(error).__name__}: {str(error).partition(chr(10))[0]} ({where})"
