"""When each reader was last on each pilot's page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "pilot_visits",
        sa.Column("visitor", sa.String(60), primary_key=True),
        sa.Column(
            "pilot_id",
            sa.String(100),
            sa.ForeignKey("pilots.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("seen_at", sa.DateTime, nullable=False),
        sa.Column("before", sa.DateTime),
    )
    op.create_index("ix_pilot_visits_pilot_id", "pilot_visits", ["pilot_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("pilot_visits")
