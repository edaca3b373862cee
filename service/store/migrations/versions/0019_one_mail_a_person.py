"""One mail for several pilots, and mails that pause: old mails and consents stay as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add which mail a digest goes out in, and until when a recipient gets none."""
    op.add_column("deliveries", sa.Column("sent_with", sa.String(32)))
    op.create_index("ix_deliveries_sent_with", "deliveries", ["sent_with"])
    op.add_column("recipients", sa.Column("paused_until", sa.DateTime))


def downgrade() -> None:
    """Drop both."""
    op.drop_column("recipients", "paused_until")
    op.drop_index("ix_deliveries_sent_with", "deliveries")
    op.drop_column("deliveries", "sent_with")
