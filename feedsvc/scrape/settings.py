"""How far one scrape goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from feedsvc.scrape.decide import Limits
from feedsvc.scrape.rechecks import RECHECKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapeSettings:
    """Bounds of one scrape; the defaults are those of specs/reliability.md."""

    limits: Limits = field(default_factory=Limits)
    rechecks: tuple[timedelta, ...] = RECHECKS
    #: Seconds after which a scrape is cut; None for one in the foreground.
    cut_after: float | None = 300.0
    snapshots_per_page: int = 3
    snapshots_total: int = 500 * 1024 * 1024


DEFAULTS = ScrapeSettings()
