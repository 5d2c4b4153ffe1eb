"""Looking for changes goes on, whatever one look meets."""

from __future__ import annotations

import threading

from feedsvc.service.watcher import Watcher


def test_a_look_that_fails_for_a_reason_of_ours_is_not_the_last() -> None:
    looked, again = [], threading.Event()

    def look() -> None:
        looked.append(len(looked))
        if len(looked) == 1:
            raise RuntimeError("of our own making")
        again.set()

    watcher = Watcher(look)
    watcher.start()
    assert again.wait(60)
    watcher.close()
