"""The two processes that the supervisor keeps: the web server and the clock. Each also runs alone."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from feedsvc import log as logs
from feedsvc.config import Watch, load
from feedsvc.log import get_logger
from feedsvc.service.following import LOOK_EVERY, Following
from feedsvc.supervisor.lifeline import die_with_parent

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from feedsvc.service import Service

log = get_logger(__name__)

#: Threads of a web worker that run pages; seconds that its open requests get when it ends.
_THREADS, _GRACE = min(8, 2 * (os.cpu_count() or 1) + 1), 4


def serve_web(
    directory: Path, overrides: Mapping[str, object], *, host: str, port: int, workers: int, is_beside_clock: bool
) -> None:
    """Serve the web side until SIGTERM or SIGINT, in ``workers`` processes of granian's.

    ``is_beside_clock``: a clock under the same supervisor says what is wrong with a changed configuration.
    """
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    from feedsvc.supervisor import handover

    server = Granian(
        target="feedsvc.web:create_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1 if handover.is_possible() else _THREADS,
        backpressure=256,
        http=HTTPModes.http1,
        workers_kill_timeout=_GRACE,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        log_dictconfig={"loggers": {"_granian": {"handlers": [], "propagate": True}}},
    )
    loader = partial(
        _load_application, directory, dict(overrides), os.getpid(), is_quiet=is_beside_clock, is_alone=workers == 1
    )
    server.serve(target_loader=loader, wrap_loader=False)


def _load_application(
    directory: Path, overrides: Mapping[str, object], parent: int, *, is_quiet: bool, is_alone: bool
) -> WSGIApplication:
    """What a worker serves; runs in the worker, which dies with the server that started it."""
    from feedsvc.service.lookup import Lookup
    from feedsvc.supervisor import handover
    from feedsvc.web.application import create_app

    die_with_parent(parent)
    logs.configure()
    logs.bind(role="web")
    config = load(directory, os.environ, overrides)
    application = create_app(Lookup.open(Following(Watch(config, os.environ, overrides), is_quiet=is_quiet)))
    if handover.is_possible():
        handover.install(application.at_once, threads=_THREADS, on_one_cpu=is_alone)
    return application


def run_clock(service: Service, overrides: Mapping[str, object]) -> None:
    """Scrape what is due until SIGTERM or SIGINT; a second clock on the same store waits until it is needed."""
    stop = threading.Event()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        log.info("clock stopping", signal=signal.Signals(number).name)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    following = Following(Watch(service.config, os.environ, overrides))
    threading.Thread(target=_follow, args=(following, service, stop), name="feedsvc-config", daemon=True).start()
    service.run_clock(stop)


def _follow(following: Following, service: Service, stop: threading.Event) -> None:
    """Hand every valid change of the configuration's files to the service."""
    while not stop.wait(LOOK_EVERY):
        config = following()
        if config is not service.config:
            service.reconfigure(config)
