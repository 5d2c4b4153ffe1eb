"""Whether entries of a source are still to be moved to its category: what a crash interrupts is gone on with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column."""
    op.add_column("sources", sa.Column("is_misfiled", sa.Boolean(), nullable=True))
