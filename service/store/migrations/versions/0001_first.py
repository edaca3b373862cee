"""Calls with their versions, pilots, runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "calls",
        sa.Column("id", sa.String(300), primary_key=True),
        sa.Column("funder", sa.String(100), nullable=False, index=True),
        sa.Column("source", sa.String(100), nullable=False, index=True),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("first_seen", sa.DateTime, nullable=False),
        sa.Column("last_seen", sa.DateTime, nullable=False),
        sa.Column("not_seen_since", sa.DateTime),
    )
    op.create_table(
        "call_versions",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column(
            "call_id",
            sa.String(300),
            sa.ForeignKey("calls.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("seen_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("call_id", "number", name="uq_call_versions_call_id"),
    )
    op.create_table(
        "pilots",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("job", sa.String(50), nullable=False, index=True),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("finished_at", sa.DateTime),
        sa.Column("report", sa.JSON, nullable=False),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(50), primary_key=True),
        sa.Column("value", sa.String(300), nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("meta", "runs", "pilots", "call_versions", "calls"):
        op.drop_table(name)
