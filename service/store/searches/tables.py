"""The table of searches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Instant, TableBase


class SearchRow(TableBase):
    """A search; without ``saved_at`` its time is short."""

    __tablename__ = "searches"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, default="")
    query: Mapped[dict[str, Any]] = mapped_column(JSON)
    notes: Mapped[list[Any]] = mapped_column(JSON)
    owner: Mapped[str] = mapped_column(String(200), index=True, default="")
    private: Mapped[bool] = mapped_column(Boolean, default=False)
    by_visitor: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
    saved_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
