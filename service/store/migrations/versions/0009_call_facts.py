"""What calls are filtered, sorted, found and grouped by, in tables of their own.

They are filled when the store is opened, as they are whenever the way they are made changes.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLES = ("call_facts", "call_entries", "call_families", "call_search", "call_conditions")


def upgrade() -> None:
    """Create the tables."""
    _create_facts()
    op.create_table(
        "call_entries",
        _call_id(primary_key=True),
        sa.Column("instant", sa.BigInteger, primary_key=True),
        sa.Column("day", sa.Integer, nullable=False),
    )
    op.create_table(
        "call_families",
        _call_id(primary_key=True),
        sa.Column("family", sa.Text, primary_key=True),
        sa.Column("funder", sa.String(100), nullable=False),
    )
    op.create_index("ix_call_families_funder_family", "call_families", ["funder", "family"])
    op.create_table(
        "call_search", _call_id(primary_key=True), sa.Column("words", sa.Text, nullable=False)
    )
    op.create_table(
        "call_conditions",
        sa.Column("key", sa.Integer, primary_key=True),
        _call_id(nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("method", sa.String(64), nullable=False),
        sa.Column("conditions", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.UniqueConstraint("call_id", name="uq_call_conditions_call_id"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop the tables, and the note of how they were made."""
    for name in reversed(_TABLES):
        op.drop_table(name)
    op.execute("DELETE FROM meta WHERE name = 'facts_version'")


def _create_facts() -> None:
    op.create_table(
        "call_facts",
        _call_id("id", primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False, index=True),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.Column("funder", sa.String(100), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("languages", sa.Text, nullable=False, index=True),
        sa.Column("maximum", sa.Text, index=True),
        sa.Column("opens", sa.BigInteger),
        sa.Column("closed_by", sa.BigInteger),
        sa.Column("first_entry", sa.BigInteger),
        sa.Column("last_entry", sa.BigInteger),
        sa.Column("first_day", sa.Integer),
        sa.Column("last_day", sa.Integer),
        sa.Column("last_instant", sa.BigInteger),
        sa.Column("is_rolling", sa.Boolean, nullable=False),
        sa.Column("is_announced", sa.Boolean, nullable=False),
        sa.Column("has_deadlines", sa.Boolean, nullable=False),
        sa.Column("filled", sa.Integer, nullable=False),
        sa.Column("text_length", sa.Integer, nullable=False),
        sa.Column("is_curated", sa.Boolean, nullable=False),
        sa.Column("checked_on", sa.Integer),
        sa.Column("names_amount", sa.Boolean, nullable=False),
        sa.Column("names_applicants", sa.Boolean, nullable=False),
        sa.Column("is_bilingual", sa.Boolean, nullable=False),
    )
    op.create_index("ix_call_facts_funder_id", "call_facts", ["funder", "id"])


def _call_id(name: str = "call_id", **options: Any) -> sa.Column[str]:
    reference = sa.ForeignKey("calls.id", ondelete="CASCADE")
    return sa.Column(name, sa.String(300), reference, **options)
