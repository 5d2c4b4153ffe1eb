"""One connection to one checked address: the only place where bytes leave for the web (rules F1, F4, F8).

HTTP/1.1 (RFC 9112) is h11's; this module adds what a client needs around it: the dialled address is the one that was
checked while TLS and Host keep the name, every wait is bounded by the fetch's deadline, and whatever goes wrong on the
wire comes out as Unreachable. Neither proxies nor anything else is taken from the environment.
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

import certifi
import h11

from feedsvc.errors import Refused, Unreachable
from feedsvc.fetch.addresses import Address
from feedsvc.fetch.deadline import Deadline
from feedsvc.fetch.guard import Target

_READ = 64 * 1024
#: Interim answers (1xx) that are waited through before the real one.
_INTERIM_MAX = 8
#: A server that writes head and body apart, without TCP_NODELAY, sends the body only when the head is acknowledged,
#: for which a client's kernel takes its time: 40 ms a page. Linux acknowledges at once where it is told to before each
#: read (tcp(7)); elsewhere there is no such option.
_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)

Fields = Sequence[tuple[bytes, bytes]]


class Dropped(Unreachable):
    """The server hung up before it answered: on a kept connection that means 'too late', and a new one may do."""


@dataclass(frozen=True, slots=True)
class Head:
    """Status and header fields of an answer, names as h11 gives them (lower case)."""

    status: int
    fields: tuple[tuple[bytes, bytes], ...]


def tls_context() -> ssl.SSLContext:
    """Certificates are checked against the system's authorities and certifi's, where a machine has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


class Connection:
    """A TCP or TLS connection, speaking HTTP for one request at a time; not thread-safe."""

    def __init__(self, sock: socket.socket, *, address: Address, read_timeout: float, max_header_bytes: int) -> None:
        self.address = address
        #: Set once a request has gone through: a drop after that is an idle connection's ordinary end.
        self.is_used = False
        self.idle_since = 0.0
        self._socket = sock
        self._read_timeout = read_timeout
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=max_header_bytes)

    @classmethod
    def dial(
        cls,
        target: Target,
        address: Address,
        *,
        deadline: Deadline,
        connect_timeout: float,
        read_timeout: float,
        max_header_bytes: int,
        tls: ssl.SSLContext | None,
    ) -> Connection:
        """Connect to ``address`` and, where ``tls`` is given, prove that it is ``target.host``; raises Unreachable."""
        limit = deadline.left(connect_timeout)
        family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
        started_at = time.monotonic()
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(limit)
            sock.connect((str(address), target.port))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if tls is not None:
                left = limit - (time.monotonic() - started_at)
                sock.settimeout(deadline.left(max(left, 0.001)))
                sock = tls.wrap_socket(sock, server_hostname=target.host)
        except (OSError, ValueError) as error:
            sock.close()
            raise _no_connection(target, address, error) from error
        except BaseException:
            sock.close()
            raise
        return cls(sock, address=address, read_timeout=read_timeout, max_header_bytes=max_header_bytes)

    def send(self, method: str, target: Target, fields: Fields, body: bytes, *, deadline: Deadline) -> Head:
        """Send one request and read the head of its answer; raises Dropped or Unreachable, Refused for bad fields."""
        try:
            data = self._http.send(h11.Request(method=method, target=target.path, headers=list(fields)))
            if body:
                data = (data or b"") + (self._http.send(h11.Data(data=body)) or b"")
            data = (data or b"") + (self._http.send(h11.EndOfMessage()) or b"")
        except h11.LocalProtocolError as error:
            raise Refused(f"the request cannot be written down: {error}", subject=target.url) from error
        try:
            self._socket.settimeout(deadline.left(self._read_timeout))
            self._socket.sendall(data)
        except TimeoutError as error:
            raise self._silent(deadline) from error
        except OSError:
            pass  # A server may answer and hang up before it has read everything: look for its answer.
        return self._head(deadline)

    def body(self, deadline: Deadline) -> Iterator[bytes]:
        """The pieces of the body, transfer coding undone; raises Unreachable for one that is cut."""
        while True:
            event = self._next(deadline)
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return
            else:
                raise Unreachable("the answer breaks off", subject=deadline.subject, remedy="try again later")

    @property
    def has_surplus(self) -> bool:
        """Whether the server said more than the answer's framing holds."""
        return bool(self._http.trailing_data[0])

    def rest(self) -> bool:
        """Make ready for another request; False where this connection cannot take one."""
        if self.has_surplus or self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        self.is_used, self.idle_since = True, time.monotonic()
        return True

    def is_alive(self) -> bool:
        """Whether an idle connection is still silent: anything to read now is its end, or nothing we asked for."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poll.poll(0)

    def close(self) -> None:
        """Hang up, without waiting for the other side."""
        self._socket.close()

    def _head(self, deadline: Deadline) -> Head:
        for _ in range(_INTERIM_MAX):
            event = self._next(deadline)
            if isinstance(event, h11.Response):
                return Head(event.status_code, tuple(event.headers))
            if not isinstance(event, h11.InformationalResponse) or event.status_code == 101:
                break
        raise Unreachable(
            "the server never came to an answer of its own", subject=deadline.subject, remedy="the server is faulty"
        )

    def _next(self, deadline: Deadline) -> object:
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                raise Unreachable(
                    f"the answer is not proper HTTP: {error}", subject=deadline.subject, remedy="try again later"
                ) from error
            if event is not h11.NEED_DATA:
                return event
            self._http.receive_data(self._receive(deadline))

    def _receive(self, deadline: Deadline) -> bytes:
        self._socket.settimeout(deadline.left(self._read_timeout))
        try:
            if _QUICK_ACK is not None:
                self._socket.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
            data = self._socket.recv(_READ)
        except TimeoutError as error:
            raise self._silent(deadline) from error
        except OSError as error:
            raise self._broken(deadline, error.strerror or str(error)) from error
        if not data and self._is_unanswered():
            raise self._broken(deadline, "hung up without an answer")
        return data

    def _is_unanswered(self) -> bool:
        return self._http.their_state is h11.SEND_RESPONSE and not self.has_surplus

    def _broken(self, deadline: Deadline, what: str) -> Unreachable:
        kind = Dropped if self._is_unanswered() else Unreachable
        return kind(f"the connection broke: {what}", subject=deadline.subject, remedy="try again later")

    def _silent(self, deadline: Deadline) -> Unreachable:
        deadline.left(1)  # Raises where it is the whole fetch that took too long.
        return Unreachable(
            f"the server was silent for {self._read_timeout:g} s", subject=deadline.subject, remedy="try again later"
        )


def _no_connection(target: Target, address: Address, error: Exception) -> Unreachable:
    if isinstance(error, ssl.SSLCertVerificationError):
        what = f"the certificate of {target.host} is not valid: {error.verify_message}"
        return Unreachable(what, subject=target.url, remedy="the site's owner must renew or repair it")
    if isinstance(error, ssl.SSLError):
        what = f"no secure connection to {target.host}: {error.reason or error}"
        return Unreachable(what, subject=target.url, remedy="check whether the site speaks https on this port")
    reason = "no answer in time" if isinstance(error, TimeoutError) else getattr(error, "strerror", None) or str(error)
    return Unreachable(
        f"no connection to {address} port {target.port}: {reason}",
        subject=target.url,
        remedy="check the address, and whether the site is up",
    )
