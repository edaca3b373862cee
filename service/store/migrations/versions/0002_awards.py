"""Awards, and the identifiers of the calls that paid them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "awards",
        sa.Column("id", sa.String(300), primary_key=True),
        sa.Column("source", sa.String(100), nullable=False, index=True),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("first_seen", sa.DateTime, nullable=False),
        sa.Column("last_seen", sa.DateTime, nullable=False),
    )
    op.create_table(
        "award_calls",
        sa.Column(
            "award_id",
            sa.String(300),
            sa.ForeignKey("awards.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("funder", sa.String(100), nullable=False),
        sa.Column("identifier", sa.String(300), nullable=False),
    )
    op.create_index(
        "ix_award_calls_funder_identifier", "award_calls", ["funder", "identifier"]
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("award_calls")
    op.drop_table("awards")
