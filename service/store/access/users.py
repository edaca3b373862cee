"""People who sign in, and their sessions, in the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.domain.access.rights import AccountRole
from service.domain.access.user import User, WebSession, name_key
from service.errors import ConflictError
from service.messages.message import message
from service.store.access.tables import UserRow, WebSessionRow
from service.store.database import open_session


class UserStore:
    """Every account by its id, its name or what a provider calls its person."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, user_id: str) -> User | None:
        """Return the account with this id, if there is one."""
        return self._one(UserRow.id == user_id)

    def find(self, name: str) -> User | None:
        """Return the account with this name, in whatever capitals."""
        return self._one(UserRow.name_key == name_key(name))

    def find_identity(self, identity: str) -> User | None:
        """Return the account that a provider's person has."""
        return self._one(UserRow.identity == identity)

    def all(self) -> list[User]:
        """Return every account in order of name."""
        with open_session(self._engine) as session:
            return list(map(_user, session.scalars(select(UserRow).order_by(UserRow.name_key))))

    def exist(self) -> bool:
        """Return whether there is any account."""
        with open_session(self._engine) as session:
            return session.scalar(select(UserRow.id).limit(1)) is not None

    def add(self, user: User) -> None:
        """Store a new account.

        Raises:
            ConflictError: the name is taken.
        """
        with Session(self._engine) as session:
            session.add(
                UserRow(
                    id=user.id,
                    name=user.name,
                    name_key=name_key(user.name),
                    role=user.role.value,
                    password_hash=user.password_hash,
                    identity=user.identity or None,
                    created_at=user.created_at,
                )
            )
            try:
                session.commit()
            except IntegrityError as error:
                raise ConflictError(message("problem.person.taken", name=user.name)) from error

    def change(self, user_id: str, **values: Any) -> None:
        """Set columns of an account."""
        with open_session(self._engine) as session:
            session.execute(update(UserRow).where(UserRow.id == user_id).values(**values))
            session.commit()

    def remove(self, user_id: str) -> None:
        """Delete an account and its sessions."""
        with open_session(self._engine) as session:
            session.execute(delete(UserRow).where(UserRow.id == user_id))
            session.commit()

    def _one(self, which: Any) -> User | None:
        with open_session(self._engine) as session:
            row = session.scalars(select(UserRow).where(which)).one_or_none()
            return None if row is None else _user(row)


class WebSessionStore:
    """Sessions by the hash of the token in the browser's cookie."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, token_hash: str) -> WebSession | None:
        """Return a session, also one whose time is over."""
        with open_session(self._engine) as session:
            row = session.get(WebSessionRow, token_hash)
            return None if row is None else _web_session(row)

    def of_user(self, user_id: str) -> list[WebSession]:
        """Return a person's sessions, newest first."""
        wanted = select(WebSessionRow).where(WebSessionRow.user_id == user_id)
        with open_session(self._engine) as session:
            rows = session.scalars(wanted.order_by(WebSessionRow.created_at.desc()))
            return list(map(_web_session, rows))

    def add(self, opened: WebSession) -> None:
        """Store a new session."""
        with open_session(self._engine) as session:
            session.add(
                WebSessionRow(
                    token_hash=opened.token_hash,
                    user_id=opened.user_id,
                    created_at=opened.created_at,
                    seen_at=opened.seen_at,
                    expires_at=opened.expires_at,
                )
            )
            session.commit()

    def note_use(self, token_hash: str, now: datetime) -> None:
        """Note that a session was used."""
        with open_session(self._engine) as session:
            which = WebSessionRow.token_hash == token_hash
            session.execute(update(WebSessionRow).where(which).values(seen_at=now))
            session.commit()

    def end(self, token_hash: str) -> None:
        """Delete a session."""
        self._delete(WebSessionRow.token_hash == token_hash)

    def end_all(self, user_id: str) -> None:
        """Delete all sessions of a person."""
        self._delete(WebSessionRow.user_id == user_id)

    def end_old(self, now: datetime, idle_since: datetime) -> None:
        """Delete the sessions whose time is over, or that were last used before an instant."""
        self._delete(or_(WebSessionRow.expires_at <= now, WebSessionRow.seen_at <= idle_since))

    def _delete(self, which: Any) -> None:
        with open_session(self._engine) as session:
            session.execute(delete(WebSessionRow).where(which))
            session.commit()


def _user(row: UserRow) -> User:
    return User(
        id=row.id,
        name=row.name,
        role=AccountRole(row.role),
        created_at=row.created_at,
        password_hash=row.password_hash,
        identity=row.identity or "",
        disabled_at=row.disabled_at,
        signed_in_at=row.signed_in_at,
    )


def _web_session(row: WebSessionRow) -> WebSession:
    return WebSession(
        token_hash=row.token_hash,
        user_id=row.user_id,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
    )
