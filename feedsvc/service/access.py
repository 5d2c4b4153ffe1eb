"""Signing in: passwords, sessions, and patience that grows with failed attempts (reliability section 6)."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from feedsvc.errors import ServiceError, StoreError
from feedsvc.log import get_logger
from feedsvc.protocols import Clock
from feedsvc.store import Admin, Store

#: A session ends when it was not used for this long, and at the latest after this long.
IDLE, ABSOLUTE = timedelta(hours=12), timedelta(days=7)
#: Use of a session is written down once in this time, not at every request.
NOTE_AFTER = timedelta(minutes=1)
#: Failed attempts that cost nothing; each further one doubles the wait.
FREE_FAILURES = 5
#: The longest wait for an address, and for a name. That for a name is short: a stranger who keeps failing under it
#: from many addresses must not lock its owner out.
LONGEST_FOR_ADDRESS, LONGEST_FOR_NAME = timedelta(minutes=15), timedelta(seconds=30)
#: Failures are forgotten when none came for this long.
_FORGET_FAILURES = timedelta(hours=24)
PASSWORD_MIN, PASSWORD_MAX = 10, 1024
_NAME = re.compile(r"[\w.@-]{1,60}")

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whoever asks for an admin page, as far as their cookie tells."""

    #: The admin's name.
    name: str
    digest: str


class SignInRefused(ServiceError):
    """A name and password were not accepted; ``wait`` says how long to leave it."""

    def __init__(self, message: str, *, wait: timedelta = timedelta(), remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.wait = wait


class Access:
    """Who may tune the service. Safe to use from many threads."""

    def __init__(self, store: Store, *, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        self._store = store
        self._clock = clock
        #: argon2id with the parameters of RFC 9106 for little memory: 64 MiB for each attempt ...
        self._hasher = hasher or PasswordHasher()
        #: ... so few at a time, however many knock.
        self._turns = threading.BoundedSemaphore(2)
        self._decoy = ""

    # Admins

    @property
    def is_open(self) -> bool:
        """Whether there is an admin at all; until then there are no admin pages."""
        return self._store.access.has_admins()

    def create(self, name: str, password: str) -> None:
        """Make an admin. Raises ServiceError for a name or password that will not do."""
        if not _NAME.fullmatch(name):
            raise ServiceError(
                "is not a name for an admin", subject=name[:60], remedy="use letters, digits, and . _ @ -, at most 60"
            )
        hashed = self._hash(password)
        if not self._store.access.add(name, hashed, now=self._clock()):
            raise ServiceError(
                "there is an admin of this name", subject=name, remedy=f"'feedsvc admin password {name}' changes it"
            )

    def set_password(self, name: str, password: str) -> None:
        """Change a password and end the admin's sessions. Raises ServiceError."""
        if not self._store.access.set_password(name, self._hash(password)):
            raise _unknown(name)

    def remove(self, name: str) -> None:
        """Forget an admin and end the sessions. Raises ServiceError."""
        if not self._store.access.remove(name):
            raise _unknown(name)

    def _hash(self, password: str) -> str:
        if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
            raise ServiceError(
                f"a password has {PASSWORD_MIN} to {PASSWORD_MAX} characters",
                remedy="a few words that do not belong together are easy to remember and hard to guess",
            )
        return self._hasher.hash(password)

    # Sessions

    def sign_in(self, name: str, password: str, *, address: str) -> str:
        """Begin a session; the secret for the browser's cookie. Raises SignInRefused, always for the same reason."""
        now = self._clock()
        subjects = (f"name:{name[:60]}", f"address:{address}")
        wait = max(
            self._wait(subjects[0], LONGEST_FOR_NAME, now=now), self._wait(subjects[1], LONGEST_FOR_ADDRESS, now=now)
        )
        if wait > timedelta():
            seconds = int(wait.total_seconds()) + 1
            raise SignInRefused(f"too many attempts failed: wait {seconds} seconds, then try again", wait=wait)
        # Counted before the password is looked at, so that many attempts at once count as many.
        self._store.access.note_failures(subjects, now=now, forget_before=now - _FORGET_FAILURES)
        admin = self._store.access.admin(name)
        if not self._is_right(admin, password):
            _log.warning("sign-in failed", name=name[:60], address=address)
            raise SignInRefused("name and password do not belong together", remedy="check both and try again")
        assert admin is not None
        self._store.access.clear_failures(subjects)
        if self._hasher.check_needs_rehash(admin.password_hash):
            self._store.access.set_password(name, self._hasher.hash(password), ends_sessions=False)
        secret = secrets.token_urlsafe(32)
        self._store.access.begin(digest_of(secret), name, now=now, forget_before=now - ABSOLUTE)
        _log.info("signed in", name=name, address=address)
        return secret

    def visitor(self, secret: str) -> Visitor | None:
        """Who is signed in with this cookie, or None; notes that the session is in use."""
        if not secret:
            return None
        now, digest = self._clock(), digest_of(secret)
        session = self._store.access.session(digest)
        if session is None:
            return None
        if now - session.seen_at > IDLE or now - session.created_at > ABSOLUTE:
            self._try(lambda: self._store.access.end(digest))
            return None
        if now - session.seen_at > NOTE_AFTER:
            self._try(lambda: self._store.access.note_seen(digest, now=now))
        return Visitor(name=session.admin, digest=digest)

    def sign_out(self, visitor: Visitor) -> None:
        """End the session, wherever its cookie may be."""
        self._store.access.end(visitor.digest)

    def _wait(self, subject: str, longest: timedelta, *, now: datetime) -> timedelta:
        count, last_at = self._store.access.failures(subject)
        if count < FREE_FAILURES or last_at is None or now < last_at:
            return timedelta()
        wait = min(timedelta(seconds=2) * 2.0 ** min(count - FREE_FAILURES, 20), longest)
        return last_at + wait - now

    def _is_right(self, admin: Admin | None, password: str) -> bool:
        """Takes as long for an unknown name: then the password is compared with one that nobody knows."""
        with self._turns:
            if admin is None and not self._decoy:
                self._decoy = self._hasher.hash(secrets.token_urlsafe(32))
            try:
                self._hasher.verify(admin.password_hash if admin else self._decoy, password[:PASSWORD_MAX])
            except (Argon2Error, InvalidHashError):
                return False
        return admin is not None

    def _try(self, note: Callable[[], None]) -> None:
        """A store that can be read and not written (a full disk) must not sign admins out."""
        try:
            note()
        except StoreError as error:
            _log.warning("session not noted", reason=str(error))


def digest_of(secret: str) -> str:
    """What the store keeps of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _unknown(name: str) -> ServiceError:
    return ServiceError("there is no such admin", subject=name, remedy="'feedsvc admin list' names them")
