"""Sign in and out, and read who a session belongs to."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from service.context import Context
from service.domain.access.api_key import hash_secret
from service.domain.access.user import MAX_PASSWORD_LENGTH, User, WebSession, name_key
from service.errors import TooManyError, UnauthorizedError
from service.messages.message import message
from service.use_cases.access.keys import BETWEEN_NOTES
from service.use_cases.access.passwords import hash_password, is_password, needs_new_hash
from service.use_cases.access.users import add_user

_TOKEN_BYTES = 32


@dataclass(frozen=True)
class SignedIn:
    """A person who has signed in, and the ``token`` that the browser keeps."""

    user: User
    token: str
    expires_at: datetime


@dataclass(frozen=True)
class ProviderPerson:
    """Whom a provider vouches for: its own id of the person, and the address that it checked."""

    issuer: str
    subject: str
    address: str

    @property
    def identity(self) -> str:
        """What is kept of it."""
        return f"{self.issuer} {self.subject}"


def sign_in(context: Context, name: str, password: str, client: str) -> SignedIn:
    """Sign a person in by name and password.

    A wrong name and a wrong password are told alike, and take as long.

    Args:
        context: the stores.
        name: as it was typed.
        password: as it was typed.
        client: the address that it came from; one that was wrong too often must wait.

    Raises:
        UnauthorizedError: they do not belong together, or the person is kept out.
        TooManyError: too many wrong ones came, and how long to wait.
    """
    account = name_key(name)[:300]
    throttles = context.throttles
    wait = throttles.sign_ins_by_client.wait(client) or throttles.sign_ins_by_name.wait(account)
    if wait:
        raise TooManyError(message("problem.sign_in.often"), wait)
    user = context.users.find(name)
    kept = user.password_hash if user is not None and user.disabled_at is None else ""
    if len(password) > MAX_PASSWORD_LENGTH or not is_password(password, kept) or user is None:
        throttles.sign_ins_by_client.count(client)
        throttles.sign_ins_by_name.count(account)
        raise UnauthorizedError(message("problem.sign_in"), was_shown=True)
    if needs_new_hash(kept):
        context.users.change(user.id, password_hash=hash_password(password))
    return _open_session(context, user)


def sign_in_by_provider(context: Context, person: ProviderPerson) -> SignedIn:
    """Sign in whom a provider vouches for: known by its id, else by the address it checked.

    Raises:
        UnauthorizedError: the person is not known here, or kept out.
    """
    provider = context.settings.access.provider
    user = context.users.find_identity(person.identity)
    if user is None and person.address:
        user = context.users.find(person.address)
        if user is not None and user.identity:  # the address belongs to another of its people now
            user = None
        elif user is not None:
            context.users.change(user.id, identity=person.identity)
        elif provider is not None and provider.role is not None:
            user = add_user(context, person.address, provider.role, identity=person.identity)
    if user is None or user.disabled_at is not None:
        raise UnauthorizedError(message("problem.sign_in.provider.unknown"), was_shown=True)
    return _open_session(context, user)


def read_session(context: Context, token: str) -> User | None:
    """Return the person whose session a token is, and note that it was used.

    Returns None when there is no such session, its time is over or the person is kept out.
    """
    token_hash, now = hash_secret(token), datetime.now(UTC)
    found = context.web_sessions.get(token_hash)
    if found is None:
        return None
    if found.is_over(now, context.settings.access.session_idle):
        context.web_sessions.end(token_hash)
        return None
    user = context.users.get(found.user_id)
    if user is None or user.disabled_at is not None:
        return None
    if now - found.seen_at >= BETWEEN_NOTES:
        context.web_sessions.note_use(token_hash, now)
    return user


def sign_out(context: Context, token: str) -> None:
    """End the session of a token; twice changes nothing."""
    context.web_sessions.end(hash_secret(token))


def _open_session(context: Context, user: User) -> SignedIn:
    """Open a session with a token of its own, and clear away those whose time is over."""
    access, now = context.settings.access, datetime.now(UTC)
    context.web_sessions.end_old(now, now - access.session_idle)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    expires_at = now + access.session_lifetime
    context.web_sessions.add(
        WebSession(hash_secret(token), user.id, created_at=now, seen_at=now, expires_at=expires_at)
    )
    context.users.change(user.id, signed_in_at=now)
    return SignedIn(user, token, expires_at)
