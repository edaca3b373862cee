"""The tables of mail: recipients, deliveries, sent items and suppressed addresses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Instant, TableBase


class RecipientRow(TableBase):
    """An address that follows a pilot. The pilot may go and come back; the consent stays."""

    __tablename__ = "recipients"
    __table_args__ = (UniqueConstraint("pilot_id", "address_key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    pilot_id: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(320), index=True)
    language: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(100), default="")
    soft_bounces: Mapped[int] = mapped_column(Integer, default=0)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    paused_until: Mapped[datetime | None] = mapped_column(Instant, default=None)


class DeliveryRow(TableBase):
    """A mail: at most one for each recipient and occasion, such as the week of a digest.

    Somebody who follows several pilots is a recipient of each and gets one message. The row of the
    first has the message; the others name it in ``sent_with`` and always have its state, so that
    what each recipient was sent stays with the recipient, whatever becomes of the others.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("recipient_id", "occasion"),
        Index("ix_deliveries_state_next_try", "state", "next_try"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    recipient_id: Mapped[str] = mapped_column(ForeignKey("recipients.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    occasion: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    subject: Mapped[str] = mapped_column(Text)
    message: Mapped[bytes | None] = mapped_column(LargeBinary)
    keys: Mapped[list[str]] = mapped_column(JSON)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    doubts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    claimed_by: Mapped[str] = mapped_column(String(300), default="")
    claimed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    reason: Mapped[str] = mapped_column(Text, default="")
    as_of: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    next_try: Mapped[datetime] = mapped_column(Instant)
    stale_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    sent_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    bounce: Mapped[str] = mapped_column(String(20), default="")
    sent_with: Mapped[str | None] = mapped_column(String(32), default=None, index=True)


class SentItemRow(TableBase):
    """An item that a recipient was sent: written in one transaction with its mail's state."""

    __tablename__ = "told"

    recipient_id: Mapped[str] = mapped_column(
        ForeignKey("recipients.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(500), primary_key=True)
    delivery_id: Mapped[str] = mapped_column(
        ForeignKey("deliveries.id", ondelete="CASCADE"), index=True
    )


class SuppressionRow(TableBase):
    """An address that is never mailed again, as a salted hash: it outlives an erasure."""

    __tablename__ = "suppressions"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
