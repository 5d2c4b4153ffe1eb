"""The supervisor of ``feedsvc up``: small enough not to fail itself."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

from feedsvc.log import get_logger
from feedsvc.supervisor.child import Child

log = get_logger(__name__)

#: Seconds between two looks at the children, and how long they may take to end before they are killed. The promise to
#: people is that everything has ended ten seconds after SIGTERM.
LOOK_EVERY, END_WITHIN = 0.2, 7.0


class Supervisor:
    """Runs children until told to stop; whatever dies meanwhile is started again."""

    def __init__(self, children: Sequence[Child], *, on_look: Callable[[], None] = lambda: None) -> None:
        self.children = tuple(children)
        self._on_look = on_look
        self._stop = threading.Event()

    def run(self) -> None:
        """Start everything, tend it until SIGTERM, SIGINT or SIGHUP, and end it in order."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            while not self._stop.is_set():
                for child in self.children:
                    child.tend(time.monotonic())
                self._on_look()
                self._stop.wait(LOOK_EVERY)
        finally:
            self.end()

    def stop(self) -> None:
        """Make ``run`` end everything and return."""
        self._stop.set()

    def end(self) -> None:
        """Ask every child to end, wait, and kill what is left."""
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + END_WITHIN
        for child in self.children:
            if not child.has_ended(max(deadline - time.monotonic(), 0.0)):
                child.kill()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        log.info("stopping", signal=signal.Signals(number).name)
        self._stop.set()
