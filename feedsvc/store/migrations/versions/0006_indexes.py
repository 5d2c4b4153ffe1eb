"""Where an index of sitemaps led: asked for again only if it changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column."""
    op.add_column("listing_pages", sa.Column("led_to", sa.Text(), nullable=True))
