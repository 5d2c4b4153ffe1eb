"""Tells admins of troubles, once when they begin and once when they end; remembers them with the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from feedsvc.config import Config
from feedsvc.errors import FeedsvcError, StoreError
from feedsvc.log import get_logger
from feedsvc.notify import Alert, Ended, Letter, Mailer, Ongoing, Trouble, Troubles, Webhook
from feedsvc.protocols import HttpClient
from feedsvc.schedule.silence import odd_silence
from feedsvc.scrape import Result, ScrapeOutcome
from feedsvc.store import SourceState, Store

_log = get_logger(__name__)

#: Names in a source's memory: troubles in force, those of the past (the latest first), slow scrapes in a row.
MEMORY = "troubles"
_PAST_MOST = 10
#: Slow scrapes in a row that are a trouble.
SLOW_TIMES = 3
#: Releases whose gaps tell how long a source is usually silent.
_RELEASES = 200


class Channel(Protocol):
    """A way to reach an admin."""

    def send(self, alert: Alert) -> None:
        """Deliver, or raise ServiceError."""
        ...


class Alerting:
    """Looks at each outcome of a scrape. Thread-safe: what it remembers is in the store, source by source."""

    def __init__(self, store: Store, config: Callable[[], Config], client: Callable[[], HttpClient]) -> None:
        self._store = store
        self._config = config
        self._client = client

    def after(self, outcome: ScrapeOutcome) -> None:
        """Tell what began or ended with this scrape; a failure here is logged and harms nothing."""
        if outcome.result is Result.BUSY:
            return
        try:
            state = self._store.sources.get(outcome.source)
            if state is not None:
                self._look(state, outcome)
        except StoreError as error:
            _log.error("alerts not looked after", source=outcome.source, reason=str(error))

    def settle(self, *, now: datetime) -> None:
        """Tell what reached nobody before, and end the troubles of sources that are no longer watched."""
        try:
            for state in self._store.sources.troubled():
                before = _kept_troubles(state, self._names())
                is_over = not state.is_enabled and before.ongoing
                if (is_over or before.owes) and state.claimed_by is None:
                    reasons = {trouble: one.reason for trouble, one in before.ongoing.items()}
                    slow = int((state.memory.get(MEMORY) or {}).get("slow", 0))
                    self._turn(state, {} if is_over else reasons, now=now, slow=slow)
        except StoreError as error:
            _log.error("alerts not looked after", reason=str(error))

    def _look(self, state: SourceState, outcome: ScrapeOutcome) -> None:
        kept = state.memory.get(MEMORY) or {}
        slow = int(kept.get("slow", 0)) + 1 if self._is_slow(state, outcome) else 0
        self._turn(state, self._reasons(state, outcome, slow), now=outcome.finished_at, slow=slow)

    def _turn(self, state: SourceState, reasons: Mapping[Trouble, str], *, now: datetime, slow: int) -> None:
        """Tell what the change comes to, and remember who knows."""
        channels = self._channels()
        names = frozenset(channels)
        turned = _kept_troubles(state, names).turned(reasons, channels=names, at=now)
        letters = turned.letters(source=state.key, title=state.source.title, at=now)
        settled = turned.settled([(letter.alert, self._tell(letter, channels)) for letter in letters])
        fresh = {
            "now": {
                trouble.value: [one.since.isoformat(), one.reason, sorted(one.told), sorted(one.owed)]
                for trouble, one in settled.ongoing.items()
            },
            "past": [
                [one.trouble.value, one.since.isoformat(), one.at.isoformat(), one.reason, sorted(one.owed)]
                for one in settled.past[:_PAST_MOST]
            ],
            "slow": slow,
        }
        kept = state.memory.get(MEMORY)
        if fresh != kept and (kept or any(fresh.values())):
            self._store.sources.remember(state.key, {MEMORY: fresh})

    def _reasons(self, state: SourceState, outcome: ScrapeOutcome, slow: int) -> dict[Trouble, str]:
        """What is wrong with the source now, and why."""
        found = {}
        if state.state in (Trouble.SUSPECT, Trouble.BROKEN):
            found[Trouble(state.state)] = state.reason
        if slow >= SLOW_TIMES:
            found[Trouble.SLOW] = f"{slow} scrapes in a row took long, the last {outcome.seconds:.0f} seconds"
        silence = self._silence(state, outcome.finished_at)
        if silence:
            found[Trouble.SILENT] = silence
        return found

    def _is_slow(self, state: SourceState, outcome: ScrapeOutcome) -> bool:
        """The first scrapes read everything, and may take their time."""
        limit = self._config().settings.alerts.slow
        return state.settled_at is not None and timedelta(seconds=outcome.seconds) > limit

    def _silence(self, state: SourceState, now: datetime) -> str:
        if state.settled_at is None:
            return ""
        rows = self._store.entries.publication_times(state.key, limit=_RELEASES)
        return odd_silence([min(published, seen) for published, seen, _ in rows], now=now)

    def _tell(self, letter: Letter, channels: Mapping[str, Channel]) -> frozenset[str]:
        """The channels that took the letter."""
        alert = letter.alert
        if letter.is_fresh:
            _log.warning(
                "alert", source=alert.source, trouble=alert.trouble.value, ended=alert.has_ended, why=alert.reason
            )
        reached = set()
        for name in sorted(letter.to):
            try:
                channels[name].send(alert)
                reached.add(name)
            except FeedsvcError as error:
                _log.error("alert not delivered", source=alert.source, channel=name, reason=str(error))
        return frozenset(reached)

    def _channels(self) -> Mapping[str, Channel]:
        """The ways to reach admins that are set up, by name."""
        alerts = self._config().settings.alerts
        found: dict[str, Channel] = {}
        if alerts.mail_to and alerts.smtp:
            host, _, port = alerts.smtp.rpartition(":")
            found["mail"] = Mailer(
                host=host.strip("[]"),
                port=int(port),
                sender=alerts.mail_from or alerts.mail_to[0],
                to=alerts.mail_to,
                security=alerts.smtp_security,
                user=alerts.smtp_user,
                password=alerts.smtp_password.get_secret_value(),
            )
        if alerts.webhook:
            found["webhook"] = Webhook(client=self._client(), url=alerts.webhook)
        return found

    def _names(self) -> frozenset[str]:
        return frozenset(self._channels())


def _kept_troubles(state: SourceState, channels: frozenset[str] = frozenset()) -> Troubles:
    """What a source's memory names. Earlier versions kept whether anybody at all was told: that is all ``channels``."""
    kept = state.memory.get(MEMORY) or {}
    ongoing = {}
    for name, (since, reason, told, *owed) in kept.get("now", {}).items():
        if isinstance(told, bool):
            told, owed = (channels, [()]) if told else ((), [channels])
        ongoing[Trouble(name)] = Ongoing(
            since=datetime.fromisoformat(since), reason=reason, told=frozenset(told), owed=frozenset(*owed)
        )
    past = tuple(
        Ended(
            trouble=Trouble(name),
            since=datetime.fromisoformat(since),
            at=datetime.fromisoformat(at),
            reason=reason,
            owed=frozenset(*owed),
        )
        for name, since, at, reason, *owed in kept.get("past", ())
    )
    return Troubles(ongoing=ongoing, past=past)


def alerts_of(state: SourceState) -> Iterator[Alert]:
    """Every trouble that a source's memory names: those in force, then those of the past with their end.

    A source that is not watched is in no trouble.
    """
    kept = _kept_troubles(state)
    for trouble, one in kept.ongoing.items() if state.is_enabled else ():
        yield _alert(state, trouble, since=one.since, at=one.since, reason=one.reason, has_ended=False)
    for over in kept.past:
        yield _alert(state, over.trouble, since=over.since, at=over.at, reason=over.reason, has_ended=True)


def _alert(
    state: SourceState, trouble: Trouble, *, since: datetime, at: datetime, reason: str, has_ended: bool
) -> Alert:
    return Alert(
        source=state.key,
        title=state.source.title,
        trouble=trouble,
        has_ended=has_ended,
        since=since,
        at=at,
        reason=reason,
    )
