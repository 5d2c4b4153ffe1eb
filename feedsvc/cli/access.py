"""``admin``: who may tune the service in the browser."""

from __future__ import annotations

import sys

import click

from feedsvc.cli.options import Command, Options, pass_options
from feedsvc.cli.output import print_rows


@click.group()
def admin() -> None:
    """Create, list and remove those who may tune the service at /admin/."""


@admin.command(cls=Command)
@click.argument("name", metavar="NAME")
@pass_options
def create(options: Options, name: str) -> None:
    """Make an admin; asks for the password, or reads it from standard input."""
    from feedsvc.service.access import Access

    with options.service() as service:
        Access(service.store, clock=service.clock).create(name, _password())
        base_url = service.config().settings.server.base_url
        is_known = service.config().has_base_url or options.is_served
    where = f"at {base_url}/admin/" if is_known else "at /admin/ below the address that `feedsvc up` prints"
    click.echo(f"{name} can sign in {where}")


@admin.command(cls=Command)
@click.argument("name", metavar="NAME")
@pass_options
def password(options: Options, name: str) -> None:
    """Change a password, and end the admin's sessions."""
    from feedsvc.service.access import Access

    with options.service() as service:
        Access(service.store, clock=service.clock).set_password(name, _password())
    click.echo(f"The password of {name} is changed; every session of theirs has ended.")


@admin.command(cls=Command)
@click.argument("name", metavar="NAME")
@pass_options
def remove(options: Options, name: str) -> None:
    """Forget an admin, and end the sessions."""
    from feedsvc.service.access import Access

    with options.service() as service:
        Access(service.store, clock=service.clock).remove(name)
    click.echo(f"{name} is no admin any more.")


@admin.command("list", cls=Command)
@pass_options
def list_admins(options: Options) -> None:
    """Name every admin."""
    with options.service() as service:
        admins = service.store.access.admins()
    print_rows(("name", "since"), [(one.name, f"{one.created_at:%Y-%m-%d}") for one in admins])


def _password() -> str:
    """What is typed twice at a terminal, or the first line of a pipe; never an argument, which others could read."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
