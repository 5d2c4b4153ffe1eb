"""Subscribing, renewing, delivering, retrying and ending, with a stranger's server in memory."""

from __future__ import annotations

import hashlib
import hmac
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from feedsvc.errors import Unreachable
from feedsvc.model import FeedRef, Format, Webhook
from feedsvc.protocols import HttpAnswer
from feedsvc.service.document import Document
from feedsvc.service.pushing import Pusher
from tests.support.serving import Serving, serving
from tests.support.stores import release

FORM = "application/x-www-form-urlencoded"
TOPIC = "https://feeds.example/feeds/company/releases.atom"
CALLBACK = "https://reader.example/cb?id=7"


@dataclass
class Strangers:
    """Every server out there; implements ``protocols.HttpClient``."""

    #: What callbacks answer to deliveries; None: nobody answers.
    status: int | None = 200
    confirms: bool = True
    asked: list[str] = field(default_factory=list)
    posted: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

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
        if method == "GET":
            self.asked.append(url)
            challenge = parse_qs(urlsplit(url).query)["hub.challenge"][0]
            return HttpAnswer(status=200, headers={}, body=challenge.encode() if self.confirms else b"what?")
        self.posted.append((url, dict(headers or {}), body))
        if self.status is None:
            raise Unreachable("nobody there", subject=url)
        return HttpAnswer(status=self.status, headers={}, body=b"")


class AtOnce:
    """Runs every errand before ``send`` returns."""

    def send(self, key: object, host: str, errand: Callable[[], None]) -> bool:
        errand()
        return True


@dataclass
class Push:
    service: Serving
    strangers: Strangers
    pusher: Pusher

    def ask(self, mode: str = "subscribe", callback: str = CALLBACK, **more: str) -> int:
        form = {"hub.mode": mode, "hub.topic": TOPIC, "hub.callback": callback} | {
            f"hub.{name}": value for name, value in more.items()
        }
        return self.service.hub.ask(urlencode(form).encode(), FORM, asked_by="192.0.2.1").status

    def subscribed(self, **more: str) -> None:
        assert self.ask(**more) == 202
        self.pusher.step()

    def change(self, number: int) -> None:
        self.service.publish(release(number))
        self.pusher.step()

    @property
    def bodies(self) -> list[bytes]:
        return [body for _, _, body in self.strangers.posted]


@pytest.fixture
def push(tmp_path: Path) -> Iterator[Push]:
    service = serving(tmp_path)
    strangers = Strangers()
    pusher = Pusher(
        service.store, lambda: strangers, lambda: service.config, clock=lambda: service.now, couriers=AtOnce()
    )
    pusher.step()
    yield Push(service, strangers, pusher)
    service.feeds.close()
    service.store.close()


def current(service: Serving) -> bytes:
    ref = FeedRef(kind="category", key="company/releases")
    rendering = service.feeds.rendering(Document(ref=ref, format=Format.ATOM))
    assert rendering is not None
    return rendering.identity


def test_a_verified_subscriber_gets_the_whole_topic_after_a_change(push: Push) -> None:
    push.subscribed(secret="very secret", lease_seconds="86400")
    asked = dict(parse_qsl(urlsplit(push.strangers.asked[0]).query))
    assert asked["id"] == "7"
    assert (asked["hub.topic"], asked["hub.lease_seconds"]) == (TOPIC, "86400")
    assert len(asked["hub.challenge"]) >= 16
    push.pusher.step()
    assert push.bodies == []
    push.change(4)
    url, headers, body = push.strangers.posted[0]
    assert (url, body) == (CALLBACK, current(push.service))
    assert headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert headers["Link"] == f'<{TOPIC}>; rel="self", <https://feeds.example/hub>; rel="hub"'
    assert headers["X-Hub-Signature"] == "sha256=" + hmac.new(b"very secret", body, hashlib.sha256).hexdigest()
    push.pusher.step()
    assert len(push.bodies) == 1


def test_without_a_secret_nothing_is_signed(push: Push) -> None:
    push.subscribed()
    push.change(4)
    assert "X-Hub-Signature" not in push.strangers.posted[0][1]


def test_a_change_between_request_and_verification_is_delivered(push: Push) -> None:
    assert push.ask() == 202
    push.service.publish(release(4))
    push.pusher.step()
    push.pusher.step()
    assert push.bodies == [current(push.service)]


def test_what_changes_no_bytes_is_not_delivered(push: Push) -> None:
    push.subscribed()
    push.service.publish(release(2))
    push.pusher.step()
    assert push.bodies == []


def test_an_unconfirmed_request_changes_nothing(push: Push) -> None:
    push.strangers.confirms = False
    push.subscribed()
    assert push.service.store.subscriptions.all() == ()
    push.strangers.confirms = True
    push.subscribed()
    push.strangers.confirms = False
    push.subscribed(mode="unsubscribe")
    assert len(push.service.store.subscriptions.all()) == 1
    push.strangers.confirms = True
    push.subscribed(mode="unsubscribe")
    assert push.service.store.subscriptions.all() == ()


def test_subscribing_again_renews_and_never_doubles(push: Push) -> None:
    push.subscribed(lease_seconds="3600", secret="old")
    push.service.now += timedelta(minutes=30)
    push.subscribed(lease_seconds="7200", secret="new")
    (only,) = push.service.store.subscriptions.all()
    assert only.secret == "new"
    assert only.expires_at == push.service.now + timedelta(hours=2)
    push.change(4)
    assert len(push.bodies) == 1


def test_a_lease_ends(push: Push) -> None:
    push.subscribed(lease_seconds="3600")
    push.service.now += timedelta(hours=2)
    push.change(4)
    assert push.bodies == []


@pytest.mark.parametrize("status", [500, 302, 404, None])
def test_a_failed_delivery_is_tried_again_with_growing_waits(push: Push, status: int | None) -> None:
    push.subscribed()
    push.strangers.status = status
    push.change(4)
    times = []
    for _ in range(240):
        push.service.now += timedelta(seconds=10)
        before = len(push.bodies)
        push.pusher.step()
        if len(push.bodies) > before:
            times.append(push.service.now)
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(waits) >= 3
    assert waits == sorted(waits)
    push.strangers.status = 200
    push.service.now += timedelta(hours=1)
    push.pusher.step()
    assert push.bodies[-1] == current(push.service)
    sent = len(push.bodies)
    push.service.now += timedelta(hours=1)
    push.pusher.step()
    assert len(push.bodies) == sent


def test_a_subscriber_that_is_gone_is_dropped(push: Push) -> None:
    push.subscribed()
    push.strangers.status = 410
    push.change(4)
    assert push.service.store.subscriptions.all() == ()


def test_a_subscriber_that_fails_for_three_days_is_dropped(push: Push) -> None:
    push.subscribed()
    push.strangers.status = 503
    push.change(4)
    for _ in range(16):
        push.service.now += timedelta(hours=6)
        push.pusher.step()
    assert push.service.store.subscriptions.all() == ()


def test_subscriptions_outlive_a_restart(push: Push) -> None:
    push.subscribed()
    again = Pusher(
        push.service.store,
        lambda: push.strangers,
        lambda: push.service.config,
        clock=lambda: push.service.now,
        couriers=AtOnce(),
    )
    push.service.publish(release(4))
    again.step()
    assert len(push.bodies) == 1


@pytest.mark.parametrize(
    "topic",
    [
        "https://feeds.example/feeds/unknown.atom",
        "https://feeds.example/feeds/company/releases",
        "https://feeds.example/feeds/company/releases.atom?utm_source=x",
        "https://feeds.example/feeds/company/releases.atom?limit=3",
        "https://other.example/feeds/company/releases.atom",
        "https://feeds.example/",
    ],
)
def test_only_addresses_that_feeds_call_themselves_are_topics(push: Push, topic: str) -> None:
    assert push.ask(topic=topic) == 404


def test_a_variant_is_a_topic_of_its_own(push: Push) -> None:
    push.subscribed(topic=f"{TOPIC}?limit=10")
    push.change(4)
    assert f"{TOPIC}?limit=10".encode() in push.bodies[0]


@pytest.mark.parametrize(
    "callback", ["http://127.0.0.1/cb", "http://10.0.0.1/", "http://localhost:8080/", "http://169.254.169.254/x"]
)
def test_a_private_callback_is_refused(push: Push, callback: str) -> None:
    assert push.ask(callback=callback) == 400


def test_unverified_requests_of_one_address_are_limited_and_verified_ones_are_not(push: Push) -> None:
    for number in range(10):
        push.subscribed(callback=f"https://reader.example/{number}")
    for number in range(5):
        assert push.ask(callback=f"https://slow.example/{number}") == 202
    assert push.ask(callback="https://slow.example/6") == 429
    push.strangers.confirms = False
    push.pusher.step()
    assert push.ask(callback="https://slow.example/6") == 429
    push.service.now += timedelta(minutes=2)
    assert push.ask(callback="https://slow.example/6") == 202


def test_subscriptions_of_one_callback_host_are_limited_and_may_be_renewed(push: Push) -> None:
    for number in range(20):
        push.subscribed(callback=f"https://reader.example/{number}")
    assert push.ask(callback="https://reader.example/20") == 429
    assert push.ask(callback="https://reader.example/3") == 202
    assert push.ask(callback="https://other.example/") == 202


def test_a_webhook_gets_new_entries_signed_and_again_after_a_failure(push: Push) -> None:
    hook = Webhook(name="chat", url="https://chat.example/hook", feed="feeds/company", secret="s")
    push.service.config = replace(push.service.config, webhooks=(hook,))
    push.pusher.step()
    assert push.bodies == []
    push.strangers.status = 500
    push.change(4)
    push.strangers.status = 200
    push.change(5)
    assert len(push.bodies) == 1 or b"Release number 5" in push.bodies[-1]
    push.service.now += timedelta(hours=1)
    push.pusher.step()
    url, headers, body = push.strangers.posted[-1]
    assert url == hook.url
    assert headers["X-Hub-Signature"] == "sha256=" + hmac.new(b"s", body, hashlib.sha256).hexdigest()
    assert b"Release number 4" in body
    assert b"Release number 5" in body
    assert b"Release number 3" not in body
    sent = len(push.bodies)
    push.pusher.step()
    assert len(push.bodies) == sent


def test_a_hub_elsewhere_is_told_of_each_changed_feed_once(push: Push) -> None:
    push.service.configure(server={"base_url": "https://feeds.example"}, feeds={"hub": ["https://hub.example/"]})
    push.service.feeds.poll()
    assert b"https://hub.example/" in current(push.service)
    push.pusher.step()
    push.strangers.posted.clear()
    push.change(4)
    told = [parse_qs(body.decode()) for body in push.bodies]
    assert [one["hub.url"] for one in told] == [[TOPIC]]
    assert told[0]["hub.mode"] == ["publish"]
    push.pusher.step()
    assert len(push.bodies) == 1
    assert not push.service.hub.is_on
