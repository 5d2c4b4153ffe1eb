"""A real ``feedsvc`` in processes of its own, as a shell starts it, and what a person can see of it from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]


def until(condition: Callable[[], object], seconds: float = 60.0) -> bool:
    """Whether the condition came true in time; long, for machines that do much at once."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def lives(pid: int) -> bool:
    """Whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children(pid: int) -> list[int]:
    """The processes that a process started and that run."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [int(one) for one in found if lives(int(one))]


def command_of(pid: int) -> list[str]:
    """The command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


class Service:
    """``feedsvc COMMAND`` with output in files, ended with the context."""

    def __init__(self, folder: Path, *words: str, name: str = "up") -> None:
        self.log_path = folder / f"{name}.log"
        environ = {key: value for key, value in os.environ.items() if not key.startswith("FEEDSVC_")}
        with self.log_path.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-m", "feedsvc", *words], cwd=ROOT, stdout=log, stderr=log, env=environ
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        everything = self.descendants()
        self.process.kill()
        self.process.wait()
        assert until(lambda: not any(map(lives, everything)), 10), "orphans are left"

    @property
    def log(self) -> str:
        """Everything it has said so far."""
        return self.log_path.read_text()

    def says(self, words: str, *, after: int = 0) -> bool:
        """Whether it comes to say this, in what it says beyond ``after`` characters."""
        return until(lambda: words in self.log[after:] or self.process.poll() is not None) and words in self.log[after:]

    def role(self, name: str) -> int:
        """The process of a role ("web", "clock"), 0 for none."""
        return next((pid for pid in children(self.process.pid) if name in command_of(pid)), 0)

    def worker(self) -> int:
        """The process that answers requests, 0 for none."""
        return next(iter(reversed(children(self.role("web")))), 0)

    def descendants(self) -> list[int]:
        """Every process below, and itself."""
        found = [self.process.pid]
        for pid in found:
            found += children(pid)
        return found

    def ends(self, number: signal.Signals, *, within: float = 60.0) -> int:
        """Send a signal; the exit code. Raises TimeoutExpired where the end takes longer."""
        self.process.send_signal(number)
        return self.process.wait(within)


def answer(url: str) -> tuple[int, bytes]:
    """Status and body at an address; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as got:
            return got.status, got.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return 0, b""
