"""Who asks: the operator, a person, a key or a visitor; and which pilots each may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from service.domain.access.rights import ALL_RIGHTS, VISITOR_RIGHTS, Right


class PrincipalKind(StrEnum):
    """What somebody is known by."""

    OPERATOR = "operator"
    PERSON = "person"
    KEY = "key"
    VISITOR = "visitor"


@dataclass(frozen=True)
class Principal:
    """Who asks. ``id`` is the account's or the key's; ``name`` is what people call it.

    ``first_id`` is the key that a rotated one goes back to: what that owned, this owns.
    """

    kind: PrincipalKind
    id: str = ""
    name: str = ""
    rights: frozenset[Right] = VISITOR_RIGHTS
    first_id: str = ""

    @property
    def owner(self) -> str:
        """What is kept with a pilot, feed or webhook as its owner.

        Empty for the operator and visitors.
        """
        return f"{self.kind}:{self.first_id or self.id}" if self.id else ""

    @property
    def is_person(self) -> bool:
        """Whether a person has signed in."""
        return self.kind is PrincipalKind.PERSON

    def may(self, right: Right) -> bool:
        """Return whether it has a right."""
        return right in self.rights

    def may_see(self, owner: str, *, private: bool) -> bool:
        """Return whether it sees the pilot of an owner: a private one is the owner's alone."""
        if not self.may(Right.READ):
            return False
        return not private or self.owns(owner)

    def owns(self, owner: str) -> bool:
        """Return whether it may do with an object what only its owner and administrators may."""
        return self.may(Right.ADMIN) or (bool(owner) and owner == self.owner)


OPERATOR: Final = Principal(PrincipalKind.OPERATOR, rights=ALL_RIGHTS)
"""Whoever runs commands on the machine, and jobs that run by themselves."""

VISITOR: Final = Principal(PrincipalKind.VISITOR)
"""Whoever shows nothing."""

_ACTING: ContextVar[Principal] = ContextVar("fundscout_principal", default=OPERATOR)


def acting() -> Principal:
    """Return who asks now: who sent the request that is answered, else the operator."""
    return _ACTING.get()


def act_as(principal: Principal) -> None:
    """Let ``principal`` be who asks from here on."""
    _ACTING.set(principal)


@contextmanager
def as_principal(principal: Principal) -> Iterator[None]:
    """Let ``principal`` be who asks for a while."""
    before = acting()
    act_as(principal)
    try:
        yield
    finally:
        act_as(before)
