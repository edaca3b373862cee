"""The tables of keys, people and sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Instant, TableBase


class ApiKeyRow(TableBase):
    """A key; ``hash`` is the SHA-256 of the whole of it.

    ``first_id`` is the key that it goes back to by rotations; empty for the first itself.
    """

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    scope: Mapped[str] = mapped_column(String(10))
    hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    successor: Mapped[str] = mapped_column(String(12), default="")
    first_id: Mapped[str] = mapped_column(String(12), default="", server_default="")


class UserRow(TableBase):
    """A person who signs in; ``name_key`` is the name without its capitals."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(300), unique=True)
    role: Mapped[str] = mapped_column(String(10))
    password_hash: Mapped[str] = mapped_column(Text, default="")
    identity: Mapped[str | None] = mapped_column(String(600), unique=True, default=None)
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    signed_in_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class WebSessionRow(TableBase):
    """A session in a browser; ``token_hash`` is the SHA-256 of what its cookie holds."""

    __tablename__ = "web_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
