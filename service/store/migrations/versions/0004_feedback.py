"""Judgements on calls for pilots. A call may go; what was said of it stays with the pilot."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "feedback",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column(
            "pilot_id",
            sa.String(100),
            sa.ForeignKey("pilots.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("call_id", sa.String(300), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("given_by", sa.String(100), nullable=False),
        sa.Column("given_at", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("feedback")
