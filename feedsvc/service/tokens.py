"""Tokens for programs: scoped, shown once, kept as a digest, with an end (reliability section 6)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from feedsvc.errors import ServiceError, StoreError
from feedsvc.log import get_logger
from feedsvc.protocols import Clock
from feedsvc.service.access import digest_of
from feedsvc.service.refusal import unfit
from feedsvc.store import Store, Token

#: What a token may do; each includes those before it. "read": look; "write": sources, entries, categories and
#: feeds; "admin": tokens, settings and backups, too.
SCOPES = ("read", "write", "admin")
#: By what people and secret scanners recognize one.
PREFIX = "feedsvc_"
#: Use is written down once in this time, not at every request.
NOTE_AFTER = timedelta(minutes=1)
#: The longest life of a token that ends at all.
LONGEST = timedelta(days=3660)
_NAME = re.compile(r"[\w.@-]{1,60}")
_SECRET = re.compile(rf"{PREFIX}[\w-]{{43}}")

_log = get_logger(__name__)


class Tokens:
    """Makes, knows and revokes tokens."""

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def create(self, name: str, scopes: Iterable[str], *, expires_in: timedelta | None = None) -> tuple[Token, str]:
        """A new token and its secret, which nobody can be shown again. Raises Unfit."""
        if not _NAME.fullmatch(name):
            raise unfit("name", "is not a name for a token: use letters, digits, and . _ @ -, at most 60.")
        wanted = tuple(dict.fromkeys(scopes))
        if not wanted or any(scope not in SCOPES for scope in wanted):
            raise unfit("scopes", f"are not known: use one or more of {', '.join(SCOPES)}.")
        if expires_in is not None and not timedelta() < expires_in <= LONGEST:
            raise unfit("expires_in", f"is out of bounds: write more than nothing and at most {LONGEST.days} days.")
        now = self._clock()
        token = Token(
            name=name,
            scopes=tuple(scope for scope in SCOPES if scope in wanted),
            created_at=now,
            expires_at=None if expires_in is None else now + expires_in,
        )
        secret = f"{PREFIX}{secrets.token_urlsafe(32)}"
        if not self._store.tokens.add(token, digest_of(secret)):
            raise unfit("name", "is taken by another token: choose another, or revoke that one.")
        _log.info("token made", name=name, scopes=", ".join(token.scopes))
        return token, secret

    def all(self) -> tuple[Token, ...]:
        """Every token, by name."""
        return self._store.tokens.all()

    def revoke(self, name: str) -> bool:
        """End a token at once; False where there is none of this name."""
        is_gone = self._store.tokens.remove(name)
        if is_gone:
            _log.info("token revoked", name=name)
        return is_gone

    def bearer(self, secret: str) -> Token | None:
        """The token with this secret, None for one that is unknown or has ended; notes that it is in use."""
        token = self._store.tokens.find(digest_of(secret)) if _SECRET.fullmatch(secret) else None
        now = self._clock()
        if token is None or (token.expires_at is not None and token.expires_at <= now):
            return None
        if token.used_at is None or now - token.used_at > NOTE_AFTER:
            try:
                self._store.tokens.note_used(token.name, now=now)
            except StoreError as error:
                # a store that can be read and not written must not shut programs out
                _log.warning("use of a token not noted", name=token.name, reason=str(error))
        return token

    def has_any(self) -> bool:
        """Whether there is a token at all."""
        return bool(self.all())


def reaches(scopes: Iterable[str], wanted: str) -> bool:
    """Whether these scopes allow what ``wanted`` allows."""
    return max((SCOPES.index(scope) for scope in scopes), default=-1) >= SCOPES.index(wanted)


def unknown_token(name: str) -> ServiceError:
    """No token has this name."""
    return ServiceError("there is no such token", subject=name[:60], remedy="'feedsvc token list' names them")
