"""Requests to a hub and the verification of what they intend (W3C WebSub sections 5.1 to 5.3). Pure."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

#: Longest request body in bytes; a topic, a callback and a secret fit several times over.
FORM_MAX = 16_384
#: Leases in between; what is asked for beyond is brought within (specs/feeds.md 10.3).
LEASE_LEAST, LEASE_USUAL, LEASE_MOST = timedelta(hours=1), timedelta(days=10), timedelta(days=30)
#: A secret has fewer bytes than this (section 5.1).
SECRET_LIMIT = 200
_FORM_TYPE = "application/x-www-form-urlencoded"


class BadRequest(ValueError):
    """The request cannot be accepted; the message is for whoever sent it and repeats nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRequest:
    """What a subscriber asks for."""

    #: "subscribe" | "unsubscribe"
    mode: str
    topic: str
    callback: str
    secret: str
    lease: timedelta


def read_request(body: bytes, content_type: str) -> SubscriptionRequest:
    """The request in a form that was posted; parameters that we do not know are ignored. Raises BadRequest."""
    fields = _fields(body, content_type)
    mode = fields.get("hub.mode", "")
    if mode not in ("subscribe", "unsubscribe"):
        raise BadRequest('hub.mode must be "subscribe" or "unsubscribe"')
    topic, callback = fields.get("hub.topic", ""), fields.get("hub.callback", "")
    if not topic:
        raise BadRequest("hub.topic is missing")
    if not _is_web_address(callback):
        raise BadRequest("hub.callback must be an http or https URL")
    secret = fields.get("hub.secret", "")
    if len(secret.encode("utf-8", "surrogatepass")) >= SECRET_LIMIT:
        raise BadRequest(f"hub.secret must be shorter than {SECRET_LIMIT} bytes")
    return SubscriptionRequest(
        mode=mode, topic=topic, callback=callback, secret=secret, lease=lease_of(fields.get("hub.lease_seconds", ""))
    )


def lease_of(text: str) -> timedelta:
    """The lease that is granted for ``hub.lease_seconds``: always finite, the usual one for what is no number."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12) or not int(text):
        return LEASE_USUAL
    return min(max(timedelta(seconds=int(text)), LEASE_LEAST), LEASE_MOST)


def verification_url(*, callback: str, mode: str, topic: str, challenge: str, lease: timedelta) -> str:
    """Where the subscriber is asked whether it meant it; the callback's own query is kept (section 5.3)."""
    asked = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": challenge}
    if mode == "subscribe":
        asked["hub.lease_seconds"] = str(int(lease.total_seconds()))
    parts = urlsplit(callback)
    query = f"{parts.query}&{urlencode(asked)}" if parts.query else urlencode(asked)
    return parts._replace(query=query, fragment="").geturl()


def is_confirmed(*, status: int, body: bytes, challenge: str) -> bool:
    """Whether the answer says yes: a 2xx whose body is the challenge and nothing else."""
    return 200 <= status < 300 and hmac.compare_digest(body, challenge.encode())


def _fields(body: bytes, content_type: str) -> Mapping[str, str]:
    if content_type.partition(";")[0].strip().lower() != _FORM_TYPE:
        raise BadRequest(f"the request must be a form ({_FORM_TYPE})")
    if len(body) > FORM_MAX:
        raise BadRequest("the request is too long")
    try:
        found = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100, errors="strict")
    except ValueError:
        raise BadRequest("the form cannot be read") from None
    return {name: values[0] for name, values in found.items()}


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
