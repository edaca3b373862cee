"""What a request may need, and what the scope of a key or the role of a person allows."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Right(StrEnum):
    """What a route needs. Nobody lacks ``OPEN`` and ``LINK``; the others are given.

    ``OPEN``: nothing. ``LINK``: nothing, because a token of its own in the address or a secret in
    the request is checked by the route. ``LOCAL``: to ask from this machine, or ``READ``.
    ``PUBLIC``: calls and searches, which an installation may open to everybody. ``READ``: pilots
    and all that belongs to them. ``WRITE``: to change these. ``ADMIN``: what belongs to others.
    """

    OPEN = "open"
    LINK = "link"
    LOCAL = "local"
    PUBLIC = "public"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class Scope(StrEnum):
    """What a key is for; each has the rights of those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class AccountRole(StrEnum):
    """What a person who signs in may; each has the rights of those before it."""

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"


VISITOR_RIGHTS: Final = frozenset({Right.OPEN, Right.LINK})
"""What nobody needs to be let in for."""

PUBLIC_RIGHTS: Final = VISITOR_RIGHTS | {Right.PUBLIC}
"""What everybody may where calls and searches are public."""

_READER = PUBLIC_RIGHTS | {Right.LOCAL, Right.READ}
_EDITOR = _READER | {Right.WRITE}

ALL_RIGHTS: Final = frozenset(Right)

RIGHTS_OF: Final[dict[Scope | AccountRole, frozenset[Right]]] = {
    Scope.READ: _READER,
    Scope.WRITE: _EDITOR,
    Scope.ADMIN: ALL_RIGHTS,
    AccountRole.READER: _READER,
    AccountRole.EDITOR: _EDITOR,
    AccountRole.ADMIN: ALL_RIGHTS,
}
