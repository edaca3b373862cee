"""Make, list, rotate, revoke and check API keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.context import Context
from service.domain.access import api_key
from service.domain.access.api_key import ApiKey, KeyState
from service.domain.access.rights import Scope
from service.domain.access.user import name_problem
from service.errors import InputError, NotFoundError, UnauthorizedError
from service.messages.message import message
from service.use_cases.access.opened_feeds import OpenedFeeds, close_opened

BETWEEN_NOTES = timedelta(minutes=1)
"""How often at most it is written that a key, or a session, was used."""


@dataclass(frozen=True)
class NewKey:
    """A key that was made, and the whole ``text`` that its holder sends: shown now, never again."""

    key: ApiKey
    text: str


@dataclass(frozen=True)
class RevokedKey:
    """A key that was revoked, and the ``feeds`` and webhooks that ended with it or were kept."""

    key: ApiKey
    feeds: OpenedFeeds


def list_keys(context: Context) -> list[ApiKey]:
    """Return every key, oldest first, also those that are let in no more."""
    return context.keys.all()


def add_key(
    context: Context, name: str, scope: Scope, lifetime: timedelta | None, *, first_id: str = ""
) -> NewKey:
    """Make a key.

    Args:
        context: the stores.
        name: who or what holds it.
        scope: what it is for.
        lifetime: how long it is let in; None until it is revoked.
        first_id: the first of the keys whose place it takes, if it takes any.

    Raises:
        InputError: the name cannot be used.
    """
    if problem := name_problem(name):
        raise InputError(problem)
    now = datetime.now(UTC)
    id_, text = api_key.make_secret()
    key = ApiKey(
        id=id_,
        name=name.strip(),
        scope=scope,
        hash=api_key.hash_secret(text),
        created_at=now,
        expires_at=now + lifetime if lifetime else None,
        first_id=first_id,
    )
    context.keys.add(key)
    return NewKey(key, text)


def rotate_key(
    context: Context, key_id: str, overlap: timedelta, lifetime: timedelta | None = None
) -> NewKey:
    """Make a key that takes the place of another, which is let in for a while yet.

    What the other owns, pilots, links to feeds and webhooks, the new one owns too.

    Args:
        context: the stores.
        key_id: the key that is replaced.
        overlap: how long both are let in.
        lifetime: how long the new one is let in; by default as long as the other was meant to be.

    Raises:
        NotFoundError: there is no such key.
        InputError: it is let in no more.
    """
    old, now = find_key(context, key_id), datetime.now(UTC)
    if old.state(now) is not KeyState.ACTIVE:
        raise InputError(message("problem.key.over", key=old.id))
    if lifetime is None and old.expires_at is not None:
        lifetime = old.expires_at - old.created_at
    first = old.first_id or old.id
    made = add_key(context, old.name, old.scope, lifetime, first_id=first)
    context.keys.replace(old.id, made.key.id, now + overlap)
    return made


def revoke_key(context: Context, key_id: str, *, keep_feeds: bool = False) -> RevokedKey:
    """Revoke a key: from now on it is refused. Twice changes nothing.

    The links to feeds and the webhooks that it has made end with it, unless a key that it took
    the place of, or that took its place, is let in still.

    Args:
        context: the stores.
        key_id: the key, or its id.
        keep_feeds: give them to whoever asks instead of ending them.

    Raises:
        NotFoundError: there is no such key.
    """
    key, now = find_key(context, key_id), datetime.now(UTC)
    context.keys.revoke(key.id, now)
    line = context.keys.line_of(key.first_id or key.id)
    if any(one.state(now) is KeyState.ACTIVE for one in line):
        return RevokedKey(find_key(context, key.id), OpenedFeeds())
    feeds = close_opened(context, key.principal.owner, keep=keep_feeds)
    return RevokedKey(find_key(context, key.id), feeds)


def find_key(context: Context, key_id: str) -> ApiKey:
    """Return the key with an id, or the whole of it.

    Raises:
        NotFoundError: there is no such key.
    """
    key = context.keys.get(api_key.key_id(key_id) or key_id)
    if key is None:
        raise NotFoundError(f"There is no key {key_id[:12]}: see `fundscout keys list`.")
    return key


def check_key(context: Context, text: str) -> ApiKey:
    """Return the key that a caller sent, and note that it was used.

    Every key is compared, also with an id that nobody has, so that the time tells nothing. Only
    who knows the whole key learns that it was revoked or has expired.

    Raises:
        UnauthorizedError: it is not let in, and why.
    """
    key, now = context.keys.get(api_key.key_id(text)), datetime.now(UTC)
    if not api_key.is_secret(text, key.hash if key else None) or key is None:
        raise UnauthorizedError(message("problem.key.unknown"), was_shown=True)
    state = key.state(now)
    if state is KeyState.REVOKED:
        raise UnauthorizedError(message("problem.key.revoked"), was_shown=True)
    if state is KeyState.EXPIRED:
        raise UnauthorizedError(message("problem.key.expired"), was_shown=True)
    if key.last_used_at is None or now - key.last_used_at >= BETWEEN_NOTES:
        context.keys.note_use(key.id, now)
    return key
