"""What is ready is answered at once, whatever else goes on; everything else in threads of its own."""

from __future__ import annotations

import io
import os
import sys
import threading
from queue import Queue
from typing import Any

import pytest

from feedsvc.supervisor import handover
from feedsvc.supervisor.handover import Exchange, Handover, Patience
from feedsvc.web.frontdoor import Environ
from feedsvc.web.prepared import Answer


class Asked:
    """One request as granian sees it."""

    def __init__(self) -> None:
        self.answers: Queue[tuple[int, bytes]] = Queue()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answers.put((status, body))

    @property
    def answer(self) -> tuple[int, bytes]:
        return self.answers.get(timeout=20)


class SlowStream(io.RawIOBase):
    """A body that comes when it is let."""

    def __init__(self) -> None:
        self.comes = threading.Event()

    def read(self, size: int = -1) -> bytes:
        self.comes.wait(20)
        return b""


def at_once(environ: Environ) -> Answer | None:
    return (200, [], b"feed") if environ["PATH_INFO"] == "/feed" else None


def request(path: str, **more: Any) -> Environ:
    return {"PATH_INFO": path, "REQUEST_METHOD": "GET", **more}


def test_feeds_are_answered_while_every_thread_for_pages_is_busy() -> None:
    goes_on = threading.Event()

    def page(exchange: Exchange, environ: Environ) -> None:
        goes_on.wait(20)
        exchange.response_bytes(200, [], b"page")

    callback = Handover(at_once, page, threads=2)
    slow = [Asked() for _ in range(5)]
    for one in slow:
        callback(one, request("/page"))
    feed = Asked()
    callback(feed, request("/feed"))
    assert feed.answers.get_nowait() == (200, b"feed")
    assert all(one.answers.empty() for one in slow)
    goes_on.set()
    assert [one.answer for one in slow] == [(200, b"page")] * 5


def test_a_page_that_fails_is_a_500_and_the_next_one_works() -> None:
    def page(exchange: Exchange, environ: Environ) -> None:
        if environ["PATH_INFO"] == "/broken":
            raise RuntimeError
        exchange.response_bytes(200, [], b"page")

    callback = Handover(at_once, page, threads=1)
    broken, whole = Asked(), Asked()
    callback(broken, request("/broken"))
    callback(whole, request("/page"))
    assert broken.answer == (500, b"Internal Server Error\n")
    assert whole.answer == (200, b"page")


def test_a_form_is_read_before_it_is_handed_over() -> None:
    def echo(exchange: Exchange, environ: Environ) -> None:
        exchange.response_bytes(200, [], environ["wsgi.input"].read())

    callback = Handover(at_once, echo, threads=1)
    asked = Asked()
    form = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "5", "wsgi.input": io.BytesIO(b"a=b&c")}
    callback(asked, request("/form", **form))
    assert asked.answer == (200, b"a=b&c")


def test_a_body_that_does_not_come_is_given_up() -> None:
    stream = SlowStream()
    patience = Patience()
    patience.EACH = 0.001  # type: ignore[misc]
    callback = Handover(at_once, lambda *_: None, threads=1, patience=patience)
    asked = Asked()
    callback(asked, request("/form", CONTENT_LENGTH="5", **{"wsgi.input": stream}))
    assert asked.answer == (408, b"Request Timeout\n")
    stream.comes.set()


def test_bodies_are_waited_for_a_tenth_of_the_time_at_most() -> None:
    now, waits = [0.0], []

    class Never(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0.0)
            now[0] += timeout or 0.0
            return False

    patience = Patience(lambda: now[0])
    while now[0] < 60:
        assert not patience.wait_for(Never())
        now[0] += 0.01
    assert max(waits) == Patience.EACH
    assert sum(waits) < Patience.MOST + 60 * Patience.SHARE + 1


def test_the_installed_granian_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from granian.server import mp

    assert handover.is_possible()
    monkeypatch.setattr(mp, "_wsgi_call_wrap", lambda *_: None)
    handover.install(at_once, threads=1)
    callback = mp._wsgi_call_wrap(object(), {}, None)
    feed = Asked()
    callback(feed, request("/feed"))
    assert feed.answer == (200, b"feed")
    monkeypatch.delattr(mp, "_wsgi_call_wrap")
    assert not handover.is_possible()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says where a thread may run")
def test_granians_threads_share_a_cpu_and_pages_run_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    from granian.server import mp

    everywhere = os.sched_getaffinity(0)
    seen: Queue[set[int]] = Queue()

    def page(exchange: Exchange, environ: Environ) -> None:
        seen.put(os.sched_getaffinity(0))

    def worker() -> None:
        callback = mp._wsgi_call_wrap(object(), {}, None)
        started = threading.Thread(target=lambda: seen.put(os.sched_getaffinity(0)))
        started.start()
        started.join()
        callback(Asked(), request("/page"))

    monkeypatch.setattr(mp, "_wsgi_call_wrap", lambda *_: page)
    handover.install(at_once, threads=1, on_one_cpu=True)
    thread = threading.Thread(target=worker)
    thread.start()
    thread.join()
    shared, anywhere = seen.get(timeout=20), seen.get(timeout=20)
    assert len(shared) == 1
    assert anywhere == everywhere
