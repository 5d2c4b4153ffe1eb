"""A command line that was mistyped, answered in one line: what is wrong, and what to write instead."""

from __future__ import annotations

import click


def usage_line(error: click.ClickException) -> str:
    """``feedsvc chek: ...`` as one sentence with its remedy, where click prints the usage and a hint around it."""
    said, _, remedy = " ".join(error.format_message().split()).partition(". ")
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context is not None else "feedsvc"
    if isinstance(wanted := getattr(getattr(error, "param", None), "type", None), click.IntRange):
        # click says here in mathematics what the remedy says in words
        said, remedy = said.partition(" is not ")[0], _number_wanted(wanted)
    remedy = remedy.removeprefix("(").removesuffix("?)") + "?" if remedy.startswith("(") else remedy
    remedy = remedy or _remedy(error, context)
    return f"{command}: {_lowered(said.rstrip('.'))}" + (f" ({_lowered(remedy)})" if remedy else "")


def _remedy(error: click.ClickException, context: click.Context | None) -> str:
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter):
        return f"see `{context.command_path} --help`" if context is not None else ""
    return " ".join(context.get_usage().split()) if context is not None else ""


def _number_wanted(wanted: click.IntRange) -> str:
    least = f"write a whole number from {wanted.min}"
    return f"{least} to {wanted.max}" if wanted.max is not None else f"{least} on"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
