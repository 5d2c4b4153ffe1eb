"""How commands print: a table where a person looks, tab-separated lines in a pipe, JSON where it was asked for."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table


def is_watched() -> bool:
    """Whether a person looks at standard output, and not a program."""
    return sys.stdout.isatty()


def console(*, stderr: bool = False) -> Console:
    """Where rich writes; markup in texts of strangers is never interpreted."""
    return Console(stderr=stderr, markup=False, highlight=False)


def print_json(value: object) -> None:
    """Print a value as JSON, indented, letters as they are."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


def plain(value: object) -> Any:
    """What JSON makes of our values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    raise TypeError(f"{type(value).__name__} has no JSON form")


def print_rows(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows as a table or, in a pipe, as lines of cells with tabs between them (the headings go first)."""
    texts = [[cell(value) for value in row] for row in rows]
    if not is_watched():
        for line in [list(headings), *texts]:
            click.echo("\t".join(text.replace("\t", " ").replace("\n", " ") for text in line))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for line in texts:
        table.add_row(*line)
    console().print(table)


def cell(value: object) -> str:
    """A value as a cell of a table shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}Z"
    return " ".join(str(value).split())
