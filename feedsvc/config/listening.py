"""The address at which a browser on this machine reaches a server: what feeds name where nobody says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What listens on every interface is reached here at the loopback address.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def listening_url(host: str, port: int) -> str:
    """``http://127.0.0.1:8080`` of the host and port that a server listens on; no slash at its end."""
    here = _EVERYWHERE.get(host, host)
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


def default_base_url(server: Mapping[str, Any]) -> str:
    """The base URL of a ``[server]`` table that names none."""
    return listening_url(server["host"], server["port"])
