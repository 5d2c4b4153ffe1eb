"""What an admin changes about sources at run time: overrides over what the configuration declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from feedsvc.config import Config
from feedsvc.log import get_logger
from feedsvc.model import Cadence, FeedRef, Source
from feedsvc.protocols import Clock
from feedsvc.service.pacing import follow, left_to_category, paced
from feedsvc.service.refusal import Unknown, unfit
from feedsvc.service.saved import unfit_place
from feedsvc.store import ADMITS, DISMISSED, Quarantine, SourceState, Store

#: Sources that are changed in one transaction.
AT_ONCE = 200

_log = get_logger(__name__)


class Tuning:
    """Changes sources, one transaction each; the clock notices within seconds and plans them anew."""

    def __init__(self, store: Store, config: Callable[[], Config], *, clock: Clock) -> None:
        self._store, self._config, self._clock = store, config, clock

    def run_now(self, keys: Iterable[str]) -> int:
        """Ask whichever process holds the clock to scrape these now; how many of them it will."""
        return self._store.sources.ask_to_run(tuple(keys), now=self._clock())

    def pause(self, keys: Iterable[str], *, until: datetime | None) -> int:
        """Leave sources alone until then, or, with None, until they are resumed; how many.

        Raises Refused for a moment that has passed.
        """
        if until is None:
            return self._each(keys, lambda source: replace(source, is_enabled=False))
        if until <= self._clock():
            raise unfit("until", "has passed: give a moment that is still to come, or none to stop the source.")
        return self._each(keys, lambda source: replace(source, cadence=replace(source.cadence, paused_until=until)))

    def resume(self, keys: Iterable[str]) -> int:
        """End pauses; how many."""
        return self._each(
            keys,
            lambda source: replace(source, is_enabled=True, cadence=replace(source.cadence, paused_until=None)),
        )

    def schedule(self, keys: Iterable[str], cadence: Cadence) -> int:
        """Scrape sources by another interval, crontab line or budget; hours and pauses stay. How many."""
        return self._each(
            keys,
            lambda source: replace(
                source,
                cadence=replace(
                    source.cadence, every=cadence.every, cron=cadence.cron, budget=cadence.budget, from_category=False
                ),
            ),
        )

    def file_under(self, keys: Iterable[str], category: str | None) -> int:
        """Give sources another category, and move their entries there; how many. Raises Unfit."""
        return self._each(keys, lambda source: replace(source, category=category))

    def add(self, source: Source) -> bool:
        """Watch a source that no file declares, from now on; False where the key is taken. Raises Unfit."""
        now = self._clock()
        with self._store.together():
            self._check_place(source.category)
            if not self._store.sources.add(source, now=now):
                return False
            self._store.feeds.restore(FeedRef(kind="source", key=source.key))
            self._store.feeds.ensure(FeedRef(kind="source", key=source.key), now=now)
            self._open_category(source.category)
        follow(self._store, self._config())
        self._store.sources.ask_to_run([source.key], now=now)
        _log.info("source added", source=source.key)
        return True

    def left(self, source: Source) -> Source:
        """The source with the cadence that follows where it is left to its category; any other as it is."""
        config = paced(self._config(), self._store.categories_kept.decided())
        return left_to_category(source, config.cadences, config.settings.defaults)

    def change(self, key: str, change: Callable[[Source], Source]) -> Source | None:
        """Put a changed source in force, and move its entries where its category changed; None for an unknown key.

        Raises Unfit for a category that cannot be.
        """
        changed = self._turn(lambda: self._store.sources.tune_many((key,), change))
        self._follow(changed)
        return changed[0][1] if changed else None

    def remove(self, key: str) -> None:
        """Stop watching a source that no file declares: its feed is gone (410), its entries stay in all others.

        Raises Unknown, and Unfit for one that a file declares.
        """
        state = self._store.sources.get(key)
        if state is None:
            raise Unknown("there is no such source", subject=key[:80], remedy="see the list for those there are")
        if state.declared is not None:
            raise unfit("key", f"is declared in sources/{key}.toml: remove that file, or stop the source.")
        if not self._store.sources.forget(key):
            raise unfit("key", "is being scraped at this moment: try again when that has ended.")
        self._store.feeds.remove(FeedRef(kind="source", key=key), now=self._clock())
        _log.info("source removed", source=key)

    def reset(self, key: str, names: Iterable[str] | None = None) -> bool:
        """Take overrides back, all or those of some fields; False where nothing is declared to go back to."""

        def reset() -> tuple[tuple[Source, Source], ...]:
            before = self._store.sources.get(key)
            if before is None or not self._store.sources.reset(key, None if names is None else tuple(names)):
                return ()
            after = self._store.sources.get(key)
            assert after is not None
            return ((before.source, after.source),)

        changed = self._turn(reset)
        self._follow(changed)
        return len(changed) > 0

    # Quarantine

    def accept(self, key: str) -> bool:
        """Let the next scrape, which begins now, take the page as it is; False while one goes on.

        Raises Unfit for a page without any item, or one that looks like a login or an error: no feed can be made of it
        (rule R1).
        """
        state = self._store.sources.get(key)
        found = self.quarantine(state) if state is not None else None
        if found is None:
            raise unfit("quarantine", "is over: there is nothing to accept.")
        if not found.may_be_accepted:
            fault = found.evidence.get("fault")
            raise unfit("quarantine", f"cannot be accepted: {fault}. It ends by itself when the page shows its list.")
        if not self._store.sources.leave_word(key, {ADMITS: True, DISMISSED: False}):
            return False
        self._store.scrapes.close_quarantine(key, resolution="accepted", now=self._clock())
        self._store.sources.ask_to_run([key], now=self._clock())
        _log.info("quarantine accepted", source=key)
        return True

    def dismiss(self, key: str) -> bool:
        """The page is wrong indeed, and the feed stays as it is; False while a scrape goes on.

        Nothing is said of it again before it looks wrong in another way, and it never becomes the new normal. Raises
        Unfit where there is no quarantine.
        """
        state = self._store.sources.get(key)
        if state is None or self.quarantine(state) is None:
            raise unfit("quarantine", "is over: there is nothing to dismiss.")
        if not self._store.sources.leave_word(key, {DISMISSED: True}):
            return False
        self._store.scrapes.close_quarantine(key, resolution="dismissed", now=self._clock())
        _log.info("quarantine dismissed", source=key)
        return True

    def quarantine(self, state: SourceState) -> Quarantine | None:
        """Why scrapes of a source change nothing: what an admin has yet to decide on, or has called wrong."""
        scrapes = self._store.scrapes
        return scrapes.open_quarantine(state.key) or (
            scrapes.last_dismissed(state.key) if state.memory.get(DISMISSED) else None
        )

    def _each(self, keys: Iterable[str], change: Callable[[Source], Source]) -> int:
        wanted = tuple(dict.fromkeys(keys))
        changed: list[tuple[Source, Source]] = []
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            changed += self._turn(partial(self._store.sources.tune_many, some, change))
        self._follow(changed)
        return len(changed)

    def _follow(self, changed: Sequence[tuple[Source, Source]]) -> None:
        """Let sources that are left to their category have its cadence; what a crash leaves, the next start does."""
        if any(after.cadence.from_category for _, after in changed):
            follow(self._store, self._config())

    def _turn(self, change: Callable[[], tuple[tuple[Source, Source], ...]]) -> tuple[tuple[Source, Source], ...]:
        """Change sources, with what follows from it, in one transaction; then move entries, one by one.

        Gives each source as it was and as it is. Raises Unfit, and changes nothing, for a category that cannot be.
        """
        with self._store.in_one():  # scrapes change sources all the time: they and this need not see each other
            changed = change()
            for before, after in changed:
                if before.category != after.category:
                    self._check_place(after.category)
                    self._open_category(after.category)
        for before, after in changed:
            if before.category != after.category:
                moved = self._store.entries.refile(after, now=self._clock())
                _log.info("entries moved to another category", source=after.key, entries=moved)
            if before != after:
                _log.info("source tuned", source=after.key)
        return changed

    def _check_place(self, category: str | None) -> None:
        if fault := unfit_place(category, self._config(), self._store):
            raise unfit("category", fault)

    def _open_category(self, path: str | None) -> None:
        """Make a category with its feed, or bring back one that was removed, with those above it."""
        if path:
            ref = FeedRef(kind="category", key=path)
            self._store.categories_kept.make(path)
            self._store.feeds.ensure(ref, now=self._clock())
