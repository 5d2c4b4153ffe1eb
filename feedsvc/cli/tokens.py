"""``token``: which programs may use the API."""

from __future__ import annotations

from datetime import timedelta

import click

from feedsvc.cli.options import Command, Options, pass_options
from feedsvc.cli.output import print_rows


@click.group()
def token() -> None:
    """Create, list and revoke tokens for programs that use /api/v1/."""


@token.command(cls=Command)
@click.argument("name", metavar="NAME")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(("read", "write", "admin")),
    help="What it may do; each includes those before it. May be given more than once.",
)
@click.option("--days", type=click.IntRange(1, 3660), metavar="N", help="Let it end after N days (default: never).")
@pass_options
def create(options: Options, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a token and print its secret, this once. Send it as "Authorization: Bearer SECRET"."""
    from feedsvc.service.tokens import Tokens

    with options.service() as service:
        _, secret = Tokens(service.store, clock=service.clock).create(
            name, scopes, expires_in=None if days is None else timedelta(days=days)
        )
    click.echo(secret)


@token.command("list", cls=Command)
@pass_options
def list_tokens(options: Options) -> None:
    """Name every token, what it may do, and when it was last used."""
    with options.service() as service:
        tokens = service.store.tokens.all()
    print_rows(
        ("name", "scopes", "since", "until", "last used"),
        [
            (
                one.name,
                ", ".join(one.scopes),
                f"{one.created_at:%Y-%m-%d}",
                f"{one.expires_at:%Y-%m-%d}" if one.expires_at else "revoked",
                f"{one.used_at:%Y-%m-%d %H:%M}" if one.used_at else "never",
            )
            for one in tokens
        ],
    )


@token.command(cls=Command)
@click.argument("name", metavar="NAME")
@pass_options
def revoke(options: Options, name: str) -> None:
    """End a token at once."""
    from feedsvc.service.tokens import Tokens, unknown_token

    with options.service() as service:
        if not Tokens(service.store, clock=service.clock).revoke(name):
            raise unknown_token(name)
    click.echo(f"{name} opens nothing any more.")
