"""What is sent when a topic has changed, what the answer means, and when to try again (WebSub section 7). Pure."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import Enum, auto

#: The waits between two attempts grow from the first to the longest; after so long without success it ends.
FIRST_RETRY, LONGEST_RETRY, GIVE_UP_AFTER = timedelta(seconds=30), timedelta(hours=6), timedelta(days=3)


class Verdict(Enum):
    """What an attempt came to."""

    DELIVERED = auto()
    #: To be tried again.
    FAILED = auto()
    #: The receiver is no more: 410, or nothing but failures for three days.
    ENDED = auto()


def signature(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature: an HMAC of exactly these bytes (section 7.1)."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def signed(headers: dict[str, str], *, secret: str, body: bytes) -> dict[str, str]:
    """The headers with a signature, where there is a secret, and without one where there is none."""
    return {**headers, "X-Hub-Signature": signature(secret, body)} if secret else headers


def verdict(status: int | None, *, failing_since: datetime | None, now: datetime) -> Verdict:
    """What an answer means; ``status`` is None where none came. A redirect is not followed, and is a failure."""
    if status is not None and 200 <= status < 300:
        return Verdict.DELIVERED
    if status == 410 or (failing_since is not None and now - failing_since >= GIVE_UP_AFTER):
        return Verdict.ENDED
    return Verdict.FAILED


def retry_wait(attempts: int) -> timedelta:
    """How long to wait after so many failures in a row: 30 s, 1 min, 2 min, ... 6 h."""
    return min(FIRST_RETRY * (1 << min(max(attempts - 1, 0), 20)), LONGEST_RETRY)


def ping_body(topic: str) -> dict[str, str]:
    """The form that tells a hub elsewhere of a changed topic; hubs in use read one of the two names."""
    return {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
