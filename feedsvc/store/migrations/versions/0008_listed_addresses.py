"""Which addresses of a story its listings showed: a link that came from one of them follows the list back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("aliases", sa.Column("is_listed", sa.Boolean(), nullable=True))
