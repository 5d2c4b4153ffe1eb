"""Who said what of a source: its own file, a category, the defaults, an admin."""

from __future__ import annotations

from dataclasses import replace

from feedsvc.config import Config
from feedsvc.service.pacing import origin_of_left
from feedsvc.store import SourceState


def cadence_from(state: SourceState, config: Config) -> str:
    """Who chose the cadence of a source, in words; "" where the source says so itself.

    ``config``: as paced by what was decided about categories.
    """
    if "cadence" in state.overrides and not _is_only_paused(state):
        return "an admin's decision"
    if state.source.cadence.from_category:
        return origin_of_left(state.source, config.cadences, config.settings.defaults)
    return config.cadence_origins.get(state.key, "")


def _is_only_paused(state: SourceState) -> bool:
    """Whether an admin has paused a source, and left it at its cadence."""
    if state.declared is None or state.source.cadence.paused_until is None:
        return False
    return replace(state.source.cadence, paused_until=None) == replace(state.declared.cadence, paused_until=None)
