"""Who holds a lease or a claim: host, process and a number of its own, so that a dead one is known as dead."""

from __future__ import annotations

import os
import secrets
import socket


def new_owner() -> str:
    """A name for this process that no other has: "host:4711:9f2c"."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


def is_dead(owner: str) -> bool:
    """Whether ``owner`` was a process of this machine that no longer lives; False where that cannot be known."""
    host, _, rest = owner.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not rest.isdigit() or int(rest) == os.getpid():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def in_words(owner: str) -> str:
    """For people: "process 4711 on host"."""
    host, _, process = owner.rpartition(":")[0].rpartition(":")
    return f"process {process} on {host}" if host else owner
