"""``up`` for real: whatever dies is started again, whatever ends, ends whole, and feeds are served all the while."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.demo import Site, SiteServer, write_configuration
from tests.support.running import free_port
from tests.support.service import ROOT, Service, answer, lives, until

OPENED = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def configure(folder: Path, site: SiteServer, port: int) -> Path:
    """A configuration of the demo's news centre, and of one source that nobody answers for."""
    directory = folder / "config"
    write_configuration(directory, site_url=site.url, base_url=f"http://127.0.0.1:{port}")
    settings = directory / "feedsvc.toml"
    settings.write_text(settings.read_text().replace('allow_targets = ["', 'allow_targets = ["127.0.0.1:9", "'))
    (directory / "sources" / "gone.toml").write_text('url = "http://127.0.0.1:9/news/"\ncategory = "observatory"\n')
    return directory


@pytest.fixture(scope="module")
def site() -> Iterator[SiteServer]:
    with SiteServer(Site(opened=OPENED, every=timedelta(minutes=1)), clock=lambda: OPENED) as server:
        yield server


class Up(Service):
    """``feedsvc up`` on a port and a data folder."""

    def __init__(self, folder: Path, port: int, *, name: str = "up") -> None:
        self.folder, self.port = folder, port
        super().__init__(folder, *self.shared, "up", "--port", str(port), name=name)

    @property
    def shared(self) -> tuple[str, ...]:
        return "--config", str(self.folder / "config"), "--data", str(self.folder / "data")

    @property
    def feed(self) -> str:
        return f"http://127.0.0.1:{self.port}/feeds/observatory.json"

    def serves(self) -> bool:
        """Whether its feed comes to hold every release of every section."""
        return until(lambda: answer(self.feed)[1].count(b'"date_published"') == 19)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command on the same configuration and data."""
        command = [sys.executable, "-m", "feedsvc", *self.shared, *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def up(site: SiteServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    folder, port = tmp_path_factory.mktemp("up"), free_port()
    configure(folder, site, port)
    with Up(folder, port) as running:
        assert running.serves(), running.log
        yield running


def test_it_says_where_to_look_and_where_its_data_is(up: Up) -> None:
    assert up.says(f"feedsvc is at http://127.0.0.1:{up.port}/ (stop it with Ctrl-C)")
    assert f"data: {up.folder / 'data'}" in up.log


def test_feeds_are_served_while_a_source_is_unreachable_and_the_log_says_which(up: Up) -> None:
    assert up.says("scraped source=gone result=failed")
    line = next(line for line in up.log.splitlines() if "source=gone" in line)
    assert "no connection to 127.0.0.1 port 9: Connection refused (check the address" in line
    assert answer(up.feed)[0] == 200


@pytest.mark.parametrize("role", ["web", "clock"])
def test_a_killed_process_is_started_again(up: Up, role: str) -> None:
    killed = up.role(role)
    os.kill(killed, signal.SIGKILL)
    assert until(lambda: up.role(role) not in (0, killed)), up.log
    assert up.serves()


def test_a_killed_web_worker_is_started_again(up: Up) -> None:
    killed = up.worker()
    os.kill(killed, signal.SIGKILL)
    assert until(lambda: up.worker() not in (0, killed)), up.log
    assert up.serves()


def test_a_killed_clock_gives_its_place_to_the_one_started_after_it(up: Up) -> None:
    said, killed = len(up.log), up.role("clock")
    os.kill(killed, signal.SIGKILL)
    assert up.says("this process holds the clock", after=said)


def test_a_second_one_on_the_same_data_serves_and_says_who_scrapes(up: Up) -> None:
    assert until(lambda: "this process holds the clock" in up.log)
    with Up(up.folder, free_port(), name="second") as second:
        assert second.serves(), second.log
        assert answer(second.feed) == answer(up.feed)
        holder = f"process {up.role('clock')} on "
        assert second.says("another process holds the clock: this one serves and does not scrape"), second.log
        assert holder in second.log
        assert second.ends(signal.SIGTERM) == 0


def test_a_taken_port_is_one_line_and_an_error(up: Up) -> None:
    ran = up.run("up", "--port", str(up.port))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        f"feedsvc: 127.0.0.1:{up.port}: the port is taken (stop what listens there, or choose another --port)\n"
    )


def test_a_broken_configuration_is_said_once_and_the_last_good_one_stays(up: Up) -> None:
    path = up.folder / "config" / "sources" / "visitors.toml"
    good, said, before = path.read_text(), len(up.log), answer(up.feed)
    path.write_text(good + 'evry = "30m"\n')
    line = f"{path}:{good.count(chr(10)) + 1}: evry: unknown key (did you mean every?)"
    assert up.says(line, after=said), up.log
    assert answer(up.feed) == before
    path.write_text(good.replace("Visiting Tern Island", "Visits"))
    assert up.says("configuration taken up", after=said)
    title = f"http://127.0.0.1:{up.port}/sources/visitors.json"
    assert until(lambda: b'"title": "Visits"' in answer(title)[1] or b'"title":"Visits"' in answer(title)[1])
    assert up.log[said:].count("evry: unknown key") == 1
    path.write_text(good)


def test_a_scrape_in_the_foreground_works_beside_it(up: Up) -> None:
    ran = up.run("scrape", "research")
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    assert ran.stdout.startswith(("research: unchanged", "research: well", "research: busy"))


def test_feeds_name_the_port_where_the_server_listens_unless_an_address_is_configured(
    site: SiteServer, tmp_path: Path
) -> None:
    port = free_port()
    settings = configure(tmp_path, site, port) / "feedsvc.toml"
    configured = settings.read_text()
    settings.write_text(configured.replace("base_url", "# base_url"))
    with Up(tmp_path, port) as running:
        here = f"http://127.0.0.1:{port}"
        feed = f"{here}/feeds/all.atom"
        assert until(lambda: answer(feed)[0] == 200), running.log
        assert f'"{feed}"'.encode() in answer(feed)[1]
        assert f'"{feed}"' in running.run("export", "all").stdout
        assert f"warning: feeds say that they are at {here}/" in running.log
        settings.write_text(configured.replace(here, "https://feeds.example"))
        assert until(lambda: b'"https://feeds.example/feeds/all.atom"' in answer(feed)[1]), running.log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything(site: SiteServer, tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    configure(tmp_path, site, port)
    with Up(tmp_path, port) as running:
        assert running.serves(), running.log
        everything = running.descendants()
        assert len(everything) == 4
        assert running.ends(number) == 0
        assert not any(map(lives, everything))
        assert "Traceback" not in running.log


def test_nothing_outlives_a_killed_supervisor(site: SiteServer, tmp_path: Path) -> None:
    port = free_port()
    configure(tmp_path, site, port)
    with Up(tmp_path, port) as running:
        assert running.serves(), running.log
        everything = running.descendants()
        running.process.kill()
        running.process.wait()
        assert until(lambda: not any(map(lives, everything)))
    with Up(tmp_path, port, name="again") as again:
        assert again.serves(), again.log
        assert again.says("this process holds the clock"), "the dead one's lease is not waited for"
