"""The names of calls, so that a code in a text finds its call without a look at all of them.

The table is filled when the store is opened.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "call_names",
        sa.Column("head", sa.Text, primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column(
            "call_id",
            sa.String(300),
            sa.ForeignKey("calls.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_call_names_call_id", "call_names", ["call_id"])


def downgrade() -> None:
    """Drop the table; the facts of calls are then made anew in the older way."""
    op.drop_table("call_names")
    op.execute("DELETE FROM meta WHERE name = 'facts_version'")
