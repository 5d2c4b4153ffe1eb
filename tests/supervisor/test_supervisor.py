"""Whatever dies is started again; whatever happens, nothing outlives the supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedsvc.supervisor.child import pause_after
from tests.support.service import ROOT, lives, until

#: Notes its process id, ends with its parent, and (with "stubborn") does not heed SIGTERM.
CHILD = """
import os, pathlib, signal, sys, time
from feedsvc.supervisor import die_with_parent
die_with_parent()
if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1], sys.argv[2] + "." + str(os.getpid())).touch()
time.sleep(300)
"""
PARENT = """
import sys
from feedsvc.supervisor import Child, Supervisor
def child(name, *more):
    return Child(name, [sys.executable, "-c", sys.argv[2], sys.argv[1], name, *more])
Supervisor([child("web"), child("clock", *sys.argv[3:])]).run()
"""


class Running:
    """A supervisor in a process of its own, with two children."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen([sys.executable, "-c", PARENT, str(folder), CHILD, *more], cwd=ROOT)

    def pids(self, role: str) -> list[int]:
        return [int(path.suffix[1:]) for path in self.folder.glob(f"{role}.*")]

    def alive(self, role: str) -> list[int]:
        return [pid for pid in self.pids(role) if lives(pid)]

    def is_whole(self) -> bool:
        return len(self.alive("web")) == 1 and len(self.alive("clock")) == 1


@pytest.fixture
def running(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    up = Running(tmp_path, *getattr(request, "param", ()))
    assert until(up.is_whole)
    yield up
    up.process.kill()
    up.process.wait()
    assert until(lambda: not up.alive("web") + up.alive("clock"))


@pytest.mark.parametrize("role", ["web", "clock"])
def test_a_killed_child_is_started_again(running: Running, role: str) -> None:
    killed = running.alive(role)[0]
    os.kill(killed, signal.SIGKILL)
    assert until(lambda: running.is_whole() and running.alive(role) != [killed])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything(running: Running, number: signal.Signals) -> None:
    running.process.send_signal(number)
    assert running.process.wait(60) == 0
    assert not running.alive("web") + running.alive("clock")


@pytest.mark.parametrize("running", [["stubborn"]], indirect=True)
def test_a_child_that_does_not_heed_is_killed(running: Running) -> None:
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(60) == 0
    assert not running.alive("web") + running.alive("clock")


def test_no_orphan_survives_a_killed_supervisor(running: Running) -> None:
    running.process.kill()
    running.process.wait()
    assert until(lambda: not running.alive("web") + running.alive("clock"))


def test_restarts_pause_longer_and_longer_up_to_half_a_minute() -> None:
    assert [pause_after(crashes) for crashes in (1, 2, 3, 4, 20)] == [0.5, 1.0, 2.0, 4.0, 30.0]
