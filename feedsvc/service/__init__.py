"""Wiring of the rooms, and nothing else."""

from feedsvc.service.service import Service

__all__ = ["Service"]
