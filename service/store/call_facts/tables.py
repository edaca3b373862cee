"""The tables of what is kept beside the records of calls; all of it is made from the records."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import TableBase

_OF_CALL = "calls.id"


class CallFactsRow(TableBase):
    """The facts of a call, see `CallFacts`, with what the store knows of it.

    ``revision`` is the calls' stamp that wrote them, ``first_seen`` microseconds since 1970: that
    of the call lies behind its record, so that to read it is to read the record.
    """

    __tablename__ = "call_facts"
    __table_args__ = (Index("ix_call_facts_funder_id", "funder", "id"),)

    id: Mapped[str] = mapped_column(ForeignKey(_OF_CALL, ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, index=True)
    first_seen: Mapped[int] = mapped_column(BigInteger)
    funder: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(20))
    languages: Mapped[str] = mapped_column(Text, index=True)
    maximum: Mapped[str | None] = mapped_column(Text, index=True)
    opens: Mapped[int | None] = mapped_column(BigInteger)
    closed_by: Mapped[int | None] = mapped_column(BigInteger)
    first_entry: Mapped[int | None] = mapped_column(BigInteger)
    last_entry: Mapped[int | None] = mapped_column(BigInteger)
    first_day: Mapped[int | None] = mapped_column(Integer)
    last_day: Mapped[int | None] = mapped_column(Integer)
    last_instant: Mapped[int | None] = mapped_column(BigInteger)
    is_rolling: Mapped[bool]
    is_announced: Mapped[bool]
    has_deadlines: Mapped[bool]
    filled: Mapped[int] = mapped_column(Integer)
    text_length: Mapped[int] = mapped_column(Integer)
    is_curated: Mapped[bool]
    checked_on: Mapped[int | None] = mapped_column(Integer)
    names_amount: Mapped[bool]
    names_applicants: Mapped[bool]
    is_bilingual: Mapped[bool]
    uid: Mapped[str] = mapped_column(String(36), index=True)
    title: Mapped[str] = mapped_column(Text)
    total_amount: Mapped[str | None] = mapped_column(Text)
    min_award: Mapped[str | None] = mapped_column(Text)
    max_award: Mapped[str | None] = mapped_column(Text)
    award_count: Mapped[int | None] = mapped_column(Integer)


class CallEntryRow(TableBase):
    """A dated entry of a call that has several: its instant, and its day at the funder's."""

    __tablename__ = "call_entries"

    call_id: Mapped[str] = mapped_column(ForeignKey(_OF_CALL, ondelete="CASCADE"), primary_key=True)
    instant: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    day: Mapped[int] = mapped_column(Integer)


class CallFamilyRow(TableBase):
    """What a call has in common with its other rounds, see `round_families`."""

    __tablename__ = "call_families"
    __table_args__ = (Index("ix_call_families_funder_family", "funder", "family"),)

    call_id: Mapped[str] = mapped_column(ForeignKey(_OF_CALL, ondelete="CASCADE"), primary_key=True)
    family: Mapped[str] = mapped_column(Text, primary_key=True)
    funder: Mapped[str] = mapped_column(String(100))


class CallSearchRow(TableBase):
    """All words of a call, as `search_words` writes them."""

    __tablename__ = "call_search"

    call_id: Mapped[str] = mapped_column(ForeignKey(_OF_CALL, ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)


class CallNameRow(TableBase):
    """A name of a call, see `StoredName`; looked up by its head, and by the call it is of."""

    __tablename__ = "call_names"
    __table_args__ = (
        Index("ix_call_names_call_id", "call_id"),
        {"sqlite_with_rowid": False},
    )

    head: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey(_OF_CALL, ondelete="CASCADE"), primary_key=True)


class CallConditionsRow(TableBase):
    """The conditions of a call, as `write_conditions` and `write_facts` write them.

    ``method`` is how they were read; a row that is written anew has a higher ``key``.
    ``any_subject`` is the `AnySubject` as JSON of a call that is open to any subject, else null.
    """

    __tablename__ = "call_conditions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    key: Mapped[int] = mapped_column(Integer, primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey(_OF_CALL, ondelete="CASCADE"), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(64))
    conditions: Mapped[str] = mapped_column(Text)
    facts: Mapped[str] = mapped_column(Text)
    any_subject: Mapped[str | None] = mapped_column(Text)
