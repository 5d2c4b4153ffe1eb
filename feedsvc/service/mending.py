"""Repairs without an admin: where the settings allow it, rules that were proposed for a broken source go into force."""

from __future__ import annotations

from collections.abc import Callable

from feedsvc.config import Config
from feedsvc.errors import FeedsvcError
from feedsvc.log import get_logger
from feedsvc.protocols import Clock, Fetcher
from feedsvc.scrape import Result, ScrapeOutcome
from feedsvc.service.repairing import adopt, propose
from feedsvc.store import Store

_log = get_logger(__name__)

#: Failures in a row between two attempts: a page that has just changed is often changed once more.
_EVERY = 3


class Mending:
    """Looks at each outcome of a scrape, and repairs the sources whose rules stopped matching."""

    def __init__(
        self, store: Store, config: Callable[[], Config], fetcher: Callable[[], Fetcher], *, clock: Clock
    ) -> None:
        self._store = store
        self._config = config
        self._fetcher = fetcher
        self._clock = clock

    def after(self, outcome: ScrapeOutcome) -> None:
        """Repair the source where that is wanted and due; a failure here is logged and harms nothing.

        Rules are adopted only where they read the known releases on the present page, and on the kept ones what the
        old rules read there (``scrape.repair``); otherwise the source stays as it is, and an admin decides.
        """
        if outcome.result is not Result.QUARANTINED or not self._config().settings.scrape.adopt_repairs:
            return
        try:
            self._look(outcome.source)
        except FeedsvcError as error:
            _log.warning("repair failed", source=outcome.source, reason=str(error))

    def _look(self, key: str) -> None:
        state = self._store.sources.get(key)
        if state is None or state.source.rules.item is None or state.failures < _EVERY or state.failures % _EVERY:
            return
        found = propose(state, self._store, self._fetcher())
        if not adopt(found, self._store, now=self._clock()):
            _log.warning("no repair found", source=key, reason=found.reason)
