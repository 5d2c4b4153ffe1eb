"""One exchange over the wire: resolve, check every address, dial a checked one or reuse its connection, read bounded.

Idle connections are kept for the next request to the same scheme, host, port *and* checked address: a name that moves
is checked and dialled anew, always.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from feedsvc.errors import FetchError, Refused, Unreachable
from feedsvc.fetch.addresses import Address
from feedsvc.fetch.answer import Answer, declared_length, read_head
from feedsvc.fetch.codings import decoder_for
from feedsvc.fetch.connection import Connection, Dropped, tls_context
from feedsvc.fetch.deadline import Deadline
from feedsvc.fetch.guard import Target, check_addresses
from feedsvc.fetch.resolver import Resolver
from feedsvc.fetch.settings import FetchSettings

#: Addresses of one name that are tried, in turn.
_TRIES = 4
#: Bytes of an unwanted body that are read rather than hanging up.
_DRAINED = 16 * 1024
#: So many pieces of a body may be tiny; beyond that, a page of one-byte chunks only burns our time.
_PIECES_MAX, _PIECE_MIN = 50_000, 16

Route = tuple[str, str, int, Address]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What goes out, besides the target that the guard gave."""

    method: str = "GET"
    #: Name and value of each header field but Host, as bytes.
    fields: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How much of the answer is wanted."""

    #: Most bytes of a body, after decoding.
    max_body: int
    #: A longer body is cut there instead of refused.
    may_cut: bool = False
    #: Looks at the head: gives whether the body is wanted; may raise.
    wants_body: Callable[[Answer], bool] = lambda head: head.status == 200


class Wire:
    """Exchanges requests for answers; thread-safe."""

    def __init__(self, settings: FetchSettings, resolver: Resolver) -> None:
        self._settings = settings
        self._resolve = resolver
        self._lock = threading.Lock()
        self._idle: dict[Route, list[Connection]] = {}
        self._tls: ssl.SSLContext | None = None

    def exchange(self, target: Target, request: Request, reading: Reading, *, deadline: Deadline) -> Answer:
        """Send ``request`` to ``target`` and read the answer; raises FetchError or what ``reading`` raises.

        A kept connection that turns out to be dead is replaced once, after the whole check was run again.
        """
        try:
            try:
                return self._once(target, request, reading, deadline, may_reuse=True)
            except Dropped:
                return self._once(target, request, reading, deadline, may_reuse=False)
        except (Refused, Unreachable) as error:
            error.subject = error.subject or target.url
            raise

    def close(self) -> None:
        """Hang up all idle connections."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for connections in idle.values():
            for connection in connections:
                connection.close()

    def _once(
        self, target: Target, request: Request, reading: Reading, deadline: Deadline, *, may_reuse: bool
    ) -> Answer:
        addresses = self._addresses(target, deadline)
        connection = self._kept(target, addresses) if may_reuse else None
        if connection is None:
            connection = self._dial(target, addresses, deadline)
        was_used = connection.is_used
        is_at_rest = False
        try:
            answer = self._converse(connection, target, request, reading, deadline)
            is_at_rest = connection.rest()
        except Dropped as error:
            if was_used and request.method == "GET":
                raise
            raise Unreachable(error.message, subject=target.url, remedy=error.remedy) from error
        finally:
            if not is_at_rest:
                connection.close()
        self._keep(target, connection)
        return answer

    def _converse(
        self, connection: Connection, target: Target, request: Request, reading: Reading, deadline: Deadline
    ) -> Answer:
        fields = ((b"Host", target.authority.encode("ascii")), *request.fields)
        head = connection.send(request.method, target, fields, request.body, deadline=deadline)
        lines = read_head(
            head.status,
            head.fields,
            max_bytes=self._settings.max_header_bytes,
            max_lines=self._settings.max_header_lines,
        )
        answer = Answer(head.status, lines)
        length = declared_length(lines)
        if reading.wants_body(answer):
            if length is not None and length > reading.max_body and not reading.may_cut:
                raise _too_large(target, reading.max_body)
            return Answer(head.status, lines, _read(connection, answer, reading, target, deadline))
        if head.status == 304 or (length is not None and length <= _DRAINED):
            # A short body that nobody wants is read away, so that the connection can be kept; if it can't, no matter.
            with contextlib.suppress(Unreachable):
                for _ in connection.body(deadline):
                    pass
        return answer

    def _addresses(self, target: Target, deadline: Deadline) -> tuple[Address, ...]:
        if target.literal is not None:
            return check_addresses(target, (target.literal,))
        try:
            found = self._resolve(target.host, deadline.left(self._settings.connect_timeout))
        except Unreachable as error:
            raise Unreachable(error.message, subject=target.url, remedy=error.remedy) from error
        return _alternating(check_addresses(target, found))[:_TRIES]

    def _dial(self, target: Target, addresses: tuple[Address, ...], deadline: Deadline) -> Connection:
        """Connect to the first address that answers; all of them share the time to connect."""
        share = self._settings.connect_timeout / len(addresses)
        failure: FetchError | None = None
        for address in addresses:
            try:
                return Connection.dial(
                    target,
                    address,
                    deadline=deadline,
                    connect_timeout=share,
                    read_timeout=self._settings.read_timeout,
                    max_header_bytes=self._settings.max_header_bytes,
                    tls=self._tls_context() if target.scheme == "https" else None,
                )
            except Unreachable as error:
                failure = failure or error
        raise failure or Unreachable("the name has no address", subject=target.url)

    def _tls_context(self) -> ssl.SSLContext:
        with self._lock:
            if self._tls is None:
                self._tls = tls_context()
            return self._tls

    def _kept(self, target: Target, addresses: tuple[Address, ...]) -> Connection | None:
        """An idle connection to one of the checked addresses that is still good."""
        oldest = time.monotonic() - self._settings.idle_seconds
        for address in addresses:
            while True:
                with self._lock:
                    waiting = self._idle.get((target.scheme, target.host, target.port, address))
                    if not waiting:
                        break
                    connection = waiting.pop()
                if connection.idle_since >= oldest and connection.is_alive():
                    return connection
                connection.close()
        return None

    def _keep(self, target: Target, connection: Connection) -> None:
        """Keep a connection for the next request; expired ones, and the oldest of too many, are hung up."""
        route = (target.scheme, target.host, target.port, connection.address)
        oldest = time.monotonic() - self._settings.idle_seconds
        ended: list[Connection] = []
        with self._lock:
            self._idle.setdefault(route, []).append(connection)
            kept = sorted((c for waiting in self._idle.values() for c in waiting), key=lambda c: -c.idle_since)
            stay = {id(c) for c in kept[: self._settings.max_idle] if c.idle_since >= oldest}
            if len(stay) < len(kept):
                ended = [c for c in kept if id(c) not in stay]
                self._idle = {
                    route: staying
                    for route, waiting in self._idle.items()
                    if (staying := [c for c in waiting if id(c) in stay])
                }
        for connection in ended:
            connection.close()


def _read(connection: Connection, head: Answer, reading: Reading, target: Target, deadline: Deadline) -> bytes:
    """The body with its coding undone, counted while it streams (rule F5); coded bytes are held to the same cap."""
    decoder = decoder_for([value for name, value in head.fields if name == "content-encoding"])
    pieces: list[bytes] = []
    size = coded = 0
    for count, data in enumerate(connection.body(deadline)):
        coded += len(data)
        if count > _PIECES_MAX and coded < count * _PIECE_MIN:
            raise Refused("the answer comes in absurdly small pieces", remedy="the server is faulty, or hostile")
        for piece in decoder.feed(data):
            pieces.append(piece)
            size += len(piece)
            if size > reading.max_body:
                break
            deadline.left(0)
        if max(size, coded) > reading.max_body:
            if reading.may_cut:
                return b"".join(pieces)[: reading.max_body]
            raise _too_large(target, reading.max_body)
    if connection.has_surplus:
        raise Unreachable("the answer is longer than its Content-Length says", remedy="the server is faulty")
    decoder.finish()
    return b"".join(pieces)


def _alternating(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
    """IPv6 and IPv4 in turn, in the resolver's order: a network where one of them is dead costs one try, not all."""
    first = [a for a in addresses if isinstance(a, IPv4Address) == isinstance(addresses[0], IPv4Address)]
    second = [a for a in addresses if a not in first]
    return tuple(_zipped(first, second))


def _zipped(first: list[Address], second: list[Address]) -> Iterator[Address]:
    for index in range(max(len(first), len(second))):
        yield from first[index : index + 1]
        yield from second[index : index + 1]


def _too_large(target: Target, limit: int) -> Refused:
    return Refused(f"the answer is larger than {limit} bytes", subject=target.url, remedy="the limit is fetch.max_body")
