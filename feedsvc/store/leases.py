"""Leases: a name that one process holds at a time, measured by the database's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from feedsvc.store.database import Database
from feedsvc.store.schema import leases

#: How long a lease holds without renewal: a dead holder is replaced after this.
LEASE_TERM = timedelta(seconds=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who holds a name, until when."""

    name: str
    owner: str
    expires_at: datetime


class LeaseTable:
    """Takes, renews and gives back leases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, name: str, owner: str) -> Lease:
        """Take or renew the lease if it is free, expired or ours; gives who holds it now: us, or another.

        A lease from beyond the possible future was taken before the clock went back, and holds nothing.
        """
        with self._database.write() as connection:
            now = self._database.now(connection)
            row = connection.execute(sa.select(leases).where(leases.c.name == name).with_for_update()).first()
            if row is not None and row.owner != owner and now <= row.expires_at <= now + 2 * LEASE_TERM:
                return Lease(name=name, owner=row.owner, expires_at=row.expires_at)
            taken = Lease(name=name, owner=owner, expires_at=now + LEASE_TERM)
            connection.execute(sa.delete(leases).where(leases.c.name == name))
            connection.execute(sa.insert(leases).values(name=name, owner=owner, expires_at=taken.expires_at))
            return taken

    def give_back(self, name: str, owner: str) -> None:
        """End the lease if it is ours, or held by ``owner`` that is known to be dead."""
        with self._database.write() as connection:
            connection.execute(sa.delete(leases).where(leases.c.name == name, leases.c.owner == owner))

    def holder(self, name: str) -> Lease | None:
        """Who holds the lease, or None where it is free or expired."""
        with self._database.read() as connection:
            now = self._database.now(connection)
            row = connection.execute(sa.select(leases).where(leases.c.name == name)).first()
        if row is None or not now <= row.expires_at <= now + 2 * LEASE_TERM:
            return None
        return Lease(name=name, owner=row.owner, expires_at=row.expires_at)
