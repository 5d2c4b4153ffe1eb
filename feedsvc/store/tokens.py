"""Tokens of programs: which there are, what they may do, and when they were last used. Secrets come as digests only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from feedsvc.store.desk_schema import tokens
from feedsvc.store.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known of a token."""

    name: str
    #: What it may do: "read", "write", "admin".
    scopes: tuple[str, ...]
    created_at: datetime
    #: None: it holds until it is revoked.
    expires_at: datetime | None = None
    #: When it was last used, to the minute; None for never.
    used_at: datetime | None = None


class TokenTable(Table):
    """Keeps tokens by name."""

    def add(self, token: Token, digest: str) -> bool:
        """Keep a new token; False where the name is taken."""
        with self._database.write() as connection:
            if connection.execute(sa.select(tokens.c.name).where(tokens.c.name == token.name)).scalar() is not None:
                return False
            connection.execute(
                sa.insert(tokens).values(
                    name=token.name,
                    digest=digest,
                    scopes=list(token.scopes),
                    created_at=token.created_at,
                    expires_at=token.expires_at,
                )
            )
            return True

    def find(self, digest: str) -> Token | None:
        """The token with this digest, however old."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(tokens).where(tokens.c.digest == digest)).first()
        return _token(row) if row is not None else None

    def all(self) -> tuple[Token, ...]:
        """Every token, by name."""
        with self._database.read() as connection:
            return tuple(_token(row) for row in connection.execute(sa.select(tokens).order_by(tokens.c.name)))

    def note_used(self, name: str, *, now: datetime) -> None:
        """The token was used."""
        with self._database.write() as connection:
            connection.execute(sa.update(tokens).where(tokens.c.name == name).values(used_at=now))

    def remove(self, name: str) -> bool:
        """Forget a token: it opens nothing any more. False where there is none of this name."""
        with self._database.write() as connection:
            return connection.execute(sa.delete(tokens).where(tokens.c.name == name)).rowcount > 0


def _token(row: Row[Any]) -> Token:
    return Token(
        name=row.name,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
