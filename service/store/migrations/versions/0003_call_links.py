"""What calls are to each other: the same one, another round, one that names the other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "call_links",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column(
            "a",
            sa.String(300),
            sa.ForeignKey("calls.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "b",
            sa.String(300),
            sa.ForeignKey("calls.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(20), nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("a", "b", name="uq_call_links_a"),
        sa.CheckConstraint("a < b", name="ck_call_links_ordered"),
    )
    op.create_index("ix_call_links_b", "call_links", ["b"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("call_links")
