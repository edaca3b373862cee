"""Passwords: hashed with Argon2id, one at a time, so that many at once cost no more memory."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
"""Argon2id as RFC 9106 recommends it where memory is short: 64 MiB, three passes."""

_ONE_AT_A_TIME = threading.Lock()

_OF_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$TEo2l27heBMx5tY7rT3Csw$"
    "TpyW6gPPBUrXRPXxb5hYr/wgKvv2ebTJlizoU9Ic8C0"
)
"""Hash that a password is compared with where there is none, so that it takes the same time."""


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _ONE_AT_A_TIME:
        return _HASHER.hash(password)


def is_password(password: str, kept: str) -> bool:
    """Return whether a password is the one that was kept; never where nothing was kept.

    It takes the same time in each case.
    """
    with _ONE_AT_A_TIME:
        try:
            return _HASHER.verify(kept or _OF_NOBODY, password) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def needs_new_hash(kept: str) -> bool:
    """Return whether a password was kept in a way that is weaker than today's."""
    return _HASHER.check_needs_rehash(kept)
