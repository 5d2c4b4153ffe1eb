"""``scrape``: once, now, in the foreground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from feedsvc.cli.options import Command, Options, make_data_folder, pass_options
from feedsvc.cli.output import console, is_watched, print_json
from feedsvc.errors import ServiceError
from feedsvc.scrape import Result, ScrapeOutcome


@click.command(cls=Command)
@click.argument("keys", nargs=-1, metavar="[KEY...]")
@click.option("--all", "every", is_flag=True, help="Every enabled source.")
@click.option("--recheck", is_flag=True, help="Look again at every known release page, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcomes as JSON.")
@pass_options
def scrape(options: Options, keys: tuple[str, ...], every: bool, recheck: bool, as_json: bool) -> None:
    """Scrape sources once, now; schedules are not consulted, politeness is."""
    from feedsvc.service import Service

    if every == bool(keys):
        raise click.UsageError("Name one or more sources, or --all.")
    options.log()
    config = options.load()
    make_data_folder(config)
    with Service.open(config) as service:
        chosen = service.keys(keys, every=every)
        if not chosen:
            raise ServiceError(
                "no source is enabled", subject=str(config.directory), remedy="set enabled = true in one"
            )
        with _progress() as progress:
            task = progress.add_task("scraping", total=len(chosen))

            def say(outcome: ScrapeOutcome) -> None:
                progress.advance(task)
                if not as_json:
                    progress.console.print(_line(outcome), soft_wrap=True)

            outcomes = service.scrape(chosen, recheck=recheck, on_outcome=say)
    if as_json:
        print_json([_outcome(outcome) for outcome in outcomes])
    if not all(map(_is_done, outcomes)):
        raise SystemExit(1)


def _is_done(outcome: ScrapeOutcome) -> bool:
    """Whether anything was asked for, and nothing is wrong."""
    return outcome.result.is_good and not (outcome.result is Result.CUT and not outcome.requests)


def _progress() -> Progress:
    """A bar on standard error where a person looks; the lines above it go to standard output."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console(),
        transient=True,
        disable=not is_watched(),
    )


def _line(outcome: ScrapeOutcome) -> str:
    counts = f"new {len(outcome.new)}, changed {len(outcome.changed)}, unchanged {outcome.unchanged}"
    line = f"{outcome.source}: {outcome.result.value}: {counts}, requests {outcome.requests}, {outcome.seconds:.1f} s"
    if outcome.reason:
        line += f": {outcome.reason}"
    if outcome.moved_to:
        line += f" (the listing has moved for good: set url to {outcome.moved_to})"
    return line + _failures(outcome)


def _failures(outcome: ScrapeOutcome, *, most: int = 3) -> str:
    lines = [f"\n  {failure.url}: {failure.reason}" for failure in outcome.failures[:most]]
    more = len(outcome.failures) - most
    return "".join(lines) + (f"\n  and {more} more pages" if more > 0 else "")


def _outcome(outcome: ScrapeOutcome) -> dict[str, Any]:
    names: Sequence[str] = ("source", "result", "reason", "started_at", "finished_at", "new", "changed", "unchanged")
    return {
        **{name: getattr(outcome, name) for name in names},
        "failed": [{"url": failure.url, "reason": failure.reason} for failure in outcome.failures],
        "requests": outcome.requests,
        "moved_to": outcome.moved_to,
    }
