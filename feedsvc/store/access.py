"""Who may tune the service: admins, those who are signed in, and failed attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from feedsvc.store.database import Database
from feedsvc.store.schema import admins, sessions, sign_in_failures


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin:
    """One person who may tune the service."""

    name: str
    password_hash: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An admin who is signed in at one browser."""

    digest: str
    admin: str
    created_at: datetime
    seen_at: datetime


class AccessTable:
    """Keeps admins and sessions. Passwords and cookies reach it as digests only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Admins

    def add(self, name: str, password_hash: str, *, now: datetime) -> bool:
        """Keep a new admin; False where the name is taken."""
        with self._database.write() as connection:
            if connection.execute(sa.select(admins.c.name).where(admins.c.name == name)).scalar() is not None:
                return False
            connection.execute(sa.insert(admins).values(name=name, password_hash=password_hash, created_at=now))
            return True

    def admin(self, name: str) -> Admin | None:
        """One admin by name."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(admins).where(admins.c.name == name)).first()
        return Admin(name=row.name, password_hash=row.password_hash, created_at=row.created_at) if row else None

    def admins(self) -> tuple[Admin, ...]:
        """Every admin, by name."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(admins).order_by(admins.c.name)).all()
        return tuple(Admin(name=row.name, password_hash=row.password_hash, created_at=row.created_at) for row in rows)

    def has_admins(self) -> bool:
        """Whether anybody may sign in at all."""
        with self._database.read() as connection:
            return connection.execute(sa.select(admins.c.name).limit(1)).scalar() is not None

    def set_password(self, name: str, password_hash: str, *, ends_sessions: bool = True) -> bool:
        """Replace a password, ending the admin's sessions; False where there is no such admin."""
        with self._database.write() as connection:
            changed = sa.update(admins).where(admins.c.name == name).values(password_hash=password_hash)
            if connection.execute(changed).rowcount == 0:
                return False
            if ends_sessions:
                connection.execute(sa.delete(sessions).where(sessions.c.admin == name))
            return True

    def remove(self, name: str) -> bool:
        """Forget an admin and end the sessions; False where there is no such admin."""
        with self._database.write() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.admin == name))
            return connection.execute(sa.delete(admins).where(admins.c.name == name)).rowcount > 0

    # Sessions

    def begin(self, digest: str, admin: str, *, now: datetime, forget_before: datetime) -> None:
        """Keep a new session, and forget those that were begun too long ago to be good for anything."""
        with self._database.write() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.created_at < forget_before))
            connection.execute(sa.insert(sessions).values(digest=digest, admin=admin, created_at=now, seen_at=now))

    def session(self, digest: str) -> Session | None:
        """The session with this digest, however old."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(sessions).where(sessions.c.digest == digest)).first()
        if row is None:
            return None
        return Session(digest=row.digest, admin=row.admin, created_at=row.created_at, seen_at=row.seen_at)

    def note_seen(self, digest: str, *, now: datetime) -> None:
        """The session was used."""
        with self._database.write() as connection:
            connection.execute(sa.update(sessions).where(sessions.c.digest == digest).values(seen_at=now))

    def end(self, digest: str) -> None:
        """End one session."""
        with self._database.write() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.digest == digest))

    # Failed attempts

    def failures(self, subject: str) -> tuple[int, datetime | None]:
        """How many attempts in a row failed, and when the last one was."""
        table = sign_in_failures
        with self._database.read() as connection:
            row = connection.execute(sa.select(table).where(table.c.subject == subject)).first()
        return (row.count, row.last_at) if row is not None else (0, None)  # type: ignore[return-value]

    def note_failures(self, subjects: Sequence[str], *, now: datetime, forget_before: datetime) -> None:
        """One more attempt failed; attempts whose last one is older than ``forget_before`` are forgotten."""
        table = sign_in_failures
        with self._database.write() as connection:
            connection.execute(sa.delete(table).where(table.c.last_at < forget_before))
            for subject in subjects:
                again = sa.update(table).where(table.c.subject == subject).values(count=table.c.count + 1, last_at=now)
                if connection.execute(again).rowcount == 0:
                    connection.execute(sa.insert(table).values(subject=subject, count=1, last_at=now))

    def clear_failures(self, subjects: Sequence[str]) -> None:
        """An attempt succeeded."""
        with self._database.write() as connection:
            connection.execute(sa.delete(sign_in_failures).where(sign_in_failures.c.subject.in_(subjects)))
