"""How often a mail was handed over and the server's answer was lost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the count: none is known of mails until now."""
    op.add_column("deliveries", sa.Column("doubts", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop the count."""
    op.drop_column("deliveries", "doubts")
