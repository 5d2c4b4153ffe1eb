"""Names to addresses, within a deadline."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from ipaddress import ip_address

from feedsvc.errors import Unreachable
from feedsvc.fetch.addresses import Address

#: Gives every address of a host name, best first, within so many seconds; raises Unreachable. Tests hand in their own.
Resolver = Callable[[str, float], tuple[Address, ...]]

#: Lookups that may hang at the same time: getaddrinfo cannot be interrupted, only left behind.
_lookups = threading.BoundedSemaphore(32)


def resolve(host: str, seconds: float) -> tuple[Address, ...]:
    """The addresses that the system's resolver gives for ``host``; raises Unreachable for none or no answer in time."""
    if not _lookups.acquire(timeout=seconds):
        raise _too_slow(host)
    answer: list[tuple[Address, ...] | OSError] = []

    def look_up() -> None:
        try:
            answer.append(_addresses(host))
        except (OSError, ValueError) as error:
            answer.append(error if isinstance(error, OSError) else OSError(str(error)))
        finally:
            _lookups.release()

    worker = threading.Thread(target=look_up, name=f"resolve {host}", daemon=True)
    worker.start()
    worker.join(seconds)
    if not answer:
        raise _too_slow(host)
    found = answer[0]
    if isinstance(found, OSError):
        reason = found.strerror or str(found)
        raise Unreachable(
            f"the name {host} cannot be resolved: {reason}",
            subject=host,
            remedy="check the spelling, and the name servers of this machine",
        )
    return found


def _addresses(host: str) -> tuple[Address, ...]:
    rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    # A zone stays on the text of a link-local address, and thereby forbids it.
    return tuple(dict.fromkeys(ip_address(str(row[4][0])) for row in rows))


def _too_slow(host: str) -> Unreachable:
    return Unreachable(
        f"the name {host} was not resolved in time", subject=host, remedy="check the name servers of this machine"
    )
