"""When a call was last off its source's list and came back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two instants: of the time until now none is known."""
    op.add_column("calls", sa.Column("absent_from", sa.DateTime))
    op.add_column("calls", sa.Column("absent_until", sa.DateTime))


def downgrade() -> None:
    """Drop the two instants."""
    op.drop_column("calls", "absent_until")
    op.drop_column("calls", "absent_from")
