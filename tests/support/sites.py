"""Websites on loopback for tests: a well-behaved one that counts its visitors, a hostile one that speaks raw bytes, and
a canary that must never hear from anyone."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

#: Talks to one visitor; the request's head has been read. Returns to hang up.
Behaviour = Callable[[socket.socket, threading.Event], None]


@dataclass(frozen=True)
class Visit:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


class Listener:
    """Accepts connections on a loopback port in threads until it is closed; subclasses answer."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.connections = 0
        self.closing = threading.Event()
        self._socket = socket.create_server((host, 0))
        self.port = int(self._socket.getsockname()[1])
        self._peers: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def pair(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.pair}"

    def serve(self, peer: socket.socket) -> None:
        """Answer on one connection; it is closed afterwards."""

    def close(self) -> None:
        self.closing.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for peer in list(self._peers):
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._peers.add(peer)
            threading.Thread(target=self._attend, args=(peer,), daemon=True).start()

    def _attend(self, peer: socket.socket) -> None:
        try:
            with contextlib.suppress(OSError):
                self.serve(peer)
        finally:
            self._peers.discard(peer)
            peer.close()


class Canary(Listener):
    """Counts connections; a test asserts that there were none."""


@dataclass
class Reply:
    """What the site answers: a body with a matching length, unless ``raw`` says it byte for byte."""

    body: bytes = b"<html><body>hello</body></html>"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    raw: bytes | None = None

    def bytes(self) -> bytes:
        if self.raw is not None:
            return self.raw
        lines = [f"HTTP/1.1 {self.status} X", *(f"{name}: {value}" for name, value in self.headers)]
        body = b"" if self.status in (204, 304) else self.body
        if body or self.status not in (204, 304):
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


@dataclass
class _Routes:
    replies: dict[str, Reply | Callable[[Visit], Reply]] = field(default_factory=dict)


class Site(Listener):
    """A website with keep-alive; ``site["/path"] = Reply(...)`` or a function of the Visit. robots.txt is a 404."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.visits: list[Visit] = []
        self._routes = _Routes()
        super().__init__(host)

    def __setitem__(self, path: str, reply: Reply | Callable[[Visit], Reply]) -> None:
        self._routes.replies[path] = reply

    def hits(self, path: str) -> int:
        return sum(1 for visit in self.visits if visit.path == path)

    @property
    def pages(self) -> list[Visit]:
        """The visits that were not for robots.txt."""
        return [visit for visit in self.visits if visit.path != "/robots.txt"]

    def serve(self, peer: socket.socket) -> None:
        with peer.makefile("rb") as lines:
            while not self.closing.is_set():
                visit = _visit(lines.readline, lines.read)
                if visit is None:
                    return
                self.visits.append(visit)
                reply = self._routes.replies.get(visit.path, Reply(status=404, body=b"not here"))
                answer = reply(visit) if callable(reply) else reply
                peer.sendall(answer.bytes())
                if answer.raw is not None:
                    return


class HostileSite(Listener):
    """Answers robots.txt with 404 and everything else with one behaviour, in raw bytes."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self.requests = 0
        super().__init__()

    def serve(self, peer: socket.socket) -> None:
        with peer.makefile("rb") as lines:
            visit = _visit(lines.readline, lines.read)
        if visit is None:
            return
        if visit.path == "/robots.txt":
            peer.sendall(b"HTTP/1.1 404 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        self.requests += 1
        self._behaviour(peer, self.closing)


def _visit(readline: Callable[[], bytes], read: Callable[[int], bytes]) -> Visit | None:
    first = readline().decode("latin-1").split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while line := readline().strip(b"\r\n"):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    body = read(int(headers.get("content-length", "0")))
    return Visit(first[0], first[1], headers, body)


# What hostile sites do.


def says(*pieces: bytes) -> Behaviour:
    """Sends the pieces and hangs up."""

    def behave(peer: socket.socket, closing: threading.Event) -> None:
        for piece in pieces:
            peer.sendall(piece)

    return behave


def drips(start: bytes, drop: bytes = b"x", *, every: float = 0.01) -> Behaviour:
    """Sends ``start``, then ``drop`` again and again, slowly, for ever."""

    def behave(peer: socket.socket, closing: threading.Event) -> None:
        peer.sendall(start)
        while not closing.wait(every):
            peer.sendall(drop)

    return behave


def floods(start: bytes, piece: bytes) -> Behaviour:
    """Sends ``start``, then ``piece`` again and again, as fast as it can, for ever."""

    def behave(peer: socket.socket, closing: threading.Event) -> None:
        peer.sendall(start)
        while not closing.is_set():
            peer.sendall(piece)

    return behave


def hangs(start: bytes = b"") -> Behaviour:
    """Sends ``start`` and nothing more, but stays on the line."""

    def behave(peer: socket.socket, closing: threading.Event) -> None:
        peer.sendall(start)
        closing.wait()

    return behave


def resets(start: bytes = b"") -> Behaviour:
    """Sends ``start`` and breaks the connection (RST)."""

    def behave(peer: socket.socket, closing: threading.Event) -> None:
        peer.sendall(start)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    return behave


@contextlib.contextmanager
def behaving(behaviour: Behaviour) -> Iterator[HostileSite]:
    """A hostile site for the length of a block."""
    with HostileSite(behaviour) as site:
        yield site
