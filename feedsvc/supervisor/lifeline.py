"""Ties a process to its parent's life, so that a kill -9 of the parent leaves no orphan."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

#: prctl(2): the signal that the kernel sends when the parent dies.
_PR_SET_PDEATHSIG = 1
_LOOK_EVERY = 0.5


def die_with_parent(parent: int | None = None) -> None:
    """End this process as soon as its parent (by default the present one) is gone.

    Linux tells us by signal, at once and even while C code runs. Elsewhere, and where the parent died before we could
    ask, a thread looks twice a second whether we were adopted.
    """
    expected = os.getppid() if parent is None else parent
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    threading.Thread(target=_watch, args=(expected,), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os._exit(1)
