"""Tells admins of troubles, once when they begin and once when they end; remembers them with the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from feedsvc.config import Config
from feedsvc.errors import FeedsvcError, StoreError
from feedsvc.log import get_logger
from feedsvc.notify import Alert, Mailer, Ongoing, Trouble, Webhook, turn
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

    def _look(self, state: SourceState, outcome: ScrapeOutcome) -> None:
        kept = state.memory.get(MEMORY) or {}
        slow = int(kept.get("slow", 0)) + 1 if self._is_slow(state, outcome) else 0
        before = _ongoing(kept)
        now = outcome.finished_at
        turned = turn(before, self._reasons(state, outcome, slow), source=state.key, title=state.source.title, at=now)
        ongoing = dict(turned.ongoing)
        for alert in turned.alerts:
            is_told = self._tell(alert)
            if not alert.has_ended:
                ongoing[alert.trouble] = Ongoing(since=alert.since, reason=alert.reason, is_told=is_told)
        past = [_ended(trouble, one, now) for trouble, one in before.items() if trouble not in ongoing]
        fresh = {
            "now": {
                trouble.value: [one.since.isoformat(), one.reason, one.is_told] for trouble, one in ongoing.items()
            },
            "past": [*past, *kept.get("past", ())][:_PAST_MOST],
            "slow": slow,
        }
        if any(fresh.values()) and fresh != kept:
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

    def _tell(self, alert: Alert) -> bool:
        """Whether the alert reached somebody, or there is nobody to reach."""
        _log.warning("alert", source=alert.source, trouble=alert.trouble.value, ended=alert.has_ended, why=alert.reason)
        channels = list(self._channels())
        reached = not channels
        for channel in channels:
            try:
                channel.send(alert)
                reached = True
            except FeedsvcError as error:
                _log.error("alert not delivered", source=alert.source, reason=str(error))
        return reached

    def _channels(self) -> Iterator[Channel]:
        alerts = self._config().settings.alerts
        if alerts.mail_to and alerts.smtp:
            host, _, port = alerts.smtp.rpartition(":")
            yield Mailer(
                host=host.strip("[]"),
                port=int(port),
                sender=alerts.mail_from or alerts.mail_to[0],
                to=alerts.mail_to,
                security=alerts.smtp_security,
                user=alerts.smtp_user,
                password=alerts.smtp_password.get_secret_value(),
            )
        if alerts.webhook:
            yield Webhook(client=self._client(), url=alerts.webhook)


def _ongoing(kept: Mapping[str, Any]) -> dict[Trouble, Ongoing]:
    return {
        Trouble(name): Ongoing(since=datetime.fromisoformat(since), reason=reason, is_told=is_told)
        for name, (since, reason, is_told) in kept.get("now", {}).items()
    }


def _ended(trouble: Trouble, one: Ongoing, now: datetime) -> list[str]:
    return [trouble.value, one.since.isoformat(), now.isoformat(), one.reason]


def alerts_of(state: SourceState) -> Iterator[Alert]:
    """Every trouble that a source's memory names: those in force, then those of the past with their end."""
    kept = state.memory.get(MEMORY) or {}
    for trouble, one in _ongoing(kept).items():
        yield _alert(state, trouble, since=one.since, at=one.since, reason=one.reason, has_ended=False)
    for name, since, at, reason in kept.get("past", ()):
        began, ended = datetime.fromisoformat(since), datetime.fromisoformat(at)
        yield _alert(state, Trouble(name), since=began, at=ended, reason=reason, has_ended=True)


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
