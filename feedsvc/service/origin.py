"""Who said what of a source: its own file, a category, the defaults, an admin."""

from __future__ import annotations

from feedsvc.config import Config
from feedsvc.service.pacing import origin_of_left
from feedsvc.store import SourceState


def cadence_from(state: SourceState, config: Config) -> str:
    """Who chose the cadence of a source, in words; "" where the source says so itself.

    ``config``: as paced by what was decided about categories.
    """
    if "cadence" in state.overrides:
        return "an admin's decision"
    if state.source.cadence.from_category:
        return origin_of_left(state.source, config.cadences, config.settings.defaults)
    return config.cadence_origins.get(state.key, "")
