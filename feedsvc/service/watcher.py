"""A thread that looks for changes twice a second, and does once a minute what is to be done that often."""

from __future__ import annotations

import threading
from collections.abc import Callable

from feedsvc.errors import StoreError
from feedsvc.log import get_logger

#: How often other processes' changes are looked for, in seconds: an own category is to show one within a second.
WATCH_EVERY = 0.4
#: Looks between two rounds of errands: a minute.
ERRANDS_EVERY = 150

_log = get_logger(__name__)


class Watcher:
    """Calls ``look`` every 0.4 seconds from ``start`` to ``close``."""

    def __init__(self, look: Callable[[], object]) -> None:
        self._look = look
        self._errands: list[Callable[[], None]] = []
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start looking, in a thread of its own; once a process."""
        with self._guard:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="feedsvc-feeds", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def each_minute(self, errand: Callable[[], None]) -> None:
        """Run ``errand`` once a minute; a StoreError in it is logged."""
        self._errands.append(errand)

    def run_errands(self) -> None:
        """What is to be done each minute, now."""
        for errand in self._errands:
            try:
                errand()
            except StoreError as error:
                _log.error("errand failed", reason=str(error))

    def _run(self) -> None:
        looks = 0
        while not self._stopping.wait(WATCH_EVERY):
            looks += 1
            try:
                self._look()
                if looks % ERRANDS_EVERY == 0:
                    self.run_errands()
            except Exception:  # noqa: BLE001 - ours to repair; feeds must not stand still from then on
                _log.critical("look failed", exc_info=True)
