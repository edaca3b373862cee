"""Which calls are open to any subject, and the words that say so.

The column is filled as conditions are: when a call is stored, and anew where other rules read it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: of the calls until now nothing is known."""
    op.add_column("call_conditions", sa.Column("any_subject", sa.Text))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("call_conditions", "any_subject")
