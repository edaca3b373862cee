"""When a mail that waits becomes stale: the first deadline that it tells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the instant: of mails until now none is known."""
    op.add_column("deliveries", sa.Column("stale_at", sa.DateTime))


def downgrade() -> None:
    """Drop the instant."""
    op.drop_column("deliveries", "stale_at")
