"""Who said what of a source: its own file, a category, the defaults, an admin."""

from __future__ import annotations

from feedsvc.config import Config
from feedsvc.store import SourceState


def cadence_from(state: SourceState, config: Config) -> str:
    """Who chose the cadence of a source, in words; "" where the source says so itself."""
    return "an admin's decision" if "cadence" in state.overrides else config.cadence_origins.get(state.key, "")
