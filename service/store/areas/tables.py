"""The table of focus areas that staff made; the shipped ones are in the program."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Instant, TableBase


class FocusAreaRow(TableBase):
    """An area with its words, and who changed it last."""

    __tablename__ = "focus_areas"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    modified_at: Mapped[datetime] = mapped_column(Instant)
