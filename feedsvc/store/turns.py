"""Turns of a process' threads at what only one of them may do at a time: first come, first served.

A plain lock lets a thread that has just released it take it again before those that wait, so that one of many may
wait for ever; here nobody is overtaken.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A queue of threads, of which the first has the turn. Not reentrant: who has the turn must not ask for another."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()

    @contextmanager
    def take(self, *, within: float) -> Iterator[None]:
        """Have the turn for the body's duration. Raises TimeoutError if it does not come within so many seconds."""
        mine = threading.Event()
        with self._guard:
            self._queue.append(mine)
            self._queue[0].set()
        try:
            if not mine.wait(within):
                raise TimeoutError
            yield
        finally:
            with self._guard:
                self._queue.remove(mine)
                if self._queue:
                    self._queue[0].set()
