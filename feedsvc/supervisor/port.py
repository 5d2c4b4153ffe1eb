"""Claims the port before anything starts, so that a taken one is a clear error and not a server that nobody reaches."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from ipaddress import ip_address

from feedsvc.config.listening import listening_url
from feedsvc.errors import ServiceError


@dataclass(frozen=True, slots=True)
class Reservation:
    """A port that is ours: bound but not listening, so that nobody else can take it while workers come and go."""

    host: str
    port: int
    _socket: socket.socket

    @property
    def address(self) -> str:
        """The address at which a browser on this machine reaches the port, without a slash at its end."""
        return listening_url(self.host, self.port)

    @property
    def url(self) -> str:
        """The same as people write it."""
        return f"{self.address}/"

    @property
    def is_open(self) -> bool:
        """Whether other machines reach the port, too."""
        return not ip_address(str(self._socket.getsockname()[0])).is_loopback

    def is_answering(self, *, timeout: float = 0.5) -> bool:
        """Whether a server accepts connections at the port."""
        host = self.url.removeprefix("http://").rpartition(":")[0].strip("[]")
        try:
            socket.create_connection((host, self.port), timeout).close()
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()


def reserve(host: str, port: int) -> Reservation:
    """Claim ``host:port`` (0: any free port). Raises ServiceError where it is taken or not ours to use.

    granian's workers share their port by SO_REUSEPORT, with which a second server would bind quietly and take every
    other request. So the port is first bound without that option, which fails if anybody listens, and then held with
    it.
    """
    subject = f"{host}:{port}"
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError) as error:
        raise ServiceError(
            "is not an address of this machine", subject=host, remedy='set --host to "127.0.0.1" or "0.0.0.0"'
        ) from error
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            bound = probe.getsockname()
        held = socket.socket(family, socket.SOCK_STREAM)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "SO_REUSEPORT"):
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(bound)
    except OSError as error:
        raise _refusal(error, subject) from error
    return Reservation(host, bound[1], held)


def _refusal(error: OSError, subject: str) -> ServiceError:
    if error.errno == errno.EADDRINUSE:
        return ServiceError(
            "the port is taken", subject=subject, remedy="stop what listens there, or choose another --port"
        )
    if error.errno == errno.EACCES:
        return ServiceError("the port is not ours to use", subject=subject, remedy="choose a --port above 1023")
    return ServiceError(
        (error.strerror or str(error)).lower(), subject=subject, remedy='set --host to "127.0.0.1" or "0.0.0.0"'
    )
