"""Real servers and programs for tests, on loopback and only there."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def needed(program: str) -> str:
    """The program's path; the test is skipped where it is not installed."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(application: WSGIApplication, *, port: int = 0) -> Iterator[str]:
    """The application at a real address, as long as the context lasts."""
    with make_server("127.0.0.1", port, application, server_class=_Server, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def nginx(server_block: str, folder: Path, *, port: int) -> Iterator[str]:
    """nginx with one server block, as long as the context lasts."""
    program = needed("nginx")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    configuration = folder / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration.write_text(
        f"daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{ worker_connections 64; }}\nhttp {{\naccess_log off; sendfile on;\n{temporary}{server_block}\n}}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(configuration), "-e", str(folder / "error.log")])
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(port: int, *, seconds: float = 60) -> None:
    """Return as soon as somebody listens at the port."""
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            threading.Event().wait(0.02)
        else:
            return


def held_by(pid: int) -> dict[str, int]:
    """What a process holds now: ``memory`` (resident KiB), open ``files``, and ``tasks``, which are its threads."""
    process = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text(encoding="ascii").splitlines())
    return {
        "memory": int(status["VmRSS"].split()[0]),
        "files": len(list((process / "fd").iterdir())),
        "tasks": int(status["Threads"]),
    }
