"""One thread of granian's answers what is ready, and hands over to others what may take long.

granian gives each request to a pool of threads and takes turns among all of them. With one thread, a reader who asks
alone costs about two thirds of the CPU that he costs with two or more, each of which wakes cold; but then whoever asks
for a page, or for a feed that must be rendered first, makes every reader wait. So there is one, it asks the application
for an answer ``at_once`` and gives it, and everything else runs in threads of our own.

The two threads that a request goes through, granian's own and this one, are kept on one CPU where the worker is the
only one: apart, each wakes the other across CPUs twice a request, which costs up to as much again as the answer.
Everything else in the worker runs where the system likes.

granian has no hook for this. What it calls a WSGI application with is replaced, in the worker, by a callable of the
same two arguments; a granian that is built otherwise is served with its own pool (``is_possible``).
"""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any, Protocol

from feedsvc.log import get_logger
from feedsvc.web.frontdoor import Environ
from feedsvc.web.prepared import Answer

log = get_logger(__name__)

#: Where granian's workers find what calls the application, and its name there.
_MODULE, _NAME = "granian.server.mp", "_wsgi_call_wrap"
#: Bytes of a form that are read; a longer one is refused by its length alone.
BODY_MAX = 256 * 1024
_PLAIN = [("Content-Type", "text/plain; charset=utf-8")]


class Exchange(Protocol):
    """granian's side of one request; may be answered from any thread, once."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...


#: What granian calls for each request: with its side of it, and what is particular to this request in the environment.
Callback = Callable[[Exchange, Environ], object]


def is_possible() -> bool:
    """Whether this granian calls applications in the way that ``install`` knows."""
    return callable(getattr(import_module(_MODULE), _NAME, None))


def install(at_once: Callable[[Environ], Answer | None], *, threads: int, on_one_cpu: bool = False) -> None:
    """Let the worker of this process answer ``at_once`` what can be, and the rest in so many threads.

    ``on_one_cpu``: granian's threads, which are started by the thread that asks for the callback, share a CPU.
    """
    module = import_module(_MODULE)
    theirs: Callable[..., Callback] = getattr(module, _NAME)

    def ours(application: object, options: Mapping[str, Any], *rest: Any) -> Callback:
        whole = theirs(application, options, *rest)
        return Handover(at_once, whole, threads=threads, begin=_share_a_cpu() if on_one_cpu else _go_anywhere)

    setattr(module, _NAME, ours)


def _share_a_cpu() -> Callable[[], None]:
    """Keep this thread, and those that it starts, on one CPU; gives what lets a thread go anywhere again."""
    if sys.platform != "linux":
        return _go_anywhere
    try:
        everywhere = os.sched_getaffinity(0)
        # Services beside each other shall not all take the same.
        os.sched_setaffinity(0, {sorted(everywhere)[os.getpid() % len(everywhere)]})
    except OSError:  # a sandbox that forbids it: then it costs a little more
        return _go_anywhere
    return lambda: os.sched_setaffinity(0, everywhere)


def _go_anywhere() -> None:
    """Threads do, unless they are told otherwise."""


class Patience:
    """How long bodies may be waited for: each a little, and all together a tenth of the time.

    granian takes the body away when its thread returns, so that thread must wait for it, and feeds wait with it.
    Nearly every body comes in one piece with its request; whoever sends them slowly must not hold up readers.
    """

    EACH, MOST, SHARE = 1.0, 3.0, 0.1

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._left, self._at = self.MOST, monotonic()

    def wait_for(self, event: threading.Event) -> bool:
        """Wait for the event as long as there is patience; whether it came."""
        begun = self._monotonic()
        self._left = min(self.MOST, self._left + (begun - self._at) * self.SHARE)
        came = event.wait(max(0.0, min(self.EACH, self._left)))
        self._at = self._monotonic()
        self._left -= self._at - begun
        return came


class Handover:
    """Answers at once where it can; ``whole``, which can answer everything, runs in other threads."""

    def __init__(
        self,
        at_once: Callable[[Environ], Answer | None],
        whole: Callback,
        *,
        threads: int,
        patience: Patience | None = None,
        begin: Callable[[], None] = _go_anywhere,
    ) -> None:
        """``begin`` is run by each of our own threads when it starts."""
        self._at_once, self._whole = at_once, whole
        self._pages = ThreadPoolExecutor(threads, thread_name_prefix="feedsvc-pages", initializer=begin)
        self._bodies = ThreadPoolExecutor(1, thread_name_prefix="feedsvc-bodies", initializer=begin)
        self._patience = patience or Patience()

    def __call__(self, exchange: Exchange, environ: Environ) -> None:
        answer = self._at_once(environ)
        if answer is not None:
            exchange.response_bytes(*answer)
        elif not _has_body(environ) or self._patience.wait_for(self._read(environ)):
            self._pages.submit(self._run, exchange, environ)
        else:
            exchange.response_bytes(408, [*_PLAIN, ("Connection", "close")], b"Request Timeout\n")

    def _read(self, environ: Environ) -> threading.Event:
        """Put the whole body in place of the stream; the event comes when that is done."""
        done = threading.Event()

        def read() -> None:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(BODY_MAX + 1))
            done.set()

        self._bodies.submit(read)
        return done

    def _run(self, exchange: Exchange, environ: Environ) -> None:
        try:
            self._whole(exchange, environ)
        except Exception:
            log.critical("request failed", path=environ.get("PATH_INFO"), exc_info=True)
            exchange.response_bytes(500, _PLAIN, b"Internal Server Error\n")


def _has_body(environ: Environ) -> bool:
    length = environ.get("CONTENT_LENGTH", "0")
    if "HTTP_TRANSFER_ENCODING" in environ:
        return True
    return length.isdecimal() and 0 < int(length[:10]) <= BODY_MAX
