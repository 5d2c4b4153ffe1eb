"""The client: every request that feedsvc makes goes through here, politely and safely (rules F1-F5, F8, F9, F13).

Every hop of every fetch is guarded, asked about in robots.txt, given a turn at its host, resolved, checked and dialled
at the checked address. Redirects are ours to follow: at most five, no loops, nothing secret across origins.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from feedsvc.errors import BadStatus, FetchError, NotAPage, Refused
from feedsvc.fetch.answer import PERMANENT, REDIRECTS, Answer, usable_validator
from feedsvc.fetch.budget import RequestBudget
from feedsvc.fetch.codings import ACCEPTED
from feedsvc.fetch.deadline import Deadline, Monotonic, steady
from feedsvc.fetch.decoding import page_from_bytes
from feedsvc.fetch.freshness import fresh_until
from feedsvc.fetch.guard import Target, allowed_pair, check_url
from feedsvc.fetch.ledger import Ledger
from feedsvc.fetch.media import content_type, is_readable, not_a_page
from feedsvc.fetch.politeness import HostTurns, Turns
from feedsvc.fetch.redirects import follow
from feedsvc.fetch.resolver import Resolver, resolve
from feedsvc.fetch.robots import ROBOTS_MAX, Robots, RobotsVerdict
from feedsvc.fetch.settings import FetchSettings
from feedsvc.fetch.wire import Reading, Request, Wire
from feedsvc.model import NotModified, Page, Validators
from feedsvc.protocols import Clock, HttpAnswer

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.8,text/plain;q=0.7,*/*;q=0.1"
#: Statuses with which a host asks to be left alone for a while.
_NOT_NOW = frozenset({429, 503})
#: Fields that are ours to write: a caller's would break the exchange, or lie about it.
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "te", "upgrade"})


def utc_now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Journey:
    """One fetch over all its hops, and what the caller gave along."""

    validators: Validators
    headers: Mapping[str, str]
    deadline: Deadline
    longest_wait: float


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Where a journey ended, with which answer, and whether only permanent redirects led there."""

    target: Target
    answer: Answer
    is_moved: bool


class Client:
    """Fetches pages (protocols.Fetcher) and carries other rooms' requests (protocols.HttpClient).

    Thread-safe and meant to be shared: host turns, robots.txt rules and idle connections are one for all callers.
    """

    def __init__(
        self,
        settings: FetchSettings = FetchSettings(),  # noqa: B008 - a frozen value
        *,
        clock: Clock = utc_now,
        resolver: Resolver = resolve,
        monotonic: Monotonic = steady,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        on_answer: Callable[[int | None], None] = lambda _status: None,
        ledger: Ledger | None = None,
    ) -> None:
        """``on_answer`` hears the status of each request for a page, None where no answer came.

        ``ledger`` is one that outlives the client; otherwise its own is that of the settings.
        """
        self.settings = settings
        self._on_answer = on_answer
        self._allowed = frozenset(allowed_pair(text) for text in settings.allow_targets)
        self._clock = clock
        self._monotonic = monotonic
        self._jitter = jitter
        self._wire = Wire(settings, resolver)
        self._is_own_ledger = ledger is None
        self._ledger = ledger or Ledger(
            Path(settings.ledger_file) if settings.ledger_file else None,
            clock=lambda: clock().timestamp(),
            monotonic=monotonic,
        )
        self._turns = Turns(
            interval=settings.host_interval,
            concurrency=settings.host_concurrency,
            ledger=self._ledger,
            sleep=sleep,
        )
        self._budget = RequestBudget(
            daily=settings.daily_requests,
            daily_host=settings.daily_host_requests,
            ledger=self._ledger,
        )
        self._robots = Robots(
            name=settings.robot_name,
            lifetime=settings.robots_lifetime,
            clock=clock,
            get=self._get_robots,
            folder=Path(settings.robots_folder) if settings.robots_folder else None,
        )

    def fetch(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        headers: Mapping[str, str] | None = None,
        deadline: datetime | None = None,
    ) -> Page | NotModified:
        """The page at ``url``, or NotModified where ``validators`` still hold; raises FetchError or NotAPage.

        ``headers`` are a source's own (a cookie, an Authorization) and never leave the URL's origin. ``deadline`` is
        the latest moment at which the call ends, waiting for the host's turn included; the limits of the settings
        hold besides.
        """
        target = check_url(url, allow_targets=self._allowed)
        journey = self._journey(target, validators or Validators(), headers or {}, deadline)
        arrival = self._travel(target, journey)
        return self._unpack(arrival, url, journey.validators)

    def robots_allows(self, url: str) -> RobotsVerdict:
        """Whether robots.txt lets us fetch ``url``, in words, without fetching it; raises FetchError as fetch does."""
        target = check_url(url, allow_targets=self._allowed)
        return self._robots.verdict(target, self._journey(target, Validators(), {}, None).deadline)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout: float = 10.0,
        max_answer: int = 1024,
    ) -> HttpAnswer:
        """Send once, to a hub's callback or a webhook: same guard, no redirects, the answer cut at ``max_answer``.

        Any status is an answer; raises FetchError where none came. Such a host asked for this: it
        takes no turns, and nothing of the budget.
        """
        target = check_url(url, allow_targets=self._allowed)
        limit = Deadline(min(timeout, self.settings.timeout), subject=target.url, clock=self._monotonic)
        fields = self._fields({"accept": "*/*"}, headers or {})
        if body or method in ("POST", "PUT"):
            fields = (*fields, (b"Content-Length", str(len(body)).encode("ascii")))
        reading = Reading(max_body=max_answer, may_cut=True, wants_body=lambda _: max_answer > 0)
        answer = self._wire.exchange(target, Request(method=method, fields=fields, body=body), reading, deadline=limit)
        return HttpAnswer(status=answer.status, headers=answer.headers, body=answer.body)

    def hosts(self) -> tuple[HostTurns, ...]:
        """How things stand with every host that was asked, for people."""
        return self._turns.hosts()

    def close(self) -> None:
        """Hang up idle connections; the client stays usable."""
        self._wire.close()
        if self._is_own_ledger:
            self._ledger.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _journey(
        self, target: Target, validators: Validators, headers: Mapping[str, str], deadline: datetime | None
    ) -> _Journey:
        seconds, wait = self.settings.timeout, self.settings.longest_wait
        if deadline is not None:
            left = max(0.0, (deadline - self._clock()).total_seconds())
            seconds, wait = min(seconds, left), min(wait, left)
        usable = Validators(
            etag=usable_validator(validators.etag), last_modified=usable_validator(validators.last_modified)
        )
        limit = Deadline(seconds, subject=target.url, clock=self._monotonic)
        return _Journey(usable, headers, limit, wait)

    def _travel(self, start: Target, journey: _Journey) -> _Arrival:
        """Follow redirects from ``start`` to an answer that is none."""
        target, seen, is_permanent = start, {start.url}, True
        for _ in range(self.settings.max_redirects + 1):
            if self.settings.robots:
                verdict = self._robots.check(target, journey.deadline)
                self._turns.lengthen(target.pair, verdict.crawl_delay or 0)
            answer = self._ask(target, self._request_for(target, start, journey), self._page_reading(target), journey)
            if answer.status not in REDIRECTS:
                return _Arrival(target, answer, is_permanent and target != start)
            is_permanent = is_permanent and answer.status in PERMANENT
            target = follow(target, answer.first("location"), seen=seen, allow_targets=self._allowed)
            seen.add(target.url)
        raise self._too_many_redirects(start)

    def _ask(self, target: Target, request: Request, reading: Reading, journey: _Journey) -> Answer:
        """One request in its host's turn; what the host says about coming back is remembered."""
        with self._turns.turn(target.pair, longest_wait=journey.longest_wait, url=target.url) as waited:
            journey.deadline.postpone(waited)
            self._budget.spend(target.pair, url=target.url)
            try:
                answer = self._wire.exchange(target, request, reading, deadline=journey.deadline)
            except FetchError:
                self._on_answer(None)
                raise
            self._on_answer(answer.status)
        if answer.status in _NOT_NOW:
            asked = answer.retry_after(now=self._clock(), longest=self.settings.longest_retry_after)
            self._turns.defer(target.pair, status=answer.status, retry_after=asked, jitter=self._jitter())
        else:
            self._turns.forgive(target.pair)
        return answer

    def _request_for(self, target: Target, start: Target, journey: _Journey) -> Request:
        """What this hop is asked with: a source's headers stay with its origin, validators with its host."""
        ours = {"accept": _ACCEPT}
        if target.host == start.host:
            if journey.validators.etag:
                ours["if-none-match"] = journey.validators.etag
            if journey.validators.last_modified:
                ours["if-modified-since"] = journey.validators.last_modified
        theirs = journey.headers if target.origin == start.origin else {}
        return Request(fields=self._fields(ours, theirs))

    def _fields(self, ours: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
        named = {"user-agent": self.settings.introduction, "accept-encoding": ACCEPTED, **ours}
        named |= {name.lower(): value for name, value in theirs.items() if name.lower() not in _OURS}
        try:
            return tuple((name.title().encode("ascii"), value.encode("latin-1")) for name, value in named.items())
        except UnicodeEncodeError as error:
            raise Refused(f"a header of the request is not plain text: {error.reason}") from error

    def _page_reading(self, target: Target) -> Reading:
        def wants_body(head: Answer) -> bool:
            if head.status not in (200, 203):
                return False
            media_type, _ = content_type(head.first("content-type"))
            if not is_readable(media_type):
                raise not_a_page(target.url, f"the answer is {media_type}")
            return True

        return Reading(max_body=self.settings.max_body, wants_body=wants_body)

    def _unpack(self, arrival: _Arrival, requested_url: str, asked: Validators) -> Page | NotModified:
        answer, url, now = arrival.answer, arrival.target.url, self._clock()
        until = fresh_until(answer.headers, fetched_at=now)
        given = answer.validators
        if answer.status == 304 and asked:
            kept = Validators(etag=given.etag or asked.etag, last_modified=given.last_modified or asked.last_modified)
            return NotModified(url=url, validators=kept, fetched_at=now, fresh_until=until)
        if answer.status not in (200, 203):
            raise self._unusable(answer, url, now)
        return page_from_bytes(
            answer.body,
            url=url,
            requested_url=requested_url,
            status=answer.status,
            content_type=answer.first("content-type"),
            content_language=answer.headers.get("content-language"),
            validators=given,
            fresh_until=until,
            fetched_at=now,
            moved_to=url if arrival.is_moved else None,
        )

    def _unusable(self, answer: Answer, url: str, now: datetime) -> FetchError | NotAPage:
        if 200 <= answer.status < 300:
            return not_a_page(url, f"the server answered {answer.status}, which carries no page")
        remedy = {
            401: "the site wants a login",
            403: "the site does not let us in",
            404: "check the address; the page may have moved",
            410: "the page is gone for good; watch another address",
            429: "it is asked again later, at a slower pace",
        }.get(answer.status, "it is asked again later" if answer.status >= 500 else "check the address")
        return BadStatus(
            f"the server answered {answer.status}",
            status=answer.status,
            retry_after=answer.retry_after(now=now, longest=self.settings.longest_retry_after),
            subject=url,
            remedy=remedy,
        )

    def _get_robots(self, target: Target, deadline: Deadline) -> Answer:
        """The answer to robots.txt of the target's origin, redirects followed (RFC 9309 section 2.3.1.2)."""
        start = check_url(f"{target.origin}/robots.txt", allow_targets=self._allowed)
        journey = _Journey(Validators(), {}, deadline, self.settings.longest_wait)
        reading = Reading(max_body=ROBOTS_MAX, may_cut=True)
        here, seen = start, {start.url}
        for _ in range(self.settings.max_redirects + 1):
            answer = self._ask(
                here, Request(fields=self._fields({"accept": "text/plain,*/*;q=0.5"}, {})), reading, journey
            )
            if answer.status not in REDIRECTS:
                return answer
            here = follow(here, answer.first("location"), seen=seen, allow_targets=self._allowed)
            seen.add(here.url)
        raise self._too_many_redirects(start)

    def _too_many_redirects(self, start: Target) -> Refused:
        return Refused(
            f"more than {self.settings.max_redirects} redirects", subject=start.url, remedy="watch the final address"
        )
