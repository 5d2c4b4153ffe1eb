"""``up``, ``web`` and ``clock``: the service as one command, or its roles one by one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial

import click

from feedsvc import log
from feedsvc.cli.options import Command, Options, make_data_folder, own_process, pass_options
from feedsvc.config import Config
from feedsvc.config.settings import Server
from feedsvc.supervisor import Child, Reservation, Supervisor, die_with_parent, noted, reserve, served_at

_host = click.option("--host", metavar="H", help="Address to listen on (default: server.host).")
_port = click.option("--port", metavar="P", type=click.IntRange(0, 65535), help="Port (default: server.port).")
#: Given by the supervisor to its children, so that they end with it, and name the address where it listens.
_parent = click.option("--parent", type=int, hidden=True)
_address = click.option("--address", hidden=True)


@click.command(cls=Command)
@_host
@_port
@pass_options
def up(options: Options, host: str | None, port: int | None) -> None:
    """Run everything: clock, scrapes and web server."""
    options.log(level="info")
    config = options.load({"server.host": host, "server.port": port})
    run(options, config)


def run(options: Options, config: Config, *, hello: Sequence[str] = ()) -> None:
    """Supervise web server and clock until told to stop; say where to look as soon as something answers there."""
    server = config.settings.server
    reservation = reserve(server.host, server.port)
    try:
        prepare(config)
        config = config.at(reservation.address)
        click.echo(f"data: {config.data}")
        for line in warnings(config, reservation):
            click.echo(f"warning: {line}", err=True)
        with noted(config.data, config.settings.server.base_url):
            _supervise(options, config, reservation, hello)
    finally:
        reservation.close()


def _supervise(options: Options, config: Config, reservation: Reservation, hello: Sequence[str]) -> None:
    server = config.settings.server
    tied = ("--parent", str(os.getpid()), "--address", reservation.address)
    shared = [*options.arguments(), "--data", str(config.data), "--config", str(config.directory)]
    listens = ("--host", server.host, "--port", str(reservation.port))
    children = [
        Child("web server", own_process(*shared, "web", *listens, *tied)),
        Child("clock", own_process(*shared, "clock", *tied)),
    ]
    Supervisor(children, on_look=_announcer(config, reservation, hello)).run()


def prepare(config: Config) -> None:
    """Open the store once, here: so a data folder that cannot be used is one clear line, and migrations run alone."""
    from feedsvc.store import Store

    make_data_folder(config)
    Store.open(config.database_url).close()


def warnings(config: Config, reservation: Reservation) -> list[str]:
    """What people may expect of the configuration and this server cannot know."""
    found = []
    if not config.has_base_url and reservation.is_open:
        found.append(
            f"other machines reach this server, but its feeds say that they are at {reservation.url} "
            "(set server.base_url to the address that readers use)"
        )
    elif not config.has_base_url and reservation.address != Server().base_url:
        found.append(
            f"feeds say that they are at {reservation.url}, and elsewhere when this server listens elsewhere "
            "(set server.base_url to the address that readers keep)"
        )
    if not any(source.is_enabled for source in config.sources):
        found.append(f"no source is enabled (add one: {config.directory / 'sources'}/<key>.toml)")
    return found


def _announcer(config: Config, reservation: Reservation, hello: Sequence[str]) -> Callable[[], None]:
    said = False

    def look() -> None:
        nonlocal said
        if not said and reservation.is_answering():
            said = True
            click.echo(f"feedsvc is at {reservation.url} (stop it with Ctrl-C)")
            for line in hello:
                click.echo(line)

    return look


@click.command(cls=Command)
@_host
@_port
@_parent
@_address
@pass_options
def web(options: Options, host: str | None, port: int | None, parent: int | None, address: str | None) -> None:
    """Run the web server alone: serves what is known, scrapes nothing."""
    from feedsvc.supervisor.roles import serve_web

    _begin(options, parent, "web")
    overrides = {"server.host": host, "server.port": port}
    config = options.load(overrides)
    server = config.settings.server
    serve = partial(serve_web, config.directory, host=server.host, workers=server.workers)
    more = options.overrides({**overrides, "data": str(config.data), "address": address})
    if parent is not None:
        serve(more, port=server.port, is_beside_clock=True)
        return
    reservation = reserve(server.host, server.port)
    prepare(config)
    config = config.at(reservation.address)
    click.echo(f"feedsvc is at {reservation.url} (data: {config.data})")
    with noted(config.data, config.settings.server.base_url):
        serve({**more, "address": reservation.address}, port=reservation.port, is_beside_clock=False)


@click.command(cls=Command)
@_parent
@_address
@pass_options
def clock(options: Options, parent: int | None, address: str | None) -> None:
    """Run the clock alone: scrapes what is due, serves nothing."""
    from feedsvc.service import Service
    from feedsvc.supervisor.roles import run_clock

    _begin(options, parent, "clock")
    config = options.load({"address": address})
    if parent is None:
        prepare(config)
        # Whoever serves beside it says where.
        address = served_at(config.data)
        config = config.at(address) if address else config
        click.echo(f"data: {config.data}")
    with Service.open(config) as service:
        run_clock(service, options.overrides({"data": str(config.data), "address": address}))


def _begin(options: Options, parent: int | None, role: str) -> None:
    if parent is not None:
        die_with_parent(parent)
    options.log(level="info")
    log.bind(role=role)
