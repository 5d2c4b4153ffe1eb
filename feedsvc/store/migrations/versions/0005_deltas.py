"""What earlier renderings held, for deltas; moments of change that tell entries apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_SECOND = 1_000_000


def upgrade() -> None:
    """Add the table and the index, and drop the fractions of seconds, which no document printed so far."""
    op.create_table(
        "held_entries",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("rendered_at", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "etag", name=op.f("pk_held_entries")),
    )
    op.create_index("ix_held_entries_rendered_at", "held_entries", ["rendered_at"])
    op.create_index("ix_entries_updated", "entries", ["updated"])
    for table, column in (("entries", "published"), ("entries", "updated"), ("feeds", "updated")):
        op.execute(f"UPDATE {table} SET {column} = {column} - {column} % {_SECOND} WHERE {column} % {_SECOND} <> 0")  # noqa: S608
