"""Who made each link to a feed and each webhook, and which key a rotated one goes back to.

What was made before belongs to nobody, so administrators alone see and end it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; the first key of each line of rotated ones is found from the last."""
    for table in ("feed_links", "webhooks"):
        op.add_column(
            table, sa.Column("owner", sa.String(60), nullable=False, server_default="")
        )
        op.create_index(f"ix_{table}_owner", table, ["owner"])
    op.add_column(
        "api_keys", sa.Column("first_id", sa.String(12), nullable=False, server_default="")
    )
    _write_first_ids()


def _write_first_ids() -> None:
    keys = sa.table("api_keys", *map(sa.column, ("id", "successor", "first_id", "created_at")))
    connection = op.get_bind()
    first: dict[str, str] = {}
    rows = connection.execute(sa.select(keys.c.id, keys.c.successor).order_by(keys.c.created_at))
    for id_, successor in rows.all():
        if successor:
            first[successor] = first.get(id_, id_)
    for id_, first_id in first.items():
        connection.execute(sa.update(keys).where(keys.c.id == id_).values(first_id=first_id))


def downgrade() -> None:
    """Drop the columns."""
    for table in ("feed_links", "webhooks"):
        op.drop_index(f"ix_{table}_owner", table_name=table)
        op.drop_column(table, "owner")
    op.drop_column("api_keys", "first_id")
