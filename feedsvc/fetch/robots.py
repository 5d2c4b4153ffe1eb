"""robots.txt, obeyed (RFC 9309): fetched once a day and origin, remembered, and asked before every request."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from protego import Protego

from feedsvc.errors import NotNow, Refused, Unreachable
from feedsvc.fetch.answer import Answer
from feedsvc.fetch.deadline import Deadline
from feedsvc.fetch.guard import Target
from feedsvc.protocols import Clock

#: Bytes that are read of one robots.txt; what stands beyond is ignored (RFC 9309 section 2.5 asks for 500 KiB).
ROBOTS_MAX = 500 * 1024
#: How soon an origin is asked again whose robots.txt answered with a server error: until then, all is disallowed. One
#: that does not answer at all is not remembered: the fetch fails for that reason, and the next one asks again.
ASK_AGAIN = timedelta(minutes=1)
#: Origins that are remembered in memory.
ORIGINS_MAX = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsVerdict:
    """Whether robots.txt lets us fetch a URL, and in which words to say so."""

    allowed: bool
    reason: str
    #: Seconds that the site asks for between two requests, or None.
    crawl_delay: float | None = None
    #: Where robots.txt could not be had: how long until it is asked for again.
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """What one origin's robots.txt said; ``rules`` is None where it could not be had."""

    rules: Protego | None
    #: In words: where the rules come from, or why there are none.
    reason: str
    until: datetime
    text: str = ""


class Robots:
    """The rules of every origin; ``get`` brings one robots.txt in and raises FetchError where it cannot."""

    #: Seconds that a thread waits for another one's answer, at most.
    _patience = 60.0

    def __init__(
        self,
        *,
        name: str,
        lifetime: timedelta,
        clock: Clock,
        get: Callable[[Target, Deadline], Answer],
        folder: Path | None = None,
    ) -> None:
        self._name = name
        self._lifetime = min(lifetime, timedelta(hours=24))
        self._clock = clock
        self._get = get
        self._folder = folder
        self._lock = threading.Lock()
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, threading.Lock] = {}

    def verdict(self, target: Target, deadline: Deadline) -> RobotsVerdict:
        """Whether ``target`` may be fetched; asks for robots.txt where it is not known, or known for too long.

        Raises FetchError where robots.txt cannot be had at all.
        """
        known = self._rules_for(target, deadline)
        if known.rules is None:
            return RobotsVerdict(allowed=False, reason=known.reason, wait=known.until - self._clock())
        delay = known.rules.crawl_delay(self._name)
        if known.rules.can_fetch(target.url, self._name):
            return RobotsVerdict(allowed=True, reason=known.reason, crawl_delay=delay)
        reason = f"{target.origin}/robots.txt disallows {target.path[:200]} for {self._name}"
        return RobotsVerdict(allowed=False, reason=reason, crawl_delay=delay)

    def check(self, target: Target, deadline: Deadline) -> RobotsVerdict:
        """Like ``verdict``, but raises Refused where it is no, NotNow where it is not known yet."""
        verdict = self.verdict(target, deadline)
        if verdict.wait is not None:
            raise NotNow(
                verdict.reason, wait=verdict.wait, subject=target.url, remedy="wait: robots.txt is asked for again soon"
            )
        if not verdict.allowed:
            raise Refused(
                verdict.reason,
                subject=target.url,
                remedy="ask the site's owner, or watch a section that its robots.txt allows",
            )
        return verdict

    def _rules_for(self, target: Target, deadline: Deadline) -> _Known:
        now = self._clock()
        with self._lock:
            known = self._known.get(target.origin)
            if known is not None and now < known.until:
                return known
            asking = self._asking.setdefault(target.origin, threading.Lock())
        if not asking.acquire(timeout=deadline.left(self._patience)):
            deadline.left(0)
            raise Unreachable("robots.txt is still being asked for", subject=target.url, remedy="try again later")
        try:  # One thread asks, the others wait for its answer.
            with self._lock:
                known = self._known.get(target.origin)
            if known is None or self._clock() >= known.until:
                known = self._kept(target.origin) or self._ask(target, deadline)
                self._remember(target.origin, known)
            return known
        finally:
            asking.release()

    def _ask(self, target: Target, deadline: Deadline) -> _Known:
        answer = self._get(target, deadline)
        now = self._clock()
        if answer.status == 429 or answer.status >= 500:
            reason = f"robots.txt answered {answer.status}, so nothing is fetched until it is known"
            return _Known(None, reason, now + ASK_AGAIN)
        text = ""
        if 200 <= answer.status < 300:
            text = answer.body[:ROBOTS_MAX].decode("utf-8-sig", errors="replace")
        known = self._parsed(text, until=now + self._lifetime, status=answer.status)
        self._keep(target.origin, known)
        return known

    def _parsed(self, text: str, *, until: datetime, status: int) -> _Known:
        reason = "robots.txt allows it" if text else f"there is no robots.txt (status {status})"
        return _Known(Protego.parse(text), reason, until, text)

    def _remember(self, origin: str, known: _Known) -> None:
        with self._lock:
            self._known.pop(origin, None)
            self._known[origin] = known
            self._asking.pop(origin, None)
            if len(self._known) > ORIGINS_MAX:
                del self._known[next(iter(self._known))]

    def _file(self, origin: str) -> Path | None:
        return self._folder / f"{sha256(origin.encode()).hexdigest()[:32]}.json" if self._folder else None

    def _keep(self, origin: str, known: _Known) -> None:
        """Write the rules down, so that a restart does not ask again; a full disk only costs that."""
        file = self._file(origin)
        if file is None:
            return
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
            document = {"origin": origin, "until": known.until.isoformat(), "text": known.text}
            draft.write_text(json.dumps(document), encoding="utf-8")
            draft.replace(file)
        except OSError:
            return

    def _kept(self, origin: str) -> _Known | None:
        file = self._file(origin)
        if file is None:
            return None
        now = self._clock()
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            until = datetime.fromisoformat(document["until"])
            if document["origin"] != origin or not now < until <= now + timedelta(hours=24):
                return None
            return self._parsed(str(document["text"]), until=until, status=200)
        except (OSError, ValueError, KeyError, TypeError):
            return None
