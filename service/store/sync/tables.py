"""The tables of what other programs follow the store by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Instant, TableBase


class CallChangeRow(TableBase):
    """That a call changed, or was deleted; numbers only grow, and none is given twice.

    ``mark`` is drawn anew by every transaction, so that a cursor shows whether it was made by
    this store or by one that a backup has replaced. Of each call the last row is ``is_latest``.
    """

    __tablename__ = "call_changes"
    __table_args__ = (
        Index("ix_call_changes_is_latest_number", "is_latest", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    call_id: Mapped[str] = mapped_column(String(300), index=True)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    mark: Mapped[str] = mapped_column(String(16))
    is_latest: Mapped[bool]


class IdempotentAnswerRow(TableBase):
    """What was answered to a create with an ``Idempotency-Key``; null while it is being made.

    Key and body are kept as hashes. What belongs to a pilot goes with it.
    """

    __tablename__ = "idempotent_answers"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
    pilot_id: Mapped[str | None] = mapped_column(
        ForeignKey("pilots.id", ondelete="CASCADE"), index=True
    )
    answer: Mapped[str | None] = mapped_column(Text)
