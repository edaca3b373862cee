"""What other programs follow the store by: changes of calls, of pilots, answers to creates.

Every call counts as changed when it last did, so that a reader can begin at once. The facts of
calls get columns; they are made anew when the store is opened.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FACTS = ("uid", "title", "total_amount", "min_award", "max_award", "award_count")
_LAST_CHANGES = """
    INSERT INTO call_changes (call_id, changed_at, mark, is_latest)
    SELECT id, MAX(at), '0013', :yes FROM (
        SELECT id, first_seen AS at FROM calls
        UNION ALL SELECT id, not_seen_since FROM calls WHERE not_seen_since IS NOT NULL
        UNION ALL SELECT id, absent_until FROM calls WHERE absent_until IS NOT NULL
        UNION ALL SELECT call_id, seen_at FROM call_versions
    ) AS changes GROUP BY id ORDER BY MAX(at), id
"""


def upgrade() -> None:
    """Create the tables, and write the last change of every call."""
    op.create_table(
        "call_changes",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("call_id", sa.String(300), nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("mark", sa.String(16), nullable=False),
        sa.Column("is_latest", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_call_changes_call_id", "call_changes", ["call_id"])
    op.create_index(
        "ix_call_changes_is_latest_number", "call_changes", ["is_latest", "number"]
    )
    op.execute(sa.text(_LAST_CHANGES).bindparams(yes=True))
    _add_facts()
    # never made anew as a whole: that would take what belongs to the pilots with it
    op.add_column("pilots", sa.Column("modified_at", sa.DateTime))
    op.add_column("pilots", sa.Column("archived_at", sa.DateTime))
    op.execute("UPDATE pilots SET modified_at = created_at")
    op.create_table(
        "idempotent_answers",
        sa.Column("key_hash", sa.String(64), primary_key=True),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column(
            "pilot_id", sa.String(100), sa.ForeignKey("pilots.id", ondelete="CASCADE")
        ),
        sa.Column("answer", sa.Text),
    )
    op.create_index("ix_idempotent_answers_created_at", "idempotent_answers", ["created_at"])
    op.create_index("ix_idempotent_answers_pilot_id", "idempotent_answers", ["pilot_id"])


def _add_facts() -> None:
    """Empty the facts, which are made anew, and give them columns."""
    op.execute("DELETE FROM call_facts")
    op.execute("DELETE FROM meta WHERE name = 'facts_version'")
    with op.batch_alter_table("call_facts") as facts:
        facts.add_column(sa.Column("uid", sa.String(36), nullable=False))
        facts.add_column(sa.Column("title", sa.Text, nullable=False))
        for name in ("total_amount", "min_award", "max_award"):
            facts.add_column(sa.Column(name, sa.Text))
        facts.add_column(sa.Column("award_count", sa.Integer))
    op.create_index("ix_call_facts_uid", "call_facts", ["uid"])


def downgrade() -> None:
    """Drop them; the facts of calls are then made anew in the older way."""
    op.drop_table("idempotent_answers")
    op.drop_column("pilots", "archived_at")
    op.drop_column("pilots", "modified_at")
    op.drop_index("ix_call_facts_uid", "call_facts")
    op.execute("DELETE FROM call_facts")
    op.execute("DELETE FROM meta WHERE name = 'facts_version'")
    with op.batch_alter_table("call_facts") as facts:
        for name in reversed(_FACTS):
            facts.drop_column(name)
    op.drop_table("call_changes")
