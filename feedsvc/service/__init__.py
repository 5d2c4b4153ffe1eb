"""Wiring of the rooms, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedsvc.service.service import Service

__all__ = ["Service"]


def __getattr__(name: str) -> type[Service]:
    """``Service``, imported when asked for: web workers use other modules of this room and never need what it wires."""
    if name == "Service":
        from feedsvc.service.service import Service

        return Service
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
