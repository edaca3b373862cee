"""Who the owner of a link to a feed or of a webhook is now, and whether it works for them still.

What somebody has opened for others works as long as whoever opened it is let in, may write and
sees the pilot. So nothing outlives a key that is revoked or a person who is gone.
"""

from __future__ import annotations

from datetime import datetime

from service.domain.access.api_key import ApiKey, KeyState
from service.domain.access.principal import OPERATOR, Principal, PrincipalKind
from service.domain.access.rights import Right
from service.domain.access.user import User
from service.domain.pilots.pilot import Pilot
from service.store.access.keys import KeyStore
from service.store.access.users import UserStore


class OwnerReader:
    """Reads who owners are, once each: for one request or one run."""

    def __init__(self, keys: KeyStore, users: UserStore, now: datetime) -> None:
        self._keys = keys
        self._users = users
        self._now = now
        self._known: dict[str, tuple[str, Principal | None]] = {}

    def name_of(self, owner: str) -> str:
        """Return what people call an owner; nothing for the operator and for who was removed."""
        return self._find(owner)[0]

    def may_open(self, owner: str, pilot: Pilot | None) -> bool:
        """Return whether an owner may have something opened for others.

        Args:
            owner: as `Principal.owner`; empty for the operator, who always may.
            pilot: the pilot that it is of; None: of none.
        """
        principal = self._find(owner)[1]
        if principal is None or not principal.may(Right.WRITE):
            return False
        return pilot is None or principal.may_see(pilot.owner, private=pilot.private)

    def _find(self, owner: str) -> tuple[str, Principal | None]:
        if owner not in self._known:
            self._known[owner] = self._read(owner)
        return self._known[owner]

    def _read(self, owner: str) -> tuple[str, Principal | None]:
        """Return the name of an owner, and who that is now; None for who is not let in."""
        if not owner:
            return "", OPERATOR
        kind, _, id_ = owner.partition(":")
        if kind == PrincipalKind.PERSON:
            return _of_user(self._users.get(id_))
        return _of_keys(self._keys.line_of(id_), self._now)


def _of_user(user: User | None) -> tuple[str, Principal | None]:
    if user is None:
        return "", None
    return user.name, user.principal if user.disabled_at is None else None


def _of_keys(line: list[ApiKey], now: datetime) -> tuple[str, Principal | None]:
    """Return whom keys that took each other's place stand for: the latest that is let in."""
    active = [key for key in line if key.state(now) is KeyState.ACTIVE]
    name = line[-1].name if line else ""
    return name, active[-1].principal if active else None
