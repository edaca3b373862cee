"""Keys, people who sign in, and their sessions; no secret among them, only hashes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, empty: nobody has a key or an account yet."""
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(12), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("scope", sa.String(10), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        _instant("created_at", nullable=False),
        _instant("expires_at"),
        _instant("revoked_at"),
        _instant("last_used_at"),
        sa.Column("successor", sa.String(12), nullable=False),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sa.String(300), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("identity", sa.String(600)),
        _instant("created_at", nullable=False),
        _instant("disabled_at"),
        _instant("signed_in_at"),
        sa.UniqueConstraint("name_key", name="uq_users_name_key"),
        sa.UniqueConstraint("identity", name="uq_users_identity"),
    )
    op.create_table(
        "web_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column(
            "user_id",
            sa.String(32),
            sa.ForeignKey("users.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        _instant("created_at", nullable=False),
        _instant("seen_at", nullable=False),
        _instant("expires_at", nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("web_sessions", "users", "api_keys"):
        op.drop_table(name)


def _instant(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=False), **options)
