"""The tables. A record is one column of JSON; the other columns are for searches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC: SQLite would forget the offset."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy calls it so
        """Turn an aware instant into UTC without an offset."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy calls it so
        """Give the offset back."""
        return None if value is None else value.replace(tzinfo=UTC)


class TableBase(DeclarativeBase):
    """Base of the tables; constraints have names that migrations can refer to."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class CallRow(TableBase):
    """A call as it is now. ``not_seen_since`` is set when a complete run did not list it.

    ``absent_from`` and ``absent_until`` keep the last time that it was off the list and came back.
    """

    __tablename__ = "calls"

    id: Mapped[str] = mapped_column(String(300), primary_key=True)
    funder: Mapped[str] = mapped_column(String(100), index=True)
    source: Mapped[str] = mapped_column(String(100), index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(Text)
    first_seen: Mapped[datetime] = mapped_column(Instant)
    last_seen: Mapped[datetime] = mapped_column(Instant)
    not_seen_since: Mapped[datetime | None] = mapped_column(Instant, default=None)
    absent_from: Mapped[datetime | None] = mapped_column(Instant, default=None)
    absent_until: Mapped[datetime | None] = mapped_column(Instant, default=None)


class CallVersionRow(TableBase):
    """What a call was from ``seen_at`` on: a row for each different content."""

    __tablename__ = "call_versions"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    key: Mapped[int] = mapped_column(Integer, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    content_hash: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class PilotRow(TableBase):
    """A pilot; ``source`` says who brought it, so that examples can be removed again.

    ``archived_at`` is set while it is put away.
    """

    __tablename__ = "pilots"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    source: Mapped[str] = mapped_column(String(100), default="")
    record: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    modified_at: Mapped[datetime | None] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class RunRow(TableBase):
    """One run of a job: its subject, how it ended, and what it did."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    job: Mapped[str] = mapped_column(String(50), index=True)
    subject: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class MetaRow(TableBase):
    """Small facts about the store; ``calls_stamp`` grows with every change of a call."""

    __tablename__ = "meta"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[str] = mapped_column(String(300))


class AwardRow(TableBase):
    """A project that was paid, as its register ``source`` has it. It is never a call."""

    __tablename__ = "awards"

    id: Mapped[str] = mapped_column(String(300), primary_key=True)
    source: Mapped[str] = mapped_column(String(100), index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(Text)
    first_seen: Mapped[datetime] = mapped_column(Instant)
    last_seen: Mapped[datetime] = mapped_column(Instant)


class AwardCallRow(TableBase):
    """An identifier of what paid an award, in capitals; 0 is the round or topic itself."""

    __tablename__ = "award_calls"
    __table_args__ = (Index("ix_award_calls_funder_identifier", "funder", "identifier"),)

    award_id: Mapped[str] = mapped_column(
        ForeignKey("awards.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    funder: Mapped[str] = mapped_column(String(100))
    identifier: Mapped[str] = mapped_column(String(300))


class CallLinkRow(TableBase):
    """What two calls are to each other, the lesser id in ``a``; ``evidence`` is a JSON list."""

    __tablename__ = "call_links"
    __table_args__ = (
        UniqueConstraint("a", "b"),
        CheckConstraint("a < b", name="ck_call_links_ordered"),
    )

    key: Mapped[int] = mapped_column(Integer, primary_key=True)
    a: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    b: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    relation: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(20))
    decided_at: Mapped[datetime] = mapped_column(Instant)


class FeedbackRow(TableBase):
    """Somebody's opinion on a call for a pilot; the latest row on a call counts."""

    __tablename__ = "feedback"

    key: Mapped[int] = mapped_column(Integer, primary_key=True)
    pilot_id: Mapped[str] = mapped_column(ForeignKey("pilots.id", ondelete="CASCADE"), index=True)
    call_id: Mapped[str] = mapped_column(String(300))
    verdict: Mapped[str] = mapped_column(String(20))
    given_by: Mapped[str] = mapped_column(String(100))
    given_at: Mapped[datetime] = mapped_column(Instant)
