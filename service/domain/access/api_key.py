"""API keys: a secret that its holder sends, of which only a hash is kept.

A key is ``fundscout_ID_SECRET``. The id finds its row; the secret has 256 bits of chance, so a fast
hash of it is safe to keep: nobody can try so many.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from service.domain.access.principal import Principal, PrincipalKind
from service.domain.access.rights import RIGHTS_OF, Scope

SECRET_BYTES: Final = 32
"""Random bytes in a key: 256 bits."""

KEY_PREFIX: Final = "fundscout_"
"""What every key begins with."""

_FORM = re.compile(rf"{KEY_PREFIX}([0-9a-f]{{12}})_([A-Za-z0-9_-]{{43}})")
_NOBODY = "0" * 64
"""Hash that a key is compared with whose id is unknown; no text has it."""


class KeyState(StrEnum):
    """Whether a key is let in."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class ApiKey:
    """A key as it is kept. ``successor`` is the id of the key that took its place, if any.

    ``first_id`` is the id of the first of the keys that took each other's place; empty when this
    is the first.
    """

    id: str
    name: str
    scope: Scope
    hash: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    successor: str = ""
    first_id: str = ""

    def state(self, now: datetime) -> KeyState:
        """Return whether it is let in at an aware instant."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        is_over = self.expires_at is not None and self.expires_at <= now
        return KeyState.EXPIRED if is_over else KeyState.ACTIVE

    @property
    def principal(self) -> Principal:
        """Who asks with it."""
        return Principal(
            PrincipalKind.KEY, self.id, self.name, RIGHTS_OF[self.scope], self.first_id
        )


def make_secret() -> tuple[str, str]:
    """Return a new key's id and the whole key, which is shown once."""
    id_ = secrets.token_hex(6)
    return id_, f"{KEY_PREFIX}{id_}_{secrets.token_urlsafe(SECRET_BYTES)}"


def key_id(text: str) -> str:
    """Return the id in what was sent as a key; nothing when it is none."""
    match = _FORM.fullmatch(text)
    return match[1] if match else ""


def hash_secret(text: str) -> str:
    """Return what is kept of a secret with 256 bits: 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_secret(text: str, kept: str | None) -> bool:
    """Return whether a secret is the one whose hash is kept, in a time that tells nothing."""
    return hmac.compare_digest(hash_secret(text), kept or _NOBODY)
