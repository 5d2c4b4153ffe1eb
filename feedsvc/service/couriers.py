"""A few threads that carry requests out, so that one slow receiver holds up nobody else."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Hashable
from queue import SimpleQueue

from feedsvc.errors import StoreError
from feedsvc.log import get_logger

_log = get_logger(__name__)


class Couriers:
    """Runs errands in daemon threads: at most ``per_host`` at a time for one host, and never one errand twice.

    Daemon threads, because nothing that waits for a stranger's server may hold up the end of the process: what was
    not delivered is still owed, in the store.
    """

    def __init__(self, *, threads: int = 8, per_host: int = 2) -> None:
        self._threads, self._per_host = threads, per_host
        self._queue: SimpleQueue[tuple[Hashable, str, Callable[[], None]]] = SimpleQueue()
        self._under_way: set[Hashable] = set()
        self._hosts: Counter[str] = Counter()
        self._guard = threading.Lock()
        self._started = 0

    def send(self, key: Hashable, host: str, errand: Callable[[], None]) -> bool:
        """Run ``errand`` soon; False where it is under way already, or its host has as many as it may."""
        with self._guard:
            if key in self._under_way or self._hosts[host] >= self._per_host:
                return False
            self._under_way.add(key)
            self._hosts[host] += 1
            if self._started < self._threads:
                self._started += 1
                threading.Thread(target=self._work, name=f"feedsvc-courier-{self._started}", daemon=True).start()
        self._queue.put((key, host, errand))
        return True

    def _work(self) -> None:
        while True:
            key, host, errand = self._queue.get()
            try:
                errand()
            except StoreError as error:
                _log.error("errand not noted", host=host, reason=str(error))
            except Exception:  # noqa: BLE001 - our own bug: logged, and the others still get theirs
                _log.critical("errand failed", host=host, exc_info=True)
            finally:
                with self._guard:
                    self._under_way.discard(key)
                    self._hosts[host] -= 1
                    if not self._hosts[host]:
                        del self._hosts[host]
