"""One supervised process: started, watched, restarted with a growing pause, ended."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field

from feedsvc.log import get_logger

log = get_logger(__name__)

#: Seconds before the first restart, the longest pause, and after how long a run counts as healthy again.
FIRST_PAUSE, LONGEST_PAUSE, HEALTHY_AFTER = 0.5, 30.0, 60.0


def pause_after(crashes: int) -> float:
    """Seconds to wait before the restart after so many crashes in a row: 0.5, 1, 2, ... 30."""
    return min(FIRST_PAUSE * 2.0 ** max(crashes - 1, 0), LONGEST_PAUSE)


@dataclass(slots=True)
class Child:
    """A process with a role; all moments are seconds of the monotonic clock."""

    role: str
    command: Sequence[str]
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _started: float = field(default=0.0, init=False)
    _crashes: int = field(default=0, init=False)
    _start_at: float = field(default=0.0, init=False)

    @property
    def pid(self) -> int | None:
        """The process id while it lives."""
        return self._process.pid if self._process else None

    def tend(self, now: float) -> None:
        """Note a death, and start again when its pause is over."""
        if self._process is not None and (code := self._process.poll()) is not None:
            self._process = None
            self._crashes = 1 if now - self._started > HEALTHY_AFTER else self._crashes + 1
            self._start_at = now + pause_after(self._crashes)
            log.error(f"{self.role} ended unexpectedly", exit=code, restart_in=pause_after(self._crashes))
        if self._process is None and now >= self._start_at:
            # A session of its own: Ctrl-C reaches the supervisor alone, which then ends all in order.
            self._process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603
            self._started = now
            log.info(f"{self.role} started", pid=self._process.pid)

    def terminate(self) -> None:
        """Ask for an orderly end."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def has_ended(self, timeout: float) -> bool:
        """Wait for the end; whether it came in time."""
        if self._process is None:
            return True
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it now; its own children die with it by their lifeline."""
        if self._process is not None and self._process.poll() is None:
            log.warning(f"{self.role} did not end in time and was killed", pid=self._process.pid)
            self._process.kill()
            self._process.wait()
