"""``demo``: a news centre of our own on loopback, watched and served."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from feedsvc.cli.options import Command, Options, pass_options
from feedsvc.cli.serving import run
from feedsvc.demo import Site, SiteServer, write_configuration
from feedsvc.supervisor import reserve


@click.command(cls=Command)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port of feedsvc.")
@click.option("--every", default=30, show_default=True, type=click.IntRange(1, 3600), help="Seconds between releases.")
@pass_options
def demo(options: Options, port: int, every: int) -> None:
    """Show feedsvc at work on a small website of its own."""
    options.log()
    if "data" in options.given:
        _run(Path(options.given["data"]), port, every)
        return
    with tempfile.TemporaryDirectory(prefix="feedsvc-demo-") as folder:
        _run(Path(folder), port, every)


def _run(folder: Path, port: int, every: int) -> None:
    reservation = reserve("127.0.0.1", port)
    reservation.close()
    opened, site_port = _remembered(folder)
    with SiteServer(Site(opened=opened, every=timedelta(seconds=every)), port=site_port) as site:
        _remember(folder, opened, site.port)
        directory = folder / "config"
        write_configuration(directory, site_url=site.url, base_url=reservation.url)
        # The demo is a world of its own: no variable of the surroundings reaches into it.
        for name in [name for name in os.environ if name.startswith("FEEDSVC_")]:
            del os.environ[name]
        mine = Options(given={"config": str(directory), "data": str(folder / "data")})
        config = mine.load({"server.port": reservation.port})
        hello = (
            f"  the website that has no feed:  {site.url}",
            f"  its feeds, for people:         {reservation.url}",
            f"  its feeds, for a feed reader:  {reservation.url}feeds/observatory.atom",
            f"  the configuration, to change:  {directory}",
            f"  a new release comes out every {every} seconds",
        )
        run(mine, config, hello=hello)


def _remembered(folder: Path) -> tuple[datetime, int]:
    """When the site of a kept demo opened, and where: its addresses and dates must not move between two runs."""
    try:
        kept = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
        return datetime.fromisoformat(kept["opened"]), int(kept["port"])
    except (OSError, ValueError, KeyError):
        return datetime.now(UTC).replace(microsecond=0), 0


def _remember(folder: Path, opened: datetime, port: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"opened": opened.isoformat(), "port": port})
    (folder / "demo.json").write_text(text, encoding="utf-8")
