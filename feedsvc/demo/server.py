"""Serves the invented news centre on loopback, with validators as a decent website does."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from feedsvc.demo.site import Site
from feedsvc.errors import ServiceError


class SiteServer:
    """A running web server for a Site; ``port`` 0 chooses any free one."""

    def __init__(self, site: Site, *, port: int = 0, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        handler = type("Handler", (_Handler,), {"site": site, "clock": staticmethod(clock)})
        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError as error:
            raise ServiceError(
                "the port of the demo's website is taken",
                subject=f"127.0.0.1:{port}",
                remedy="stop what listens there, or start the demo with another --data folder",
            ) from error
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="demo-site", daemon=True)

    @property
    def url(self) -> str:
        """The site's front page."""
        return f"http://127.0.0.1:{self.port}/"

    def __enter__(self) -> SiteServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site
    clock: Callable[[], datetime]

    def do_GET(self) -> None:
        """The page, 304 where the asker has it already, or 404."""
        answer = self.site.answer(self.path.partition("?")[0], self.clock())
        if answer is None:
            self._send(404, "text/plain", b"not found\n")
            return
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == tag:
            self._send(304, answer.content_type, b"", tag)
            return
        self._send(200, answer.content_type, answer.body, tag)

    def do_HEAD(self) -> None:
        """The same without a body."""
        self.do_GET()

    def _send(self, status: int, content_type: str, body: bytes, tag: str = "") -> None:
        self.send_response(status)
        if tag:
            self.send_header("ETag", tag)
        if status != 304:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the demo's output belongs to feedsvc."""
