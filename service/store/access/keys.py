"""API keys in the database, found by their ids."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select, update

from service.domain.access.api_key import ApiKey
from service.domain.access.rights import Scope
from service.store.access.tables import ApiKeyRow
from service.store.database import open_session


class KeyStore:
    """Every key that was ever made; one that was revoked stays, so that its holder is told."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, key_id: str) -> ApiKey | None:
        """Return the key with this id, if there is one."""
        with open_session(self._engine) as session:
            row = session.get(ApiKeyRow, key_id)
            return None if row is None else _api_key(row)

    def all(self) -> list[ApiKey]:
        """Return every key, oldest first."""
        wanted = select(ApiKeyRow).order_by(ApiKeyRow.created_at, ApiKeyRow.id)
        with open_session(self._engine) as session:
            return list(map(_api_key, session.scalars(wanted)))

    def line_of(self, first_id: str) -> list[ApiKey]:
        """Return a key and those that took its place one after another, oldest first."""
        which = (ApiKeyRow.id == first_id) | (ApiKeyRow.first_id == first_id)
        wanted = select(ApiKeyRow).where(which).order_by(ApiKeyRow.created_at, ApiKeyRow.id)
        with open_session(self._engine) as session:
            return list(map(_api_key, session.scalars(wanted)))

    def exist(self) -> bool:
        """Return whether any key was ever made."""
        with open_session(self._engine) as session:
            return session.scalar(select(ApiKeyRow.id).limit(1)) is not None

    def add(self, key: ApiKey) -> None:
        """Store a new key."""
        with open_session(self._engine) as session:
            session.add(
                ApiKeyRow(
                    id=key.id,
                    name=key.name,
                    scope=key.scope.value,
                    hash=key.hash,
                    created_at=key.created_at,
                    expires_at=key.expires_at,
                    first_id=key.first_id,
                )
            )
            session.commit()

    def revoke(self, key_id: str, now: datetime) -> None:
        """Note that a key is revoked; the first time counts."""
        self._change(key_id, ApiKeyRow.revoked_at.is_(None), revoked_at=now)

    def replace(self, key_id: str, successor: str, until: datetime) -> None:
        """Note which key takes the place of another, and until when the other is let in."""
        self._change(key_id, successor=successor)
        sooner = ApiKeyRow.expires_at.is_(None) | (ApiKeyRow.expires_at > until)
        self._change(key_id, sooner, expires_at=until)

    def note_use(self, key_id: str, now: datetime) -> None:
        """Note that a key was used."""
        self._change(key_id, last_used_at=now)

    def _change(self, key_id: str, *conditions: Any, **values: Any) -> None:
        with open_session(self._engine) as session:
            session.execute(
                update(ApiKeyRow).where(ApiKeyRow.id == key_id, *conditions).values(**values)
            )
            session.commit()


def _api_key(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        scope=Scope(row.scope),
        hash=row.hash,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
        successor=row.successor,
        first_id=row.first_id,
    )
