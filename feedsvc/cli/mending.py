"""``replay``, ``test``, ``repair``, ``resanitize``: extraction looked at again on what is kept."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feedsvc.cli.options import Command, Options, make_data_folder, pass_options
from feedsvc.cli.output import console, print_json
from feedsvc.config import ConfigErrors, load_rules
from feedsvc.config.writing import rules_toml
from feedsvc.errors import ServiceError
from feedsvc.model import Rules

if TYPE_CHECKING:
    from feedsvc.scrape.repair import Repair
    from feedsvc.service import Service
    from feedsvc.service.replaying import Change, Replay

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@contextmanager
def _opened(options: Options) -> Iterator[Service]:
    from feedsvc.service import Service

    options.log()
    config = options.load()
    make_data_folder(config)
    with Service.open(config) as service:
        yield service


@click.command(cls=Command)
@click.argument("key")
@click.option(
    "--rules", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="A source file, or one with its [rules] alone, to try instead of the rules in force.",
)  # fmt: skip
@_json
@pass_options
def replay(options: Options, key: str, file: Path | None, as_json: bool) -> None:
    """Run extraction over a source's kept pages, and show what would be otherwise. Stores nothing."""
    rules = _rules_of(file) if file is not None else None
    with _opened(options) as service:
        found = service.replay(key, rules)
    if as_json:
        print_json(found)
        return
    for line in _replay_lines(found):
        click.echo(line)


@click.command(cls=Command)
@click.argument("keys", nargs=-1, metavar="[KEY...]")
@_json
@pass_options
def test(options: Options, keys: tuple[str, ...], as_json: bool) -> None:
    """Check every source's rules, or those named, on its kept pages. Exit code 1 where one no longer fits."""
    with _opened(options) as service:
        checked = service.check_rules(keys)
    if as_json:
        print_json(checked)
    else:
        for one in checked:
            state = "; ".join(one.faults) if one.faults else "ok" if one.pages else "no pages are kept yet"
            click.echo(f"{one.key}: {state}" + (f" ({one.pages} pages)" if one.pages and not one.faults else ""))
    if any(one.faults for one in checked):
        raise SystemExit(1)


@click.command(cls=Command)
@click.argument("key")
@click.option("--adopt", is_flag=True, help="Put the proposed rules in force.")
@_json
@pass_options
def repair(options: Options, key: str, adopt: bool, as_json: bool) -> None:
    """Look for a source's known releases in its page as it is now, and propose rules that find them."""
    with _opened(options) as service:
        found = service.repair(key)
        is_adopted = adopt and service.adopt(found)
    if as_json:
        print_json(found)
    else:
        for line in _repair_lines(found):
            click.echo(line)
        if is_adopted:
            click.echo("adopted: these rules are in force now; where feedsvc runs, the page is read by them at once")
        elif found.new is not None:
            click.echo(f"write these lines into the source's file, or run: feedsvc repair {key} --adopt")
    if found.new is None and not found.before.is_sound:
        raise SystemExit(1)


@click.command(cls=Command)
@pass_options
def resanitize(options: Options) -> None:
    """Sanitize the kept originals of all entries again, after the sanitizer has become better."""
    with _opened(options) as service, console(stderr=True).status("sanitizing") as status:
        done = service.resanitize(lambda count: status.update(f"sanitizing: {count}"))
    click.echo(f"{done.entries} entries sanitized again, {len(done.changed)} of them changed")


def _rules_of(file: Path) -> Rules:
    try:
        return load_rules(file)
    except ConfigErrors as errors:
        raise ServiceError(f"holds no valid rules: {'; '.join(map(str, errors.faults))}", subject=str(file)) from None


def _replay_lines(found: Replay) -> Iterator[str]:
    for page in found.listings:
        yield f"{page.url} of {page.fetched_at:%Y-%m-%d %H:%M}Z: {page.items} items, {page.known} of them known"
        if page.reason:
            yield f"  {page.reason}"
        yield from (f"  - {title or '(no title)'}  {url}" for url, title in page.lost)
        yield from (f"  + {title or '(no title)'}  {url}" for url, title in page.gained)
    same = 0
    for release in found.releases:
        if release.problem:
            yield f"{release.url}: {release.problem}"
        elif release.changes:
            yield f"{release.url}: {release.title}"
            for change in release.changes:
                yield from _change_lines(change)
        else:
            same += 1
    yield f"{same} of {len(found.releases)} release pages give the entries that are stored"


def _change_lines(change: Change) -> Iterator[str]:
    before, after = change.before.splitlines() or [""], change.after.splitlines() or [""]
    if len(before) == len(after) == 1:
        yield f"  {change.field}:"
        yield f"    - {change.before}"
        yield f"    + {change.after}"
        return
    yield f"  {change.field}:"
    for line in difflib.unified_diff(before, after, lineterm="", n=0):
        if not line.startswith(("---", "+++", "@@")):
            yield f"    {line[0]} {line[1:]}"


def _repair_lines(found: Repair) -> Iterator[str]:
    yield f"{found.key}: {found.reason}"
    if found.new is None:
        return
    old, new = rules_toml(found.old).splitlines(), rules_toml(found.new).splitlines()
    yield from (line for line in difflib.unified_diff(old, new, "in force", "proposed", lineterm="", n=3))
    for one in found.replayed:
        yield (
            f"copy of {one.new.fetched_at:%Y-%m-%d %H:%M}Z: known stories by the rules in force {one.old.recognized},"
            f" by those proposed {one.new.recognized}"
        )
